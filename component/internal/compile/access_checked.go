//go:build race || purego

package compile

import (
	"reflect"
	"slices"
)

// The checked twin of access_unsafe.go, where the functions are described. A
// pointer is an addressable reflect.Value, so that reflect panics when a value
// is used as another type than its own.

type pointer struct{ v reflect.Value }

func pointerTo(v reflect.Value) pointer             { _ = v.Addr(); return pointer{v} }
func pointerToCell(c *reflect.Value) pointer        { return pointer{reflect.ValueOf(c).Elem()} }
func cellAt(p pointer) reflect.Value                { return *p.v.Addr().Interface().(*reflect.Value) }
func isNil(p pointer) bool                          { return !p.v.IsValid() }
func stringAt(p pointer) string                     { mustBe(p, reflect.String); return p.v.String() }
func boolAt(p pointer) bool                         { return p.v.Bool() }
func float64At(p pointer) float64                   { mustBe(p, reflect.Float64); return p.v.Float() }
func float32At(p pointer) float32                   { mustBe(p, reflect.Float32); return float32(p.v.Float()) }
func anyAt(p pointer) any                           { mustBe(p, reflect.Interface); return p.v.Interface() }
func intAt(p pointer, k reflect.Kind) int64         { mustBe(p, k); return p.v.Int() }
func uintAt(p pointer, k reflect.Kind) uint64       { mustBe(p, k); return p.v.Uint() }
func mapAt(p pointer) map[string]any                { return p.v.Interface().(map[string]any) }
func elementAt(p pointer, i int, _ uintptr) pointer { return pointer{p.v.Index(i)} }
func pointerToInt(i *int) pointer                   { return pointer{reflect.ValueOf(i).Elem()} }
func pointerToBool(b *bool) pointer                 { return pointer{reflect.ValueOf(b).Elem()} }

type location struct{ index []int }

func (l location) field(f reflect.StructField) location {
	return location{slices.Concat(l.index, f.Index)}
}

func (l location) in(outer pointer) pointer {
	if len(l.index) == 0 {
		return outer
	}
	return pointer{outer.v.FieldByIndex(l.index)}
}

func valueAt(p pointer, t reflect.Type) reflect.Value {
	if p.v.Type() != t {
		panic("compile: a " + p.v.Type().String() + " taken for a " + t.String())
	}
	return p.v
}

func pointeeAt(p pointer) pointer {
	mustBe(p, reflect.Pointer)
	return pointer{p.v.Elem()}
}

func sliceAt(p pointer) (data pointer, n int) {
	mustBe(p, reflect.Slice)
	return p, p.v.Len()
}

func mustBe(p pointer, k reflect.Kind) {
	if p.v.Kind() != k {
		panic("compile: a " + p.v.Type().String() + " taken for a " + k.String())
	}
}

// stringMethod is not to be had without unsafe.
func stringMethod(reflect.Method) func(pointer) string { return nil }

func pointerToAny(v any, _ bool) pointer {
	cell := reflect.New(reflect.TypeOf(v)).Elem()
	cell.Set(reflect.ValueOf(v))
	return pointer{cell}
}

func heldInline(reflect.Type) bool { return false }
