package stream

import "sync"

// Confined is a Renderable that keeps neither the context nor the [Writer] that its Render
// is given. It calls [Writer.Share] before it hands them on. What a Render of it is made of
// can then be used again for another.
type Confined interface {
	Renderable
	Confined()
}

// Share says that to is about to get w and its context, which it may keep if it is not
// [Confined].
func (w *Writer) Share(to Renderable) {
	if _, ok := to.(Confined); !ok {
		w.expose()
	}
}

// expose has the render of w not used again.
func (w *Writer) expose() {
	if w.part == nil { // a render with parts is never used again
		w.r.confined = false
	}
}

var renders = sync.Pool{New: func() any { return new(render) }}

// renderFor returns a render for root, without anything in it.
func renderFor(root Renderable) *render {
	if _, ok := root.(Confined); !ok {
		return new(render)
	}
	r := renders.Get().(*render)
	r.confined = true
	return r
}

// reuse gives r back, if nobody else can know of it.
func (r *render) reuse() {
	if r.confined && r.concurrent == nil && !r.failed.Load() {
		*r = render{}
		renders.Put(r)
	}
}
