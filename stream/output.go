package stream

import (
	"errors"
	"io"
	"time"

	"github.com/valyala/bytebufferpool"
)

// output is the destination and what has happened to it.
type output struct {
	w       io.Writer
	locked  bool
	asked   bool                       // whether
	whole   bool                       // the document is to leave as a whole
	sent    bool                       // Write, WriteWhole or Flush has been called
	dirty   bool                       // something was written since the last flush
	flushed *time.Time                 // when that was, if it matters
	kept    *bytebufferpool.ByteBuffer // of a document that leaves as a whole
}

// lock tells the destination that the page's context locks; see the package
// comment for when.
func (r *render) lock() {
	if r.out.locked {
		return
	}
	r.out.locked = true
	if l, ok := r.out.w.(interface{ Lock() }); ok {
		r.use(func() error { l.Lock(); return nil })
	}
}

// keeps reports whether the document is to leave as a whole. The destination is asked when
// it matters, which is after the lock.
func (r *render) keeps() bool {
	if r.out.sent {
		return false
	}
	if !r.out.asked {
		r.out.asked = true
		r.out.whole = r.opts.Flush == FlushNone
		if d, ok := r.out.w.(interface{ Whole() bool }); ok && !r.out.whole {
			r.use(func() error { r.out.whole = d.Whole(); return nil })
		}
	}
	return r.out.whole
}

// write writes b. whole says that it is the entire document.
func (r *render) write(b []byte, whole bool) {
	if r.stopped() != nil {
		return
	}
	r.lock()
	write := r.out.w.Write
	if ww, ok := r.out.w.(interface{ WriteWhole([]byte) (int, error) }); ok && whole {
		write = ww.WriteWhole
	} else if len(b) == 0 {
		return
	}
	r.out.sent, r.out.dirty = true, true
	r.use(func() error {
		n, err := write(b)
		if err == nil && n != len(b) {
			err = io.ErrShortWrite
		}
		r.trace.wrote(n, err)
		return err
	})
}

// Why a flush is made.
type flushReason uint8

const (
	flushDue   flushReason = iota // the head is not ready, or the policy says so
	flushAsked                    // the root asked
	flushLast
)

// flush flushes the destination, if something was written since the last time or
// the page asked for it. One that is due too early after the last is left for await.
func (r *render) flush(why flushReason) {
	switch {
	case why != flushAsked && !r.out.dirty, r.keeps(), r.stopped() != nil:
		return
	case why == flushDue && r.pause() > 0:
		return
	}
	r.lock()
	r.out.sent, r.out.dirty = true, false
	if r.opts.MinFlush > 0 {
		now := time.Now()
		r.out.flushed = &now
	}
	r.use(func() error {
		err := flush(r.out.w)
		r.trace.flushed(err)
		return err
	})
}

// pause is how long it is until there may be a flush.
func (r *render) pause() time.Duration {
	if r.opts.MinFlush <= 0 || r.out.flushed == nil {
		return 0
	}
	return r.opts.MinFlush - time.Since(*r.out.flushed)
}

// untilFlush returns a channel that is ready when a flush is due that was too early; the
// channel is nil if there is none.
func (r *render) untilFlush() (due <-chan time.Time, stop func()) {
	if r.opts.MinFlush <= 0 || !r.out.dirty || r.out.kept != nil {
		return nil, func() {}
	}
	timer := time.NewTimer(r.pause())
	return timer.C, func() { timer.Stop() }
}

// use calls a method of the destination. If that fails or panics, so has the page.
func (r *render) use(f func() error) {
	if err := protect(f); err != nil {
		r.abort(err, nil)
	}
}

// protect calls f and turns a panic into an error.
func protect(f func() error) (err error) {
	returned := false
	defer func() {
		if returned {
			return
		}
		if v := recover(); v != nil {
			err = unwound(v)
		}
	}()
	err = f()
	returned = true
	return err
}

// flush flushes w if it can be flushed.
func flush(w io.Writer) (err error) {
	switch w := w.(type) {
	case *Writer: // of a render around this one
		return w.flush()
	case interface{ FlushError() error }:
		err = w.FlushError()
	case interface{ Flush() error }:
		err = w.Flush()
	case interface{ Flush() }:
		w.Flush()
	}
	if errors.Is(err, errors.ErrUnsupported) {
		return nil
	}
	return err
}

func canFlush(w io.Writer) bool {
	switch w.(type) {
	case interface{ FlushError() error }, interface{ Flush() error }, interface{ Flush() }:
		return true
	}
	return false
}
