//go:build !race && !purego

package compile

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

// A pointer is the address of a value whose type is known from elsewhere.
type pointer = unsafe.Pointer

// pointerTo is the address of an addressable value.
func pointerTo(v reflect.Value) pointer { return v.Addr().UnsafePointer() }

// pointerToCell is where a dynamic dot is kept: the address of a reflect.Value.
func pointerToCell(c *reflect.Value) pointer { return unsafe.Pointer(c) }

// cellAt is the dynamic dot at p.
func cellAt(p pointer) reflect.Value { return *(*reflect.Value)(p) }

// valueAt is the value of type t at p, addressable.
func valueAt(p pointer, t reflect.Type) reflect.Value { return reflect.NewAt(t, p).Elem() }

// A location is where a value lies within another that it is part of: a field, a
// field of a field, or the value itself for the zero location.
type location struct{ offset uintptr }

func (l location) field(f reflect.StructField) location { return location{l.offset + f.Offset} }

// in is the address of the location in the value at outer.
func (l location) in(outer pointer) pointer { return unsafe.Add(outer, l.offset) }

// pointeeAt follows the pointer variable at p; nil if that is nil.
func pointeeAt(p pointer) pointer { return *(*unsafe.Pointer)(p) }

func isNil(p pointer) bool { return p == nil }

func stringAt(p pointer) string   { return *(*string)(p) }
func boolAt(p pointer) bool       { return *(*bool)(p) }
func float64At(p pointer) float64 { return *(*float64)(p) }
func float32At(p pointer) float32 { return *(*float32)(p) }
func anyAt(p pointer) any         { return *(*any)(p) }

func intAt(p pointer, k reflect.Kind) int64 {
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

func uintAt(p pointer, k reflect.Kind) uint64 {
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

// mapAt is the map[string]any at p.
func mapAt(p pointer) map[string]any { return *(*map[string]any)(p) }

// sliceAt is the first element and the length of the slice at p.
func sliceAt(p pointer) (data pointer, n int) {
	// Every slice has the layout of a []byte, whatever its element.
	s := *(*[]byte)(p)
	return unsafe.Pointer(unsafe.SliceData(s)), len(s)
}

// elementAt is the i-th element, of the given size, of what sliceAt returned or of the array at p.
func elementAt(p pointer, i int, size uintptr) pointer { return unsafe.Add(p, uintptr(i)*size) }

func pointerToInt(i *int) pointer   { return unsafe.Pointer(i) }
func pointerToBool(b *bool) pointer { return unsafe.Pointer(b) }

// stringMethod is a method func (*T) Name() string as a function of the
// receiver's address. A pointer receiver is passed as any other pointer is, so
// the method's function value can be called with the type changed.
func stringMethod(m reflect.Method) func(pointer) string {
	fn := m.Func.Interface()
	// A function value is one word, which an interface holds in its second.
	word := (*[2]unsafe.Pointer)(unsafe.Pointer(&fn))[1]
	return *(*func(pointer) string)(unsafe.Pointer(&word))
}

// pointerToAny is the address of the value in a non-nil interface. An interface
// holds the address of a copy that nothing writes to, except for types of the
// size and shape of a pointer: those it holds themselves.
func pointerToAny(v any, inline bool) pointer {
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
