//go:build race || purego

package run

import (
	"reflect"
	"slices"
)

// The checked twin of access_unsafe.go, where the functions are described. A
// pointer is an addressable reflect.Value, so that reflect panics when a value
// is used as another type than its own.

type Pointer struct{ v reflect.Value }

func pointerTo(v reflect.Value) Pointer             { _ = v.Addr(); return Pointer{v} }
func PointerToCell(c *reflect.Value) Pointer        { return Pointer{reflect.ValueOf(c).Elem()} }
func CellAt(p Pointer) reflect.Value                { return *p.v.Addr().Interface().(*reflect.Value) }
func IsNil(p Pointer) bool                          { return !p.v.IsValid() }
func StringAt(p Pointer) string                     { mustBe(p, reflect.String); return p.v.String() }
func BoolAt(p Pointer) bool                         { return p.v.Bool() }
func Float64At(p Pointer) float64                   { mustBe(p, reflect.Float64); return p.v.Float() }
func Float32At(p Pointer) float32                   { mustBe(p, reflect.Float32); return float32(p.v.Float()) }
func AnyAt(p Pointer) any                           { mustBe(p, reflect.Interface); return p.v.Interface() }
func IntAt(p Pointer, k reflect.Kind) int64         { mustBe(p, k); return p.v.Int() }
func UintAt(p Pointer, k reflect.Kind) uint64       { mustBe(p, k); return p.v.Uint() }
func MapAt(p Pointer) map[string]any                { return p.v.Interface().(map[string]any) }
func ElementAt(p Pointer, i int, _ uintptr) Pointer { return Pointer{p.v.Index(i)} }
func PointerToInt(i *int) Pointer                   { return Pointer{reflect.ValueOf(i).Elem()} }
func PointerToBool(b *bool) Pointer                 { return Pointer{reflect.ValueOf(b).Elem()} }

type Location struct{ index []int }

func (l Location) Field(f reflect.StructField) Location {
	return Location{slices.Concat(l.index, f.Index)}
}

func (l Location) In(outer Pointer) Pointer {
	if len(l.index) == 0 {
		return outer
	}
	return Pointer{outer.v.FieldByIndex(l.index)}
}

func ValueAt(p Pointer, t reflect.Type) reflect.Value {
	if p.v.Type() != t {
		panic("compile: a " + p.v.Type().String() + " taken for a " + t.String())
	}
	return p.v
}

func PointeeAt(p Pointer) Pointer {
	mustBe(p, reflect.Pointer)
	return Pointer{p.v.Elem()}
}

func SliceAt(p Pointer) (data Pointer, n int) {
	mustBe(p, reflect.Slice)
	return p, p.v.Len()
}

func mustBe(p Pointer, k reflect.Kind) {
	if p.v.Kind() != k {
		panic("compile: a " + p.v.Type().String() + " taken for a " + k.String())
	}
}

// MethodAs is not to be had without unsafe.
func MethodAs[F any](reflect.Method) (f F, ok bool) { return f, false }

func At[T any](p Pointer) T { return p.v.Interface().(T) }

func pointerToAny(v any, _ bool) Pointer {
	cell := reflect.New(reflect.TypeOf(v)).Elem()
	cell.Set(reflect.ValueOf(v))
	return Pointer{cell}
}

func heldInline(reflect.Type) bool { return false }

func anyOfString(p *string) any { return *p }
