package stream

import (
	"context"
	"io"
)

// Blocking renders body and lets nothing of the document leave until body and the
// parts in it are done: an error in it can then still become the answer's status.
// Everything else renders on meanwhile. A Blocking that is reached after the first
// byte has left, as may happen in a part, keeps back only what is in it and after it. So
// an answer, see [Renderer.Answer], works in a Blocking only if the root began it, or one
// around it, before anything could leave: before it flushed or spilled.
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

// A Blocking group that keeps the document back, a blocker, is counted in itself, in every
// group around it, and in the render: when one of those groups fails and another takes its
// place, the blockers in it are let go at once, whatever still runs there.

func (r *render) block(g *group) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if g.outer.failure() != nil {
		return
	}
	for x := g; x != nil; x = x.outer {
		x.blockers++
	}
	g.blocks = true
	r.blockers.Add(1)
}

// unblock lets g go, if it is a blocker.
func (r *render) unblock(g *group) {
	if !g.blocking {
		return
	}
	r.mu.Lock()
	n := 0
	if g.blocks && !g.released() {
		n = 1
	}
	g.blocks = false
	r.dropBlockers(g, n)
}

// unblockAll lets the blockers in g go, whose content has been dropped.
func (r *render) unblockAll(g *group) {
	r.mu.Lock()
	n := 0
	if !g.released() {
		n = g.blockers
	}
	g.unblocked = true
	r.dropBlockers(g, n)
}

// dropBlockers takes n blockers from g and what is around it. It is called with r.mu held, and
// unlocks it.
func (r *render) dropBlockers(g *group, n int) {
	for x := g; x != nil && n > 0; x = x.outer {
		x.blockers -= n
	}
	r.mu.Unlock()
	if n > 0 {
		r.blockers.Add(int32(-n))
		r.wakeUp()
	}
}

// released reports whether the blockers in g have been let go, with a group around it or
// alone.
func (g *group) released() bool {
	for ; g != nil; g = g.outer {
		if g.unblocked {
			return true
		}
	}
	return false
}

// deferRelease keeps the document back for g, which failed in its own body, until the error
// has been dealt with: by a Catch, or by the failure or the end of the part.
func (w *Writer) deferRelease(g *group, err error) {
	if g.blocking {
		if g.span == nil { // else it is known
			g.err = err
		}
		g.nextDeferred, w.deferred = w.deferred, g
	}
}

func (r *render) releaseDeferred(w *Writer) {
	for g := w.deferred; g != nil; g = g.nextDeferred {
		r.unblock(g)
	}
	w.deferred = nil
}
