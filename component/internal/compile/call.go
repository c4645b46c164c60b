package compile

import (
	"reflect"
	"text/template/parse"

	"github.com/ropewalk/ropewalk/component/internal/run"
)

// An argument evaluates to a value that is assignable to its parameter, whose type is t.
type argument struct {
	t     reflect.Type
	e     *expr                                              // nil if it is a constant or the context
	konst reflect.Value                                      // of a constant
	value func(st *run.State, dot run.Pointer) reflect.Value //
}

func constantArgument(v reflect.Value, t reflect.Type) *argument {
	return &argument{t: t, konst: v, value: func(*run.State, run.Pointer) reflect.Value { return v }}
}

// arguments compiles the arguments of a call against its parameters.
func (c *compiler) arguments(n parse.Node, name string, sig *run.Signature, args []parse.Node, final *expr) ([]*argument, *expr) {
	count := len(args)
	if final != nil {
		count++
	}
	if want, ok := sig.Accepts(count); !ok {
		return nil, c.mistake(n, "", "wrong number of args for %s: want %s got %d", name, want, count)
	}
	out := make([]*argument, 0, count)
	var bad *expr
	add := func(a *argument, e *expr) {
		if e != nil {
			bad = e
		}
		out = append(out, a)
	}
	for i, arg := range args {
		add(c.argument(arg, sig.Param(i)))
	}
	if final != nil {
		add(c.convert(final, n, sig.Param(count-1)))
	}
	return out, bad
}

// signature is that of a function or method as this call uses it: a first parameter of
// type context.Context is the render's, unless the call gives one.
func (c *compiler) signature(t reflect.Type, skip int, args []parse.Node, final *expr) run.Signature {
	sig := run.SignatureOf(t, skip)
	bare := sig.WithoutContext()
	if !bare.Context {
		return sig
	}
	count := len(args)
	if final != nil {
		count++
	}
	_, with := sig.Accepts(count)
	_, without := bare.Accepts(count)
	if with && (!without || c.isContext(args)) {
		return sig
	}
	return bare
}

// isContext reports whether the first of some arguments is known to be a context.
func (c *compiler) isContext(args []parse.Node) bool {
	if len(args) == 0 {
		return false
	}
	switch args[0].(type) {
	case *parse.NilNode, *parse.BoolNode, *parse.StringNode, *parse.NumberNode:
		return false
	}
	e := c.operand(args[0])
	return e.t != nil && e.t.Implements(run.ContextType)
}

// argument compiles one argument for a parameter of type t.
func (c *compiler) argument(n parse.Node, t reflect.Type) (*argument, *expr) {
	switch n.(type) {
	case *parse.NilNode, *parse.BoolNode, *parse.StringNode, *parse.NumberNode:
		v, err := run.LiteralFor(n, t)
		if err != nil {
			return nil, c.mistake(n, "", "%v", err)
		}
		return constantArgument(v, t), nil
	}
	if slot := c.slotFor(n, t); slot != nil {
		return c.slotFunction(slot, t)
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
func (c *compiler) convert(e *expr, n parse.Node, t reflect.Type) (*argument, *expr) {
	arg := &argument{t: t, e: e, value: e.asValue()}
	if t == run.ValueType {
		arg.value = e.asExact()
	}
	if e.t != nil && t != run.ValueType {
		switch {
		case e.t.AssignableTo(t):
			return arg, nil
		case e.t.Kind() == reflect.Interface:
		case e.t.Kind() == reflect.Pointer && e.t.Elem().AssignableTo(t):
		case reflect.PointerTo(e.t).AssignableTo(t) && e.addr:
		default:
			return nil, c.mistake(n, "", "wrong type for value; expected %s; got %s", t, e.t)
		}
	}
	s, value := c.site(n), arg.value
	arg.value = func(st *run.State, dot run.Pointer) reflect.Value { return s.Fit(value(st, dot), t) }
	return arg, nil
}

// result makes an expr of what a call returns.
func result(n parse.Node, sig *run.Signature, call func(st *run.State, dot run.Pointer) reflect.Value) *expr {
	if sig.Out == run.ValueType {
		return dynamic(n, call)
	}
	return typed(n, sig.Out, call)
}

// invoke calls by reflection what no direct call serves: fn on the arguments, behind a
// receiver if there is one.
func invoke(n parse.Node, s *run.Site, sig *run.Signature, fn reflect.Value, receiver func(st *run.State, dot run.Pointer) reflect.Value, args []*argument) *expr {
	before := 0
	if receiver != nil {
		before++
	}
	if sig.Context {
		before++
	}
	count := before + len(args)
	return result(n, sig, func(st *run.State, dot run.Pointer) reflect.Value {
		in, outer := st.BeginArguments(count)
		if receiver != nil {
			in[0] = receiver(st, dot)
		}
		if sig.Context {
			in[before-1] = reflect.ValueOf(st.Context())
		}
		for i, arg := range args {
			in[before+i] = arg.value(st, dot)
		}
		v := s.Invoke(st, fn, in)
		st.EndArguments(in, outer)
		return v
	})
}

// method compiles the call of a method of *t, or of t, on a receiver that is
// so many pointers away from it.
func (c *compiler) method(recv *expr, t reflect.Type, pointers int, m reflect.Method, n parse.Node, args []parse.Node, final *expr) *expr {
	if err := run.CheckResults(m.Name, m.Type); err != nil {
		return c.mistake(n, "", "%v", err)
	}
	sig := c.signature(m.Type, 1, args, final)
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
				s.FailNil(typ, m.Name)
			}
		}
		return p
	}
	k := &callee{site: s, sig: &sig, method: m, receiver: receiver}
	if e := k.direct(n, argv); e != nil {
		return e
	}
	null := reflect.Zero(reflect.PointerTo(t))
	return invoke(n, s, &sig, m.Func, func(st *run.State, dot run.Pointer) reflect.Value {
		p := receiver(st, dot)
		if run.IsNil(p) {
			return null
		}
		return run.ValueAt(p, t).Addr()
	}, argv)
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
	sig := c.signature(f.typ, 0, args, final)
	if props, ok := c.propsOf(f, args, final); ok {
		sig = run.SignatureOf(f.typ, 0).WithoutContext()
		return c.callComponent(n, f, &sig, props, args, final, nil)
	}
	argv, bad := c.arguments(n, f.name, &sig, args, final)
	if bad != nil {
		return bad
	}
	if props, ok := f.props(); ok {
		if argv[0].value, bad = c.whole(n, f, props, argv[0].value); bad != nil {
			return bad
		}
	}
	if f.make.IsValid() {
		return c.makeProps(n, f, &sig, argv)
	}
	if f.template != "" {
		return c.makeComponent(n, f, &sig, argv[0].value)
	}
	k := &callee{site: c.site(n), sig: &sig, function: plainFunction(f.value)}
	if e := k.direct(n, argv); e != nil {
		return e
	}
	return invoke(n, k.site, &sig, f.value, nil, argv)
}

// plainFunction is a function without the name of its type.
func plainFunction(f reflect.Value) any {
	t := f.Type()
	if t.Name() == "" {
		return f.Interface()
	}
	var in, out []reflect.Type
	for i := range t.NumIn() {
		in = append(in, t.In(i))
	}
	for i := range t.NumOut() {
		out = append(out, t.Out(i))
	}
	return f.Convert(reflect.FuncOf(in, out, t.IsVariadic())).Interface()
}
