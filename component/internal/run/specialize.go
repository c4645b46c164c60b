package run

import (
	"reflect"
	"sync"
	"sync/atomic"
)

// ByType holds code for the types that have turned up.
type ByType[T any] struct {
	shared  *Shared
	compile func(t reflect.Type) T
	last    atomic.Pointer[Specialization[T]] // most places see one type
	all     sync.Map                          // of reflect.Type to *Specialization[T]
	count   int                               // guarded by shared
}

// NewByType makes what compiles with shared locked.
func NewByType[T any](shared *Shared, compile func(t reflect.Type) T) *ByType[T] {
	return &ByType[T]{shared: shared, compile: compile}
}

// Get returns the code for a type, or nil if there are too many types.
func (b *ByType[T]) Get(t reflect.Type) *Specialization[T] {
	if f := b.last.Load(); f != nil && f.t == t {
		return f
	}
	if f, ok := b.all.Load(t); ok {
		b.last.Store(f.(*Specialization[T]))
		return f.(*Specialization[T])
	}
	b.shared.Lock()
	defer b.shared.Unlock()
	if f, ok := b.all.Load(t); ok {
		return f.(*Specialization[T])
	}
	if b.count >= mostTypes {
		return nil
	}
	b.count++
	f := &Specialization[T]{t, heldInline(t), b.compile(t)}
	b.all.Store(t, f)
	b.last.Store(f)
	return f
}

// Receiver returns the code for the type of a receiver, of which there is one for structs
// and what points to them, and stores in a slot where the receiver is: for a pointer, what
// it points to.
func (b *ByType[T]) Receiver(st *State, slot int, v reflect.Value) *Specialization[T] {
	v = IndirectInterface(v)
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() || v.Type().Elem().Kind() != reflect.Struct {
			return nil
		}
	case reflect.Struct:
		if v.CanAddr() || v.Type() == ValueType {
			return nil
		}
	default:
		return nil
	}
	f := b.Get(v.Type())
	switch {
	case f == nil:
	case v.Kind() == reflect.Pointer:
		st.Frame[slot].P = pointerTo(v.Elem())
	default:
		st.Frame[slot].P = f.Address(v)
	}
	return f
}

// A Specialization is the code for one type.
type Specialization[T any] struct {
	t      reflect.Type
	inline bool
	Code   T
}

// Address is where a value of the type is.
func (f *Specialization[T]) Address(v reflect.Value) Pointer {
	if v.CanAddr() {
		return pointerTo(v)
	}
	return pointerToAny(v.Interface(), f.inline)
}

// mostTypes bounds what one place keeps. Past it, values go the slow way.
const mostTypes = 64
