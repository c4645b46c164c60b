package compile

import (
	"errors"
	"fmt"
	"reflect"
	"text/template/parse"
)

// A comparer compares one value with some others.
type comparer func(a reflect.Value, rest []reflect.Value) (bool, error)

func pairwise(f func(a, b reflect.Value) (bool, error)) comparer {
	return func(a reflect.Value, rest []reflect.Value) (bool, error) { return f(a, rest[0]) }
}

func negated(f comparer) comparer {
	return func(a reflect.Value, rest []reflect.Value) (bool, error) {
		truth, err := f(a, rest)
		return !truth, err
	}
}

// comparison is a builtin of the given number of arguments; -1 is any, and at
// least one.
func comparison(f comparer, count int) builtin {
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
		values := make([]func(*state, pointer) reflect.Value, len(exprs))
		for i, e := range exprs {
			values[i] = e.asValue()
		}
		s := c.site(n)
		return boolean(n, func(st *state, dot pointer) bool {
			argv := make([]reflect.Value, len(values))
			for i, value := range values {
				argv[i] = indirectInterface(value(st, dot))
			}
			outer := st.calls(s)
			truth, err := f(argv[0], argv[1:])
			st.site = outer
			if err != nil {
				s.fail(fmt.Errorf("error calling %s: %w", n.Ident, err))
			}
			return truth
		})
	}
}

// checkComparison finds what can never be compared.
func (c *compiler) checkComparison(n *parse.IdentifierNode, exprs []*expr) *expr {
	if len(exprs) == 1 {
		return c.mistake(n, "", "error calling %s: %v", n.Ident, errNoComparison)
	}
	// Of eq's further arguments none is looked at once one is equal.
	x, y := exprs[0], exprs[1]
	for _, e := range exprs[:2] {
		if e.t == nil || e.t.Kind() == reflect.Interface {
			return nil
		}
	}
	a, b := classOf(x.t.Kind()), classOf(y.t.Kind())
	integers := (a == intClass || a == uintClass) && (b == intClass || b == uintClass)
	switch {
	case n.Ident != "eq" && n.Ident != "ne" && (a == otherClass || b == otherClass || a == boolClass || a == complexClass):
		return c.mistake(n, "", "%s cannot order %s and %s", n.Ident, x.t, y.t)
	case a != b && !integers:
		return c.mistake(n, "", "%s: incompatible types for comparison: %s and %s", n.Ident, x.t, y.t)
	}
	return nil
}

// directComparison compares strings and integers without reflection.
func directComparison(name string, a, b *expr) func(st *state, dot pointer) bool {
	if a.t == nil || b.t == nil || a.t.Kind() != b.t.Kind() {
		return nil
	}
	switch classOf(a.t.Kind()) {
	case stringClass:
		return compareOrdered(name, a.stringOf(), b.stringOf())
	case intClass:
		return compareOrdered(name, a.intOf(), b.intOf())
	case boolClass:
		x, y := a.isTrue(nil), b.isTrue(nil)
		return func(st *state, dot pointer) bool { return (x(st, dot) == y(st, dot)) == (name == "eq") }
	}
	return nil
}

// intOf evaluates an expr of a signed integer kind.
func (e *expr) intOf() func(st *state, dot pointer) int64 {
	if e.konst.IsValid() {
		k := e.konst.Int()
		return func(*state, pointer) int64 { return k }
	}
	at, k := e.at, e.t.Kind()
	return func(st *state, dot pointer) int64 { return intAt(at(st, dot), k) }
}

func compareOrdered[T string | int64](name string, a, b func(*state, pointer) T) func(*state, pointer) bool {
	switch name {
	case "eq":
		return func(st *state, dot pointer) bool { return a(st, dot) == b(st, dot) }
	case "ne":
		return func(st *state, dot pointer) bool { return a(st, dot) != b(st, dot) }
	case "lt":
		return func(st *state, dot pointer) bool { return a(st, dot) < b(st, dot) }
	case "le":
		return func(st *state, dot pointer) bool { return a(st, dot) <= b(st, dot) }
	case "gt":
		return func(st *state, dot pointer) bool { return a(st, dot) > b(st, dot) }
	}
	return func(st *state, dot pointer) bool { return a(st, dot) >= b(st, dot) }
}

var (
	errNoComparison  = errors.New("missing argument for comparison")
	errBadComparison = errors.New("invalid type for comparison")
)

type class uint8

const (
	otherClass class = iota
	boolClass
	complexClass
	intClass
	floatClass
	stringClass
	uintClass
)

func classOf(k reflect.Kind) class {
	switch {
	case k == reflect.Bool:
		return boolClass
	case k >= reflect.Int && k <= reflect.Int64:
		return intClass
	case k >= reflect.Uint && k <= reflect.Uintptr:
		return uintClass
	case k == reflect.Float32 || k == reflect.Float64:
		return floatClass
	case k == reflect.Complex64 || k == reflect.Complex128:
		return complexClass
	case k == reflect.String:
		return stringClass
	}
	return otherClass
}

func equal(a reflect.Value, rest []reflect.Value) (bool, error) {
	if len(rest) == 0 {
		return false, errNoComparison
	}
	for _, b := range rest {
		same, err := equalPair(a, b)
		if same || err != nil {
			return same, err
		}
	}
	return false, nil
}

func equalPair(a, b reflect.Value) (bool, error) {
	ka, kb := classOf(a.Kind()), classOf(b.Kind())
	switch {
	case ka == intClass && kb == uintClass:
		return a.Int() >= 0 && uint64(a.Int()) == b.Uint(), nil
	case ka == uintClass && kb == intClass:
		return b.Int() >= 0 && a.Uint() == uint64(b.Int()), nil
	case ka != kb:
		if a.IsValid() && b.IsValid() {
			return false, fmt.Errorf("incompatible types for comparison: %v and %v", a.Type(), b.Type())
		}
		return false, nil
	}
	switch ka {
	case boolClass:
		return a.Bool() == b.Bool(), nil
	case complexClass:
		return a.Complex() == b.Complex(), nil
	case floatClass:
		return a.Float() == b.Float(), nil
	case intClass:
		return a.Int() == b.Int(), nil
	case stringClass:
		return a.String() == b.String(), nil
	case uintClass:
		return a.Uint() == b.Uint(), nil
	}
	return equalOther(a, b)
}

func equalOther(a, b reflect.Value) (bool, error) {
	if ka, kb := a.Kind(), b.Kind(); ka != kb && ka != reflect.Invalid && kb != reflect.Invalid {
		return false, fmt.Errorf("non-comparable types %s: %v, %s: %v", a, a.Type(), b.Type(), b)
	}
	if isNilValue(a) || isNilValue(b) {
		return isNilValue(a) == isNilValue(b), nil
	}
	if !b.Type().Comparable() {
		return false, fmt.Errorf("non-comparable type %s: %v", b, b.Type())
	}
	return a.Interface() == b.Interface(), nil
}

func isNilValue(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Invalid:
		return true
	case reflect.Chan, reflect.Func, reflect.Interface, reflect.Map, reflect.Pointer, reflect.Slice:
		return v.IsNil()
	}
	return false
}

func less(a, b reflect.Value) (bool, error) {
	ka, kb := classOf(a.Kind()), classOf(b.Kind())
	switch {
	case ka == otherClass || kb == otherClass:
		return false, errBadComparison
	case ka == intClass && kb == uintClass:
		return a.Int() < 0 || uint64(a.Int()) < b.Uint(), nil
	case ka == uintClass && kb == intClass:
		return b.Int() >= 0 && a.Uint() < uint64(b.Int()), nil
	case ka != kb:
		return false, fmt.Errorf("incompatible types for comparison: %v and %v", a.Type(), b.Type())
	}
	switch ka {
	case floatClass:
		return a.Float() < b.Float(), nil
	case intClass:
		return a.Int() < b.Int(), nil
	case stringClass:
		return a.String() < b.String(), nil
	case uintClass:
		return a.Uint() < b.Uint(), nil
	}
	return false, errBadComparison
}

func lessOrEqual(a, b reflect.Value) (bool, error) {
	if truth, err := less(a, b); truth || err != nil {
		return truth, err
	}
	return equalPair(a, b)
}
