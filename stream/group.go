package stream

import (
	"context"
	"io"
	"sync/atomic"
)

// group is a subtree wrapped by Catch, Timeout or Blocking. While nothing in it has
// forked, flushed or spilled, it is no more than a mark in the open segment of the
// Writer that renders it; then it is settled, which gives it a place in the list and
// a count of what runs in it.
type group struct {
	scope    scope                  // the context of its subtree, but for Blocking
	outer    *group                 // nil in the page
	fallback func(error) Renderable // of a Catch
	timeout  *timeout               // of a Timeout
	blocking bool
	ctx      context.Context // what its body renders with
	nextOwed *group          // see Writer.owe

	mark int   // where it begins in the open segment's buffer, until it is settled
	span *span // its place, once it is

	bytes atomic.Int64 // sealed in it, if it is the outermost

	// Guarded by render.mu:
	state   state
	pending int   // parts, groups in it and the rendering of its body, that have not ended
	err     error // why it failed
	caught  bool  // a part failed and the fallback was started
	holds   int   // Blocking groups in it, and it, that hold the page
	holding bool  // it is one of them
	free    bool  // the holds in it have been let go
	live    int   // goroutines in its content: parts, parts of groups in it, and its body
}

type state uint8

const (
	running state = iota
	ended         // well
	failed
)

// failure returns the error of the innermost group that has failed, from g outwards.
func (g *group) failure() error {
	for ; g != nil; g = g.outer {
		if g.state == failed {
			return g.err
		}
	}
	return nil
}

// outermost returns the group of the page that g is in. Its content leaves when all of it
// is done.
func (g *group) outermost() *group {
	for g != nil && g.outer != nil {
		g = g.outer
	}
	return g
}

// hold counts n bytes that were sealed in g.
func (g *group) hold(n int) {
	if g != nil {
		g.outermost().bytes.Add(int64(n))
	}
}

// region renders body as the group g. An error it returns is for the caller to deal
// with, and nothing of body is in the document then. It returns nil also when a part
// has failed and the fallback has been started in its place.
func (w *Writer) region(ctx context.Context, g *group, body Renderable) error {
	if w.ended {
		g.stop(w.r, errEnded)
		return errEnded
	}
	g.outer, g.mark, g.ctx = w.group, len(w.b), ctx
	w.group = g
	w.expose()
	lost := w.err
	if g.blocking {
		w.r.hold(g)
	}
	returned := false
	defer func() {
		if !returned {
			w.abandon(g)
		}
	}()
	err := protect(func() error { return body.Render(ctx, w) })
	returned = true
	if err == nil {
		err = w.err
	}
	w.group, w.err = g.outer, lost
	if g.span == nil {
		return w.endMark(g, err)
	}
	return w.endSpan(g, err)
}

// endMark ends a group that was not settled: all of it is in the open buffer.
func (w *Writer) endMark(g *group, err error) error {
	if g.timeout.expired() {
		err = g.timeout.err
	}
	g.stop(w.r, err)
	if err == nil {
		w.r.unhold(g)
		return nil
	}
	w.b = w.b[:g.mark]
	w.owe(g)
	return err
}

// endSpan ends the body of a group that has a place in the list.
func (w *Writer) endSpan(g *group, err error) error {
	r := w.r
	w.moveTo(&g.span.after, g)
	if g.timeout.expired() {
		err = g.timeout.err
	}
	r.mu.Lock()
	g.live--
	switch {
	case g.state == failed: // by a part, which has seen to everything
		defer r.mu.Unlock()
		if g.caught {
			return nil
		}
		return g.err
	case err == nil:
		r.mu.Unlock()
		r.leave(g)
		return nil
	}
	g.state, g.err = failed, err
	if g.outer != nil {
		g.outer.pending-- // cannot be the last: the body of outer is still being rendered
	}
	r.mu.Unlock()
	g.stop(r, err)
	r.wakeFailed()
	g.span.alt = &g.span.after
	if r.concurrent == nil { // nobody else writes in it, and nothing was charged for it
		discard(&g.span.content, &g.span.after, r.spill)
	}
	r.seal(&g.span.begin)
	w.owe(g)
	return err
}

// abandon ends a group whose body called runtime.Goexit: the goroutine, and so the
// part or page around it, is ending too.
func (w *Writer) abandon(g *group) {
	w.group = g.outer
	w.r.mu.Lock()
	if g.state == running {
		g.state, g.err = failed, errGoexit
	}
	w.r.mu.Unlock()
	g.stop(w.r, errGoexit)
	w.owe(g)
}

// settle gives g, and the groups around it that have none, a place in the list. What
// was written in a group moves to a segment of its own. It returns how far the marks
// of groups inside have moved.
func (w *Writer) settle(g *group) int {
	if g == nil || g.span != nil {
		return 0
	}
	shift := g.mark
	g.mark -= w.settle(g.outer)

	sp := &span{}
	g.span = sp
	sp.begin.group, sp.begin.next, sp.begin.part = g, &sp.content, w.seg.part
	sp.content.next, sp.content.part = &sp.after, w.seg.part
	sp.after.next, sp.after.part = w.seg.next, w.seg.part
	w.seg.next = &sp.begin
	if len(w.b) > g.mark {
		sp.content.buf = pool.fit(len(w.b) - g.mark)
		sp.content.buf.B = append(sp.content.buf.B, w.b[g.mark:]...)
		w.b = w.b[:g.mark]
	}

	w.r.mu.Lock()
	g.pending, g.live = 1, 1
	if g.outer != nil {
		g.outer.pending++
	}
	w.r.mu.Unlock()
	w.moveTo(&sp.content, g.outer)
	return shift
}

// join counts a part into g. It returns g's error if g or one around it has failed.
// From now on a Timeout is watched by its timer: before there is a part, nothing but
// the body could have heeded it.
func (r *render) join(g *group) error {
	if g == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := g.failure(); err != nil {
		return err
	}
	g.pending++
	for x := g; x != nil; x = x.outer {
		x.live++
		x.timeout.watch(r, x)
	}
	return nil
}

// depart is called when a part that joined g has done everything.
func (r *render) depart(g *group) {
	if g == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for ; g != nil; g = g.outer {
		g.live--
	}
}

// leave counts out something that ended well in g. The last ends g, which the group
// around it was waiting for.
func (r *render) leave(g *group) {
	for ; g != nil; g = g.outer {
		r.mu.Lock()
		g.pending--
		over := g.pending == 0 && g.state == running
		if over {
			g.state = ended
		}
		r.mu.Unlock()
		if !over {
			return
		}
		g.stop(r, nil)
		r.seal(&g.span.begin)
		r.unhold(g)
	}
}

// fail ends g with the error of a part or a timer in it. The error rises to the
// nearest Catch, whose fallback takes that group's place, and otherwise to the page.
// at is the segment in which it arose. fail returns the error as it has become, and
// whether it was the one that failed the page.
func (r *render) fail(g *group, err error, at *segment) (error, bool) {
	failing, catch, risen, err := r.rise(g, err)
	page := risen && catch == nil
	if page {
		r.abort(err, at) // before anything is let go that Blocking held back
	}
	for _, g := range failing {
		g.stop(r, err)
	}
	r.wakeFailed()
	if catch != nil {
		r.recoverWith(catch, err)
	}
	return err, page
}

// rise marks the groups that fail with g. It stops at a Catch, unless the context
// around that has ended, for then the error comes from further out; and at a group
// that has failed or ended already, when risen is false. In a Timeout whose time is
// over the error is its own, however the parts put it.
func (r *render) rise(g *group, err error) (failing []*group, catch *group, risen bool, cause error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for ; g != nil; g = g.outer {
		if g.timeout.expired() {
			err = g.timeout.err
		}
		if g.state != running {
			return failing, nil, false, err
		}
		g.state, g.err = failed, err
		failing = append(failing, g)
		if g.fallback != nil && g.scope.parent.Err() == nil && g.outer.failure() == nil {
			g.caught = true
			for x := g.outer; x != nil; x = x.outer {
				x.live++ // the fallback, before anybody can think that x is deserted
			}
			return failing, g, true, err
		}
	}
	return failing, nil, true, err
}

// recoverWith renders the fallback of g as a part in g's place. It belongs to the
// group around g, where it is pending in g's stead.
func (r *render) recoverWith(g *group, err error) {
	p := &part{group: g.outer, body: Func(func(ctx context.Context, w io.Writer) error {
		r.tellCaught(err)
		return renderAny(ctx, w, g.fallback(err))
	})}
	p.child.next = &g.span.after
	g.span.alt = &p.child
	r.admitAnyway()
	r.launch(p, g.scope.parent, g.span.begin.part)
	r.seal(&g.span.begin)
	r.releaseAll(g)
}

// stop cancels what runs in g, with the cause, which is nil if it ended well.
func (g *group) stop(r *render, cause error) {
	g.timeout.unwatch(r)
	switch {
	case g.blocking:
	case cause == nil:
		g.scope.end()
	default:
		g.scope.cancel(cause) // and with it the context of a Timeout
	}
	g.timeout.stop()
}
