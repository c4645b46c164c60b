package stream

import (
	"context"
	"io"
	"time"
)

// Timeout renders body with a context that ends after d. If body and its parts are not
// done by then it fails with a [*TimeoutError], which is also the cause of that
// context: a Catch around it shows its fallback at that moment, even if a part ignores
// its context. What such a part still writes is dropped, but Render waits for it to
// return.
//
// Nothing of body leaves before all of it is done; see [Renderer.Held]. The time in which a
// part of it waits for room, because of [Renderer.Pending], counts.
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
	t := &timeout{err: &TimeoutError{After: d}}
	g := &group{timeout: t}
	g.scope.parent = ctx
	t.ctx, t.cancel = context.WithTimeoutCause(&g.scope, d, t.err)
	if t.expired() {
		g.stop(nil, t.err)
		return t.err
	}
	own := writerOf(ctx, w)
	if own == nil {
		defer g.stop(nil, nil)
		err := body.Render(t.ctx, w)
		if t.expired() {
			return t.err
		}
		return err
	}
	return own.region(t.ctx, g, body)
}

// timeout is the clock of a Timeout. Its methods do nothing on a nil one, the clock
// of the other groups.
type timeout struct {
	err    *TimeoutError
	ctx    context.Context
	cancel context.CancelFunc
	unhook func() bool // set by watch, which is called for each part
}

func (t *timeout) expired() bool {
	return t != nil && context.Cause(t.ctx) == error(t.err)
}

// watch makes g fail when the time is over. It is called with r.mu held, so that the
// timer, which needs it to fail g, finds unhook set.
func (t *timeout) watch(r *render, g *group) {
	if t == nil || t.unhook != nil {
		return
	}
	r.parts.Add(1)
	t.unhook = context.AfterFunc(t.ctx, func() {
		defer r.parts.Done()
		if !t.expired() {
			return
		}
		if err, page := r.fail(g, t.err, &g.span.begin); page {
			g.span.begin.err = err
		}
	})
}

func (t *timeout) unwatch(r *render) {
	if t != nil && t.unhook != nil && t.unhook() {
		r.parts.Done()
	}
}

// stop stops the clock. Whoever has a cause cancels the context with it before.
func (t *timeout) stop() {
	if t != nil {
		t.cancel()
	}
}
