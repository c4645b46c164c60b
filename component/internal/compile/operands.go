package compile

import (
	"reflect"
	"text/template/parse"

	"github.com/ropewalk/ropewalk/component/internal/run"
)

// This file tells what index, slice and call give, and finds operands that no value of
// their types could bear. A lenient set leaves those to the render, which evaluates all
// operands first.

// A given is the static type of a result; t is nil if only the render knows it.
type given struct {
	t    reflect.Type
	addr bool
}

// refuse is a mistake, but to a lenient set.
func (c *compiler) refuse(n parse.Node, hint, format string, args ...any) (given, *expr) {
	if c.lenient {
		return given{}, nil
	}
	return given{}, c.mistake(n, hint, format, args...)
}

// isNil reports whether an expr is the word nil.
func (e *expr) isNil() bool {
	_, ok := e.node.(*parse.NilNode)
	return ok
}

// known reports whether the type of an expr's value is known: behind an interface it is
// not.
func (e *expr) known() bool { return e.t != nil && e.t.Kind() != reflect.Interface }

// pointee follows the pointers of a type.
func pointee(g given) given {
	for g.t.Kind() == reflect.Pointer {
		g = given{g.t.Elem(), true}
	}
	return g
}

// checkIndex tells what {{index item keys}} gives.
func (c *compiler) checkIndex(n parse.Node, exprs []*expr) (given, *expr) {
	item := given{exprs[0].t, exprs[0].addr}
	if exprs[0].isNil() {
		return c.refuse(exprs[0].node, "", "index: nil has no elements")
	}
	for _, key := range exprs[1:] {
		if item.t == nil {
			return given{}, nil
		}
		item = pointee(item)
		switch t := item.t; t.Kind() {
		case reflect.Interface:
			return given{}, nil
		case reflect.Slice, reflect.Array, reflect.String:
			limit := -1
			if t.Kind() == reflect.Array {
				limit = t.Len() - 1
			}
			if _, bad := c.checkPosition("index", t, key, limit); bad != nil {
				return given{}, bad
			}
			item = elementOf(item)
		case reflect.Map:
			if other := unfit(key, t.Key()); other != "" {
				return c.refuse(key.node, "", "index: the keys of %s are of type %s, not %s", t, t.Key(), other)
			}
			item = given{t.Elem(), false}
		default:
			return c.refuse(exprs[0].node, "index takes a map, slice, array or string", "index: %s has no elements", t)
		}
	}
	return item, nil
}

func elementOf(item given) given {
	switch item.t.Kind() {
	case reflect.String:
		return given{reflect.TypeFor[uint8](), false}
	case reflect.Slice:
		return given{item.t.Elem(), true}
	}
	return given{item.t.Elem(), item.addr}
}

// checkPosition checks an integer that says where in a list; limit is the last of the
// possible ones, or negative if that is not known.
func (c *compiler) checkPosition(what string, list reflect.Type, e *expr, limit int) (given, *expr) {
	switch {
	case e.isNil():
		return c.refuse(e.node, "", "%s: a position in %s is an integer, not nil", what, list)
	case !e.known():
	case !run.IsInteger(e.t.Kind()):
		return c.refuse(e.node, "", "%s: a position in %s is an integer, not %s", what, list, e.t)
	case e.konst.IsValid() && e.konst.CanInt():
		if i := e.konst.Int(); i < 0 || limit >= 0 && i > int64(limit) {
			return c.refuse(e.node, "", "%s: %d is out of the range of %s", what, i, list)
		}
	}
	return given{}, nil
}

// unfit says what an operand is instead of a key, or an argument of call, of type t; "" if
// it can be one.
func unfit(e *expr, t reflect.Type) string {
	switch {
	case e.isNil():
		if !run.CanBeNil(t) {
			return "nil"
		}
	case !e.known(), e.t.AssignableTo(t), run.IsInteger(e.t.Kind()) && run.IsInteger(t.Kind()):
	default:
		return e.t.String()
	}
	return ""
}

// checkSlice tells what {{slice item positions}} gives.
func (c *compiler) checkSlice(n parse.Node, exprs []*expr) (given, *expr) {
	item := exprs[0]
	switch {
	case item.isNil():
		return c.refuse(item.node, "", "slice: nil has no elements")
	case len(exprs) > 4:
		return c.refuse(n, "", "slice: %d numbers, and three at most mean something", len(exprs)-1)
	case !item.known():
		return given{}, nil
	}
	whole := pointee(given{item.t, item.addr})
	t, out, limit := whole.t, whole, -1
	switch t.Kind() {
	case reflect.Interface:
		return given{}, nil
	case reflect.String:
		if len(exprs) == 4 {
			return c.refuse(exprs[3].node, "", "slice: a string takes two numbers at most")
		}
	case reflect.Slice:
		out.addr = false
	case reflect.Array:
		if !whole.addr {
			return c.refuse(item.node, "bind a pointer, or make it a slice", "slice: this %s has no address", t)
		}
		limit, out = t.Len(), given{reflect.SliceOf(t.Elem()), false}
	default:
		return c.refuse(item.node, "slice takes a string, slice or array", "slice: %s has no elements", t)
	}
	least := int64(0)
	for _, e := range exprs[1:] {
		if _, bad := c.checkPosition("slice", t, e, limit); bad != nil {
			return given{}, bad
		}
		if e.konst.IsValid() && e.konst.CanInt() {
			if e.konst.Int() < least {
				return c.refuse(e.node, "", "slice: it ends at %d, before its start at %d", e.konst.Int(), least)
			}
			least = e.konst.Int()
		}
	}
	if whole.t != item.t && !run.SliceFollows() { // an older Go follows no pointer
		return given{}, nil
	}
	return out, nil
}

// checkCall tells what {{call fn args}} gives.
func (c *compiler) checkCall(n parse.Node, exprs []*expr) (given, *expr) {
	fn := exprs[0]
	switch {
	case fn.isNil():
		return c.refuse(fn.node, "", "call: nil is no function")
	case !fn.known():
		return given{}, nil
	case fn.t.Kind() != reflect.Func:
		hint := "call takes a value that is a function"
		if _, ok := fn.node.(*parse.FieldNode); ok {
			hint += "; a method is called by its name alone"
		}
		return c.refuse(fn.node, hint, "call: %s is a %s, and no function", fn.node, fn.t)
	}
	if err := run.CheckResults(fn.node.String(), fn.t); err != nil {
		return c.refuse(fn.node, "", "call: %v", err)
	}
	sig := run.SignatureOf(fn.t, 0)
	if want, ok := sig.Accepts(len(exprs) - 1); !ok {
		return c.refuse(n, "", "wrong number of args for %s: want %s got %d", fn.node, want, len(exprs)-1)
	}
	for i, arg := range exprs[1:] {
		if other := unfit(arg, sig.Param(i)); other != "" {
			return c.refuse(arg.node, "", "call: %s takes %s as argument %d, not %s", fn.node, sig.Param(i), i+1, other)
		}
	}
	if sig.Out == run.ValueType {
		return given{}, nil
	}
	return given{t: sig.Out}, nil
}

// of gives a computed value its static type, if that tells more than the value does.
func (g given) of(e *expr) *expr {
	if g.t == nil || g.t.Kind() == reflect.Interface && g.t.NumMethod() == 0 {
		return e
	}
	out := typed(e.node, g.t, e.value)
	out.addr = g.addr
	if value := e.value; g.t.Kind() == reflect.String {
		out.text = func(st *run.State, dot run.Pointer) string { return value(st, dot).String() }
	}
	return out
}
