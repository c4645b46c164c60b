package stream

import (
	"context"
	"io"
	"time"
)

// Timeout renders body with a context that ends after d. If body and its parts are not
// done by then it fails with a [*TimeoutError], which is also the cause of that
// context: a Catch around it shows its fallback at that moment, even if a part ignores
// its context. What such a part still writes is dropped, and Render does not wait for
// it: see [Abandoned].
//
// Nothing of body leaves before all of it is done; see [Renderer.Held]. The time in which a
// part of it waits, because of [Renderer.Pending], counts.
//
// What body does itself, outside of parts, runs in the calling goroutine, which
// cannot be interrupted: that it was late is found when it returns. Give it a part of
// its own, or let it heed its context.
func Timeout(ctx context.Context, w io.Writer, d time.Duration, body Renderable) error {
	if body == nil {
		return nil
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	g := &group{late: &TimeoutError{After: d}}
	own := writerOf(ctx, w)
	g.scope.init(ctx, own)
	g.scope.expireAfter(d, g.late)
	if g.expired() {
		g.stop(nil, g.late)
		return g.late
	}
	if own == nil {
		return timeoutAside(g, w, body)
	}
	return own.region(&g.scope, g, body)
}

// timeoutAside is Timeout in a writer in which nothing can be forked.
func timeoutAside(g *group, w io.Writer, body Renderable) error {
	defer g.stop(nil, nil)
	err := body.Render(&g.scope, w)
	if g.expired() {
		return g.late
	}
	return err
}

// expired reports whether g is a Timeout whose time is over.
func (g *group) expired() bool {
	return g.late != nil && context.Cause(&g.scope) == error(g.late)
}

// watch makes g, if it is a Timeout, fail when its time is over. It is called with r.mu
// held, so that the timer, which needs it to fail g, finds unhook set.
func (g *group) watch(r *render) {
	if g.late == nil || g.unhook != nil {
		return
	}
	r.enter()
	g.unhook = context.AfterFunc(&g.scope, func() {
		defer r.exit()
		if g.expired() {
			r.fail(g, g.late, &g.span.begin)
		}
	})
}

func (g *group) unwatch(r *render) {
	if g.unhook != nil && g.unhook() {
		r.exit()
	}
}
