package run

import "reflect"

// TruthOf is text/template's notion of truth; ok is false for what has none.
func TruthOf(v reflect.Value) (truth, ok bool) {
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
