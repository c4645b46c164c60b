package compile

import (
	"reflect"
	"text/template/parse"

	"github.com/ropewalk/ropewalk/component/internal/run"
)

// An argument evaluates to a value that is assignable to its parameter.
type argument func(st *run.State, dot run.Pointer) reflect.Value

// arguments compiles the arguments of a call against its parameters.
func (c *compiler) arguments(n parse.Node, name string, sig *run.Signature, args []parse.Node, final *expr) ([]argument, *expr) {
	count := len(args)
	if final != nil {
		count++
	}
	if want, ok := sig.Accepts(count); !ok {
		return nil, c.mistake(n, "", "wrong number of args for %s: want %s got %d", name, want, count)
	}
	out := make([]argument, 0, count)
	var bad *expr
	for i, arg := range args {
		f, e := c.argument(arg, sig.Param(i))
		if e != nil {
			bad = e
		}
		out = append(out, f)
	}
	if final != nil {
		f, e := c.convert(final, n, sig.Param(count-1))
		if e != nil {
			bad = e
		}
		out = append(out, f)
	}
	return out, bad
}

// argument compiles one argument for a parameter of type t.
func (c *compiler) argument(n parse.Node, t reflect.Type) (argument, *expr) {
	switch n.(type) {
	case *parse.NilNode, *parse.BoolNode, *parse.StringNode, *parse.NumberNode:
		v, err := run.LiteralFor(n, t)
		if err != nil {
			return nil, c.mistake(n, "", "%v", err)
		}
		return func(*run.State, run.Pointer) reflect.Value { return v }, nil
	}
	e := c.operand(n)
	if e.bad {
		return nil, e
	}
	return c.convert(e, n, t)
}

// operand compiles a node that stands as an argument.
func (c *compiler) operand(n parse.Node) *expr {
	switch n := n.(type) {
	case *parse.DotNode:
		return c.dotExpr(n)
	case *parse.FieldNode:
		return c.chain(c.dotExpr(n), n, n.Ident, nil, nil)
	case *parse.VariableNode:
		if len(n.Ident) > 1 {
			return c.chain(c.variable(n), n, n.Ident[1:], nil, nil)
		}
		return c.variable(n)
	case *parse.PipeNode:
		return c.parens(n)
	case *parse.IdentifierNode:
		return c.callNamed(n, nil, nil)
	case *parse.ChainNode:
		return c.chain(c.chainBase(n), n, n.Field, nil, nil)
	case *parse.NilNode:
		return c.mistake(n, "", "nil is not a command")
	}
	return c.literal(n)
}

// convert makes an expr an argument for a parameter of type t. What is known
// to fit needs no test when it runs, and what cannot fit is a mistake.
func (c *compiler) convert(e *expr, n parse.Node, t reflect.Type) (argument, *expr) {
	value := e.asValue()
	if t == run.ValueType {
		value = e.asExact()
	}
	if e.t != nil && t != run.ValueType {
		switch {
		case e.t.AssignableTo(t):
			return value, nil
		case e.t.Kind() == reflect.Interface:
		case e.t.Kind() == reflect.Pointer && e.t.Elem().AssignableTo(t):
		case reflect.PointerTo(e.t).AssignableTo(t) && e.addr:
		default:
			return nil, c.mistake(n, "", "wrong type for value; expected %s; got %s", t, e.t)
		}
	}
	s := c.site(n)
	return func(st *run.State, dot run.Pointer) reflect.Value { return s.Fit(value(st, dot), t) }, nil
}

// result makes an expr of what a call returns.
func result(n parse.Node, sig *run.Signature, call func(st *run.State, dot run.Pointer) reflect.Value) *expr {
	if sig.Out == run.ValueType {
		return dynamic(n, call)
	}
	return typed(n, sig.Out, call)
}

// method compiles the call of a method of *t, or of t, on a receiver that is
// so many pointers away from it.
func (c *compiler) method(recv *expr, t reflect.Type, pointers int, m reflect.Method, n parse.Node, args []parse.Node, final *expr) *expr {
	if err := run.CheckResults(m.Name, m.Type); err != nil {
		return c.mistake(n, "", "%v", err)
	}
	sig := run.SignatureOf(m.Type, 1)
	argv, bad := c.arguments(n, m.Name, &sig, args, final)
	if bad != nil {
		return bad
	}
	s := c.site(n)
	at, typ := recv.at, recv.t
	// The last pointer may be nil: a method may accept that.
	receiver := func(st *run.State, dot run.Pointer) run.Pointer {
		p := at(st, dot)
		for i := range pointers {
			if p = run.PointeeAt(p); run.IsNil(p) && i < pointers-1 {
				s.Failf("nil pointer evaluating %s.%s", typ, m.Name)
			}
		}
		return p
	}
	if len(argv) == 0 && !sig.Fails {
		if e := directMethod(n, m, s, receiver); e != nil {
			return e
		}
	}
	index := m.Index
	return result(n, &sig, func(st *run.State, dot run.Pointer) reflect.Value {
		p := receiver(st, dot)
		var ptr reflect.Value
		if run.IsNil(p) {
			ptr = reflect.Zero(reflect.PointerTo(t))
		} else {
			ptr = run.ValueAt(p, t).Addr()
		}
		in := make([]reflect.Value, len(argv))
		for i, arg := range argv {
			in[i] = arg(st, dot)
		}
		return s.Invoke(st, ptr.Method(index), in)
	})
}

// callNamed compiles the call of a function of the set, or of a builtin.
func (c *compiler) callNamed(n *parse.IdentifierNode, args []parse.Node, final *expr) *expr {
	if f := c.src.funcs[n.Ident]; f != nil {
		return c.callFunction(n, f, args, final)
	}
	b := builtins[n.Ident]
	if b == nil {
		return c.mistake(n, "", "function %q is not defined", n.Ident)
	}
	return b(c, n, args, final)
}

func (c *compiler) callFunction(n *parse.IdentifierNode, f *function, args []parse.Node, final *expr) *expr {
	sig := run.SignatureOf(f.typ, 0)
	if props, ok := c.propsOf(f, args, final); ok {
		return c.callComponent(n, f, &sig, props, args, final, nil)
	}
	argv, bad := c.arguments(n, f.name, &sig, args, final)
	if bad != nil {
		return bad
	}
	if f.template != "" {
		return c.makeComponent(n, f, &sig, argv[0])
	}
	s := c.site(n)
	if e := directFunction(n, f, s, argv); e != nil {
		return e
	}
	fn := f.value
	return result(n, &sig, func(st *run.State, dot run.Pointer) reflect.Value {
		in := make([]reflect.Value, len(argv))
		for i, arg := range argv {
			in[i] = arg(st, dot)
		}
		return s.Invoke(st, fn, in)
	})
}

// directFunction calls functions of common types without reflection.
func directFunction(n parse.Node, f *function, s *run.Site, argv []argument) *expr {
	switch fn := f.value.Interface().(type) {
	case func() string:
		return texts(n, func(st *run.State, dot run.Pointer) string {
			outer := st.BeginCall(s)
			text := fn()
			st.Call = outer
			return text
		})
	case func(string) string:
		return texts(n, func(st *run.State, dot run.Pointer) string {
			arg := argv[0](st, dot).String()
			outer := st.BeginCall(s)
			text := fn(arg)
			st.Call = outer
			return text
		})
	case func(int) string:
		return texts(n, func(st *run.State, dot run.Pointer) string {
			arg := int(argv[0](st, dot).Int())
			outer := st.BeginCall(s)
			text := fn(arg)
			st.Call = outer
			return text
		})
	case func(any) string:
		return texts(n, func(st *run.State, dot run.Pointer) string {
			arg := run.ValueToAny(argv[0](st, dot))
			outer := st.BeginCall(s)
			text := fn(arg)
			st.Call = outer
			return text
		})
	}
	return nil
}

// directMethod calls methods of common types without reflection.
func directMethod(n parse.Node, m reflect.Method, s *run.Site, receiver func(*run.State, run.Pointer) run.Pointer) *expr {
	if m.Type.Out(0) != run.StringType {
		return nil
	}
	fn := run.StringMethod(m)
	if fn == nil {
		return nil
	}
	return texts(n, func(st *run.State, dot run.Pointer) string {
		p := receiver(st, dot)
		outer := st.BeginCall(s)
		text := fn(p)
		st.Call = outer
		return text
	})
}
