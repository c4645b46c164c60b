package compile

import (
	"text/template/parse"

	"github.com/ropewalk/ropewalk/component/internal/run"
)

// A component may stand in text only. The escaper says where an action stands, by the
// escapers that it gives it, but it gives none to a with, which prints a component when
// its pipeline calls one. So each such with gets a probe for the time of the escaping:
// an action in each branch, which is escaped as an action in place of the with would be.

const probeFunction = "ropewalk_probe"

// plantProbes puts a probe into each with of a component. Both branches have one, so
// that the probes change the context of both alike.
func (src *definition) plantProbes() {
	src.componentWiths(func(n *parse.WithNode) {
		n.List.Nodes = append([]parse.Node{newProbe(n)}, n.List.Nodes...)
		if n.ElseList == nil {
			n.ElseList = &parse.ListNode{NodeType: parse.NodeList, Pos: n.Pos}
		}
		n.ElseList.Nodes = append([]parse.Node{newProbe(n)}, n.ElseList.Nodes...)
	})
}

func newProbe(n *parse.WithNode) *parse.ActionNode {
	call := &parse.CommandNode{NodeType: parse.NodeCommand, Pos: n.Pos, Args: []parse.Node{parse.NewIdentifier(probeFunction).SetPos(n.Pos)}}
	pipe := &parse.PipeNode{NodeType: parse.NodePipe, Pos: n.Pos, Line: n.Line, Cmds: []*parse.CommandNode{call}}
	return &parse.ActionNode{NodeType: parse.NodeAction, Pos: n.Pos, Line: n.Line, Pipe: pipe}
}

// readProbes takes the probes out again, and notes the place of each with whose probe
// was escaped. One that the escaper has not reached has no place.
func (src *definition) readProbes() {
	src.withs = map[*parse.WithNode]place{}
	src.componentWiths(func(n *parse.WithNode) {
		probe := n.List.Nodes[0].(*parse.ActionNode)
		if _, escapers := run.SplitEscapers(probe.Pipe.Cmds); len(escapers) > 0 {
			src.withs[n] = placeOf(escapers)
		}
		n.List.Nodes = n.List.Nodes[1:]
		if n.ElseList.Nodes = n.ElseList.Nodes[1:]; len(n.ElseList.Nodes) == 0 {
			n.ElseList = nil
		}
	})
}

func (src *definition) componentWiths(f func(*parse.WithNode)) {
	visit(src.tree.Root, func(n parse.Node) {
		if n, ok := n.(*parse.WithNode); ok {
			if _, ok := src.componentCall(n.Pipe); ok {
				f(n)
			}
		}
	})
}
