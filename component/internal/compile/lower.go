package compile

import (
	"reflect"
	"strings"
	"text/template/parse"

	"github.com/ropewalk/ropewalk/component/internal/run"
	"github.com/ropewalk/ropewalk/component/internal/source"
)

// A compiler lowers one template for one type of dot.
type compiler struct {
	program *program
	set     *Set
	unit    *run.Unit
	src     *definition
	name    string
	lenient bool
	missing run.MissingKey

	dot     dotType
	vars    []variable
	next    int                // the first free slot
	changed map[parse.Pos]bool // declarations whose variable takes values of several types
	again   bool               // one such declaration was found: the template must be lowered once more
	loops   int                // the loops around, within this template or this children's body
}

// dotType is the static type of dot; t is nil if that is not known.
type dotType struct {
	t    reflect.Type
	addr bool
}

// A variable in scope, and the slot that holds it.
type variable struct {
	name string
	pos  parse.Pos // of its declaration
	slot int
	t    reflect.Type // nil if not known
	addr bool
}

// list compiles a list of nodes in a scope of its own.
func (c *compiler) list(l *parse.ListNode) run.Op { return run.Sequence(c.instructions(l)) }

// instructions compiles a list of nodes in a scope of its own; leaves says that one of
// them may break or continue a loop.
func (c *compiler) instructions(l *parse.ListNode) (list []run.Instruction, leaves bool) {
	if l == nil {
		return nil, false
	}
	mark, next := len(c.vars), c.next
	var q listBuilder
	for _, n := range l.Nodes {
		if t, ok := n.(*parse.TextNode); ok {
			q.addText(t.Text)
			continue
		}
		q.add(c.node(n), canLeave(n))
		if isLeave(n) {
			break // what follows never runs
		}
	}
	c.vars, c.next = c.vars[:mark], next
	return q.end(), q.leaves
}

func isLeave(n parse.Node) bool {
	t := n.Type()
	return t == parse.NodeBreak || t == parse.NodeContinue
}

// canLeave reports whether a break or continue within a node leaves the node.
func canLeave(n parse.Node) bool {
	lists := func(b *parse.BranchNode) bool { return listCanLeave(b.List) || listCanLeave(b.ElseList) }
	switch n := n.(type) {
	case *parse.BreakNode, *parse.ContinueNode:
		return true
	case *parse.IfNode:
		return lists(&n.BranchNode)
	case *parse.WithNode:
		return lists(&n.BranchNode)
	case *parse.RangeNode:
		return listCanLeave(n.ElseList)
	}
	return false
}

func listCanLeave(l *parse.ListNode) bool {
	if l != nil {
		for _, n := range l.Nodes {
			if canLeave(n) {
				return true
			}
		}
	}
	return false
}

// node compiles one node.
func (c *compiler) node(n parse.Node) *run.Instruction {
	switch n := n.(type) {
	case *parse.ActionNode:
		return c.action(n)
	case *parse.IfNode:
		return c.ifNode(n)
	case *parse.WithNode:
		return run.Do(c.withNode(n))
	case *parse.RangeNode:
		return c.rangeNode(n)
	case *parse.TemplateNode:
		return run.Do(c.templateNode(n))
	case *parse.BreakNode:
		return run.Do(c.leave(n, run.LeavingBreak))
	case *parse.ContinueNode:
		return run.Do(c.leave(n, run.LeavingContinue))
	case *parse.CommentNode:
	default:
		c.mistake(n, "", "unknown node: %s", n)
	}
	return nil
}

func (c *compiler) leave(n parse.Node, how run.Leaving) run.Op {
	if c.loops == 0 {
		return c.mistakeOp(n, "the children of a component may be rendered when the loop is over", "%s cannot leave the children of a component", n)
	}
	return func(st *run.State, b []byte, _ run.Pointer) []byte {
		st.Leave = how
		return b
	}
}

// action compiles {{pipeline}}.
func (c *compiler) action(n *parse.ActionNode) *run.Instruction {
	if len(n.Pipe.Decl) > 0 {
		e := c.pipe(n.Pipe)
		if e.bad {
			c.declareBad(n.Pipe)
			return nil
		}
		return run.Do(c.declare(n.Pipe, e))
	}
	cmds, escapers := run.SplitEscapers(n.Pipe.Cmds)
	e := c.commands(cmds)
	if e.bad {
		return nil
	}
	return c.print(n, e, escapers)
}

// ifNode compiles {{if}}. Its variables are in scope in both branches.
func (c *compiler) ifNode(n *parse.IfNode) *run.Instruction {
	mark, next := len(c.vars), c.next
	defer func() { c.vars, c.next = c.vars[:mark], next }()
	e := c.pipe(n.Pipe)
	if e.bad {
		c.declareBad(n.Pipe)
		c.list(n.List)
		c.list(n.ElseList)
		return nil
	}
	declare := c.declare(n.Pipe, e)
	if declare != nil {
		e = c.declared(n.Pipe)
	}
	list, leaves := c.instructions(n.List)
	yes, no := run.Sequence(list, leaves), c.list(n.ElseList)
	if declare == nil && n.ElseList == nil && e.path != nil && e.t.Kind() == reflect.Bool {
		if len(list) == 1 && list[0].Kind == run.TextOnly {
			return &run.Instruction{Kind: run.TextIf, Field: *e.path, Body: &run.LoopBody{End: list[0].Text}}
		}
		return &run.Instruction{Kind: run.RunIf, Field: *e.path, Op: yes}
	}
	truth := e.isTrue(c.site(n.Pipe))
	branch := func(st *run.State, b []byte, dot run.Pointer) []byte {
		if truth(st, dot) {
			return yes(st, b, dot)
		}
		return no(st, b, dot)
	}
	return run.Do(run.InOrder(declare, branch))
}

func (c *compiler) withNode(n *parse.WithNode) run.Op {
	if f, ok := c.src.componentCall(n.Pipe); ok {
		return c.withChildren(n, f)
	}
	mark, next := len(c.vars), c.next
	defer func() { c.vars, c.next = c.vars[:mark], next }()
	e := c.pipe(n.Pipe)
	if e.bad {
		c.declareBad(n.Pipe)
		c.list(n.ElseList)
		return nil
	}
	// The value is kept in a slot, as a variable is: it is needed twice.
	hidden := c.newVariable("", n.Pos, e)
	declare := run.InOrder(c.store(hidden, e), run.OrNothing(c.declare(n.Pipe, c.variableExpr(n.Pipe, hidden))))
	e = c.variableExpr(n.Pipe, hidden)
	truth := e.isTrue(c.site(n.Pipe))
	yes := c.withBody(n, hidden)
	no := c.list(n.ElseList)
	return func(st *run.State, b []byte, dot run.Pointer) []byte {
		b = declare(st, b, dot)
		if truth(st, dot) {
			return yes(st, b)
		}
		return no(st, b, dot)
	}
}

// withBody compiles the body of with, whose dot is in a slot. If its type is
// not known, there is a body for each type that turns up.
func (c *compiler) withBody(n *parse.WithNode, dot variable) func(st *run.State, b []byte) []byte {
	slot := dot.slot
	if dot.t != nil {
		body := c.listOn(n.List, dotType{dot.t, dot.addr})
		return func(st *run.State, b []byte) []byte { return body(st, b, st.Frame[slot].P) }
	}
	again := c.snapshot()
	slow := c.listOn(n.List, dotType{})
	bodies := run.NewByType(&c.set.shared, func(t reflect.Type) (body run.Op) {
		c := again()
		c.untilStable(func() { body = c.listOn(n.List, dotType{t: t}) })
		return body
	})
	return func(st *run.State, b []byte) []byte {
		if v := run.IndirectInterface(st.Frame[slot].V); !v.CanAddr() && run.Specializable(v.Type()) {
			if f := bodies.Get(v.Type()); f != nil {
				return f.Code(st, b, f.Address(v))
			}
		}
		return slow(st, b, run.PointerToCell(&st.Frame[slot].V))
	}
}

// listOn compiles a list with another dot.
func (c *compiler) listOn(l *parse.ListNode, dot dotType) run.Op {
	outer := c.dot
	c.dot = dot
	body := c.list(l)
	c.dot = outer
	return body
}

// templateNode compiles {{template "name" pipeline}}.
func (c *compiler) templateNode(n *parse.TemplateNode) run.Op {
	e := dynamic(n, func(*run.State, run.Pointer) reflect.Value { return reflect.Value{} })
	if n.Pipe != nil {
		if e = c.pipe(n.Pipe); e.bad {
			c.declareBad(n.Pipe)
			return nil
		}
	}
	if !c.program.defined(n.Name) {
		c.undefinedTemplate(n, n.Name)
		return nil
	}
	declare := run.Op(nil)
	if n.Pipe != nil {
		declare = c.declare(n.Pipe, e)
	}
	return run.InOrder(declare, c.callTemplate(n, n.Name, e))
}

func (c *compiler) undefinedTemplate(n parse.Node, name string) {
	at := c.src.SpanOf(n)
	if i := strings.Index(c.src.Text[min(at.Start, len(c.src.Text)):], name); i >= 0 {
		at = source.Span{Start: at.Start + i, End: at.Start + i + len(name)}
	}
	c.mistakeAt(at, n, c.set.nameHint(name), "template %q is not defined", name)
}

// callTemplate runs a template with a value for dot, in a frame of its own.
func (c *compiler) callTemplate(n parse.Node, name string, e *expr) run.Op {
	s := c.site(n)
	callee := c.program.unit(name, dotType{e.t, e.addr})
	if e.t != nil {
		at := e.at
		return func(st *run.State, b []byte, dot run.Pointer) []byte {
			p := at(st, dot)
			return callee.Call(st, b, s, run.Slot{P: p}, p)
		}
	}
	units := run.NewByType(&c.set.shared, c.program.unitFor(name))
	value := e.asValue()
	return func(st *run.State, b []byte, dot run.Pointer) []byte {
		v := value(st, dot)
		if d := run.IndirectInterface(v); d.IsValid() && !d.CanAddr() && run.Specializable(d.Type()) {
			if f := units.Get(d.Type()); f != nil {
				p := f.Address(d)
				return f.Code.Call(st, b, s, run.Slot{P: p}, p)
			}
		}
		cell := new(reflect.Value)
		*cell = v
		return callee.Call(st, b, s, run.Slot{V: v}, run.PointerToCell(cell))
	}
}
