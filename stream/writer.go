package stream

import (
	"context"
	"io"
	"reflect"
	"runtime"
	"sync/atomic"

	"github.com/valyala/bytebufferpool"
)

// Writer is what a component receives as its io.Writer inside a Render. It belongs
// to one part, and to that part's goroutine.
type Writer struct {
	b        []byte                     // what the open segment holds; stored in buf when others may look
	limit    int                        // what b may hold before something must be done; -1 while there is no buffer
	buf      *bytebufferpool.ByteBuffer // the open segment's, or nil
	lent     *bytebufferpool.ByteBuffer // what Take has lent in place of buf, or nil
	credited int                        // what a part is charged for the open segment
	reserved int                        // how much of that is for what was lent
	seg      *segment                   // the open segment
	r        *render
	part     *part  // nil in the root
	group    *group // the innermost group being rendered
	deferred *group // Blocking groups that failed, until somebody has dealt with the error
	label    *label // or nil
	err      error  // why something written to w was lost, though the page has not failed

	probe atomic.Uint32 // see writerOf
	ended bool
}

// What happens to a Flush while a wrapper of the Writer is asked whether it
// passes one on.
const (
	probeNone = iota
	probeAsked
	probeSeen
)

// Write appends p to the document. It waits while too much of the page has not left;
// see [Renderer.Pending]. Its error says that the page has failed and that the caller
// should stop.
func (w *Writer) Write(p []byte) (int, error) {
	if len(w.b)+len(p) <= w.limit {
		w.b = append(w.b, p...)
		return len(p), nil
	}
	return write(w, p)
}

// WriteString is Write of a string.
func (w *Writer) WriteString(s string) (int, error) {
	if len(w.b)+len(s) <= w.limit {
		w.b = append(w.b, s...)
		return len(s), nil
	}
	return write(w, s)
}

// write is Write where something must be done first or after. What is large goes in
// pieces.
func write[T string | []byte](w *Writer, p T) (n int, err error) {
	for {
		fits, err := w.prepare(len(p) - n)
		if err == errFull {
			fits, err = w.wait(len(p) - n)
		}
		if err != nil {
			return n, err
		}
		w.b = append(w.b, p[n:n+fits]...)
		n += fits
		if err := w.handOn(); err != nil || n == len(p) {
			return n, err
		}
	}
}

// Flush hints that what comes before this place should leave soon. It is for wrappers,
// which call it whenever they are done, and so it does nothing while nothing of the page has
// forked or left: a page that is rendered in one go leaves in one Write. [Flush] insists.
func (w *Writer) Flush() {
	switch {
	case w.probe.Load() != probeNone && probing():
		w.probe.Store(probeSeen)
		return
	case w.r.concurrent == nil && !w.r.out.sent:
		return
	}
	w.flush() // an error has been noted and is returned by the next call that can
}

func (w *Writer) flush() error {
	if w.ended {
		return errEnded
	}
	if err := w.stopped(); err != nil {
		return err
	}
	w.anchor(w.group)
	if len(w.b) > 0 {
		w.split()
	}
	if w.part == nil {
		w.r.writeReady(true)
	}
	return w.r.stopped()
}

// handOn is the spill: if the open segment has grown too large it is sealed and a new
// one begun.
func (w *Writer) handOn() error {
	if len(w.b) < w.r.spill {
		return nil
	}
	if w.err = w.stopped(); w.err != nil { // or who does not look at it would fill the memory
		return w.err
	}
	w.anchor(w.group)
	if len(w.b) >= w.r.spill {
		w.split()
		if w.part == nil && w.group == nil {
			// A root that spills usually writes much more. A small buffer would have to grow
			// to that size each time.
			w.use(pool.slab())
		}
	}
	if w.part == nil {
		w.r.writeReady(false)
		w.r.relieve()
	}
	return w.r.stopped()
}

// use makes buf, which may be nil, the buffer of the open segment.
func (w *Writer) use(buf *bytebufferpool.ByteBuffer) {
	w.seg.buf, w.buf, w.b, w.limit = buf, buf, nil, -1
	w.credited, w.reserved = 0, 0
	switch {
	case buf == nil:
	case w.part == nil:
		w.b, w.limit = buf.B, w.r.spill-1
	default:
		w.b, w.limit, w.credited = buf.B, len(buf.B), cost(buf)
		w.r.charge(w.credited)
	}
}

// store puts what was written into the segment, for others to see, and corrects what is
// charged for it. The bytes are in the group g.
func (w *Writer) store(g *group) {
	if w.buf == nil {
		return
	}
	if w.r.concurrent != nil && cap(w.b) >= firstSlab && cap(w.b) > 2*len(w.b) {
		w.moveText(pool.fit(len(w.b))) // it may have to wait
	}
	w.buf.B = w.b
	g.countBytes(len(w.b))
	switch n := cost(w.buf); {
	case w.part != nil:
		w.r.charge(n - w.credited)
		if g == nil && w.part.group == nil && !w.ended {
			w.seg.counted = true
			w.part.unsent.Add(int32(len(w.b)) + segmentSize)
		}
	case w.r.concurrent != nil:
		w.r.own += n
		w.r.text += len(w.b) + segmentSize
		w.r.charge(n)
	}
	w.b, w.limit = nil, -1
}

// split seals the open segment and carries on in a new one.
func (w *Writer) split() {
	rest := &segment{next: w.seg.next, part: w.part}
	w.seg.next = rest
	w.moveTo(rest, w.group)
}

// moveTo seals the open segment, which must be linked and holds bytes of the group g,
// and carries on in next.
func (w *Writer) moveTo(next *segment, g *group) {
	w.store(g)
	sealed := w.seg
	w.seg = next
	w.use(next.buf)
	w.r.seal(sealed)
}

// close ends the use of w, before its segment is sealed: a component that kept it gets an error.
func (w *Writer) close() {
	w.ended = true
	w.store(w.group)
	w.buf, w.lent, w.b, w.limit = nil, nil, nil, -1
}

// stopped returns the cause if the page or a group that w writes in has failed.
func (w *Writer) stopped() error {
	if err := w.r.stopped(); err != nil {
		return err
	}
	if w.group == nil {
		return nil
	}
	w.r.mu.Lock()
	defer w.r.mu.Unlock()
	return w.group.failure()
}

// writerOf finds the Writer to fork. It is w itself, or, if w is a wrapper such as
// templ's buffer, the part's own, provided that everything written to the wrapper
// has reached it. That is so if a Flush of the wrapper arrives there. It returns nil
// if it is not known to be so, and then w must be written in order.
//
//go:noinline
func writerOf(ctx context.Context, w io.Writer) *Writer {
	if own, ok := w.(*Writer); ok {
		return own
	}
	if !canFlush(w) { // asked first: other goroutines may render to buffers of their own with ctx
		return nil
	}
	own, _ := ctx.Value(writerKey{}).(*Writer)
	if own == nil || !own.probe.CompareAndSwap(probeNone, probeAsked) {
		return nil
	}
	defer own.probe.Store(probeNone)
	if err := flush(w); err != nil || own.probe.Load() != probeSeen || own.ended {
		return nil
	}
	return own
}

// probing reports whether writerOf is among the nearest callers. Another goroutine may be
// asking a wrapper of its own, and must not take a Flush of ours for the answer.
func probing() bool {
	var callers [16]uintptr
	asking := reflect.ValueOf(writerOf).Pointer()
	for _, pc := range callers[:runtime.Callers(3, callers[:])] {
		if f := runtime.FuncForPC(pc - 1); f != nil && f.Entry() == asking {
			return true
		}
	}
	return false
}

// Flush has what comes before this place in the document leave soon: in the root now, as
// far as it is ready. It does so through a wrapper that passes a Flush on. Outside of a
// Render it flushes w, if it can.
func Flush(ctx context.Context, w io.Writer) error {
	if own := writerOf(ctx, w); own != nil {
		return own.flush()
	}
	return flush(w)
}

// Active reports whether ctx was made by a Render. If it was not, a component that
// wants its parts to run side by side has to call Render itself.
func Active(ctx context.Context) bool { return ctx.Value(writerKey{}) != nil }
