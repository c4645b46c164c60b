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
	r.settleDebts(&r.root)
	r.lock()
	r.root.close()
	r.seal(r.root.seg)
	for {
		r.drain()
		if r.head == nil || r.failed.Load() {
			break
		}
		r.await()
	}
	// What still runs was abandoned by a Timeout; the reader need not wait for it.
	if r.running.Load() > 0 {
		r.flush(false)
	}
}

// drain writes everything that is ready, from the head on. Neighbours that are
// small together leave in one Write.
func (r *render) drain() {
	var ready *bytebufferpool.ByteBuffer
	for r.head != nil && !r.held() && r.head.done.Load() {
		buf := r.pass()
		switch {
		case ready == nil:
			ready = buf
		case buf == nil:
		case len(ready.B)+len(buf.B) <= r.limits.Spill:
			ready.B = append(ready.B, buf.B...)
			pool.put(buf, r.limits.Spill)
		default:
			r.write(ready.B, false)
			pool.put(ready, r.limits.Spill)
			ready = buf
		}
	}
	if r.head == nil && !r.out.sent {
		r.write(bytesOf(ready), true)
	} else if ready != nil {
		r.write(ready.B, false)
	}
	pool.put(ready, r.limits.Spill)
}

func bytesOf(b *bytebufferpool.ByteBuffer) []byte {
	if b == nil {
		return nil
	}
	return b.B
}

// pass moves the head to the next segment and returns the buffer of the old one.
// It unlinks the old one: who keeps a context must not keep the document.
func (r *render) pass() *bytebufferpool.ByteBuffer {
	s := r.head
	r.head = s.after()
	if s.group != nil && r.head != s.next {
		r.dropped = append(r.dropped, s.group)
	}
	buf := s.buf
	s.buf, s.next = nil, nil
	return buf
}

// await flushes what was written and sleeps until the head may be done.
func (r *render) await() {
	r.flush(false)
	r.waiting.Store(r.head)
	if r.failed.Load() || !r.held() && r.head.done.Load() {
		return
	}
	select {
	case <-r.wake:
	case <-r.page.Done():
		r.abort(context.Cause(&r.page), nil)
	}
}

// seal hands s to the flusher. Its writer must have linked it and must not touch
// it again.
func (r *render) seal(s *segment) {
	s.done.Store(true)
	if r.waiting.Load() == s {
		r.wakeUp()
	}
}

func (r *render) wakeUp() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// held reports whether a Blocking group keeps the document back. Once a byte has
// left there is nothing to keep back for.
func (r *render) held() bool { return r.holds.Load() > 0 && !r.out.sent }
