package stream

import (
	"errors"
	"io"
)

// output is the destination and what has happened to it.
type output struct {
	w      io.Writer
	locked bool
	sent   bool // Write, WriteWhole or Flush has been called
	dirty  bool // something was written since the last flush
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
		return err
	})
}

// flush flushes the destination, if something was written since the last time or
// the page asked for it.
func (r *render) flush(asked bool) {
	if !asked && !r.out.dirty || r.stopped() != nil {
		return
	}
	r.lock()
	r.out.sent, r.out.dirty = true, false
	r.use(func() error {
		_, err := flush(r.out.w)
		if errors.Is(err, errors.ErrUnsupported) {
			return nil
		}
		return err
	})
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

// flush flushes w if it can be flushed, and says whether it can.
func flush(w io.Writer) (ok bool, err error) {
	switch w := w.(type) {
	case interface{ FlushError() error }:
		return true, w.FlushError()
	case interface{ Flush() error }:
		return true, w.Flush()
	case interface{ Flush() }:
		w.Flush()
		return true, nil
	}
	return false, nil
}

func canFlush(w io.Writer) bool {
	switch w.(type) {
	case interface{ FlushError() error }, interface{ Flush() error }, interface{ Flush() }:
		return true
	}
	return false
}
