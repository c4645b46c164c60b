package stream

import (
	"context"
	"errors"
	"io"
	"sync"
	"sync/atomic"
)

// Renderable is anything that writes itself. Render must be done with w when it
// returns.
type Renderable interface {
	Render(ctx context.Context, w io.Writer) error
}

// Func is a function as a Renderable.
type Func func(ctx context.Context, w io.Writer) error

// Render calls f.
func (f Func) Render(ctx context.Context, w io.Writer) error { return f(ctx, w) }

// Renderer holds the limits of a render. The zero value has sensible ones. It keeps
// no state and may be used by several goroutines.
type Renderer struct {
	// Spill is the number of bytes a part may hold back while it renders; past it
	// they are handed on. 64 KiB if zero.
	Spill int
	// Concurrency is how many parts of one Render run at once; at the limit Go renders
	// the part before it returns. 1024 if zero.
	Concurrency int
}

func (l Renderer) withDefaults() Renderer {
	if l.Spill <= 0 {
		l.Spill = 64 << 10
	}
	if l.Concurrency <= 0 {
		l.Concurrency = 1024
	}
	return l
}

// Render renders root to w with the default limits. See [Renderer.Render].
func Render(ctx context.Context, w io.Writer, root Renderable) error {
	return new(Renderer).Render(ctx, w, root)
}

// Render runs root in the calling goroutine and writes what it renders to w, in
// document order, as it becomes ready. It returns when all is written and every
// part has ended, or with an error when the page failed; the package comment says
// which. A nil root is an empty document.
func (l *Renderer) Render(ctx context.Context, w io.Writer, root Renderable) (err error) {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	r := newRender(ctx, w, l.withDefaults())
	defer r.finish(&err)
	if root != nil {
		err = root.Render(&r.page, &r.root)
	}
	if err == nil {
		r.flushAll()
	}
	r.returned = true
	return err
}

// render is one call of Render. It is not reused: a component may keep its context
// or its Writer, and must not find another page behind them.
type render struct {
	page   scope
	root   Writer
	first  segment
	limits Renderer

	// The flusher's own, touched by the goroutine that called Render alone.
	out      output
	head     *segment // the first segment that has not left; nil when all has
	dropped  []*group // passed by their fallback; parts of them may still be running
	returned bool

	wake    chan struct{}           // made at the first fork; holds one token
	waiting atomic.Pointer[segment] // what the flusher sleeps for
	parts   sync.WaitGroup          // goroutines and pending timers
	running atomic.Int32
	holds   atomic.Int32 // Blocking groups that keep the first byte back
	failed  atomic.Bool

	mu     sync.Mutex // guards the state of groups, and:
	cause  error      // why the page failed
	origin *segment   // where in the document that was; nil if it was outside
}

func newRender(ctx context.Context, w io.Writer, limits Renderer) *render {
	r := &render{limits: limits}
	r.out.w = w
	r.head = &r.first
	r.root.r, r.root.seg = r, &r.first
	r.root.use(pool.page())
	r.page.parent = ctx
	r.page.w = &r.root
	return r
}

// finish ends a render in whichever way its root ended: it joins the parts,
// decides on the error, and returns the buffers.
func (r *render) finish(err *error) {
	if !r.returned {
		*err = unwound(recover())
	}
	if *err != nil {
		r.root.seg.err = *err
		r.abort(*err, r.root.seg)
	}
	r.root.close()
	r.parts.Wait()
	if r.failed.Load() {
		*err = r.verdict()
	}
	for _, g := range r.dropped {
		discard(&g.span.content, &g.span.after, r.limits.Spill)
	}
	discard(r.head, nil, r.limits.Spill)
	r.page.end()
}

// abort fails the page: nothing more is written, and its context is cancelled.
// origin is the segment in which err arose, or nil if it did not arise in the
// document. If the caller's context has ended, that is the reason, whatever the
// parts say of it.
func (r *render) abort(err error, origin *segment) {
	r.mu.Lock()
	if r.failed.Load() {
		r.mu.Unlock()
		return
	}
	if r.page.parent.Err() != nil {
		err, origin = context.Cause(r.page.parent), nil
	}
	r.cause, r.origin = err, origin
	r.failed.Store(true)
	r.mu.Unlock()
	r.page.cancel(err)
	r.wakeUp()
}

// stopped returns the cause if the page has failed or the caller's context ended.
func (r *render) stopped() error {
	if !r.failed.Load() {
		if r.page.parent.Err() == nil {
			return nil
		}
		r.abort(context.Cause(r.page.parent), nil)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.cause
}

// verdict chooses the error that Render returns, when every part has ended.
func (r *render) verdict() error {
	if r.origin == nil {
		return r.cause
	}
	err := firstError(r.head, func(s *segment) bool {
		return s == r.origin || !errors.Is(s.err, context.Canceled) && !errors.Is(s.err, r.cause)
	})
	if err == nil {
		return r.cause
	}
	return err
}
