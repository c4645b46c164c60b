//go:build !race && !purego

package run

import (
	"reflect"
	"unsafe"
)

// All of this package's unsafe code is in this file. Its twin, access_checked.go,
// gives the same functions by reflection, which checks every type and bound; it is
// what runs under the race detector and with the purego tag.
//
// The one rule: a pointer to a value of type T is only ever used with T, which
// the compiler knows (expr.t) or the caller has just looked up.

// A Pointer is the address of a value whose type is known from elsewhere.
type Pointer = unsafe.Pointer

// pointerTo is the address of an addressable value.
func pointerTo(v reflect.Value) Pointer { return v.Addr().UnsafePointer() }

// PointerToCell is where a dynamic dot is kept: the address of a reflect.Value.
func PointerToCell(c *reflect.Value) Pointer { return unsafe.Pointer(c) }

// CellAt is the dynamic dot at p.
func CellAt(p Pointer) reflect.Value { return *(*reflect.Value)(p) }

// ValueAt is the value of type t at p, addressable.
func ValueAt(p Pointer, t reflect.Type) reflect.Value { return reflect.NewAt(t, p).Elem() }

// A Location is where a value lies within another that it is part of: a field, a
// field of a field, or the value itself for the zero location.
type Location struct{ offset uintptr }

func (l Location) Field(f reflect.StructField) Location { return Location{l.offset + f.Offset} }

// In is the address of the location in the value at outer.
func (l Location) In(outer Pointer) Pointer { return unsafe.Add(outer, l.offset) }

// PointeeAt follows the pointer variable at p; nil if that is nil.
func PointeeAt(p Pointer) Pointer { return *(*unsafe.Pointer)(p) }

func IsNil(p Pointer) bool { return p == nil }

func StringAt(p Pointer) string   { return *(*string)(p) }
func BoolAt(p Pointer) bool       { return *(*bool)(p) }
func Float64At(p Pointer) float64 { return *(*float64)(p) }
func Float32At(p Pointer) float32 { return *(*float32)(p) }
func AnyAt(p Pointer) any         { return *(*any)(p) }

func IntAt(p Pointer, k reflect.Kind) int64 {
	switch k {
	case reflect.Int8:
		return int64(*(*int8)(p))
	case reflect.Int16:
		return int64(*(*int16)(p))
	case reflect.Int32:
		return int64(*(*int32)(p))
	case reflect.Int64:
		return *(*int64)(p)
	}
	return int64(*(*int)(p))
}

func UintAt(p Pointer, k reflect.Kind) uint64 {
	switch k {
	case reflect.Uint8:
		return uint64(*(*uint8)(p))
	case reflect.Uint16:
		return uint64(*(*uint16)(p))
	case reflect.Uint32:
		return uint64(*(*uint32)(p))
	case reflect.Uint64:
		return *(*uint64)(p)
	case reflect.Uintptr:
		return uint64(*(*uintptr)(p))
	}
	return uint64(*(*uint)(p))
}

// MapAt is the map[string]any at p.
func MapAt(p Pointer) map[string]any { return *(*map[string]any)(p) }

// SliceAt is the first element and the length of the slice at p.
func SliceAt(p Pointer) (data Pointer, n int) {
	// Every slice has the layout of a []byte, whatever its element.
	s := *(*[]byte)(p)
	return unsafe.Pointer(unsafe.SliceData(s)), len(s)
}

// ElementAt is the i-th element, of the given size, of what sliceAt returned or of the array at p.
func ElementAt(p Pointer, i int, size uintptr) Pointer { return unsafe.Add(p, uintptr(i)*size) }

func PointerToInt(i *int) Pointer   { return unsafe.Pointer(i) }
func PointerToBool(b *bool) Pointer { return unsafe.Pointer(b) }

// MethodAs is a method of *T as a function of the receiver's address: F is the method's
// type with a Pointer as its first parameter. A pointer receiver is passed as any other
// pointer is, so the method's function value can be called with the type changed.
func MethodAs[F any](m reflect.Method) (f F, ok bool) {
	if !isMethodAs(m.Type, reflect.TypeFor[F]()) {
		return f, false
	}
	fn := m.Func.Interface()
	// A function value is one word, which an interface holds in its second.
	word := (*[2]unsafe.Pointer)(unsafe.Pointer(&fn))[1]
	return *(*F)(unsafe.Pointer(&word)), true
}

// isMethodAs reports whether f is the type of a method but for its receiver, a pointer.
func isMethodAs(m, f reflect.Type) bool {
	if m.NumIn() != f.NumIn() || m.NumOut() != f.NumOut() || m.IsVariadic() != f.IsVariadic() || m.In(0).Kind() != reflect.Pointer {
		return false
	}
	for i := 1; i < m.NumIn(); i++ {
		if m.In(i) != f.In(i) {
			return false
		}
	}
	for i := range m.NumOut() {
		if m.Out(i) != f.Out(i) {
			return false
		}
	}
	return true
}

// At is the value of type T at p.
func At[T any](p Pointer) T { return *(*T)(p) }

// anyOfString is the string at p in an interface, which holds p. Nothing writes there again.
func anyOfString(p *string) any {
	v := any("")
	(*[2]unsafe.Pointer)(unsafe.Pointer(&v))[1] = unsafe.Pointer(p)
	return v
}

// pointerToAny is the address of the value in a non-nil interface. An interface
// holds the address of a copy that nothing writes to, except for types of the
// size and shape of a pointer: those it holds themselves.
func pointerToAny(v any, inline bool) Pointer {
	word := (*[2]unsafe.Pointer)(unsafe.Pointer(&v))[1]
	if inline {
		held := word // allocated in this case alone
		return unsafe.Pointer(&held)
	}
	return word
}

// heldInline reports whether an interface holds values of type t themselves:
// the zero value of such a type is a nil word, and never an address.
func heldInline(t reflect.Type) bool {
	v := reflect.Zero(t).Interface()
	return (*[2]unsafe.Pointer)(unsafe.Pointer(&v))[1] == nil
}
