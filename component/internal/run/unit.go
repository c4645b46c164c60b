package run

import (
	"reflect"
	"runtime"
	"sync"
	"sync/atomic"
)

// Shared is what the units of a set of templates have in common. It is locked while
// units are compiled.
type Shared struct {
	sync.Mutex
	Components atomic.Bool // some are known to render components
}

// A Unit is one template compiled for one type of dot.
type Unit struct {
	Shared *Shared
	Code   Op
	Slots  int          // how many variables are in scope at most; the first is $
	Dot    reflect.Type // nil if each render finds it out
}

// dollar is the variable $ for a dot.
func (u *Unit) dollar(dot Pointer) Slot {
	if u.Dot == nil {
		return Slot{V: CellAt(dot)}
	}
	return Slot{P: dot}
}

// Call runs the unit in a frame of its own, for a {{template}} at a site.
func (u *Unit) Call(st *State, b []byte, s *Site, dollar Slot, dot Pointer) []byte {
	if st.depth >= maxDepth {
		s.Failf("exceeded maximum template depth (%v)", maxDepth)
	}
	st.depth++
	frame, arena := st.enter(u.Slots)
	st.Frame[0] = dollar
	b = u.Code(st, b, dot)
	st.exit(frame, arena)
	st.depth--
	return b
}

// maxDepth bounds the templates and components inside one another, as text/template
// does: a stack that overflows ends the program.
var maxDepth = func() int {
	if runtime.GOARCH == "wasm" {
		return 1000
	}
	return 100_000
}()

// A Template is a root compiled for one type of dot.
type Template struct {
	Name  string
	Unit  *Unit
	Units *ByType[*Unit] // for the types of data, if the unit has no type of dot
}

// Rendering is the template with a value for dot: addressable, and of the type
// that the template was compiled for if there is one.
func (t *Template) Rendering(dot reflect.Value) Rendering {
	if t.Unit.Dot != nil {
		return Rendering{Unit: t.Unit, Code: t.Unit.Code, Dot: pointerTo(dot)}
	}
	dot = unwrapValue(IndirectInterface(dot)) // data may be a reflect.Value, as in html/template
	if dot.IsValid() && Specializable(dot.Type()) && !dot.CanAddr() {
		if f := t.Units.Get(dot.Type()); f != nil {
			return Rendering{Unit: f.Code, Code: f.Code.Code, Dot: pointerToAny(dot.Interface(), f.inline)}
		}
	}
	cell := dot // and not dot itself, which would be allocated for every template then
	return Rendering{Unit: t.Unit, Code: t.Unit.Code, Dot: PointerToCell(&cell)}
}

// On is Rendering for a value that need not be addressable.
func (t *Template) On(v reflect.Value) Rendering {
	if t.Unit.Dot == nil {
		return t.Rendering(v)
	}
	return Rendering{Unit: t.Unit, Code: t.Unit.Code, Dot: Box(v, t.Unit.Dot)}
}
