package stream

import (
	"context"
	"io"
	"slices"
	"sync/atomic"
)

// group is a subtree wrapped by Catch, Timeout or Blocking. While nothing in it has
// forked, flushed or spilled, it is no more than a mark in the open segment of the
// Writer that renders it; then it is anchored, which gives it a place in the list and
// a count of what runs in it.
type group struct {
	scope        scope                  // the context of its subtree, but for Blocking
	outer        *group                 // nil in the page
	top          *group                 // the outermost around it, or itself
	fallback     func(error) Renderable // of a Catch
	late         *TimeoutError          // of a Timeout
	blocking     bool
	blocked      bool            // it or one around it is a Blocking
	answers      bool            // an answer from it reaches the caller; see checkAnswer
	ctx          context.Context // what its body renders with
	nextDeferred *group          // see Writer.deferRelease

	mark int   // where it begins in the open segment's buffer, until it is anchored
	span *span // its place, once it is

	bytes atomic.Int64 // sealed in it, if it is the outermost

	// Guarded by render.mu:
	state     state
	pending   int         // parts, groups in it and the rendering of its body, that have not ended
	err       error       // why it or one around it failed; see lose
	caught    bool        // a part failed and the fallback was started
	blockers  int         // Blocking groups in it, and it, that keep the document back
	blocks    bool        // it is one of them
	unblocked bool        // the blockers in it have been let go
	live      int         // who runs in its content: parts, its body, and groups in which somebody does
	joined    bool        // a part of it was started
	unhook    func() bool // stops the timer of a Timeout that has parts
	inside                // the groups in it that are anchored and run
}

type state uint8

const (
	running state = iota
	ended         // well
	failed
)

// failure returns why g or one around it has failed. It is called with r.mu held. Only
// groups that are anchored can have failed.
func (g *group) failure() error {
	for ; g != nil; g = g.outer {
		if g.err != nil || g.span != nil {
			return g.err
		}
	}
	return nil
}

// within reports whether g is outer or in it; everything is in nil, the page.
func (g *group) within(outer *group) bool {
	for outer != nil && g != nil && g != outer {
		g = g.outer
	}
	return g == outer || outer == nil
}

// countBytes counts n bytes that were sealed in g.
func (g *group) countBytes(n int) {
	if g != nil {
		g.top.bytes.Add(int64(n))
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
	g.outer, g.mark, g.ctx, g.top = w.group, len(w.b), ctx, g
	if g.outer != nil {
		g.top, g.blocked, g.answers = g.outer.top, g.outer.blocked, g.outer.answers
	}
	if g.blocking {
		g.blocked = true
		g.answers = g.answers || w.inRoot() && !w.r.opened
	}
	w.group = g
	w.expose()
	lost := w.err
	if g.blocking && (g.outer == nil || !g.outer.blocked) { // or that around it is a blocker for as long
		w.r.block(g)
	}
	returned := false
	defer func() {
		if !returned {
			w.exited(g)
		}
	}()
	err := protect(func() error { return body.Render(ctx, w) })
	returned = true
	if err == nil {
		err = w.err
	}
	err = w.checkAnswer(err)
	w.group, w.err = g.outer, lost
	if g.span == nil {
		return w.endMark(g, err)
	}
	return w.endSpan(g, err)
}

// endMark ends a group that was not anchored: all of it is in the open buffer.
func (w *Writer) endMark(g *group, err error) error {
	if g.expired() {
		err = g.late
	}
	g.stop(w.r, err)
	if err == nil {
		w.r.unblock(g)
		return nil
	}
	w.b = w.b[:g.mark]
	w.deferRelease(g, err)
	return err
}

// endSpan ends the body of a group that has a place in the list.
func (w *Writer) endSpan(g *group, err error) error {
	r := w.r
	w.moveTo(&g.span.after, g)
	if g.expired() {
		err = g.late
	}
	r.mu.Lock()
	g.departed()
	switch {
	case g.state == failed: // by a part, which has seen to everything
		defer r.mu.Unlock()
		if g.caught {
			return nil
		}
		return g.err
	case err == nil:
		r.mu.Unlock()
		r.endMember(g)
		return nil
	}
	g.lose(err)
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
	w.deferRelease(g, err)
	return err
}

// exited ends a group whose body called runtime.Goexit: the goroutine, and so the
// part or page around it, is ending too.
func (w *Writer) exited(g *group) {
	w.group = g.outer
	w.r.mu.Lock()
	if g.state == running {
		g.lose(errGoexit)
	}
	w.r.mu.Unlock()
	g.stop(w.r, errGoexit)
	w.deferRelease(g, errGoexit)
}

// anchor gives g, and the groups around it that have none, a place in the list. What
// was written in a group moves to a segment of its own.
func (w *Writer) anchor(g *group) {
	if g == nil || g.span != nil {
		return
	}
	var groups []*group // from the inside
	for end := len(w.b); g != nil && g.span == nil; g = g.outer {
		g.span = &span{}
		if end > g.mark {
			g.span.content.buf = pool.fit(end - g.mark)
			g.span.content.buf.B = append(g.span.content.buf.B, w.b[g.mark:end]...)
		}
		groups, end = append(groups, g), g.mark
	}
	w.b = w.b[:groups[len(groups)-1].mark]
	for _, g := range slices.Backward(groups) {
		w.insert(g)
	}
}

// insert puts the span of g, a group in that which w renders, behind the open segment, and
// carries on in it.
func (w *Writer) insert(g *group) {
	sp := g.span
	sp.begin.group, sp.begin.next, sp.begin.part = g, &sp.content, w.part
	sp.content.next, sp.content.part = &sp.after, w.part
	sp.after.next, sp.after.part = w.seg.next, w.part
	w.seg.next = &sp.begin
	w.r.mu.Lock()
	g.pending, g.live = 1, 1
	if outer := g.outer; outer != nil {
		outer.pending++
		outer.live++
		outer.add(g)
	}
	w.r.mu.Unlock()
	w.moveTo(&sp.content, g.outer)
}

// inside are the groups directly in a group that are anchored and have not ended or failed,
// as a list, so that its failure can be told to them.
type inside struct {
	first      *group
	next, prev *group // in the list of outer
}

// add adds inner to those in g. If g has failed, so has inner.
func (g *group) add(inner *group) {
	if inner.err = g.err; inner.err != nil {
		return
	}
	if inner.next = g.first; inner.next != nil {
		inner.next.prev = inner
	}
	g.first = inner
}

// remove takes g out of the list it is in.
func (g *group) remove() {
	switch {
	case g.prev != nil:
		g.prev.next = g.next
	case g.outer != nil && g.outer.first == g:
		g.outer.first = g.next
	}
	if g.next != nil {
		g.next.prev = g.prev
	}
	g.next, g.prev = nil, nil
}

// lose has g fail. It is called with r.mu held.
func (g *group) lose(err error) {
	g.state = failed
	g.remove()
	g.loseAll(err)
}

// loseAll notes in g and the groups in it why their content is lost.
func (g *group) loseAll(err error) {
	g.err = err
	for inner := g.first; inner != nil; {
		next := inner.next
		inner.next, inner.prev = nil, nil
		inner.loseAll(err)
		inner = next
	}
	g.first = nil
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
	if g.err != nil {
		return g.err
	}
	g.pending++
	g.live++
	for ; g != nil && !g.joined; g = g.outer {
		g.joined = true
		g.watch(r)
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
	g.departed()
}

// departed counts out somebody who ran in g. The last counts out g itself. It is called
// with r.mu held.
func (g *group) departed() {
	for ; g != nil; g = g.outer {
		if g.live--; g.live > 0 {
			return
		}
	}
}

// leave counts out something that ended well in g. The last ends g, which the group
// around it was waiting for.
func (r *render) endMember(g *group) {
	for ; g != nil; g = g.outer {
		r.mu.Lock()
		g.pending--
		over := g.pending == 0 && g.state == running
		if over {
			g.state = ended
			g.remove()
		}
		r.mu.Unlock()
		if !over {
			return
		}
		g.stop(r, nil)
		r.seal(&g.span.begin)
		r.unblock(g)
	}
}

// fail ends g with the error of a part or a timer in it. The error rises to the
// nearest Catch, whose fallback takes that group's place, and otherwise to the page.
// at is the segment in which it arose. fail returns the error as it has become.
func (r *render) fail(g *group, err error, at *segment) error {
	failing, catch, risen, err := r.rise(g, err)
	r.noteError(at, err)
	if risen && catch == nil {
		r.abort(err, at) // before anything is let go that Blocking held back
	}
	for _, g := range failing {
		g.stop(r, err)
	}
	r.wakeFailed()
	if catch != nil {
		r.recoverWith(catch, err)
	}
	return err
}

// rise marks the groups that fail with g. It stops at a Catch, unless err is an answer or
// the context around that has ended, for then the error comes from further out; and at a
// group that has failed or ended already, when risen is false. In a Timeout whose time is
// over the error is its own, however the parts put it.
func (r *render) rise(g *group, err error) (failing []*group, catch *group, risen bool, cause error) {
	answer := r.isAnswer(err)
	r.mu.Lock()
	defer r.mu.Unlock()
	for ; g != nil; g = g.outer {
		if g.expired() {
			err, answer = g.late, false
		}
		if g.state != running {
			return failing, nil, false, err
		}
		lost := g.err != nil // with one around it, or with the page
		g.lose(err)
		failing = append(failing, g)
		if g.fallback == nil || answer || lost || r.failed.Load() || g.scope.parent.Err() != nil {
			continue
		}
		g.caught = true
		if g.outer != nil {
			g.outer.live++ // the fallback, before anybody can think that it is deserted
		}
		return failing, g, true, err
	}
	return failing, nil, true, err
}

// recoverWith renders the fallback of g as a part in g's place. It belongs to the
// group around g, where it is pending in g's stead.
func (r *render) recoverWith(g *group, err error) {
	p := &part{group: g.outer, follow: &g.span.after, body: &fallback{r, g, err}}
	p.child.next = &g.span.after
	g.span.alt = &p.child
	r.admitAnyway()
	r.launch(p, g.scope.parent, g.span.begin.part)
	r.seal(&g.span.begin)
	r.unblockAll(g)
}

// fallback renders what takes the place of a Catch of which a part has failed.
type fallback struct {
	r     *render
	catch *group
	err   error
}

func (f *fallback) Render(ctx context.Context, w io.Writer) error {
	f.r.tellCaught(f.err)
	return renderAny(ctx, w, f.catch.fallback(f.err))
}

// PartName names the function that makes the fallback.
func (f *fallback) PartName() string { return FuncName(f.catch.fallback) }

// stop cancels what runs in g, with the cause, which is nil if it ended well.
func (g *group) stop(r *render, cause error) {
	g.unwatch(r)
	switch {
	case g.blocking:
	case cause == nil:
		g.scope.end()
	default:
		g.scope.cancel(cause)
	}
}
