package danger

import (
	"slices"
	"text/template/parse"
)

// Find follows the templates that the roots reach, each root as a document of its
// own, and says where their actions stand. code lists the attributes that are code,
// as [CodeAttributes] does.
func Find(trees map[string]*parse.Tree, roots, code []string) map[*parse.ActionNode]*Place {
	w := newWalker(trees, code)
	w.run(roots)
	return w.places
}

type walker struct {
	trees   map[string]*parse.Tree
	code    []string
	places  map[*parse.ActionNode]*Place
	lists   map[waiting]*waiting
	renames map[*parse.TextNode]map[int]rename // by offset

	ends  map[entry][]state // what templates end in, as far as is known
	round map[entry]bool    // those walked in this round; false while they are
	early map[entry]bool    // those that were asked for their ends before
	again bool              // one of these has turned out to end in something else
	loop  *loop             // the innermost

	node   *parse.TextNode // the text that is being followed
	whole  string          // what is in it
	nameAt int             // where the attribute's name begins in it; -1 if not there
}

// An entry is a template that is called in a state.
type entry struct {
	name  string
	state state
}

// A loop collects the states in which its body is left.
type loop struct{ breaks, continues []state }

func newWalker(trees map[string]*parse.Tree, code []string) *walker {
	return &walker{
		trees: trees, code: code, places: map[*parse.ActionNode]*Place{}, lists: map[waiting]*waiting{},
		renames: map[*parse.TextNode]map[int]rename{}, ends: map[entry][]state{}, early: map[entry]bool{},
	}
}

// mostRounds bounds how often templates that call themselves are walked.
const mostRounds = 8

// run walks the roots until the ends of templates that call themselves are known.
func (w *walker) run(roots []string) {
	for round := 0; round == 0 || w.again; round++ {
		w.again, w.round = false, map[entry]bool{}
		var first state
		if round == mostRounds {
			first.lose("a template that calls itself ends in ever new places")
		}
		for _, root := range roots {
			w.template(root, []state{first})
		}
		if round == mostRounds {
			return
		}
	}
}

// template walks a template from each state, and returns the states it may end in. A
// call of itself ends in what is known so far; run comes back when that was too little.
func (w *walker) template(name string, in []state) (out []state) {
	tree := w.trees[name]
	if tree == nil {
		return in
	}
	for _, s := range in {
		e := entry{name, s}
		done, walked := w.round[e]
		switch {
		case !walked:
			w.round[e] = false
			outer := w.loop
			w.loop = nil
			end := w.list(tree.Root, []state{s})
			w.loop = outer
			w.again = w.again || w.early[e] && !sameStates(end, w.ends[e])
			w.ends[e], w.round[e] = end, true
		case !done:
			w.early[e] = true
		}
		out = union(out, w.ends[e])
	}
	return out
}

func sameStates(a, b []state) bool {
	for _, s := range a {
		if !slices.Contains(b, s) {
			return false
		}
	}
	return len(a) == len(b)
}

// mostStates bounds the states that branches can leave.
const mostStates = 32

func union(a, b []state) []state {
	for _, s := range b {
		if !slices.Contains(a, s) {
			a = append(a, s)
		}
	}
	if len(a) > mostStates {
		return widened(a)
	}
	return a
}

// widened makes few states of too many, by forgetting what is in their values and
// scripts, or else everything: nothing is taken to be safe for that.
func widened(states []state) (out []state) {
	const why = "more branches before it than can be followed end in different places"
	for _, s := range states {
		s.url = url{scheme: unknownScheme}
		if s.script != (script{}) {
			s.script.lose(why)
		}
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	if len(out) <= mostStates/2 {
		return out
	}
	var s state
	s.lose(why)
	return []state{s}
}

func (w *walker) list(l *parse.ListNode, states []state) []state {
	if l == nil {
		return states
	}
	for _, n := range l.Nodes {
		states = w.step(n, states)
	}
	return states
}

// step walks a node. No states are left behind one that never ends.
func (w *walker) step(n parse.Node, states []state) []state {
	switch n := n.(type) {
	case *parse.TextNode:
		return each(states, func(s *state) { w.text(s, n) })
	case *parse.ActionNode:
		if len(n.Pipe.Decl) > 0 {
			return states
		}
		return each(states, func(s *state) { w.action(s, n) })
	case *parse.IfNode:
		return w.branches(&n.BranchNode, states)
	case *parse.WithNode:
		return w.branches(&n.BranchNode, states)
	case *parse.RangeNode:
		return w.ranges(n, states)
	case *parse.TemplateNode:
		return w.template(n.Name, states)
	case *parse.BreakNode:
		if w.loop != nil {
			w.loop.breaks = union(w.loop.breaks, states)
		}
		return nil
	case *parse.ContinueNode:
		if w.loop != nil {
			w.loop.continues = union(w.loop.continues, states)
		}
		return nil
	}
	return states
}

func each(states []state, move func(*state)) (out []state) {
	for _, s := range states {
		move(&s)
		out = union(out, []state{s})
	}
	return out
}

func (w *walker) branches(b *parse.BranchNode, states []state) []state {
	out := w.list(b.List, states)
	return union(slices.Clip(out), w.list(b.ElseList, states))
}

// ranges walks the body of a loop until its turns begin in no new state.
func (w *walker) ranges(n *parse.RangeNode, states []state) []state {
	outer := w.loop
	begin := slices.Clip(states)
	var end, breaks []state
	for turn := 0; ; turn++ {
		w.loop = &loop{}
		end = union(w.list(n.List, begin), w.loop.continues)
		breaks = union(breaks, w.loop.breaks)
		next := union(slices.Clip(begin), end)
		if sameStates(next, begin) {
			break
		}
		begin = next
		if turn == mostStates {
			var s state
			s.lose("a loop before it ends in ever new places")
			begin = []state{s}
		}
	}
	w.loop = outer
	out := union(slices.Clip(end), breaks)
	return union(out, w.list(n.ElseList, states))
}
