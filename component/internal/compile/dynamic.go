package compile

import (
	"fmt"
	"html/template"
	"reflect"
	"text/template/parse"
)

// This file evaluates what has no static type, by the rules of text/template.

// A lateArgument is an argument whose parameter is known only when the call is
// made: a literal takes the parameter's type then.
type lateArgument struct {
	literal parse.Node
	value   func(st *state, dot pointer) reflect.Value
	site    *site
}

func (c *compiler) lateArguments(args []parse.Node) ([]lateArgument, *expr) {
	out := make([]lateArgument, len(args))
	for i, n := range args {
		out[i].site = c.site(n)
		switch n.(type) {
		case *parse.NilNode, *parse.BoolNode, *parse.StringNode, *parse.NumberNode:
			out[i].literal = n
			continue
		}
		e := c.operand(n)
		if e.bad {
			return nil, e
		}
		out[i].value = e.asExact()
	}
	return out, nil
}

func (a *lateArgument) eval(st *state, dot pointer, t reflect.Type) reflect.Value {
	if a.literal == nil {
		return a.site.fit(a.value(st, dot), t)
	}
	v, err := literalFor(a.literal, t)
	if err != nil {
		a.site.fail(err)
	}
	return v
}

// dynamicField compiles one step of a chain from a value of unknown type.
func (c *compiler) dynamicField(recv *expr, n parse.Node, name string, args []parse.Node, final *expr) *expr {
	late, bad := c.lateArguments(args)
	if bad != nil {
		return bad
	}
	f := &dynamicField{site: c.site(n), name: name, key: reflect.ValueOf(name), args: late, missing: c.missing}
	if final != nil {
		f.final = final.asValue()
	}
	value := recv.asValue()
	if recv.t == anyType && recv.value == nil { // an element of a []any, say
		at := recv.at
		recv.iface = func(st *state, dot pointer) any { return anyAt(at(st, dot)) }
		recv.held = func(st *state, dot pointer) (any, reflect.Value) { return anyAt(at(st, dot)), nilAny }
	}
	e := dynamic(n, func(st *state, dot pointer) reflect.Value { return f.eval(st, dot, value(st, dot)) })
	exact := *f
	exact.exact = true
	e.exact = func(st *state, dot pointer) reflect.Value { return exact.eval(st, dot, value(st, dot)) }
	if recv.held != nil && c.missing != missingError && len(args) == 0 && final == nil {
		held := recv.held
		other := func(st *state, dot pointer, v any, place reflect.Value) (any, reflect.Value) {
			if v != nil {
				place = reflect.ValueOf(v)
			}
			out := f.eval(st, dot, place)
			if !out.IsValid() || out.Kind() == reflect.Interface && out.IsNil() || out.CanAddr() && addressMatters(out.Type()) {
				return nil, out
			}
			return out.Interface(), reflect.Value{}
		}
		e.held = func(st *state, dot pointer) (any, reflect.Value) {
			v, place := held(st, dot)
			if m, ok := v.(map[string]any); ok {
				return heldEntry(m, name, f.missing)
			}
			return other(st, dot, v, place)
		}
		e.iface = func(st *state, dot pointer) any {
			v, place := held(st, dot)
			if m, ok := v.(map[string]any); ok {
				return m[name]
			}
			if v, place = other(st, dot, v, place); v == nil {
				v = valueToAny(place)
			}
			return v
		}
	}
	return e
}

type dynamicField struct {
	site    *site
	name    string
	key     reflect.Value
	args    []lateArgument
	final   func(st *state, dot pointer) reflect.Value
	missing missingKey
	exact   bool // see expr
}

func (f *dynamicField) eval(st *state, dot pointer, recv reflect.Value) reflect.Value {
	if !recv.IsValid() {
		if f.missing == missingError {
			f.site.failf("nil data; no entry for key %q", f.name)
		}
		return reflect.Value{}
	}
	t := recv.Type()
	recv, null := indirect(recv)
	if null && recv.Kind() == reflect.Interface {
		f.site.failf("nil pointer evaluating %s.%s", t, f.name)
	}
	if m, ok := methodOf(recv, f.name); ok {
		return f.call(st, dot, m)
	}
	hasArgs := len(f.args) > 0 || f.final != nil
	switch recv.Kind() {
	case reflect.Struct:
		field, ok := recv.Type().FieldByName(f.name)
		if !ok {
			break
		}
		v, err := recv.FieldByIndexErr(field.Index)
		switch {
		case !field.IsExported():
			f.site.failf("%s is an unexported field of struct type %s", f.name, t)
		case err != nil:
			f.site.fail(err)
		case hasArgs:
			f.site.failf("%s has arguments but cannot be invoked as function", f.name)
		}
		return v
	case reflect.Map:
		if !stringType.AssignableTo(recv.Type().Key()) {
			break
		}
		if hasArgs {
			f.site.failf("%s is not a method but has arguments", f.name)
		}
		if recv.Type() == mapType && !f.exact {
			return anyEntry(f.site, f.missing, recv.Interface().(map[string]any), f.name)
		}
		return mapIndex(f.site, f.missing, recv, f.key)
	case reflect.Pointer: // nil
		if et := recv.Type().Elem(); et.Kind() == reflect.Struct {
			if _, ok := et.FieldByName(f.name); !ok {
				break
			}
		}
		f.site.failf("nil pointer evaluating %s.%s", t, f.name)
	}
	f.site.failf("can't evaluate field %s in type %s", f.name, t)
	return reflect.Value{}
}

// methodOf finds a method of a value or, if it is addressable, of its pointer.
func methodOf(v reflect.Value, name string) (reflect.Value, bool) {
	if k := v.Kind(); k != reflect.Interface && k != reflect.Pointer && v.CanAddr() {
		v = v.Addr()
	}
	if v.NumMethod() == 0 {
		return reflect.Value{}, false
	}
	m := v.MethodByName(name)
	return m, m.IsValid()
}

func (f *dynamicField) call(st *state, dot pointer, fn reflect.Value) reflect.Value {
	t := fn.Type()
	if t.NumIn() == 0 && len(f.args) == 0 && f.final == nil {
		if err := checkResults(f.name, t); err != nil {
			f.site.fail(err)
		}
		return f.site.invoke(st, fn, nil)
	}
	argv := f.site.lateCall(st, dot, f.name, t, f.args, f.final)
	return f.site.invoke(st, fn, argv)
}

// lateCall evaluates arguments for a function of type t.
func (s *site) lateCall(st *state, dot pointer, name string, t reflect.Type, args []lateArgument, final func(*state, pointer) reflect.Value) []reflect.Value {
	count := len(args)
	if final != nil {
		count++
	}
	if t.NumOut() > 0 {
		sig := signatureOf(t, 0)
		if want, ok := sig.accepts(count); !ok {
			s.failf("wrong number of args for %s: want %s got %d", name, want, count)
		}
		if err := checkResults(name, t); err != nil {
			s.fail(err)
		}
		argv := make([]reflect.Value, 0, count)
		for i := range args {
			argv = append(argv, args[i].eval(st, dot, sig.param(i)))
		}
		if final != nil {
			argv = append(argv, s.fit(final(st, dot), sig.param(count-1)))
		}
		return argv
	}
	s.fail(checkResults(name, t))
	return nil
}

// indirect follows pointers and interfaces to their end, or to the first nil.
func indirect(v reflect.Value) (_ reflect.Value, null bool) {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		if v.IsNil() {
			return v, true
		}
		v = v.Elem()
	}
	return v, false
}

// indirectInterface is the value inside an interface.
func indirectInterface(v reflect.Value) reflect.Value {
	if v.Kind() != reflect.Interface {
		return v
	}
	return v.Elem()
}

// truthOf is text/template's notion of truth; ok is false for what has none.
func truthOf(v reflect.Value) (truth, ok bool) {
	if !v.IsValid() {
		return false, true
	}
	switch v.Kind() {
	case reflect.Struct:
		return true, true
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() > 0, true
	case reflect.Chan, reflect.Func, reflect.Pointer, reflect.UnsafePointer, reflect.Interface:
		return !v.IsNil(), true
	case reflect.Bool, reflect.Complex64, reflect.Complex128, reflect.Float32, reflect.Float64,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return !isZeroNumber(v), true
	}
	return false, false
}

// isZeroNumber compares with zero by ==, so that -0 is zero.
func isZeroNumber(v reflect.Value) bool {
	switch {
	case v.CanFloat():
		return v.Float() == 0
	case v.CanComplex():
		return v.Complex() == 0
	}
	return v.IsZero()
}

// evalArgs joins arguments into a string as html/template's _eval_args_ does:
// fmt.Sprint, through pointers.
func evalArgs(args []any) string {
	for i, arg := range args {
		if arg == nil {
			continue
		}
		v := reflect.ValueOf(arg)
		for !v.Type().Implements(stringerType) && !v.Type().Implements(errorType) && v.Kind() == reflect.Pointer && !v.IsNil() {
			v = v.Elem()
		}
		args[i] = v.Interface()
	}
	return fmt.Sprint(args...)
}

var stringerType = reflect.TypeFor[fmt.Stringer]()

// trusted reports whether values of a type are believed by some escaper.
func trusted(t reflect.Type) bool {
	switch reflect.Zero(t).Interface().(type) {
	case template.CSS, template.HTML, template.HTMLAttr, template.JS, template.JSStr, template.Srcset, template.URL:
		return true
	}
	return false
}
