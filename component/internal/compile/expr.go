package compile

import (
	"fmt"
	"reflect"
	"text/template/parse"

	"github.com/ropewalk/ropewalk/component/internal/run"
	"github.com/ropewalk/ropewalk/component/internal/source"
)

// An expr is a compiled expression. Exactly one of two kinds:
//
//   - typed: t is its static type, and at gives the address of its value;
//   - dynamic: t is nil, and value gives what text/template would have, where
//     the zero reflect.Value stands for no value at all.
//
// The other functions are shortcuts that some exprs have.
type expr struct {
	node  parse.Node
	t     reflect.Type
	addr  bool // the value counts as addressable: methods of its pointer may be called
	at    func(st *run.State, dot run.Pointer) run.Pointer
	value func(st *run.State, dot run.Pointer) reflect.Value

	path  *run.Location                                             // at is this location in dot
	konst reflect.Value                                             // the value, if it is known already
	text  func(st *run.State, dot run.Pointer) string               // of a string kind
	whole func(st *run.State, dot run.Pointer) int                  // of type int
	texts func(st *run.State, dot run.Pointer) (string, any, bool)  // a dynamic value that is often a string: that, or what it is and false
	truth func(st *run.State, dot run.Pointer) bool                 // what if makes of it
	iface func(st *run.State, dot run.Pointer) any                  // a dynamic value for which nil and no value are the same
	held  func(st *run.State, dot run.Pointer) (any, reflect.Value) // iface, and if that is nil, value: no value, a nil, or one whose address could matter
	exact func(st *run.State, dot run.Pointer) reflect.Value        // value, in the interface that it was held in, if value forgets that
	bad   bool                                                      // a mistake in it has been reported
	fails bool                                                      // a mistake that the render is to tell: evaluating it does nothing else
}

func (e *expr) dynamic() bool { return e.t == nil }

// asValue evaluates to a reflect.Value. A value that does not count as
// addressable is copied if that could make a difference.
func (e *expr) asValue() func(st *run.State, dot run.Pointer) reflect.Value {
	if e.value != nil {
		return e.value
	}
	at, t := e.at, e.t
	if e.addr || !run.AddressMatters(t) {
		return func(st *run.State, dot run.Pointer) reflect.Value { return run.ValueAt(at(st, dot), t) }
	}
	return func(st *run.State, dot run.Pointer) reflect.Value {
		return reflect.ValueOf(run.ValueAt(at(st, dot), t).Interface())
	}
}

// asExact is asValue for a parameter of type reflect.Value, which can tell a
// value from an interface that holds it.
func (e *expr) asExact() func(st *run.State, dot run.Pointer) reflect.Value {
	if e.exact != nil {
		return e.exact
	}
	return e.asValue()
}

// asAny evaluates to an interface; no value is nil.
func (e *expr) asAny() func(st *run.State, dot run.Pointer) any {
	if e.iface != nil {
		return e.iface
	}
	if e.konst.IsValid() {
		k := e.konst.Interface()
		return func(*run.State, run.Pointer) any { return k }
	}
	switch e.t {
	case run.StringType:
		text := e.stringOf()
		return func(st *run.State, dot run.Pointer) any { return st.BoxString(text(st, dot)) }
	case run.IntType: // of which Go has the small ones at hand
		whole := e.intOf()
		return func(st *run.State, dot run.Pointer) any { return int(whole(st, dot)) }
	}
	value := e.asValue()
	return func(st *run.State, dot run.Pointer) any { return run.ValueToAny(value(st, dot)) }
}

// typed completes an expr that has a value function and a static type.
func typed(n parse.Node, t reflect.Type, value func(st *run.State, dot run.Pointer) reflect.Value) *expr {
	return &expr{node: n, t: t, value: value, at: func(st *run.State, dot run.Pointer) run.Pointer { return run.Box(value(st, dot), t) }}
}

func dynamic(n parse.Node, value func(st *run.State, dot run.Pointer) reflect.Value) *expr {
	return &expr{node: n, value: value}
}

// constant is a value known at compile time.
func constant(n parse.Node, v reflect.Value) *expr {
	p := run.Box(v, v.Type())
	e := &expr{node: n, t: v.Type(), konst: v, at: func(*run.State, run.Pointer) run.Pointer { return p }}
	e.value = func(*run.State, run.Pointer) reflect.Value { return v }
	if v.Kind() == reflect.String {
		s := v.String()
		e.text = func(*run.State, run.Pointer) string { return s }
	}
	return e
}

// boolean is an expr of type bool.
func boolean(n parse.Node, truth func(st *run.State, dot run.Pointer) bool) *expr {
	return &expr{node: n, t: run.BoolType, truth: truth, at: func(st *run.State, dot run.Pointer) run.Pointer {
		if truth(st, dot) {
			return run.PointerToBool(&run.TrueCell)
		}
		return run.PointerToBool(&run.FalseCell)
	}}
}

// integer is an expr of type int.
func integer(n parse.Node, f func(st *run.State, dot run.Pointer) int) *expr {
	return &expr{node: n, t: run.IntType, whole: f, at: func(st *run.State, dot run.Pointer) run.Pointer { return run.PointerToInt(run.IntCell(f(st, dot))) }}
}

// texts is an expr of type string that is computed.
func texts(n parse.Node, f func(st *run.State, dot run.Pointer) string) *expr {
	value := func(st *run.State, dot run.Pointer) reflect.Value { return reflect.ValueOf(f(st, dot)) }
	e := typed(n, run.StringType, value)
	e.text = f
	return e
}

// stringOf evaluates an expr of a string kind.
func (e *expr) stringOf() func(st *run.State, dot run.Pointer) string {
	if e.text != nil {
		return e.text
	}
	if e.path != nil {
		l := *e.path
		return func(_ *run.State, dot run.Pointer) string { return run.StringAt(l.In(dot)) }
	}
	at := e.at
	return func(st *run.State, dot run.Pointer) string { return run.StringAt(at(st, dot)) }
}

// isTrue is the truth of an expr, as if and with see it.
func (e *expr) isTrue(s *run.Site) func(st *run.State, dot run.Pointer) bool {
	if e.truth != nil {
		return e.truth
	}
	if e.konst.IsValid() {
		truth, _ := run.TruthOf(e.konst)
		return func(*run.State, run.Pointer) bool { return truth }
	}
	if e.dynamic() {
		value := e.value
		if value == nil {
			iface := e.iface
			value = func(st *run.State, dot run.Pointer) reflect.Value { return reflect.ValueOf(iface(st, dot)) }
		}
		return func(st *run.State, dot run.Pointer) bool {
			v := run.IndirectInterface(value(st, dot))
			truth, ok := run.TruthOf(v)
			if !ok {
				s.Failf("if/with can't use %v", v)
			}
			return truth
		}
	}
	at, t := e.at, e.t
	switch t.Kind() {
	case reflect.Bool:
		if e.path != nil {
			l := *e.path
			return func(_ *run.State, dot run.Pointer) bool { return run.BoolAt(l.In(dot)) }
		}
		return func(st *run.State, dot run.Pointer) bool { return run.BoolAt(at(st, dot)) }
	case reflect.String:
		text := e.stringOf()
		return func(st *run.State, dot run.Pointer) bool { return text(st, dot) != "" }
	case reflect.Pointer:
		return func(st *run.State, dot run.Pointer) bool { return !run.IsNil(run.PointeeAt(at(st, dot))) }
	case reflect.Slice:
		return func(st *run.State, dot run.Pointer) bool { _, n := run.SliceAt(at(st, dot)); return n > 0 }
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		k := t.Kind()
		return func(st *run.State, dot run.Pointer) bool { return run.IntAt(at(st, dot), k) != 0 }
	case reflect.Struct:
		return func(st *run.State, dot run.Pointer) bool { at(st, dot); return true }
	}
	return func(st *run.State, dot run.Pointer) bool {
		truth, _ := run.TruthOf(run.IndirectInterface(run.ValueAt(at(st, dot), t)))
		return truth
	}
}

// site is a place of this template for an error of the running render.
func (c *compiler) site(n parse.Node) *run.Site {
	return &run.Site{File: c.src.File, Template: c.name, Node: n}
}

// mistake reports an error of the template. In a lenient set it becomes an
// error of the render that evaluates the expression.
func (c *compiler) mistake(n parse.Node, hint, format string, args ...any) *expr {
	return c.mistakeAt(c.src.SpanOf(n), n, hint, format, args...)
}

func (c *compiler) mistakeAt(at source.Span, n parse.Node, hint, format string, args ...any) *expr {
	message := fmt.Sprintf(format, args...)
	if !c.lenient {
		l := c.program.lowering
		l.found = append(l.found, source.Diagnose(c.src.File, at, message, hint))
		return &expr{node: n, bad: true}
	}
	s := c.site(n)
	e := dynamic(n, func(*run.State, run.Pointer) reflect.Value {
		s.FailHint(hint, "%s", message)
		return reflect.Value{}
	})
	e.fails = true
	return e
}

// mistakeOp is mistake where no value is wanted: nil, or an op that fails.
func (c *compiler) mistakeOp(n parse.Node, hint, format string, args ...any) run.Op {
	e := c.mistake(n, hint, format, args...)
	if e.bad {
		return nil
	}
	return evaluate(e)
}

// evaluate is the op that only evaluates an expr of no static type: a mistake that
// the render is to tell.
func evaluate(e *expr) run.Op {
	value := e.asValue()
	return func(st *run.State, b []byte, dot run.Pointer) []byte {
		value(st, dot)
		return b
	}
}

// pipe compiles a pipeline without its declarations.
func (c *compiler) pipe(p *parse.PipeNode) *expr { return c.commands(p.Cmds) }

func (c *compiler) commands(cmds []*parse.CommandNode) *expr {
	var e *expr
	for _, cmd := range cmds {
		if e = unwrapInterface(c.piped(cmd, e)); e.bad {
			return e
		}
	}
	return e
}

// unwrapInterface forgets that a value was held in an empty interface, as text/template
// does after every command.
func unwrapInterface(e *expr) *expr {
	if e.bad || (e.t != nil && e.t != run.AnyType && (e.t.Kind() != reflect.Interface || e.t.NumMethod() > 0)) {
		return e
	}
	d := &expr{node: e.node, iface: e.iface}
	if held := e.held; held != nil {
		d.held = func(st *run.State, dot run.Pointer) (any, reflect.Value) {
			v, place := held(st, dot)
			if place.Kind() == reflect.Interface && place.NumMethod() == 0 {
				place = place.Elem()
			}
			return v, place
		}
	}
	if e.t == run.AnyType && !e.konst.IsValid() && e.value == nil {
		at := e.at
		d.value = func(st *run.State, dot run.Pointer) reflect.Value { return reflect.ValueOf(run.AnyAt(at(st, dot))) }
		d.iface = func(st *run.State, dot run.Pointer) any { return run.AnyAt(at(st, dot)) }
		d.held = func(st *run.State, dot run.Pointer) (any, reflect.Value) {
			return run.AnyAt(at(st, dot)), reflect.Value{}
		}
		return d
	}
	value := e.asValue()
	d.value = func(st *run.State, dot run.Pointer) reflect.Value {
		v := value(st, dot)
		if v.Kind() == reflect.Interface && v.Type().NumMethod() == 0 {
			return v.Elem()
		}
		return v
	}
	return d
}

// command compiles one command of a pipeline; final is the command before it.
func (c *compiler) command(cmd *parse.CommandNode, final *expr) *expr {
	switch n := cmd.Args[0].(type) {
	case *parse.FieldNode:
		return c.chain(c.dotExpr(n), n, n.Ident, cmd.Args[1:], final)
	case *parse.ChainNode:
		return c.chain(c.chainBase(n), n, n.Field, cmd.Args[1:], final)
	case *parse.IdentifierNode:
		return c.callNamed(n, cmd.Args[1:], final)
	case *parse.VariableNode:
		v := c.variable(n)
		if len(n.Ident) > 1 {
			return c.chain(v, n, n.Ident[1:], cmd.Args[1:], final)
		}
		return c.withoutArguments(v, n, cmd, final)
	case *parse.PipeNode:
		return c.withoutArguments(c.parens(n), n, cmd, final)
	case *parse.NilNode:
		return c.mistake(n, "", "nil is not a command")
	case *parse.DotNode:
		return c.withoutArguments(c.dotExpr(n), n, cmd, final)
	default:
		return c.withoutArguments(c.literal(n), n, cmd, final)
	}
}

func (c *compiler) withoutArguments(e *expr, n parse.Node, cmd *parse.CommandNode, final *expr) *expr {
	if len(cmd.Args) > 1 || final != nil {
		return c.mistake(n, "only functions and methods take arguments", "can't give argument to non-function %s", n)
	}
	return e
}

// literal is the value of a literal where no type is asked for.
func (c *compiler) literal(n parse.Node) *expr {
	switch n := n.(type) {
	case *parse.BoolNode:
		return constant(n, reflect.ValueOf(n.True))
	case *parse.StringNode:
		return constant(n, reflect.ValueOf(n.Text))
	case *parse.NumberNode:
		v, err := run.IdealConstant(n)
		if err != nil {
			return c.mistake(n, "", "%v", err)
		}
		return constant(n, v)
	}
	return c.mistake(n, "", "can't evaluate command %q", n)
}

func atDot(_ *run.State, dot run.Pointer) run.Pointer { return dot }

// dotExpr is dot.
func (c *compiler) dotExpr(n parse.Node) *expr {
	if c.dot.t == nil {
		return dynamic(n, func(_ *run.State, dot run.Pointer) reflect.Value { return run.CellAt(dot) })
	}
	return &expr{node: n, t: c.dot.t, addr: c.dot.addr, path: new(run.Location), at: atDot}
}

// chainBase is the parenthesised part of (pipeline).Field.
func (c *compiler) chainBase(n *parse.ChainNode) *expr {
	switch base := n.Node.(type) {
	case *parse.NilNode:
		return c.mistake(n, "", "indirection through explicit nil in %s", n)
	case *parse.PipeNode:
		return c.parens(base)
	case *parse.DotNode:
		return c.dotExpr(base)
	case *parse.FieldNode:
		return c.chain(c.dotExpr(base), base, base.Ident, nil, nil)
	case *parse.VariableNode:
		if len(base.Ident) > 1 {
			return c.chain(c.variable(base), base, base.Ident[1:], nil, nil)
		}
		return c.variable(base)
	case *parse.IdentifierNode:
		return c.callNamed(base, nil, nil)
	case *parse.ChainNode:
		return c.chain(c.chainBase(base), base, base.Field, nil, nil)
	}
	return c.literal(n.Node)
}

// chain walks .A.B.C from a value; the last name may be a method with arguments.
func (c *compiler) chain(e *expr, n parse.Node, idents []string, args []parse.Node, final *expr) *expr {
	for i := range idents {
		if e.bad {
			return e
		}
		if i < len(idents)-1 {
			e = c.field(e, n, idents, i, nil, nil)
		} else {
			e = c.field(e, n, idents, i, args, final)
		}
	}
	return e
}

// field compiles one step of a chain: a method, a field or a map entry.
func (c *compiler) field(recv *expr, n parse.Node, idents []string, i int, args []parse.Node, final *expr) *expr {
	name := idents[i]
	hasArgs := len(args) > 0 || final != nil
	if recv.t == nil {
		return c.dynamicField(recv, n, name, args, final)
	}
	t, pointers := recv.t, 0
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
		pointers++
	}
	if t.Kind() == reflect.Interface {
		return c.dynamicField(recv, n, name, args, final)
	}
	if m, ok := reflect.PointerTo(t).MethodByName(name); ok {
		if _, onValue := t.MethodByName(name); onValue || pointers > 0 || recv.addr {
			return c.method(recv, t, pointers, m, n, args, final)
		}
		return c.mistakeAt(c.src.IdentSpan(n, idents, i), n, "pass a pointer to it, or declare the method on the value",
			"%s: method %s needs a *%s, and this %s has no address", n, name, t, t)
	}
	fail := func(hint, format string, args ...any) *expr {
		return c.mistakeAt(c.src.IdentSpan(n, idents, i), n, hint, format, args...)
	}
	switch t.Kind() {
	case reflect.Struct:
		f, ok := t.FieldByName(name)
		switch {
		case !ok:
			return fail(source.DidYouMean(name, run.FieldNames(t)), "%s: %s has no field or method %s", n, recv.t, name)
		case !f.IsExported():
			return fail("export it, or add a method", "%s: %s is an unexported field of struct type %s", n, name, recv.t)
		case hasArgs:
			return fail("a field of a function type is called with: call "+n.String(), "%s has arguments but cannot be invoked as function", name)
		}
		return c.structField(recv, t, pointers, f, n, name)
	case reflect.Map:
		if run.StringType.AssignableTo(t.Key()) {
			if hasArgs {
				return fail("", "%s is not a method but has arguments", name)
			}
			return c.mapEntry(recv, t, pointers, n, name)
		}
		return fail("look it up with: index", "%s: %s has no entries by name, its keys are of type %s", n, recv.t, t.Key())
	}
	return fail(source.DidYouMean(name, run.FieldNames(t)), "%s: %s has no field or method %s", n, recv.t, name)
}

// follow gives the address of what is behind so many pointers.
func (c *compiler) follow(recv *expr, pointers int, n parse.Node, name string) func(st *run.State, dot run.Pointer) run.Pointer {
	at, s, typ := recv.at, c.site(n), recv.t
	if pointers == 0 {
		return at
	}
	return func(st *run.State, dot run.Pointer) run.Pointer {
		p := at(st, dot)
		for range pointers {
			if p = run.PointeeAt(p); run.IsNil(p) {
				s.FailNil(typ, name)
			}
		}
		return p
	}
}

func (c *compiler) structField(recv *expr, t reflect.Type, pointers int, f reflect.StructField, n parse.Node, name string) *expr {
	e := &expr{node: n, t: recv.t, addr: recv.addr || pointers > 0}
	at, path := c.follow(recv, pointers, n, name), recv.path
	if pointers > 0 {
		path = nil
	}
	for k, index := range f.Index {
		if k > 0 && t.Kind() == reflect.Pointer { // an embedded pointer
			t = t.Elem()
			at = c.embedded(at, t, n)
			path, e.addr = nil, true
		}
		step := t.Field(index)
		at, path = stepAt(at, path, step)
		t = step.Type
	}
	e.t, e.at, e.path = t, at, path
	return e
}

// stepAt adds a field to an address, merged with the fields before it if they
// are at a fixed location in dot.
func stepAt(at func(*run.State, run.Pointer) run.Pointer, path *run.Location, f reflect.StructField) (func(*run.State, run.Pointer) run.Pointer, *run.Location) {
	if path == nil {
		l := run.Location{}.Field(f)
		return func(st *run.State, dot run.Pointer) run.Pointer { return l.In(at(st, dot)) }, nil
	}
	l := path.Field(f)
	return func(_ *run.State, dot run.Pointer) run.Pointer { return l.In(dot) }, &l
}

func (c *compiler) embedded(at func(*run.State, run.Pointer) run.Pointer, t reflect.Type, n parse.Node) func(*run.State, run.Pointer) run.Pointer {
	s := c.site(n)
	return func(st *run.State, dot run.Pointer) run.Pointer {
		p := run.PointeeAt(at(st, dot))
		if run.IsNil(p) {
			s.Failf("reflect: indirection through nil pointer to embedded struct field %s", t.Name())
		}
		return p
	}
}

// mapEntry looks a name up in a map. A missing one is no value, so the result
// is dynamic.
func (c *compiler) mapEntry(recv *expr, t reflect.Type, pointers int, n parse.Node, name string) *expr {
	at, s, missing := c.follow(recv, pointers, n, name), c.site(n), c.missing
	key := reflect.ValueOf(name)
	if t != run.MapType {
		return dynamic(n, func(st *run.State, dot run.Pointer) reflect.Value {
			return run.MapIndex(s, missing, run.ValueAt(at(st, dot), t), key)
		})
	}
	e := dynamic(n, func(st *run.State, dot run.Pointer) reflect.Value {
		return run.AnyEntry(s, missing, run.MapAt(at(st, dot)), name)
	})
	e.exact = func(st *run.State, dot run.Pointer) reflect.Value {
		return run.MapIndex(s, missing, run.ValueAt(at(st, dot), t), key)
	}
	if missing != run.MissingError {
		e.iface = func(st *run.State, dot run.Pointer) any { return run.MapAt(at(st, dot))[name] }
		e.held = func(st *run.State, dot run.Pointer) (any, reflect.Value) {
			return run.HeldEntry(run.MapAt(at(st, dot)), name, missing)
		}
	}
	return e
}
