package compile

import (
	"reflect"
	"text/template/parse"

	"github.com/ropewalk/ropewalk/component/internal/run"
)

// compileSlot is {{slot "name" dot}}: the component that a template makes of a value.
func compileSlot(c *compiler, n *parse.IdentifierNode, args []parse.Node, final *expr) *expr {
	if len(args) == 0 || len(args) > 2 || len(args) == 2 && final != nil {
		return c.mistake(n, "slot takes the name of a template, and what is dot in it", "wrong number of args for slot: got %d", len(args))
	}
	name, ok := args[0].(*parse.StringNode)
	if !ok {
		return c.mistake(args[0], "the template must be known at startup", "slot: expected the name of a template in quotes; found %s", args[0])
	}
	e := final
	switch {
	case len(args) == 2:
		if e = c.operandOrNil(args[1]); e.bad {
			return e
		}
	case e == nil:
		e = dynamic(n, func(*run.State, run.Pointer) reflect.Value { return reflect.Value{} })
	}
	if !c.program.defined(name.Text) {
		return c.mistake(name, c.set.nameHint(name.Text), "slot: template %q is not defined", name.Text)
	}
	e = unwrapInterface(e)
	unit := c.program.unit(name.Text, dotType{e.t, e.addr})
	dot := e.at
	if e.t == nil {
		value := e.asValue()
		dot = func(st *run.State, dot run.Pointer) run.Pointer {
			cell := value(st, dot)
			return run.PointerToCell(&cell)
		}
	}
	s := c.site(n)
	return typed(n, run.ComponentType, func(st *run.State, d run.Pointer) reflect.Value {
		return reflect.ValueOf(&run.Rendering{Unit: unit, Code: unit.Code, Dot: dot(st, d), Depth: s.NextDepth(st)})
	})
}

// slotFor is the call in (slot "name") if it stands for a parameter of type t which is a
// function; nil if not. A slot whose dot is left open fits a function from the dot to a
// component: a list lets its caller say so how an item looks.
func (c *compiler) slotFor(n parse.Node, t reflect.Type) *parse.CommandNode {
	pipe, ok := n.(*parse.PipeNode)
	if !ok || len(pipe.Decl) > 0 || len(pipe.Cmds) != 1 || t.Kind() != reflect.Func || c.src.slotName(pipe.Cmds[0]) == "" {
		return nil
	}
	return pipe.Cmds[0]
}

// isView reports whether t is a function from one value to a component.
func isView(t reflect.Type) bool {
	return t.NumIn() == 1 && !t.IsVariadic() && t.NumOut() == 1 &&
		t.Out(0).Kind() == reflect.Interface && reflect.TypeFor[*run.Rendering]().AssignableTo(t.Out(0))
}

// slotFunction compiles a slot as a function of type t. The template is checked against
// the type that the function takes.
func (c *compiler) slotFunction(cmd *parse.CommandNode, t reflect.Type) (*argument, *expr) {
	name := cmd.Args[1].(*parse.StringNode)
	switch {
	case !isView(t):
		return nil, c.mistake(cmd, "it can be a component, or a function from one value to a component", "slot: %s cannot be a %s", name, t)
	case len(cmd.Args) > 2:
		return nil, c.mistake(cmd.Args[2], "leave it out", "slot: dot is what the %s is called with", t)
	case !c.program.defined(name.Text):
		return nil, c.mistake(name, c.set.nameHint(name.Text), "slot: template %q is not defined", name.Text)
	}
	template, s := c.program.template(name.Text, dotType{t: t.In(0)}), c.site(name)
	return &argument{t: t, value: func(st *run.State, _ run.Pointer) reflect.Value {
		depth := s.NextDepth(st)
		return reflect.MakeFunc(t, func(in []reflect.Value) []reflect.Value {
			r := template.On(in[0])
			r.Depth = depth
			return []reflect.Value{reflect.ValueOf(&r).Convert(t.Out(0))}
		})
	}}, nil
}
