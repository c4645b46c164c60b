package compile

import (
	"fmt"
	"html/template"
	"maps"
	"reflect"
	"slices"
	"text/template/parse"

	"github.com/ropewalk/ropewalk/component/internal/danger"
	"github.com/ropewalk/ropewalk/component/internal/escape"
	"github.com/ropewalk/ropewalk/component/internal/run"
)

// codeAttributes are the patterns of all that the templates were parsed with.
func (s *Set) codeAttributes() (patterns []string) {
	seen := map[*environment]bool{}
	for _, def := range s.templates {
		if !seen[def.environment] {
			seen[def.environment] = true
			patterns = append(patterns, def.codeAttributes...)
		}
	}
	slices.Sort(patterns)
	return slices.Compact(patterns)
}

func (s escaped) parseTrees() map[string]*parse.Tree {
	trees := make(map[string]*parse.Tree, len(s))
	for name, def := range s {
		trees[name] = def.tree
	}
	return trees
}

// renamed copies what the roots reach, with names that html/template knows for attributes
// that it does not.
func (s *Set) renamed(roots []string) escaped {
	out := escaped{}
	for name, def := range s.reachable(roots) {
		out[name] = &definition{File: def.File, environment: def.environment, name: name, tree: def.copied()}
	}
	danger.Rename(out.parseTrees(), roots, s.codeAttributes())
	return out
}

// restoreNames undoes renamed.
func (s escaped) restoreNames() {
	for _, src := range s {
		visit(src.tree.Root, func(n parse.Node) {
			if t, ok := n.(*parse.TextNode); ok {
				t.Text = []byte(danger.Restore(string(t.Text)))
			}
		})
	}
}

// places are what is known of the actions that a root reaches.
type places struct {
	trees  escaped
	code   []string // the attributes that are code
	known  map[*parse.ActionNode]*danger.Place
	inside map[string]string // for within
}

// findPlaces follows the escaped templates from the roots.
func (s *Set) findPlaces(roots []string) *places {
	code := s.codeAttributes()
	return &places{trees: s.escaped, code: code, known: danger.Find(s.escaped.parseTrees(), roots, code), inside: map[string]string{}}
}

// judge says what becomes of data that is printed by an action.
func (p *places) judge(n *parse.ActionNode, escapers []string) danger.Verdict {
	if p == nil { // the templates could not be escaped, and nothing of this runs
		return danger.Verdict{Escapers: escapers}
	}
	known := p.known[n]
	if known == nil {
		known = danger.Unseen
	}
	return known.Judge(escapers, p.code)
}

// within lists what is special about places in a template and in what it calls. Two roots
// for which it is the same can share what the template is compiled to.
func (p *places) within(name string) string {
	if p == nil {
		return ""
	}
	list, ok := p.inside[name]
	if ok {
		return list
	}
	for _, called := range slices.Sorted(maps.Keys(p.trees.calls(name))) {
		list += p.directly(called)
	}
	p.inside[name] = list
	return list
}

// directly lists what is special about places in a template alone.
func (p *places) directly(name string) (list string) {
	actions := 0
	visit(p.trees[name].tree.Root, func(n parse.Node) {
		action, ok := n.(*parse.ActionNode)
		if !ok {
			return
		}
		actions++
		if known := p.known[action]; known != nil && known.Summary() != "" {
			list += fmt.Sprintf("%q %d: %s\n", name, actions, known.Summary())
		}
	})
	return list
}

// verdict says what becomes of data that is printed by an action, given the options that
// its template was parsed with.
func (c *compiler) verdict(n *parse.ActionNode, escapers []string) danger.Verdict {
	v := c.program.places.judge(n, escapers)
	if c.src.dangerous {
		v.Danger, v.Check = nil, nil
	}
	return v
}

// printTrusted prints a value in a dangerous place: of the type that says it is
// trusted, which a value of known type is not.
func (c *compiler) printTrusted(e *expr, d *danger.Danger, chain *escape.Chain) run.Op {
	if e.t != nil && e.t.Kind() != reflect.Interface {
		return c.mistakeOp(e.node, wayOut(d), "%s: %s cannot stand there", d.Reason, e.t)
	}
	value, s := e.asAny(), c.site(e.node)
	return func(st *run.State, b []byte, dot run.Pointer) []byte {
		v := value(st, dot)
		if t := reflect.TypeOf(v); t != nil && t != d.Trusted && !harmless(t) {
			s.Failf("%s: a %T cannot stand there (%s)", d.Reason, v, wayOut(d))
		}
		return s.PrintAny(st, b, chain, v)
	}
}

func wayOut(d *danger.Danger) string {
	if d.Trusted != nil {
		return "if the value is trusted, make it a " + d.Trusted.String()
	}
	return d.Fix
}

// printChecked prints a value of which only what is printed shows whether it is a
// script, as the filter of html/template would if it is.
func (c *compiler) printChecked(e *expr, check *danger.Check, chain *escape.Chain) run.Op {
	value, s := e.asAny(), c.site(e.node)
	return func(st *run.State, b []byte, dot run.Pointer) []byte {
		v, n := value(st, dot), len(b)
		b = s.PrintAny(st, b, chain, v)
		if _, trusted := v.(template.URL); !trusted && !check.Passes(b) {
			b = append(b[:n], failsafeURL...)
			s.ReportFiltered(st)
			return b
		}
		s.NoticeFiltered(st, chain, b[n:])
		return b
	}
}

// failsafeURL is what html/template prints in place of a URL that it does not trust.
const failsafeURL = "#ZgotmplZ"

// printTruth prints in an attribute that is true whatever its value: no bool, for a false
// one would be true.
func (c *compiler) printTruth(e *expr, attribute string, chain *escape.Chain) run.Op {
	const format = "%s is true whatever its value, also false"
	hint := "write {{if …}}" + attribute + "{{end}}"
	if e.t != nil {
		return c.mistakeOp(e.node, hint, format, attribute)
	}
	value, s := e.asAny(), c.site(e.node)
	return func(st *run.State, b []byte, dot run.Pointer) []byte {
		v := value(st, dot)
		if t := reflect.TypeOf(v); t != nil && t.Kind() == reflect.Bool {
			s.Failf(format+" (%s)", attribute, hint)
		}
		return s.PrintAny(st, b, chain, v)
	}
}

// harmless reports whether values of a type cannot hold markup or script.
func harmless(t reflect.Type) bool {
	switch run.ClassOf(t.Kind()) {
	case run.BoolClass, run.IntClass, run.UintClass, run.FloatClass:
		return t.NumMethod() == 0
	}
	return false
}
