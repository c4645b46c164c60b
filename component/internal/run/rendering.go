package run

import (
	"context"
	"io"

	"github.com/ropewalk/ropewalk/stream"
)

// A Rendering is a template with what it is to be rendered with: the values of
// the variables, and dot. It is a Component, and renders any number of times,
// also at the same time.
type Rendering struct {
	Unit  *Unit
	Code  Op // the unit's own, or that of a piece of it
	Dot   Pointer
	Frame []Slot // to be copied; nil if the code is a whole unit's
	Depth int    // how many templates and components were around when it was made
}

// Confined says that Render keeps nothing that it is given; see [stream.Confined].
func (r *Rendering) Confined() {}

// Render writes the template. A *stream.Writer lends its buffer; any other
// writer gets one Write for each piece between nested components. Outside of a
// stream's Render one is begun if there are components, for these may be parts.
func (r *Rendering) Render(ctx context.Context, w io.Writer) (err error) {
	out, _ := w.(*stream.Writer)
	if out == nil && r.Unit.Shared.Components.Load() && !stream.Active(ctx) {
		return stream.Render(ctx, w, r)
	}
	st := states.Get().(*State)
	st.ctx, st.w, st.out, st.depth = ctx, w, out, -1
	defer func() {
		if v := recover(); v != nil {
			err = st.recovered(v)
			st.arena, st.args = nil, nil // what was left in them is in the way
		}
		st.release()
	}()
	if st.out != nil {
		return st.out.Give(r.append(st, st.out.Take()))
	}
	if st.own = r.append(st, st.own[:0]); len(st.own) > 0 {
		_, err = w.Write(st.own)
	}
	return err
}

// append runs the code in a frame of its own.
func (r *Rendering) append(st *State, b []byte) []byte {
	depth := st.depth
	st.depth = max(depth+1, r.Depth)
	frame, arena := st.enter(r.Unit.Slots)
	if r.Frame != nil {
		copy(st.Frame, r.Frame)
	} else {
		st.Frame[0] = r.Unit.dollar(r.Dot)
	}
	b = r.Code(st, b, r.Dot)
	st.exit(frame, arena)
	st.depth = depth
	return b
}

// deeper is the depth of a rendering that is made now.
func (s *Site) NextDepth(st *State) int {
	if st.depth >= maxDepth {
		s.Failf("exceeded maximum template depth (%v)", maxDepth)
	}
	return st.depth + 1
}
