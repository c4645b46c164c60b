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
// somebody asks for it. That of a Timeout is made at once, for its clock to run.
//
// Scopes nest as deep as the groups of a page do, so nothing may ask them one after
// the other: values come from the nearest context that is not of this package, and a
// scope that finds many others on the way to an answer makes its own context.
type scope struct {
	parent context.Context // what ends with it
	values context.Context // what it has from outside
	w      *Writer         // whose group or page it is
	limit  *deadline       // the earliest of the Timeouts around it and its own
	timed  bool            // it has one of its own: limit
	inner  atomic.Pointer[cancelable]
	ended  atomic.Bool
}

type deadline struct {
	at  time.Time
	err *TimeoutError
}

type cancelable struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
}

// init makes s, which is new, a scope within ctx for what w renders.
func (s *scope) init(ctx context.Context, w *Writer) {
	s.parent, s.values, s.w = ctx, ctx, w
	switch outer := ctx.(type) {
	case *scope:
		s.values, s.limit = outer.values, outer.limit
	case *partContext:
		s.init(outer.Context, w)
	}
}

// expireAfter ends s after d, with err as its cause.
func (s *scope) expireAfter(d time.Duration, err *TimeoutError) {
	own := &deadline{time.Now().Add(d), err}
	if s.limit == nil || own.at.Before(s.limit.at) {
		s.limit, s.timed = own, true
	}
	s.live()
}

// live returns the inner context, making it if this is the first call.
func (s *scope) live() *cancelable {
	if in := s.inner.Load(); in != nil {
		return in
	}
	ctx, cancel := context.WithCancelCause(s.parent)
	in := &cancelable{ctx, cancel}
	if s.timed {
		var stop context.CancelFunc
		in.ctx, stop = context.WithDeadlineCause(ctx, s.limit.at, s.limit.err)
		in.cancel = func(cause error) { cancel(cause); stop() }
	}
	if !s.inner.CompareAndSwap(nil, in) {
		in.cancel(nil)
		return s.inner.Load()
	}
	if s.ended.Load() {
		in.cancel(nil)
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

// Deadline returns the earliest deadline around s.
func (s *scope) Deadline() (time.Time, bool) {
	at, ok := s.values.Deadline()
	if s.limit != nil && (!ok || s.limit.at.Before(at)) {
		return s.limit.at, true
	}
	return at, ok
}

func (s *scope) Done() <-chan struct{} { return s.live().ctx.Done() }

func (s *scope) Err() error { return s.nearest().Err() }

// manyScopes is how many scopes are asked one after the other.
const manyScopes = 16

// nearest returns the nearest context, from s outwards, that knows whether it has ended.
func (s *scope) nearest() context.Context {
	for x, n := s, 0; n < manyScopes; n++ {
		if in := x.inner.Load(); in != nil {
			return in.ctx
		}
		if x.ended.Load() {
			break
		}
		outer, ok := x.parent.(*scope)
		if !ok {
			return x.parent
		}
		x = outer
	}
	return s.live().ctx
}

// Value asks the inner context for what package context looks for in it. That links
// derived contexts to it without a goroutine and knows its cause.
func (s *scope) Value(key any) any {
	switch key {
	case writerKey{}:
		return s.w
	case cancelKey:
		return s.nearest().Value(key)
	}
	return s.values.Value(key)
}

func (s *scope) String() string { return "stream.scope" }

// partContext is the context of a part: the one Go was given, and the part's
// Writer. It does not wrap that of another part, so what is asked of it does not
// depend on how deep parts are nested.
type partContext struct {
	context.Context
	w *Writer
}

// init makes c the context of a part that was given ctx.
func (c *partContext) init(ctx context.Context, w *Writer) {
	if outer, ok := ctx.(*partContext); ok {
		ctx = outer.Context
	}
	c.Context, c.w = ctx, w
}

func (c *partContext) Value(key any) any {
	if key == (writerKey{}) {
		return c.w
	}
	return c.Context.Value(key)
}

func (c *partContext) String() string { return "stream.part" }

// cancelKey is the key by which package context finds a context of its own behind one of
// another package.
var cancelKey = func() any {
	var asked keyNoter
	_, cancel := context.WithCancel(&asked)
	cancel()
	return asked.key
}()

// keyNoter is a context that can be cancelled and notes what it is asked for.
type keyNoter struct{ key any }

func (*keyNoter) Deadline() (at time.Time, ok bool)   { return }
func (*keyNoter) Done() <-chan struct{}               { return make(chan struct{}) }
func (*keyNoter) Err() error                          { return nil }
func (*keyNoter) AfterFunc(func()) (stop func() bool) { return func() bool { return true } }
func (n *keyNoter) Value(key any) any                 { n.key = key; return nil }
