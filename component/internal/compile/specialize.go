package compile

import (
	"maps"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
)

// Where a value has no static type, the code behind it is compiled again for
// each type that turns up, so that what follows is as fast as if the type had
// been known. A mistake found there is an error of the render, as it always is
// where types are unknown.

// byType holds code for the types that have turned up.
type byType[T any] struct {
	program *program
	compile func(t reflect.Type) T
	last    atomic.Pointer[forType[T]] // most places see one type
	all     sync.Map                   // of reflect.Type to *forType[T]
	count   int                        // guarded by program.mu
}

type forType[T any] struct {
	t      reflect.Type
	inline bool
	code   T
}

// address is where a value of the type is.
func (f *forType[T]) address(v reflect.Value) pointer {
	if v.CanAddr() {
		return pointerTo(v)
	}
	return pointerToAny(v.Interface(), f.inline)
}

// mostTypes bounds what one place keeps. Past it, values go the slow way.
const mostTypes = 64

// get returns the code for a type, or nil if there are too many types.
func (b *byType[T]) get(t reflect.Type) *forType[T] {
	if f := b.last.Load(); f != nil && f.t == t {
		return f
	}
	if f, ok := b.all.Load(t); ok {
		b.last.Store(f.(*forType[T]))
		return f.(*forType[T])
	}
	b.program.mu.Lock()
	defer b.program.mu.Unlock()
	if f, ok := b.all.Load(t); ok {
		return f.(*forType[T])
	}
	if b.count >= mostTypes {
		return nil
	}
	b.count++
	f := &forType[T]{t, heldInline(t), b.compile(t)}
	b.all.Store(t, f)
	b.last.Store(f)
	return f
}

// snapshot copies the compiler as it stands, to compile what comes next once
// more. The slots it takes are at most those that were taken the first time, when
// nothing was known, so frames are large enough; but for what is behind a mistake,
// which does not run.
func (c *compiler) snapshot() func() *compiler {
	then := *c
	then.vars, then.changed = slices.Clone(c.vars), maps.Clone(c.changed)
	return func() *compiler {
		now := then
		now.vars, now.changed, now.lenient = slices.Clone(then.vars), maps.Clone(then.changed), true
		return &now
	}
}

// settled compiles until no more variables turn out to take values of several types.
// A variable from outside of what is compiled for a type keeps the type it has there.
// A value of another, which nothing else can have brought about, is then a mistake for
// this type: it fails before it is stored.
func (c *compiler) settled(compile func()) {
	vars, next := len(c.vars), c.next
	for changed := -1; changed < len(c.changed); {
		changed = len(c.changed)
		c.again = false
		c.vars, c.next = c.vars[:vars], next
		compile()
		if !c.again {
			return
		}
	}
}

// structured reports whether it pays to compile for a type: what is behind a
// dot of it depends on it.
func structured(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		return t != valueType
	case reflect.Pointer:
		return t.Elem().Kind() == reflect.Struct
	}
	return false
}
