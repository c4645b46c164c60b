package compile

import (
	"reflect"
	"strings"
	"text/template/parse"

	"github.com/ropewalk/ropewalk/component/internal/escape"
)

// A compiler lowers one template for one type of dot.
type compiler struct {
	program *program
	set     *Set
	unit    *unit
	src     *source
	name    string
	lenient bool
	missing missingKey

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
func (c *compiler) list(l *parse.ListNode) op {
	if l == nil {
		return nothing
	}
	mark, next := len(c.vars), c.next
	ops := make([]op, 0, len(l.Nodes))
	var text strings.Builder
	flush := func() {
		if text.Len() > 0 {
			ops = append(ops, staticText(text.String()))
			text.Reset()
		}
	}
	leaves := false
	for _, n := range l.Nodes {
		if t, ok := n.(*parse.TextNode); ok {
			text.Write(t.Text)
			continue
		}
		if o := c.node(n); o != nil {
			flush()
			ops = append(ops, o)
		}
		if leaves = leaves || canLeave(n); isLeave(n) {
			break // what follows never runs
		}
	}
	flush()
	c.vars, c.next = c.vars[:mark], next
	if leaves {
		return checkedSequence(ops)
	}
	return sequence(ops)
}

func nothing(_ *state, b []byte, _ pointer) []byte { return b }

func staticText(s string) op {
	return func(_ *state, b []byte, _ pointer) []byte { return append(b, s...) }
}

func sequence(ops []op) op {
	switch len(ops) {
	case 0:
		return nothing
	case 1:
		return ops[0]
	case 2:
		first, second := ops[0], ops[1]
		return func(st *state, b []byte, dot pointer) []byte { return second(st, first(st, b, dot), dot) }
	case 3:
		first, second, third := ops[0], ops[1], ops[2]
		return func(st *state, b []byte, dot pointer) []byte {
			return third(st, second(st, first(st, b, dot), dot), dot)
		}
	}
	return func(st *state, b []byte, dot pointer) []byte {
		for _, o := range ops {
			b = o(st, b, dot)
		}
		return b
	}
}

// checkedSequence stops when an op breaks or continues a loop.
func checkedSequence(ops []op) op {
	return func(st *state, b []byte, dot pointer) []byte {
		for _, o := range ops {
			if b = o(st, b, dot); st.leave != notLeaving {
				return b
			}
		}
		return b
	}
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

// node compiles one node; nil if it prints nothing and does nothing.
func (c *compiler) node(n parse.Node) op {
	switch n := n.(type) {
	case *parse.ActionNode:
		return c.action(n)
	case *parse.IfNode:
		return c.ifNode(n)
	case *parse.WithNode:
		return c.withNode(n)
	case *parse.RangeNode:
		return c.rangeNode(n)
	case *parse.TemplateNode:
		return c.templateNode(n)
	case *parse.BreakNode:
		return c.leave(n, leavingBreak)
	case *parse.ContinueNode:
		return c.leave(n, leavingContinue)
	case *parse.CommentNode:
		return nil
	}
	c.mistake(n, "", "unknown node: %s", n)
	return nil
}

func (c *compiler) leave(n parse.Node, how leaving) op {
	if c.loops == 0 {
		c.mistake(n, "the children of a component may be rendered when the loop is over", "{{%s}} cannot leave the children of a component", n)
	}
	return func(st *state, b []byte, _ pointer) []byte {
		st.leave = how
		return b
	}
}

// action compiles {{pipeline}}.
func (c *compiler) action(n *parse.ActionNode) op {
	if len(n.Pipe.Decl) > 0 {
		e := c.pipe(n.Pipe)
		if e.bad {
			c.declareBad(n.Pipe)
			return nil
		}
		return c.declare(n.Pipe, e)
	}
	cmds, escapers := splitEscapers(n.Pipe.Cmds)
	e := c.commands(n.Pipe, cmds)
	if e.bad {
		return nil
	}
	return c.print(n, e, escapers)
}

// splitEscapers parts what the template says from what html/template added.
func splitEscapers(cmds []*parse.CommandNode) ([]*parse.CommandNode, []string) {
	k := len(cmds)
	for k > 1 && escaperName(cmds[k-1]) != "" {
		k--
	}
	var names []string
	for _, cmd := range cmds[k:] {
		names = append(names, escaperName(cmd))
	}
	return cmds[:k], names
}

func escaperName(cmd *parse.CommandNode) string {
	if id, ok := cmd.Args[0].(*parse.IdentifierNode); ok && len(cmd.Args) == 1 {
		if strings.HasPrefix(id.Ident, escaperPrefix) || id.Ident == "html" || id.Ident == "urlquery" {
			return id.Ident
		}
	}
	return ""
}

// ifNode compiles {{if}}. Its variables are in scope in both branches.
func (c *compiler) ifNode(n *parse.IfNode) op {
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
	truth := e.isTrue(c.site(n.Pipe))
	yes, no := c.list(n.List), c.list(n.ElseList)
	branch := func(st *state, b []byte, dot pointer) []byte {
		if truth(st, dot) {
			return yes(st, b, dot)
		}
		return no(st, b, dot)
	}
	return prefixed(declare, branch)
}

// prefixed runs a declaration before an op.
func prefixed(declare, o op) op {
	if declare == nil {
		return o
	}
	return func(st *state, b []byte, dot pointer) []byte { return o(st, declare(st, b, dot), dot) }
}

func (c *compiler) withNode(n *parse.WithNode) op {
	if f, ok := c.componentCall(n.Pipe); ok {
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
	declare := prefixed(c.store(hidden, e), orNothing(c.declare(n.Pipe, c.variableExpr(n.Pipe, hidden))))
	e = c.variableExpr(n.Pipe, hidden)
	truth := e.isTrue(c.site(n.Pipe))
	outer := c.dot
	c.dot = dotType{hidden.t, hidden.addr}
	yes := c.list(n.List)
	c.dot = outer
	no := c.list(n.ElseList)
	inner := dotOf(hidden)
	return func(st *state, b []byte, dot pointer) []byte {
		b = declare(st, b, dot)
		if truth(st, dot) {
			return yes(st, b, inner(st))
		}
		return no(st, b, dot)
	}
}

func orNothing(o op) op {
	if o == nil {
		return nothing
	}
	return o
}

// dotOf makes a slot the dot of a body.
func dotOf(v variable) func(st *state) pointer {
	slot := v.slot
	if v.t == nil {
		return func(st *state) pointer { return pointerToCell(&st.frame[slot].v) }
	}
	return func(st *state) pointer { return st.frame[slot].p }
}

// templateNode compiles {{template "name" pipeline}}.
func (c *compiler) templateNode(n *parse.TemplateNode) op {
	e := dynamic(n, func(*state, pointer) reflect.Value { return reflect.Value{} })
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
	declare := op(nil)
	if n.Pipe != nil {
		declare = c.declare(n.Pipe, e)
	}
	return prefixed(declare, c.callTemplate(n, n.Name, e))
}

func (c *compiler) undefinedTemplate(n parse.Node, name string) {
	at := c.src.spanOf(n)
	if i := strings.Index(c.src.Text[min(at.start, len(c.src.Text)):], name); i >= 0 {
		at = span{at.start + i, at.start + i + len(name)}
	}
	c.mistakeAt(at, n, didYouMean(name, c.set.Names()), "template %q is not defined", name)
}

// callTemplate runs a template with a value for dot, in a frame of its own.
func (c *compiler) callTemplate(n parse.Node, name string, e *expr) op {
	callee := c.program.unit(name, dotType{e.t, e.addr})
	s := c.site(n)
	run := func(st *state, b []byte, dollar slot, dot pointer) []byte {
		if st.depth >= maxDepth {
			s.failf("exceeded maximum template depth (%v)", maxDepth)
		}
		st.depth++
		arena := st.arena
		old := st.enter(callee.slots)
		st.frame[0] = dollar
		b = callee.code(st, b, dot)
		st.exit(old, arena)
		st.depth--
		return b
	}
	if e.t == nil {
		value := e.asValue()
		return func(st *state, b []byte, dot pointer) []byte {
			cell := new(reflect.Value)
			*cell = value(st, dot)
			return run(st, b, slot{v: *cell}, pointerToCell(cell))
		}
	}
	at := e.at
	return func(st *state, b []byte, dot pointer) []byte {
		p := at(st, dot)
		return run(st, b, slot{p: p}, p)
	}
}

// print compiles the output of a value through its escapers.
func (c *compiler) print(n *parse.ActionNode, e *expr, escapers []string) op {
	if len(escapers) == 0 {
		return c.printRaw(n, e)
	}
	chain, ok := escape.For(escapers)
	if !ok {
		c.mistake(n, "this release of Go has escapers that ropewalk does not know", "no escaper %s", strings.Join(escapers, " | "))
		return nil
	}
	place := placeOf(escapers)
	if e.t != nil && e.t.Implements(componentType) {
		if place != placeText {
			c.mistake(e.node, "print a string there, or move the component out of it", "a component cannot stand in %s", place)
			return nil
		}
		return printComponent(e)
	}
	if e.t == nil {
		return c.printDynamic(n, e, chain, place)
	}
	return c.printTyped(n, e, chain)
}

// printRaw prints what no escaper takes. Only html and urlquery, written in
// the template in a place that asks for just them, may end a pipeline so; any
// other action has been missed by the escaper and must not run.
func (c *compiler) printRaw(n *parse.ActionNode, e *expr) op {
	s := c.site(n)
	last := n.Pipe.Cmds[len(n.Pipe.Cmds)-1]
	if id, ok := last.Args[0].(*parse.IdentifierNode); !ok || id.Ident != "html" && id.Ident != "urlquery" {
		return func(*state, []byte, pointer) []byte {
			s.failf("internal error: an action without an escaper")
			return nil
		}
	}
	text := e.stringOf()
	return func(st *state, b []byte, dot pointer) []byte { return append(b, text(st, dot)...) }
}

// place says where an action stands, by the escapers it was given.
type place string

const placeText place = "text"

func placeOf(escapers []string) place {
	switch strings.TrimPrefix(escapers[0], escaperPrefix) {
	case "htmlescaper":
		return placeText
	case "rcdataescaper":
		return "a title or textarea"
	case "attrescaper", "nospaceescaper", "html":
		return "an attribute"
	case "htmlnamefilter":
		return "a tag"
	case "commentescaper":
		return "a comment"
	case "jsvalescaper", "jsstrescaper", "jstmpllitescaper", "jsregexpescaper":
		return "a script"
	case "cssescaper", "cssvaluefilter":
		return "a style"
	case "srcsetescaper":
		return "a srcset attribute"
	}
	return "a URL"
}

func printComponent(e *expr) op {
	if e.t.Kind() != reflect.Interface {
		at, t := e.at, e.t
		return func(st *state, b []byte, dot pointer) []byte {
			return st.component(b, valueAt(at(st, dot), t).Interface().(Component))
		}
	}
	value := e.asAny()
	return func(st *state, b []byte, dot pointer) []byte {
		if component, ok := value(st, dot).(Component); ok {
			return st.component(b, component)
		}
		return b
	}
}

// printDynamic prints a value by the type it turns out to have.
func (c *compiler) printDynamic(n *parse.ActionNode, e *expr, chain *escape.Chain, where place) op {
	value, s := e.asAny(), c.site(n)
	return func(st *state, b []byte, dot pointer) []byte {
		switch v := value(st, dot).(type) {
		case string:
			return chain.String(b, v)
		case int:
			return chain.Int(b, int64(v))
		case Component:
			if where != placeText {
				s.failf("a component cannot stand in %s", where)
			}
			return st.component(b, v)
		default:
			return s.printAny(st, b, chain, v)
		}
	}
}

func (s *site) printAny(st *state, b []byte, chain *escape.Chain, v any) []byte {
	outer := st.site
	st.site = s
	b, err := chain.Any(b, v)
	st.site = outer
	if err != nil {
		s.fail(err)
	}
	return b
}

// printTyped prints a value of known type.
func (c *compiler) printTyped(n *parse.ActionNode, e *expr, chain *escape.Chain) op {
	at, t := e.at, e.t
	k := t.Kind()
	if t.NumMethod() > 0 || trusted(t) {
		k = reflect.Invalid // its methods, or its being trusted, decide what is printed
	}
	switch k {
	case reflect.String:
		if f := e.path; f != nil {
			return func(_ *state, b []byte, dot pointer) []byte { return chain.String(b, stringAt(fieldAt(dot, f))) }
		}
		text := e.stringOf()
		return func(st *state, b []byte, dot pointer) []byte { return chain.String(b, text(st, dot)) }
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if f := e.path; f != nil && k == reflect.Int {
			return func(_ *state, b []byte, dot pointer) []byte {
				return chain.Int(b, intAt(fieldAt(dot, f), reflect.Int))
			}
		}
		return func(st *state, b []byte, dot pointer) []byte { return chain.Int(b, intAt(at(st, dot), k)) }
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return func(st *state, b []byte, dot pointer) []byte { return chain.Uint(b, uintAt(at(st, dot), k)) }
	case reflect.Bool:
		truth := e.isTrue(nil)
		return func(st *state, b []byte, dot pointer) []byte { return chain.Bool(b, truth(st, dot)) }
	case reflect.Float64:
		return func(st *state, b []byte, dot pointer) []byte { return chain.Float(b, float64At(at(st, dot)), 64) }
	case reflect.Float32:
		return func(st *state, b []byte, dot pointer) []byte {
			return chain.Float(b, float64(float32At(at(st, dot))), 32)
		}
	}
	value, s := e.asAny(), c.site(n)
	return func(st *state, b []byte, dot pointer) []byte { return s.printAny(st, b, chain, value(st, dot)) }
}
