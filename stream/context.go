package stream

import (
	"context"
	"sync/atomic"
	"time"
)

// writerKey finds, in the context of a part, the Writer of that part.
type writerKey struct{}

// scope is the context of a page or a group. Most pages never look at the Done
// channel of their context, so the context that can be cancelled is made when
// somebody asks for it.
type scope struct {
	parent context.Context
	w      *Writer // the root's, in the scope of a page
	inner  atomic.Pointer[cancelable]
	ended  atomic.Bool
}

type cancelable struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
}

// live returns the inner context, making it if this is the first call.
func (s *scope) live() *cancelable {
	if in := s.inner.Load(); in != nil {
		return in
	}
	ctx, cancel := context.WithCancelCause(s.parent)
	in := &cancelable{ctx, cancel}
	if !s.inner.CompareAndSwap(nil, in) {
		cancel(nil)
		return s.inner.Load()
	}
	if s.ended.Load() {
		cancel(nil)
	}
	return in
}

func (s *scope) cancel(cause error) { s.live().cancel(cause) }

// end cancels what is derived from s. Somebody may hold s longer than that, so s
// is not reused, and reports that it is over whenever it is asked.
func (s *scope) end() {
	s.ended.Store(true)
	if in := s.inner.Load(); in != nil {
		in.cancel(nil)
	}
}

func (s *scope) Deadline() (time.Time, bool) { return s.parent.Deadline() }

func (s *scope) Done() <-chan struct{} { return s.live().ctx.Done() }

func (s *scope) Err() error {
	if in := s.inner.Load(); in != nil {
		return in.ctx.Err()
	}
	if s.ended.Load() {
		return s.live().ctx.Err()
	}
	return s.parent.Err()
}

// Value asks the inner context once there is one: this is how package context
// finds it, and so links derived contexts to it without a goroutine and knows its
// cause.
func (s *scope) Value(key any) any {
	if _, ok := key.(writerKey); ok && s.w != nil {
		return s.w
	}
	if in := s.inner.Load(); in != nil {
		return in.ctx.Value(key)
	}
	return s.parent.Value(key)
}

func (s *scope) String() string { return "stream.scope" }

// partContext is the context of a part: the one Go was given, and the part's
// Writer.
type partContext struct {
	context.Context
	w *Writer
}

func (c *partContext) Value(key any) any {
	if _, ok := key.(writerKey); ok {
		return c.w
	}
	return c.Context.Value(key)
}

func (c *partContext) String() string { return "stream.part" }
