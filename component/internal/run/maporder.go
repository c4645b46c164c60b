package run

import (
	"cmp"
	"reflect"
	"slices"
)

// A mapItem is one entry of a map.
type mapItem struct{ key, value reflect.Value }

// sortedMap lists a map's entries in the order of their keys, which is that of
// package fmt: numbers and strings by value, false before true, NaN before
// other floats, structs and arrays by their parts, pointers and channels by
// address, interfaces by type and then by value.
func sortedMap(m reflect.Value) []mapItem {
	items := make([]mapItem, 0, m.Len())
	for it := m.MapRange(); it.Next(); {
		items = append(items, mapItem{it.Key(), it.Value()})
	}
	slices.SortStableFunc(items, func(a, b mapItem) int { return compareKeys(a.key, b.key) })
	return items
}

func compareKeys(a, b reflect.Value) int {
	if a.Type() != b.Type() {
		return -1
	}
	switch k := a.Kind(); k {
	case reflect.Bool:
		return cmp.Compare(boolInt(a.Bool()), boolInt(b.Bool()))
	case reflect.String:
		return cmp.Compare(a.String(), b.String())
	case reflect.Struct:
		for i := range a.NumField() {
			if c := compareKeys(a.Field(i), b.Field(i)); c != 0 {
				return c
			}
		}
		return 0
	case reflect.Array:
		for i := range a.Len() {
			if c := compareKeys(a.Index(i), b.Index(i)); c != 0 {
				return c
			}
		}
		return 0
	case reflect.Pointer, reflect.UnsafePointer:
		return cmp.Compare(a.Pointer(), b.Pointer())
	case reflect.Chan:
		if c, decided := compareNil(a, b); decided {
			return c
		}
		return cmp.Compare(a.Pointer(), b.Pointer())
	case reflect.Interface:
		return compareInterfaces(a, b)
	}
	switch {
	case a.CanInt():
		return cmp.Compare(a.Int(), b.Int())
	case a.CanUint():
		return cmp.Compare(a.Uint(), b.Uint())
	case a.CanFloat():
		return cmp.Compare(a.Float(), b.Float())
	case a.CanComplex():
		x, y := a.Complex(), b.Complex()
		return cmp.Or(cmp.Compare(real(x), real(y)), cmp.Compare(imag(x), imag(y)))
	}
	panic("compile: a map key of type " + a.Type().String())
}

func compareInterfaces(a, b reflect.Value) int {
	if c, decided := compareNil(a, b); decided {
		return c
	}
	a, b = a.Elem(), b.Elem()
	if c := compareKeys(reflect.ValueOf(a.Type()), reflect.ValueOf(b.Type())); c != 0 {
		return c
	}
	return compareKeys(a, b)
}

// compareNil puts nil first.
func compareNil(a, b reflect.Value) (order int, decided bool) {
	if a.IsNil() || b.IsNil() {
		return cmp.Compare(boolInt(!a.IsNil()), boolInt(!b.IsNil())), true
	}
	return 0, false
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
