package compile

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"text/template/parse"
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
	at    func(st *state, dot pointer) pointer
	value func(st *state, dot pointer) reflect.Value

	path  *location                                         // at is this location in dot
	konst reflect.Value                                     // the value, if it is known already
	text  func(st *state, dot pointer) string               // of a string kind
	truth func(st *state, dot pointer) bool                 // what if makes of it
	iface func(st *state, dot pointer) any                  // a dynamic value for which nil and no value are the same
	held  func(st *state, dot pointer) (any, reflect.Value) // iface, and if that is nil, value: no value, a nil, or one whose address could matter
	exact func(st *state, dot pointer) reflect.Value        // value, in the interface that it was held in, if value forgets that
	bad   bool                                              // a mistake in it has been reported
}

var (
	errorType     = reflect.TypeFor[error]()
	anyType       = reflect.TypeFor[any]()
	stringType    = reflect.TypeFor[string]()
	intType       = reflect.TypeFor[int]()
	boolType      = reflect.TypeFor[bool]()
	valueType     = reflect.TypeFor[reflect.Value]()
	componentType = reflect.TypeFor[Component]()
	mapType       = reflect.TypeFor[map[string]any]()
)

func (e *expr) dynamic() bool { return e.t == nil }

// asValue evaluates to a reflect.Value. A value that does not count as
// addressable is copied if that could make a difference.
func (e *expr) asValue() func(st *state, dot pointer) reflect.Value {
	if e.value != nil {
		return e.value
	}
	at, t := e.at, e.t
	if e.addr || !addressMatters(t) {
		return func(st *state, dot pointer) reflect.Value { return valueAt(at(st, dot), t) }
	}
	return func(st *state, dot pointer) reflect.Value {
		return reflect.ValueOf(valueAt(at(st, dot), t).Interface())
	}
}

// asExact is asValue for a parameter of type reflect.Value, which can tell a
// value from an interface that holds it.
func (e *expr) asExact() func(st *state, dot pointer) reflect.Value {
	if e.exact != nil {
		return e.exact
	}
	return e.asValue()
}

// addressMatters reports whether text/template could tell an addressable
// value of the type from one that is not.
func addressMatters(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct, reflect.Array:
		return true
	case reflect.Interface, reflect.Pointer:
		return false
	}
	return reflect.PointerTo(t).NumMethod() > t.NumMethod()
}

// asAny evaluates to an interface; no value is nil.
func (e *expr) asAny() func(st *state, dot pointer) any {
	if e.iface != nil {
		return e.iface
	}
	if e.konst.IsValid() {
		k := e.konst.Interface()
		return func(*state, pointer) any { return k }
	}
	value := e.asValue()
	return func(st *state, dot pointer) any { return valueToAny(value(st, dot)) }
}

func valueToAny(v reflect.Value) any {
	if !v.IsValid() {
		return nil
	}
	return v.Interface()
}

// typed completes an expr that has a value function and a static type.
func typed(n parse.Node, t reflect.Type, value func(st *state, dot pointer) reflect.Value) *expr {
	return &expr{node: n, t: t, value: value, at: func(st *state, dot pointer) pointer { return box(value(st, dot), t) }}
}

func dynamic(n parse.Node, value func(st *state, dot pointer) reflect.Value) *expr {
	return &expr{node: n, value: value}
}

// box gives a value an address, in a cell of its own unless it has one.
func box(v reflect.Value, t reflect.Type) pointer {
	if v.CanAddr() && v.Type() == t {
		return pointerTo(v)
	}
	cell := reflect.New(t).Elem()
	if v.IsValid() {
		cell.Set(v)
	}
	return pointerTo(cell)
}

// constant is a value known at compile time.
func constant(n parse.Node, v reflect.Value) *expr {
	p := box(v, v.Type())
	e := &expr{node: n, t: v.Type(), konst: v, at: func(*state, pointer) pointer { return p }}
	e.value = func(*state, pointer) reflect.Value { return v }
	if v.Kind() == reflect.String {
		s := v.String()
		e.text = func(*state, pointer) string { return s }
	}
	return e
}

var trueCell, falseCell = true, false

// boolean is an expr of type bool.
func boolean(n parse.Node, truth func(st *state, dot pointer) bool) *expr {
	return &expr{node: n, t: boolType, truth: truth, at: func(st *state, dot pointer) pointer {
		if truth(st, dot) {
			return pointerToBool(&trueCell)
		}
		return pointerToBool(&falseCell)
	}}
}

// integer is an expr of type int.
func integer(n parse.Node, f func(st *state, dot pointer) int) *expr {
	return &expr{node: n, t: intType, at: func(st *state, dot pointer) pointer { return pointerToInt(intCell(f(st, dot))) }}
}

// texts is an expr of type string that is computed.
func texts(n parse.Node, f func(st *state, dot pointer) string) *expr {
	value := func(st *state, dot pointer) reflect.Value { return reflect.ValueOf(f(st, dot)) }
	e := typed(n, stringType, value)
	e.text = f
	return e
}

// smallInts are the cells of the integers that loops and lengths need most.
var smallInts = func() (cells [1024]int) {
	for i := range cells {
		cells[i] = i
	}
	return cells
}()

func intCell(i int) *int {
	if uint(i) < uint(len(smallInts)) {
		return &smallInts[i]
	}
	return &i
}

// stringOf evaluates an expr of a string kind.
func (e *expr) stringOf() func(st *state, dot pointer) string {
	if e.text != nil {
		return e.text
	}
	if e.path != nil {
		l := *e.path
		return func(_ *state, dot pointer) string { return stringAt(l.in(dot)) }
	}
	at := e.at
	return func(st *state, dot pointer) string { return stringAt(at(st, dot)) }
}

// isTrue is the truth of an expr, as if and with see it.
func (e *expr) isTrue(s *site) func(st *state, dot pointer) bool {
	if e.truth != nil {
		return e.truth
	}
	if e.konst.IsValid() {
		truth, _ := truthOf(e.konst)
		return func(*state, pointer) bool { return truth }
	}
	if e.dynamic() {
		value := e.value
		if value == nil {
			iface := e.iface
			value = func(st *state, dot pointer) reflect.Value { return reflect.ValueOf(iface(st, dot)) }
		}
		return func(st *state, dot pointer) bool {
			v := indirectInterface(value(st, dot))
			truth, ok := truthOf(v)
			if !ok {
				s.failf("if/with can't use %v", v)
			}
			return truth
		}
	}
	at, t := e.at, e.t
	switch t.Kind() {
	case reflect.Bool:
		if e.path != nil {
			l := *e.path
			return func(_ *state, dot pointer) bool { return boolAt(l.in(dot)) }
		}
		return func(st *state, dot pointer) bool { return boolAt(at(st, dot)) }
	case reflect.String:
		text := e.stringOf()
		return func(st *state, dot pointer) bool { return text(st, dot) != "" }
	case reflect.Pointer:
		return func(st *state, dot pointer) bool { return !isNil(pointeeAt(at(st, dot))) }
	case reflect.Slice:
		return func(st *state, dot pointer) bool { _, n := sliceAt(at(st, dot)); return n > 0 }
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		k := t.Kind()
		return func(st *state, dot pointer) bool { return intAt(at(st, dot), k) != 0 }
	case reflect.Struct:
		return func(st *state, dot pointer) bool { at(st, dot); return true }
	}
	return func(st *state, dot pointer) bool {
		truth, _ := truthOf(indirectInterface(valueAt(at(st, dot), t)))
		return truth
	}
}

// site is a place of this template for an error of the running render.
func (c *compiler) site(n parse.Node) *site { return &site{src: c.src.Source, name: c.name, node: n} }

// mistake reports an error of the template. In a lenient set it becomes an
// error of the render that evaluates the expression.
func (c *compiler) mistake(n parse.Node, hint, format string, args ...any) *expr {
	return c.mistakeAt(c.src.spanOf(n), n, hint, format, args...)
}

func (c *compiler) mistakeAt(at span, n parse.Node, hint, format string, args ...any) *expr {
	message := fmt.Sprintf(format, args...)
	if !c.lenient {
		c.program.found = append(c.program.found, diagnose(c.src.Source, at, message, hint))
		return &expr{node: n, bad: true}
	}
	s := c.site(n)
	return dynamic(n, func(*state, pointer) reflect.Value {
		s.failf("%s", message)
		return reflect.Value{}
	})
}

// mistakeOp is mistake where no value is wanted: nil, or an op that fails.
func (c *compiler) mistakeOp(n parse.Node, hint, format string, args ...any) op {
	e := c.mistake(n, hint, format, args...)
	if e.bad {
		return nil
	}
	return evaluate(e)
}

// evaluate is the op that only evaluates an expr of no static type: a mistake that
// the render is to tell.
func evaluate(e *expr) op {
	value := e.asValue()
	return func(st *state, b []byte, dot pointer) []byte {
		value(st, dot)
		return b
	}
}

// pipe compiles a pipeline without its declarations.
func (c *compiler) pipe(p *parse.PipeNode) *expr { return c.commands(p, p.Cmds) }

func (c *compiler) commands(p *parse.PipeNode, cmds []*parse.CommandNode) *expr {
	var e *expr
	for _, cmd := range cmds {
		if e = dig(c.command(cmd, e)); e.bad {
			return e
		}
	}
	return e
}

// dig forgets that a value was held in an empty interface, as text/template
// does after every command.
func dig(e *expr) *expr {
	if e.bad || (e.t != nil && e.t != anyType && (e.t.Kind() != reflect.Interface || e.t.NumMethod() > 0)) {
		return e
	}
	d := &expr{node: e.node, iface: e.iface}
	if held := e.held; held != nil {
		d.held = func(st *state, dot pointer) (any, reflect.Value) {
			v, place := held(st, dot)
			if place.Kind() == reflect.Interface && place.NumMethod() == 0 {
				place = place.Elem()
			}
			return v, place
		}
	}
	if e.t == anyType && !e.konst.IsValid() && e.value == nil {
		at := e.at
		d.value = func(st *state, dot pointer) reflect.Value { return reflect.ValueOf(anyAt(at(st, dot))) }
		d.iface = func(st *state, dot pointer) any { return anyAt(at(st, dot)) }
		d.held = func(st *state, dot pointer) (any, reflect.Value) { return anyAt(at(st, dot)), reflect.Value{} }
		return d
	}
	value := e.asValue()
	d.value = func(st *state, dot pointer) reflect.Value {
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
		v, err := idealConstant(n)
		if err != nil {
			return c.mistake(n, "", "%v", err)
		}
		return constant(n, v)
	}
	return c.mistake(n, "", "can't evaluate command %q", n)
}

// idealConstant gives a number the type that its syntax tells.
func idealConstant(n *parse.NumberNode) (reflect.Value, error) {
	hex := len(n.Text) > 2 && n.Text[0] == '0' && (n.Text[1] == 'x' || n.Text[1] == 'X') && !strings.ContainsAny(n.Text, "pP")
	switch {
	case n.IsComplex:
		return reflect.ValueOf(n.Complex128), nil
	case n.IsFloat && !hex && n.Text[0] != '\'' && strings.ContainsAny(n.Text, ".eEpP"):
		return reflect.ValueOf(n.Float64), nil
	case n.IsInt && int64(int(n.Int64)) == n.Int64:
		return reflect.ValueOf(int(n.Int64)), nil
	}
	return reflect.Value{}, fmt.Errorf("%s overflows int", n.Text)
}

func atDot(_ *state, dot pointer) pointer { return dot }

// dotExpr is dot.
func (c *compiler) dotExpr(n parse.Node) *expr {
	if c.dot.t == nil {
		return dynamic(n, func(_ *state, dot pointer) reflect.Value { return cellAt(dot) })
	}
	return &expr{node: n, t: c.dot.t, addr: c.dot.addr, path: new(location), at: atDot}
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
		return c.mistakeAt(c.src.identSpan(n, idents, i), n, "pass a pointer to it, or declare the method on the value",
			"%s: method %s needs a *%s, and this %s has no address", n, name, t, t)
	}
	fail := func(hint, format string, args ...any) *expr {
		return c.mistakeAt(c.src.identSpan(n, idents, i), n, hint, format, args...)
	}
	switch t.Kind() {
	case reflect.Struct:
		f, ok := t.FieldByName(name)
		switch {
		case !ok:
			return fail(didYouMean(name, fieldNames(t)), "%s: %s has no field or method %s", n, recv.t, name)
		case !f.IsExported():
			return fail("export it, or add a method", "%s: %s is an unexported field of struct type %s", n, name, recv.t)
		case hasArgs:
			return fail("a field of a function type is called with: call "+n.String(), "%s has arguments but cannot be invoked as function", name)
		}
		return c.structField(recv, t, pointers, f, n, name)
	case reflect.Map:
		if stringType.AssignableTo(t.Key()) {
			if hasArgs {
				return fail("", "%s is not a method but has arguments", name)
			}
			return c.mapEntry(recv, t, pointers, n, name)
		}
		return fail("look it up with: index", "%s: %s has no entries by name, its keys are of type %s", n, recv.t, t.Key())
	}
	return fail(didYouMean(name, fieldNames(t)), "%s: %s has no field or method %s", n, recv.t, name)
}

// fieldNames lists what can follow a dot after a value of type t.
func fieldNames(t reflect.Type) []string {
	var names []string
	if t.Kind() == reflect.Struct {
		for _, f := range reflect.VisibleFields(t) {
			if f.IsExported() {
				names = append(names, f.Name)
			}
		}
	}
	p := reflect.PointerTo(t)
	for i := range p.NumMethod() {
		names = append(names, p.Method(i).Name)
	}
	return slices.Compact(names)
}

// follow gives the address of what is behind so many pointers.
func (c *compiler) follow(recv *expr, pointers int, n parse.Node, name string) func(st *state, dot pointer) pointer {
	at, s, typ := recv.at, c.site(n), recv.t
	if pointers == 0 {
		return at
	}
	return func(st *state, dot pointer) pointer {
		p := at(st, dot)
		for range pointers {
			if p = pointeeAt(p); isNil(p) {
				s.failf("nil pointer evaluating %s.%s", typ, name)
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
func stepAt(at func(*state, pointer) pointer, path *location, f reflect.StructField) (func(*state, pointer) pointer, *location) {
	if path == nil {
		l := location{}.field(f)
		return func(st *state, dot pointer) pointer { return l.in(at(st, dot)) }, nil
	}
	l := path.field(f)
	return func(_ *state, dot pointer) pointer { return l.in(dot) }, &l
}

func (c *compiler) embedded(at func(*state, pointer) pointer, t reflect.Type, n parse.Node) func(*state, pointer) pointer {
	s := c.site(n)
	return func(st *state, dot pointer) pointer {
		p := pointeeAt(at(st, dot))
		if isNil(p) {
			s.failf("reflect: indirection through nil pointer to embedded struct field %s", t.Name())
		}
		return p
	}
}

// mapEntry looks a name up in a map. A missing one is no value, so the result
// is dynamic.
func (c *compiler) mapEntry(recv *expr, t reflect.Type, pointers int, n parse.Node, name string) *expr {
	at, s, missing := c.follow(recv, pointers, n, name), c.site(n), c.missing
	key := reflect.ValueOf(name)
	if t != mapType {
		return dynamic(n, func(st *state, dot pointer) reflect.Value {
			return mapIndex(s, missing, valueAt(at(st, dot), t), key)
		})
	}
	e := dynamic(n, func(st *state, dot pointer) reflect.Value {
		return anyEntry(s, missing, mapAt(at(st, dot)), name)
	})
	e.exact = func(st *state, dot pointer) reflect.Value {
		return mapIndex(s, missing, valueAt(at(st, dot), t), key)
	}
	if missing != missingError {
		e.iface = func(st *state, dot pointer) any { return mapAt(at(st, dot))[name] }
		e.held = func(st *state, dot pointer) (any, reflect.Value) {
			return heldEntry(mapAt(at(st, dot)), name, missing)
		}
	}
	return e
}

// heldEntry is anyEntry as held, where a missing entry is no error.
func heldEntry(m map[string]any, name string, missing missingKey) (any, reflect.Value) {
	v, ok := m[name]
	if v == nil && (ok || missing == missingZero) {
		return nil, nilAny
	}
	return v, reflect.Value{}
}

var nilAny = reflect.Zero(anyType)

// anyEntry is mapIndex for the commonest of maps.
func anyEntry(s *site, missing missingKey, m map[string]any, name string) reflect.Value {
	v, ok := m[name]
	switch {
	case v != nil:
		return reflect.ValueOf(v)
	case ok || missing == missingZero:
		return nilAny
	case missing == missingError:
		s.failf("map has no entry for key %q", name)
	}
	return reflect.Value{}
}

func mapIndex(s *site, missing missingKey, m, key reflect.Value) reflect.Value {
	v := m.MapIndex(key)
	if v.IsValid() {
		return v
	}
	switch missing {
	case missingZero:
		return reflect.Zero(m.Type().Elem())
	case missingError:
		s.failf("map has no entry for key %q", key.String())
	}
	return v
}
