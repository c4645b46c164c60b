package compile

import (
	"reflect"
	"text/template/parse"

	"github.com/ropewalk/ropewalk/component/internal/run"
)

// This file evaluates what has no static type, by the rules of text/template.

func (c *compiler) lateArguments(args []parse.Node) ([]run.LateArgument, *expr) {
	out := make([]run.LateArgument, len(args))
	for i, n := range args {
		out[i].Site = c.site(n)
		switch n.(type) {
		case *parse.NilNode, *parse.BoolNode, *parse.StringNode, *parse.NumberNode:
			out[i].Literal = n
			continue
		}
		e := c.operand(n)
		if e.bad {
			return nil, e
		}
		out[i].Value = e.asExact()
	}
	return out, nil
}

// dynamicField compiles one step of a chain from a value of unknown type.
func (c *compiler) dynamicField(recv *expr, n parse.Node, name string, args []parse.Node, final *expr) *expr {
	if len(args) > 0 || final != nil {
		return c.lateMethod(recv, n, name, args, final)
	}
	return c.lateField(recv, n, name, args, final)
}

// lateMethod compiles the call of a method of a value of unknown type: again for each type
// that turns up, so that the call costs what it does where the type is known.
func (c *compiler) lateMethod(recv *expr, n parse.Node, name string, args []parse.Node, final *expr) *expr {
	slow := c.lateField(recv, n, name, args, final)
	if slow.bad {
		return slow
	}
	hidden := c.newVariable("", n.Position(), &expr{})
	again := c.snapshot()
	calls := run.NewByType(&c.set.shared, func(t reflect.Type) (call lateCall) {
		c := again()
		typed := hidden
		if typed.t = t; t.Kind() == reflect.Pointer {
			typed.t, typed.addr = t.Elem(), true
		}
		c.untilStable(func() {
			e := c.field(c.variableExpr(n, typed), n, []string{name}, 0, args, final)
			call = lateCall{value: e.asValue(), iface: e.asAny()}
			if e.t == run.StringType {
				call.text = e.stringOf()
			}
		})
		return call
	})
	value, slot := recv.asValue(), hidden.slot
	e := dynamic(n, func(st *run.State, dot run.Pointer) reflect.Value {
		v := value(st, dot)
		if f := calls.Receiver(st, slot, v); f != nil {
			return f.Code.value(st, dot)
		}
		return slow.value(st, dot)
	})
	e.iface = func(st *run.State, dot run.Pointer) any {
		v := value(st, dot)
		if f := calls.Receiver(st, slot, v); f != nil {
			return f.Code.iface(st, dot)
		}
		return run.ValueToAny(slow.value(st, dot))
	}
	e.texts = func(st *run.State, dot run.Pointer) (string, any, bool) {
		v := value(st, dot)
		f := calls.Receiver(st, slot, v)
		switch {
		case f == nil:
			return "", run.ValueToAny(slow.value(st, dot)), false
		case f.Code.text != nil:
			return f.Code.text(st, dot), nil, true
		}
		return "", f.Code.iface(st, dot), false
	}
	return e
}

// A lateCall is the call of a method of a type that has turned up.
type lateCall struct {
	value func(st *run.State, dot run.Pointer) reflect.Value
	iface func(st *run.State, dot run.Pointer) any
	text  func(st *run.State, dot run.Pointer) string // if it is a string
}

// lateField looks a field, a method or an entry up each time.
func (c *compiler) lateField(recv *expr, n parse.Node, name string, args []parse.Node, final *expr) *expr {
	late, bad := c.lateArguments(args)
	if bad != nil {
		return bad
	}
	f := &run.DynamicField{Site: c.site(n), Name: name, Key: reflect.ValueOf(name), Args: late, Missing: c.missing}
	if final != nil {
		f.Final = final.asValue()
	}
	value := recv.asValue()
	if recv.t == run.AnyType && recv.value == nil { // an element of a []any, say
		at := recv.at
		recv.iface = func(st *run.State, dot run.Pointer) any { return run.AnyAt(at(st, dot)) }
		recv.held = func(st *run.State, dot run.Pointer) (any, reflect.Value) { return run.AnyAt(at(st, dot)), run.NilAny }
	}
	e := dynamic(n, func(st *run.State, dot run.Pointer) reflect.Value { return f.Eval(st, dot, value(st, dot)) })
	exact := &run.DynamicField{Site: f.Site, Name: name, Key: f.Key, Args: late, Final: f.Final, Missing: c.missing, Exact: true}
	e.exact = func(st *run.State, dot run.Pointer) reflect.Value { return exact.Eval(st, dot, value(st, dot)) }
	if recv.held != nil && c.missing != run.MissingError && len(args) == 0 && final == nil {
		held := recv.held
		other := func(st *run.State, dot run.Pointer, v any, place reflect.Value) (any, reflect.Value) {
			if v != nil {
				place = reflect.ValueOf(v)
			}
			out := f.Eval(st, dot, place)
			if !out.IsValid() || out.Kind() == reflect.Interface && out.IsNil() || out.CanAddr() && run.AddressMatters(out.Type()) {
				return nil, out
			}
			return out.Interface(), reflect.Value{}
		}
		e.held = func(st *run.State, dot run.Pointer) (any, reflect.Value) {
			v, place := held(st, dot)
			if m, ok := v.(map[string]any); ok {
				return run.HeldEntry(m, name, f.Missing)
			}
			return other(st, dot, v, place)
		}
		e.iface = func(st *run.State, dot run.Pointer) any {
			v, place := held(st, dot)
			if m, ok := v.(map[string]any); ok {
				return m[name]
			}
			if v, place = other(st, dot, v, place); v == nil {
				v = run.ValueToAny(place)
			}
			return v
		}
	}
	return e
}
