package stream

import (
	"context"
	"io"
	"sync"
	"sync/atomic"
	"time"
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

// Renderer holds the limits and habits of a render. The zero value has sensible ones.
// It keeps no state: it may be used by several goroutines, and copied, so that one
// page has other habits than the rest. What several renders share is in Shared.
type Renderer struct {
	// Spill is the number of bytes a part may hold back while it renders; past it
	// they are handed on. 64 KiB if zero.
	Spill int

	// Concurrency is how many parts of one Render run at once; at the limit Go renders
	// the part before it returns. 1024 if zero.
	Concurrency int

	// Pending is how many bytes of one Render may wait behind a slow part or a slow
	// reader. Past it a part waits where it writes, until some have left, it has become
	// the head, or its context has ended. So a part must not keep, while it writes, what
	// a part before it needs. 1 MiB if zero, no bound if negative. The root waits too, but
	// not before an eighth as much of its own is waiting.
	Pending int

	// Held is how many bytes of a Catch, Timeout or Blocking, or of a page with FlushNone,
	// are kept back until it is done. They may exceed Pending, for they cannot leave; past
	// Held the group or page fails with a [*TooLargeError]. It is looked at when more is
	// handed on: each part may have up to Spill bytes beside it. 16 MiB if zero, no bound
	// if negative.
	Held int

	// Shared bounds all renders together that share it. No such bounds if nil.
	Shared *Budget

	// Flush says when what was written is flushed.
	Flush FlushPolicy

	// MinFlush is the least time between two flushes, so that many quick parts do not make
	// as many packets. The first is not delayed, nor is one that the root asks for.
	MinFlush time.Duration

	// Timeout is the time for all of a Render, if it is not zero. When it is over the
	// context of the page ends with a [*TimeoutError] as its cause, and Render returns
	// that some milliseconds later at most, unless all had left before. What the root does
	// itself cannot be interrupted.
	Timeout time.Duration

	// Answer, if not nil, reports whether an error is an answer: one that stands for
	// another response than the page, and is no failure of the component that returned it.
	// A [Catch] lets it through, and Caught is not told of it: the page fails with it. An
	// answer works in the root before the lock, and in a [Blocking] that the root began
	// before anything could leave. Anywhere else it becomes a [*MisplacedError], whatever has
	// left. A [*PanicError] for which Answer reports true ends the page from anywhere.
	// Several goroutines may call it at the same time.
	Answer func(err error) bool

	// Abandoned counts and bounds the parts that ignore the end of their context, and go on
	// after Render has returned. If nil, they are counted and bounded together with those of
	// all other Renderers that have none, with the default limit.
	Abandoned *Abandoned

	// Left, if not nil, is told the names of the parts that a Render abandons, in document
	// order. It is called once for such a Render, in its goroutine, before that returns.
	Left func(ctx context.Context, parts []string)

	// Caught, if not nil, is told of each error for which a Catch renders its fallback, so
	// that somebody hears of it. Several goroutines may call it at the same time. An error
	// that more than one Catch gets to see, with few others in between, is told of once.
	Caught func(ctx context.Context, err error)

	// Others, if not nil, is told of the errors of a failed page that Render does not
	// return, in document order: those of other parts that are no consequence of the
	// first. It is called in the goroutine of Render, before that returns.
	Others func(ctx context.Context, errs []error)
}

func orDefault(n, otherwise int) int {
	switch {
	case n < 0:
		return int(^uint(0) >> 1)
	case n == 0:
		return otherwise
	}
	return n
}

func (l *Renderer) spill() int {
	if l.Spill <= 0 {
		return defaultSpill
	}
	return l.Spill
}

const defaultSpill = 64 << 10

var defaults Renderer

// Render renders root to w with the default limits. See [Renderer.Render].
func Render(ctx context.Context, w io.Writer, root Renderable) error {
	return defaults.Render(ctx, w, root)
}

// Render runs root in the calling goroutine and writes what it renders to w, in
// document order, as it becomes ready. It returns when all is written and every
// part has ended, or with an error when the page failed; the package comment says
// which. It does not wait for parts that ignore the end of their context: see [Abandoned].
// A nil root is an empty document.
func (l *Renderer) Render(ctx context.Context, w io.Writer, root Renderable) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if l.Timeout > 0 {
		late, cancel := context.WithTimeoutCause(ctx, l.Timeout, &TimeoutError{After: l.Timeout})
		defer cancel()
		ctx = late
	}
	r := renderFor(root)
	r.begin(ctx, w, l)
	err := r.run(root)
	r.reuse()
	return err
}

// render is one call of Render. It is not reused unless its root is [Confined]: a
// component may keep its context or its Writer, and must not find another page behind them.
type render struct {
	page  scope
	root  Writer
	first segment
	opts  *Renderer
	spill int
	trace *tracer // nil unless somebody looks on

	// The flusher's own, touched by the goroutine that called Render alone.
	out      output
	head     *segment // the first segment that has not left; nil when all has
	returned bool
	flushing bool // the root has ended
	confined bool // nobody but Render and its root knows of it

	opened   bool         // see render.open
	blockers atomic.Int32 // Blocking groups that keep the first byte back
	failed   atomic.Bool

	mu       sync.Mutex         // guards the state of groups, and:
	failure  *failure           // why the page failed
	errs     map[*segment]error // of what was writing there when it failed
	complete bool               // all of it has left: it cannot fail any more
	caught   []error            // the last that Renderer.Caught was told of

	*concurrent // made by fork
}

// concurrent is what a page needs from its first fork on.
type concurrent struct {
	wake    chan struct{}           // holds one token
	waiting atomic.Pointer[segment] // what the flusher sleeps for; nil while it is awake
	running atomic.Int32            // parts
	live    atomic.Int32            // goroutines and pending timers; see leftBehind

	limits    Renderer   // a copy: parts may outlive the Render
	abandoned *Abandoned // counts them then

	headPart atomic.Pointer[part] // who writes the head; nil while the root runs
	inFlight atomic.Int64         // bytes the flusher has taken, of parts that went on, and not written yet

	pending int64 // how many bytes may wait
	bytes   quota // credited to open segments, or waiting in sealed ones
	waiters waiters

	// The flusher's own.
	own     int      // bytes of the root that wait
	text    int      // bytes of the root that were sealed, and what their segments take
	dropped []*group // passed by their fallback; parts of them may still be running
}

// begin prepares r, in which there is nothing yet.
func (r *render) begin(ctx context.Context, w io.Writer, opts *Renderer) {
	r.opts, r.spill, r.trace = opts, opts.spill(), tracerOf(ctx)
	r.out.w = w
	r.head = &r.first
	r.root.r, r.root.seg = r, &r.first
	r.root.use(pool.slab())
	r.page.init(ctx, &r.root)
}

func (r *render) run(root Renderable) (err error) {
	defer r.finish(&err)
	if root != nil {
		err = root.Render(&r.page, &r.root)
	}
	if err == nil {
		err = r.root.err
	}
	if err == nil {
		r.flushAll()
	}
	r.returned = true
	return r.root.checkAnswer(err)
}

// fork prepares for concurrency at the first fork, which only the root can make.
func (r *render) fork() {
	if r.concurrent != nil {
		return
	}
	r.lock()
	c := &concurrent{wake: make(chan struct{}, 1), limits: *r.opts, abandoned: r.opts.Abandoned}
	r.opts = &c.limits
	if c.abandoned == nil {
		c.abandoned = &abandoned
	}
	c.pending = int64(orDefault(r.opts.Pending, 1<<20))
	c.bytes.limit = c.pending - c.pending/8 // the rest is for the root
	r.concurrent = c
	for s := r.head; s != r.root.seg; s = s.after() {
		if s.buf != nil {
			r.own += cost(s.buf)
			r.text += len(s.buf.B) + segmentSize
		}
	}
	r.charge(r.own)
	r.page.live()
}

// finish ends a render in whichever way its root ended: it joins the parts, or abandons
// those that do not heed their context, decides on the error, and returns the buffers.
func (r *render) finish(err *error) {
	if !r.returned {
		*err = unwound(recover())
	}
	if *err != nil {
		r.noteError(r.root.seg, *err)
		r.abort(*err, r.root.seg)
	}
	r.root.close()
	n, parts := r.joinParts()
	if r.failed.Load() {
		*err = r.firstError()
	}
	r.page.end()
	if n > 0 {
		r.abandon(n, parts)
		return
	}
	r.recycle()
}

// recycle returns all buffers, and the bytes that were charged to others than r.
func (r *render) recycle() {
	pool.put(r.out.kept, r.spill)
	r.out.kept = nil
	discard(r.head, nil, r.spill)
	if r.concurrent == nil {
		return
	}
	for _, g := range r.dropped {
		discard(&g.span.content, &g.span.after, r.spill)
	}
	if b := r.opts.Shared; b != nil {
		b.bytes.add(-int(r.bytes.used.Load()))
	}
}
