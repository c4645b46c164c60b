package stream

import (
	"context"
	"errors"
	"math/bits"

	"github.com/valyala/bytebufferpool"
)

// What a part writes is charged to the page, and to the Budget if there is one, before
// it is written, in credits that grow as the part does. When its segment is sealed, it is
// charged what its buffer takes, and that is given back when the bytes have left. A part
// that gets no credit hands on what it has and waits. No page can come to a standstill by
// that: it moves as long as its head does, and whoever the flusher sleeps for is credited
// a little beyond the bound.

const (
	firstCredit = 256
	// smallCredit is what a part that waited gets, and the head when the quota is used up.
	smallCredit = 4 << 10
	// backlog is how many bytes of the part at the head may wait for the reader.
	backlog = 32 << 10
)

// charge counts n more bytes, wherever the bounds are.
func (r *render) charge(n int) {
	if n == 0 {
		return
	}
	r.bytes.add(n)
	if b := r.opts.Shared; b != nil {
		b.open().add(n)
	}
}

// take charges n bytes if the bounds allow it. If not, it returns the quota that is used up.
func (r *render) take(n int) *quota {
	if !r.bytes.take(n) {
		return &r.bytes
	}
	if b := r.opts.Shared; b != nil && !b.open().take(n) {
		r.bytes.add(-n)
		return &b.bytes
	}
	return nil
}

// errFull says that a part has to wait before it may write more.
var errFull = errors.New("stream: the quota is used up")

// prepare makes the open segment ready for some of n more bytes, and returns for how many. If
// the error is errFull, wait does the same. Any other is kept: that a component did not look
// at it must not make it seem to have written everything.
func (w *Writer) prepare(n int) (int, error) {
	switch {
	case w.ended:
		return 0, errEnded
	case w.err != nil:
		return 0, w.err
	}
	n = min(n, max(w.r.spill, defaultSpill))
	if w.err = w.tooLarge(n); w.err != nil {
		return 0, w.err
	}
	if w.part != nil {
		return w.credit(n)
	}
	if w.err = w.r.relieve(); w.err != nil {
		return 0, w.err
	}
	if w.buf == nil && w.group == nil && w.r.concurrent == nil {
		w.use(pool.slab()) // nothing before it can keep it waiting
	}
	need := len(w.b) + n
	w.extend(max(need, min(max(2*w.limit, firstCredit), w.r.spill-1)))
	return n, nil
}

// tooLarge returns an error if n more bytes are too many for the group that keeps them
// back.
func (w *Writer) tooLarge(n int) error {
	if w.group == nil {
		return nil
	}
	g := w.group.top
	open := len(w.b)
	if g.span == nil {
		open -= g.mark
	}
	return w.r.checkHeld(g.bytes.Load() + int64(open) + int64(n))
}

// checkHeld returns an error if n bytes are more than may be held.
func (r *render) checkHeld(n int64) error {
	limit := orDefault(r.opts.Held, 16<<20)
	if n <= int64(limit) {
		return nil
	}
	return &TooLargeError{Limit: limit}
}

// credit charges for some of n more bytes, and while the quota is not used up for some times
// as many as the segment holds.
func (w *Writer) credit(n int) (int, error) {
	if w.backlogged() {
		return 0, errFull
	}
	if w.r.headPart.Load() == w.part {
		n = min(n, backlog)
	}
	n = w.r.possible(n)
	need := len(w.b) + n
	ample := max(need, min(max(4*w.credited, firstCredit), w.r.spill-1))
	if w.takeFor(ample) == nil || w.takeFor(need) == nil {
		return n, nil
	}
	return 0, errFull
}

// takeFor lets the open segment hold as much as limit, if it is credited that. If not, it
// returns the quota that is used up.
func (w *Writer) takeFor(limit int) (full *quota) {
	size := capacity(limit)
	if full = w.r.take(size - w.credited); full == nil {
		w.credited = size
		w.extend(max(limit, min(size, w.r.spill-1)))
	}
	return full
}

// extend lets the open segment hold as much as limit.
func (w *Writer) extend(limit int) {
	switch {
	case w.buf == nil:
		w.setBuffer(pool.fit(limit))
	case cap(w.b) >= limit || limit <= maxSmall:
	case w.part != nil || limit < firstSlab:
		w.moveText(pool.fit(limit))
	case cap(w.b) < firstSlab:
		w.moveText(pool.slab()) // the root's may grow as it likes: there is one
	}
	w.limit = limit
}

// moveText makes buf, which is empty, the buffer of what the open segment holds.
func (w *Writer) moveText(buf *bytebufferpool.ByteBuffer) {
	buf.B = append(buf.B, w.b...)
	pool.put(w.buf, w.r.spill)
	w.setBuffer(buf)
}

func (w *Writer) setBuffer(buf *bytebufferpool.ByteBuffer) {
	w.seg.buf, w.buf, w.b = buf, buf, buf.B
}

// possible returns n, or what the bounds allow at most.
func (r *render) possible(n int) int {
	limit := r.bytes.limit
	if b := r.opts.Shared; b != nil {
		limit = min(limit, b.open().limit)
	}
	switch {
	case int64(capacity(n)) <= limit:
		return n
	case limit < minBlock:
		return min(n, int(limit), maxSmall)
	}
	return min(n, 1<<(bits.Len(uint(limit))-1))
}

// wait hands on what w holds, and waits for quota for n more bytes, or for smallCredit if they
// are more. It returns for how many there is. When the flusher sleeps for w, it is credited
// that at once.
func (w *Writer) wait(n int) (int, error) {
	w.emptyOut()
	n = min(n, smallCredit)
	wt := &waiter{w: w, ready: make(chan struct{}, 1)}
	wt.ample = w.r.possible(max(n, min(smallCredit, w.r.spill-1)))
	defer wt.stop()
	defer w.r.trace.partWaits(w.part)()
	for {
		var goOn bool
		if goOn, w.err = wt.goesOn(); goOn || w.err != nil {
			return min(n, wt.ample), w.err
		}
		wt.sleep()
	}
}

// goesOn reports whether the part goes on, with what it waited for or with an error.
func (wt *waiter) goesOn() (bool, error) {
	w := wt.w
	for {
		if err := w.stopped(); err != nil {
			return false, err
		}
		if w.ctx().Err() != nil {
			return false, context.Cause(w.ctx())
		}
		if w.backlogged() {
			if wt.behind.Swap(true) {
				return false, nil
			}
			wt.dequeue()
			wt.list()
			continue // the reader may have taken it before anybody knew of us
		}
		wt.behind.Store(false)
		full := w.takeFor(wt.ample)
		switch {
		case full == nil:
			return true, nil
		case w.awaited():
			w.credited = capacity(wt.ample)
			w.r.charge(w.credited)
			w.extend(wt.ample)
			return true, nil
		case !wt.enqueue(full):
			return false, nil
		}
		// Some may have come free before anybody knew of us.
	}
}

func (wt *waiter) sleep() {
	select {
	case <-wt.ready:
	case <-wt.w.ctx().Done():
	case <-wt.w.r.page.Done():
	}
}

// backlogged reports whether w writes the head and the reader has not taken much of it. Then
// to write more would only take memory: nothing waits for it. What is in a group does not
// leave before the group is done, and so does not wait for the reader.
func (w *Writer) backlogged() bool {
	p := w.part
	if p.group != nil || w.group != nil || w.deferred != nil || w.r.headPart.Load() != p {
		return false
	}
	return int64(p.unsent.Load())+w.r.inFlight.Load() > backlog
}

// emptyOut hands on what the open segment holds, and gives back its credit.
func (w *Writer) emptyOut() {
	if len(w.b) > 0 {
		w.anchor(w.group)
	}
	switch {
	case len(w.b) > 0:
		w.split()
	case w.buf != nil:
		pool.put(w.buf, w.r.spill)
		w.r.charge(-w.credited)
		w.use(nil)
	}
}

// ctx is the context in which w waits: that of the innermost group it renders, or its
// part's.
func (w *Writer) ctx() context.Context {
	if w.group != w.part.group {
		return w.group.ctx
	}
	return &w.part.ctx
}

// awaited reports whether nothing else can free any quota: the flusher sleeps for the segment
// of w or for a group it is in, or w may be what keeps the whole page back.
func (w *Writer) awaited() bool {
	head := w.r.waiting.Load()
	if head == w.seg || w.deferred != nil {
		return true
	}
	if w.group == nil {
		return false
	}
	top := w.group.top // what is in it leaves with it
	return w.group.blocked || top.span != nil && head == &top.span.begin
}

// relieve makes the root, where too much of the page waits and much of that is its own,
// do what it would do after its end, until it is less.
func (r *render) relieve() error {
	for r.crowded() {
		r.drain()
		if err := r.stopped(); err != nil {
			return err
		}
		if r.crowded() {
			r.sleep()
		}
	}
	return nil
}

// crowded is never true while something can be kept back by the root itself: then the
// flusher would sleep for ever.
func (r *render) crowded() bool {
	if r.concurrent == nil || r.root.group != nil || r.root.deferred != nil {
		return false
	}
	much := r.pending / 8
	if int64(r.text) > much {
		r.open()
	}
	if !r.opened || r.head == r.root.seg || int64(r.own) <= much {
		return false
	}
	return r.bytes.full() || r.opts.Shared != nil && r.opts.Shared.open().full()
}
