package compile

import (
	"fmt"
	"reflect"
	"text/template/parse"
)

// A signature is the type of a function, without its receiver if it is a method.
type signature struct {
	in       []reflect.Type
	variadic bool
	out      reflect.Type
	fails    bool // it has a second result, an error
}

func signatureOf(t reflect.Type, skip int) signature {
	sig := signature{variadic: t.IsVariadic(), out: t.Out(0), fails: t.NumOut() == 2}
	for i := skip; i < t.NumIn(); i++ {
		sig.in = append(sig.in, t.In(i))
	}
	return sig
}

// param is the type of the i-th argument.
func (sig *signature) param(i int) reflect.Type {
	if last := len(sig.in) - 1; sig.variadic && i >= last {
		return sig.in[last].Elem()
	}
	return sig.in[i]
}

// accepts checks a number of arguments.
func (sig *signature) accepts(n int) (want string, ok bool) {
	if sig.variadic {
		return fmt.Sprintf("at least %d", len(sig.in)-1), n >= len(sig.in)-1
	}
	return fmt.Sprint(len(sig.in)), n == len(sig.in)
}

// An argument evaluates to a value that is assignable to its parameter.
type argument func(st *state, dot pointer) reflect.Value

// arguments compiles the arguments of a call against its parameters.
func (c *compiler) arguments(n parse.Node, name string, sig *signature, args []parse.Node, final *expr) ([]argument, *expr) {
	count := len(args)
	if final != nil {
		count++
	}
	if want, ok := sig.accepts(count); !ok {
		return nil, c.mistake(n, "", "wrong number of args for %s: want %s got %d", name, want, count)
	}
	out := make([]argument, 0, count)
	var bad *expr
	for i, arg := range args {
		f, e := c.argument(arg, sig.param(i))
		if e != nil {
			bad = e
		}
		out = append(out, f)
	}
	if final != nil {
		f, e := c.convert(final, n, sig.param(count-1))
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
		v, err := literalFor(n, t)
		if err != nil {
			return nil, c.mistake(n, "", "%v", err)
		}
		return func(*state, pointer) reflect.Value { return v }, nil
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

// literalFor gives a literal the type of a parameter, by the rules of
// text/template.
func literalFor(n parse.Node, t reflect.Type) (reflect.Value, error) {
	if _, ok := n.(*parse.NilNode); ok {
		if !canBeNil(t) {
			return reflect.Value{}, fmt.Errorf("cannot assign nil to %s", t)
		}
		return reflect.Zero(t), nil
	}
	if t == valueType || t.Kind() == reflect.Interface && t.NumMethod() == 0 {
		v, err := idealLiteral(n)
		if err == nil && t == valueType {
			v = reflect.ValueOf(v)
		}
		return v, err
	}
	v := reflect.New(t).Elem()
	number, isNumber := n.(*parse.NumberNode)
	expected := ""
	switch t.Kind() {
	case reflect.Bool:
		if b, ok := n.(*parse.BoolNode); ok {
			v.SetBool(b.True)
			return v, nil
		}
		expected = "bool"
	case reflect.String:
		if s, ok := n.(*parse.StringNode); ok {
			v.SetString(s.Text)
			return v, nil
		}
		expected = "string"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if isNumber && number.IsInt {
			v.SetInt(number.Int64)
			return v, nil
		}
		expected = "integer"
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		if isNumber && number.IsUint {
			v.SetUint(number.Uint64)
			return v, nil
		}
		expected = "unsigned integer"
	case reflect.Float32, reflect.Float64:
		if isNumber && number.IsFloat {
			v.SetFloat(number.Float64)
			return v, nil
		}
		expected = "float"
	case reflect.Complex64, reflect.Complex128:
		if isNumber && number.IsComplex {
			v.SetComplex(number.Complex128)
			return v, nil
		}
		expected = "complex"
	default:
		return v, fmt.Errorf("can't handle %s for arg of type %s", n, t)
	}
	return v, fmt.Errorf("expected %s; found %s", expected, n)
}

func idealLiteral(n parse.Node) (reflect.Value, error) {
	switch n := n.(type) {
	case *parse.BoolNode:
		return reflect.ValueOf(n.True), nil
	case *parse.StringNode:
		return reflect.ValueOf(n.Text), nil
	case *parse.NumberNode:
		return idealConstant(n)
	}
	return reflect.Value{}, fmt.Errorf("can't handle assignment of %s to empty interface argument", n)
}

func canBeNil(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Chan, reflect.Func, reflect.Interface, reflect.Map, reflect.Pointer, reflect.Slice:
		return true
	}
	return t == valueType
}

// convert makes an expr an argument for a parameter of type t. What is known
// to fit needs no test when it runs, and what cannot fit is a mistake.
func (c *compiler) convert(e *expr, n parse.Node, t reflect.Type) (argument, *expr) {
	value := e.asValue()
	if t == valueType {
		value = e.asExact()
	}
	if e.t != nil && t != valueType {
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
	return func(st *state, dot pointer) reflect.Value { return s.fit(value(st, dot), t) }, nil
}

// fit makes a value assignable to a parameter of type t, by the rules of
// text/template: as it is, or through one pointer or one address.
func (s *site) fit(v reflect.Value, t reflect.Type) reflect.Value {
	if !v.IsValid() {
		if !canBeNil(t) {
			s.failf("invalid value; expected %s", t)
		}
		return reflect.Zero(t)
	}
	if t == valueType && v.Type() != t {
		return reflect.ValueOf(v)
	}
	if v.Type().AssignableTo(t) {
		return v
	}
	if v.Kind() == reflect.Interface && !v.IsNil() {
		if v = v.Elem(); v.Type().AssignableTo(t) {
			return v
		}
	}
	switch {
	case v.Kind() == reflect.Pointer && v.Type().Elem().AssignableTo(t):
		if v.IsNil() {
			s.failf("dereference of nil pointer of type %s", t)
		}
		return v.Elem()
	case reflect.PointerTo(v.Type()).AssignableTo(t) && v.CanAddr():
		return v.Addr()
	}
	s.failf("wrong type for value; expected %s; got %s", t, v.Type())
	return v
}

// invoke calls a function and fails the render with its error. A panic of the
// function is made an error where the render is recovered.
func (s *site) invoke(st *state, fn reflect.Value, argv []reflect.Value) reflect.Value {
	outer := st.calls(s)
	results := fn.Call(argv)
	st.site = outer
	if len(results) == 2 && !results[1].IsNil() {
		s.fail(fmt.Errorf("error calling %s: %w", s.calling(), results[1].Interface().(error)))
	}
	return unwrapValue(results[0])
}

// unwrapValue is the value inside a result of type reflect.Value.
func unwrapValue(v reflect.Value) reflect.Value {
	if v.IsValid() && v.Type() == valueType {
		return v.Interface().(reflect.Value)
	}
	return v
}

// result makes an expr of what a call returns.
func result(n parse.Node, sig *signature, call func(st *state, dot pointer) reflect.Value) *expr {
	if sig.out == valueType {
		return dynamic(n, call)
	}
	return typed(n, sig.out, call)
}

// method compiles the call of a method of *t, or of t, on a receiver that is
// so many pointers away from it.
func (c *compiler) method(recv *expr, t reflect.Type, pointers int, m reflect.Method, n parse.Node, args []parse.Node, final *expr) *expr {
	if err := checkResults(m.Name, m.Type); err != nil {
		return c.mistake(n, "", "%v", err)
	}
	sig := signatureOf(m.Type, 1)
	argv, bad := c.arguments(n, m.Name, &sig, args, final)
	if bad != nil {
		return bad
	}
	s := c.site(n)
	at, typ := recv.at, recv.t
	// The last pointer may be nil: a method may accept that.
	receiver := func(st *state, dot pointer) pointer {
		p := at(st, dot)
		for i := range pointers {
			if p = pointeeAt(p); isNil(p) && i < pointers-1 {
				s.failf("nil pointer evaluating %s.%s", typ, m.Name)
			}
		}
		return p
	}
	if len(argv) == 0 && !sig.fails {
		if e := directMethod(n, m, s, receiver); e != nil {
			return e
		}
	}
	index := m.Index
	return result(n, &sig, func(st *state, dot pointer) reflect.Value {
		p := receiver(st, dot)
		var ptr reflect.Value
		if isNil(p) {
			ptr = reflect.Zero(reflect.PointerTo(t))
		} else {
			ptr = valueAt(p, t).Addr()
		}
		in := make([]reflect.Value, len(argv))
		for i, arg := range argv {
			in[i] = arg(st, dot)
		}
		return s.invoke(st, ptr.Method(index), in)
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
	sig := signatureOf(f.typ, 0)
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
	return result(n, &sig, func(st *state, dot pointer) reflect.Value {
		in := make([]reflect.Value, len(argv))
		for i, arg := range argv {
			in[i] = arg(st, dot)
		}
		return s.invoke(st, fn, in)
	})
}

// directFunction calls functions of common types without reflection.
func directFunction(n parse.Node, f *function, s *site, argv []argument) *expr {
	switch fn := f.value.Interface().(type) {
	case func() string:
		return texts(n, func(st *state, dot pointer) string {
			outer := st.calls(s)
			text := fn()
			st.site = outer
			return text
		})
	case func(string) string:
		return texts(n, func(st *state, dot pointer) string {
			arg := argv[0](st, dot).String()
			outer := st.calls(s)
			text := fn(arg)
			st.site = outer
			return text
		})
	case func(int) string:
		return texts(n, func(st *state, dot pointer) string {
			arg := int(argv[0](st, dot).Int())
			outer := st.calls(s)
			text := fn(arg)
			st.site = outer
			return text
		})
	case func(any) string:
		return texts(n, func(st *state, dot pointer) string {
			arg := valueToAny(argv[0](st, dot))
			outer := st.calls(s)
			text := fn(arg)
			st.site = outer
			return text
		})
	}
	return nil
}

// directMethod calls methods of common types without reflection.
func directMethod(n parse.Node, m reflect.Method, s *site, receiver func(*state, pointer) pointer) *expr {
	if m.Type.Out(0) != stringType {
		return nil
	}
	fn := stringMethod(m)
	if fn == nil {
		return nil
	}
	return texts(n, func(st *state, dot pointer) string {
		p := receiver(st, dot)
		outer := st.calls(s)
		text := fn(p)
		st.site = outer
		return text
	})
}
