package stream

import (
	"context"

	"github.com/valyala/bytebufferpool"
)

// The flusher runs in the goroutine that called Render: when the root asks for a
// flush or spills, and when the root has ended, until everything has left.

// flushAll writes the document to its end, sleeping while the head is not done.
func (r *render) flushAll() {
	if r.stopped() != nil {
		return
	}
	r.releaseDeferred(&r.root)
	r.lock()
	r.root.close()
	r.seal(r.root.seg)
	r.flushing = true
	r.moveHead()
	for {
		r.drain()
		if r.head == nil || r.failed.Load() {
			break
		}
		r.sleep()
	}
	// The reader need not wait for what still runs: something else was shown in its place.
	if r.concurrent != nil && r.running.Load() > 0 {
		r.flush(flushLast)
		r.mu.Lock()
		r.complete = !r.failed.Load()
		r.mu.Unlock()
	}
}

// writeReady is what the root does in the midst of its work.
func (r *render) writeReady(asked bool) {
	if r.root.inRoot() {
		r.open()
	}
	if !r.opened || r.blockedNow() { // what a part in the root's place asks for must not let the page go
		return
	}
	r.lock()
	r.drain()
	if asked {
		r.flush(flushAsked)
	}
}

// drain writes everything that is ready, from the head on. Neighbours that are
// small together leave in one Write.
func (r *render) drain() {
	ready, charge := r.out.kept, 0 // charge is what is charged for ready
	r.out.kept = nil
	for r.head != nil && !r.blockedNow() && r.head.done.Load() {
		buf, charged := r.pass()
		switch {
		case buf == nil:
		case ready == nil:
			ready, charge = buf, charged
		case r.keeps() || len(ready.B)+len(buf.B) <= r.spill:
			ready, charge = r.merge(ready, buf), charge+charged
		default:
			r.send(ready, charge)
			ready, charge = buf, charged
		}
		if r.opts.Flush == FlushEach && ready != nil && r.head != nil && !r.keeps() {
			r.send(ready, charge)
			r.flush(flushDue)
			ready = nil
		}
	}
	r.moveHead()
	switch {
	case r.head == nil && !r.out.sent:
		if r.tooMuch(ready) {
			r.out.kept = ready
			return
		}
		r.write(bytesOf(ready), true)
		r.charge(-charge)
		pool.put(ready, r.spill)
	case r.keeps():
		r.out.kept = ready
		r.tooMuch(ready)
	case ready != nil:
		r.send(ready, charge)
	}
}

// merge appends b to ready, and returns the buffer that holds both.
func (r *render) merge(ready, b *bytebufferpool.ByteBuffer) *bytebufferpool.ByteBuffer {
	if len(ready.B)+len(b.B) > cap(ready.B) {
		slab := pool.slab()
		if cap(slab.B) > cap(ready.B) {
			slab.B = append(slab.B, ready.B...)
			ready, slab = slab, ready
		}
		pool.put(slab, r.spill)
	}
	ready.B = append(ready.B, b.B...)
	pool.put(b, r.spill)
	return ready
}

func bytesOf(b *bytebufferpool.ByteBuffer) []byte {
	if b == nil {
		return nil
	}
	return b.B
}

// send writes b and recycles it. What it was charged is given back.
func (r *render) send(b *bytebufferpool.ByteBuffer, charged int) {
	r.moveHead() // before the Write, which may take long
	r.write(b.B, false)
	r.charge(-charged)
	pool.put(b, r.spill)
	if r.concurrent != nil && r.inFlight.Swap(0) > 0 {
		r.waiters.wake()
	}
}

// moveHead tells the parts which of them writes the head, when the root has ended.
func (r *render) moveHead() {
	if r.concurrent == nil || !r.flushing || r.head == nil {
		return
	}
	if r.headPart.Load() != r.head.part {
		r.headPart.Store(r.head.part)
		r.waiters.wake()
	}
}

// tooMuch fails the page if b, which is kept back, has grown too large.
func (r *render) tooMuch(b *bytebufferpool.ByteBuffer) bool {
	if !r.out.whole {
		return false
	}
	err := r.checkHeld(int64(len(bytesOf(b))))
	if err != nil {
		r.abort(err, nil)
	}
	return err != nil
}

// pass moves the head to the next segment and returns the buffer of the old one, and what
// is charged for that. It unlinks the old one: who keeps a context must not keep the
// document.
func (r *render) pass() (buf *bytebufferpool.ByteBuffer, charged int) {
	s := r.head
	r.head = s.after()
	if s.group != nil && r.head != s.next && r.concurrent != nil {
		r.dropped = append(r.dropped, s.group)
	}
	buf = s.buf
	s.buf, s.next = nil, nil
	if buf == nil || r.concurrent == nil {
		return buf, 0
	}
	charged = cost(buf)
	if s.part == nil {
		r.own -= charged
	}
	if s.counted {
		r.inFlight.Add(int64(len(buf.B)))
		s.part.unsent.Add(-int32(len(buf.B)) - segmentSize)
	}
	if r.keeps() {
		r.charge(-charged)
		charged = 0
		r.inFlight.Store(0)
	}
	return buf, charged
}

// sleep flushes what was written and sleeps until the head may be done. Whatever the
// flush has to wait for yet, if there is to be some time between two, is waited for here.
func (r *render) sleep() {
	r.sweep()
	r.flush(flushDue)
	r.waiting.Store(r.head)
	defer r.waiting.Store(nil)
	if r.failed.Load() || !r.blockedNow() && r.head.done.Load() {
		return
	}
	r.waiters.wake()
	due, stop := r.untilFlush()
	defer stop()
	defer r.trace.headWaits(r.head)()
	select {
	case <-r.wake:
	case <-due:
	case <-r.page.Done():
		r.abort(context.Cause(&r.page), nil)
	}
}

// sweep recycles the content of groups whose fallback took its place, when nobody can be
// writing there any more.
func (r *render) sweep() {
	if len(r.dropped) == 0 {
		return
	}
	r.mu.Lock()
	var deserted []*group
	still := r.dropped[:0]
	for _, g := range r.dropped {
		if g.live == 0 {
			deserted = append(deserted, g)
		} else {
			still = append(still, g)
		}
	}
	clear(r.dropped[len(still):])
	r.dropped = still
	r.mu.Unlock()
	for _, g := range deserted {
		all, own := discard(&g.span.content, &g.span.after, r.spill)
		r.charge(-all)
		r.own -= own
	}
}

// seal hands s to the flusher. Its writer must have linked it and must not touch
// it again.
func (r *render) seal(s *segment) {
	s.done.Store(true)
	if r.concurrent != nil && r.waiting.Load() == s {
		r.wakeUp()
	}
}

func (r *render) wakeUp() {
	if r.concurrent == nil {
		return
	}
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// wakeFailed lets those who wait for quota see that what they are in has failed.
func (r *render) wakeFailed() {
	if r.concurrent != nil {
		r.waiters.wakeAll()
	}
}

// open notes that the document may leave, when the root flushes, spills or has written
// much. It depends on the root alone and not on whether anything has left, so that neither
// does what an answer means in a Blocking that begins after it.
func (r *render) open() {
	if g := r.root.group; g == nil || !g.blocked {
		r.opened = true
	}
}

// held reports whether a Blocking group keeps the document back. Once a byte has
// left there is nothing to keep back for.
func (r *render) blockedNow() bool { return r.blockers.Load() > 0 && !r.out.sent }
