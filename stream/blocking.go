package stream

import (
	"context"
	"io"
)

// Blocking renders body and lets nothing of the document leave until body and the
// parts in it are done: an error in it can then still become the answer's status.
// Everything else renders on meanwhile. A Blocking that is reached after the first
// byte has left, as may happen in a part, holds back only what is in it and after it.
func Blocking(ctx context.Context, w io.Writer, body Renderable) error {
	if body == nil {
		return nil
	}
	own := writerOf(ctx, w)
	if own == nil {
		return body.Render(ctx, w)
	}
	return own.region(ctx, &group{blocking: true}, body)
}

// A hold is counted in the Blocking group, in every group around it, and in the
// render: when one of those groups fails and another takes its place, the holds in
// it go at once, whatever still runs there.

func (r *render) hold(g *group) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if g.outer.failure() != nil {
		return
	}
	for x := g; x != nil; x = x.outer {
		x.holds++
	}
	g.holding = true
	r.holds.Add(1)
}

// unhold lets go the hold of g itself, if it has one.
func (r *render) unhold(g *group) {
	if !g.blocking {
		return
	}
	r.mu.Lock()
	n := 0
	if g.holding && !g.released() {
		n = 1
	}
	g.holding = false
	r.dropHolds(g, n)
}

// releaseAll lets go the holds in g, whose content has been dropped.
func (r *render) releaseAll(g *group) {
	r.mu.Lock()
	n := 0
	if !g.released() {
		n = g.holds
	}
	g.free = true
	r.dropHolds(g, n)
}

// dropHolds takes n holds from g and what is around it. It is called with r.mu held, and
// unlocks it.
func (r *render) dropHolds(g *group, n int) {
	for x := g; x != nil; x = x.outer {
		x.holds -= n
	}
	r.mu.Unlock()
	if n > 0 {
		r.holds.Add(int32(-n))
		r.wakeUp()
	}
}

// released reports whether the holds in g have been let go, with a group around it or
// alone.
func (g *group) released() bool {
	for ; g != nil; g = g.outer {
		if g.free {
			return true
		}
	}
	return false
}

// owe keeps the hold of g, which failed in its own body, until the error has been
// dealt with: by a Catch, or by the failure or the end of the part.
func (w *Writer) deferRelease(g *group, err error) {
	if g.blocking {
		g.err = err
		g.nextDeferred, w.deferred = w.deferred, g
	}
}

func (r *render) releaseDeferred(w *Writer) {
	for g := w.deferred; g != nil; g = g.nextDeferred {
		r.unhold(g)
	}
	w.deferred = nil
}
