package compile

import (
	"fmt"
	"reflect"
	"text/template/parse"

	"github.com/ropewalk/ropewalk/component/internal/run"
)

// comparison is a builtin of the given number of arguments; -1 is any, and at
// least one.
func comparison(f run.Comparer, count int) builtin {
	return func(c *compiler, n *parse.IdentifierNode, args []parse.Node, final *expr) *expr {
		least := max(count, 1)
		exprs, bad := c.operands(n, args, final, least, count)
		if bad != nil {
			return bad
		}
		if e := c.checkComparison(n, exprs); e != nil {
			return e
		}
		if len(exprs) == 2 {
			if truth := directComparison(n.Ident, exprs[0], exprs[1]); truth != nil {
				return boolean(n, truth)
			}
		}
		values := make([]func(*run.State, run.Pointer) reflect.Value, len(exprs))
		for i, e := range exprs {
			values[i] = e.asValue()
		}
		s := c.site(n)
		return boolean(n, func(st *run.State, dot run.Pointer) bool {
			argv, rest := st.BeginArguments(len(values))
			for i, value := range values {
				argv[i] = run.IndirectInterface(value(st, dot))
			}
			outer := st.BeginCall(s)
			truth, err := f(argv[0], argv[1:])
			st.Call = outer
			st.EndArguments(argv, rest)
			if err != nil {
				s.Fail(fmt.Errorf("error calling %s: %w", n.Ident, err))
			}
			return truth
		})
	}
}

// checkComparison finds what can never be compared.
func (c *compiler) checkComparison(n *parse.IdentifierNode, exprs []*expr) *expr {
	if len(exprs) == 1 {
		return c.mistake(n, "", "error calling %s: %v", n.Ident, run.ErrNoComparison)
	}
	// Of eq's further arguments none is looked at once one is equal.
	x, y := exprs[0], exprs[1]
	if n.Ident != "eq" && n.Ident != "ne" {
		for _, e := range exprs {
			if e.isNil() {
				return c.mistake(e.node, "", "%s cannot order nil", n.Ident)
			}
			if e.known() && !ordered(e.t) {
				return c.mistake(e.node, "", "%s cannot order %s", n.Ident, e.t)
			}
		}
	}
	if !x.known() || !y.known() {
		return nil
	}
	a, b := run.ClassOf(x.t.Kind()), run.ClassOf(y.t.Kind())
	integers := (a == run.IntClass || a == run.UintClass) && (b == run.IntClass || b == run.UintClass)
	switch {
	case a != b && !integers, a == run.OtherClass && x.t.Kind() != y.t.Kind():
		return c.mistake(n, "", "%s: incompatible types for comparison: %s and %s", n.Ident, x.t, y.t)
	case !y.t.Comparable() && (y.t.Kind() == reflect.Struct || y.t.Kind() == reflect.Array):
		return c.mistake(n, "", "%s: values of type %s cannot be compared", n.Ident, y.t)
	}
	return nil
}

// ordered reports whether lt and its like take values of type t.
func ordered(t reflect.Type) bool {
	switch run.ClassOf(t.Kind()) {
	case run.IntClass, run.UintClass, run.FloatClass, run.StringClass:
		return true
	}
	return false
}

// directComparison compares strings and integers without reflection.
func directComparison(name string, a, b *expr) func(st *run.State, dot run.Pointer) bool {
	if a.t == nil || b.t == nil || a.t.Kind() != b.t.Kind() {
		return nil
	}
	switch run.ClassOf(a.t.Kind()) {
	case run.StringClass:
		return compareOrdered(name, a.stringOf(), b.stringOf())
	case run.IntClass:
		return compareOrdered(name, a.intOf(), b.intOf())
	case run.BoolClass:
		x, y := a.isTrue(nil), b.isTrue(nil)
		return func(st *run.State, dot run.Pointer) bool { return (x(st, dot) == y(st, dot)) == (name == "eq") }
	}
	return nil
}

// intOf evaluates an expr of a signed integer kind.
func (e *expr) intOf() func(st *run.State, dot run.Pointer) int64 {
	if e.konst.IsValid() {
		k := e.konst.Int()
		return func(*run.State, run.Pointer) int64 { return k }
	}
	if whole := e.whole; whole != nil {
		return func(st *run.State, dot run.Pointer) int64 { return int64(whole(st, dot)) }
	}
	at, k := e.at, e.t.Kind()
	return func(st *run.State, dot run.Pointer) int64 { return run.IntAt(at(st, dot), k) }
}

func compareOrdered[T string | int64](name string, a, b func(*run.State, run.Pointer) T) func(*run.State, run.Pointer) bool {
	switch name {
	case "eq":
		return func(st *run.State, dot run.Pointer) bool { return a(st, dot) == b(st, dot) }
	case "ne":
		return func(st *run.State, dot run.Pointer) bool { return a(st, dot) != b(st, dot) }
	case "lt":
		return func(st *run.State, dot run.Pointer) bool { return a(st, dot) < b(st, dot) }
	case "le":
		return func(st *run.State, dot run.Pointer) bool { return a(st, dot) <= b(st, dot) }
	case "gt":
		return func(st *run.State, dot run.Pointer) bool { return a(st, dot) > b(st, dot) }
	}
	return func(st *run.State, dot run.Pointer) bool { return a(st, dot) >= b(st, dot) }
}
