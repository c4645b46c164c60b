package run

import (
	"errors"
	"fmt"
	"reflect"
)

// A Comparer compares one value with some others.
type Comparer func(a reflect.Value, rest []reflect.Value) (bool, error)

func Pairwise(f func(a, b reflect.Value) (bool, error)) Comparer {
	return func(a reflect.Value, rest []reflect.Value) (bool, error) { return f(a, rest[0]) }
}

func Negated(f Comparer) Comparer {
	return func(a reflect.Value, rest []reflect.Value) (bool, error) {
		truth, err := f(a, rest)
		return !truth, err
	}
}

var (
	ErrNoComparison  = errors.New("missing argument for comparison")
	errBadComparison = errors.New("invalid type for comparison")
)

type class uint8

const (
	OtherClass class = iota
	BoolClass
	ComplexClass
	IntClass
	FloatClass
	StringClass
	UintClass
)

func ClassOf(k reflect.Kind) class {
	switch {
	case k == reflect.Bool:
		return BoolClass
	case k >= reflect.Int && k <= reflect.Int64:
		return IntClass
	case k >= reflect.Uint && k <= reflect.Uintptr:
		return UintClass
	case k == reflect.Float32 || k == reflect.Float64:
		return FloatClass
	case k == reflect.Complex64 || k == reflect.Complex128:
		return ComplexClass
	case k == reflect.String:
		return StringClass
	}
	return OtherClass
}

func Equal(a reflect.Value, rest []reflect.Value) (bool, error) {
	if len(rest) == 0 {
		return false, ErrNoComparison
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
	ka, kb := ClassOf(a.Kind()), ClassOf(b.Kind())
	switch {
	case ka == IntClass && kb == UintClass:
		return a.Int() >= 0 && uint64(a.Int()) == b.Uint(), nil
	case ka == UintClass && kb == IntClass:
		return b.Int() >= 0 && a.Uint() == uint64(b.Int()), nil
	case ka != kb:
		if a.IsValid() && b.IsValid() {
			return false, fmt.Errorf("incompatible types for comparison: %v and %v", a.Type(), b.Type())
		}
		return false, nil
	}
	switch ka {
	case BoolClass:
		return a.Bool() == b.Bool(), nil
	case ComplexClass:
		return a.Complex() == b.Complex(), nil
	case FloatClass:
		return a.Float() == b.Float(), nil
	case IntClass:
		return a.Int() == b.Int(), nil
	case StringClass:
		return a.String() == b.String(), nil
	case UintClass:
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

func Less(a, b reflect.Value) (bool, error) {
	ka, kb := ClassOf(a.Kind()), ClassOf(b.Kind())
	switch {
	case ka == OtherClass || kb == OtherClass:
		return false, errBadComparison
	case ka == IntClass && kb == UintClass:
		return a.Int() < 0 || uint64(a.Int()) < b.Uint(), nil
	case ka == UintClass && kb == IntClass:
		return b.Int() >= 0 && a.Uint() < uint64(b.Int()), nil
	case ka != kb:
		return false, fmt.Errorf("incompatible types for comparison: %v and %v", a.Type(), b.Type())
	}
	switch ka {
	case FloatClass:
		return a.Float() < b.Float(), nil
	case IntClass:
		return a.Int() < b.Int(), nil
	case StringClass:
		return a.String() < b.String(), nil
	case UintClass:
		return a.Uint() < b.Uint(), nil
	}
	return false, errBadComparison
}

func LessOrEqual(a, b reflect.Value) (bool, error) {
	if truth, err := Less(a, b); truth || err != nil {
		return truth, err
	}
	return equalPair(a, b)
}
