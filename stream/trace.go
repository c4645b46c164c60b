package stream

import (
	"context"
	"sync/atomic"
	"time"
)

// Trace is told what happens in a Render whose context [WithTrace] gave it to. Any of
// its functions may be nil. They are called in the goroutines of the parts and of the
// Render, so several at a time, and hold these up. A part is known by its number in the
// order of their starts; 0 is the root. A panic in one of them is ignored. Those of a part
// that was abandoned may be called after Render has returned.
type Trace struct {
	// PartStarted is called when a part is about to start. ctx is what the part was given,
	// that of its parent or one derived from it. The part gets the context that is returned,
	// which is ctx or derived from it; nil stands for ctx. So spans nest as parts do. The
	// fallback of a Catch, after a part has failed, is a part too.
	PartStarted func(ctx context.Context, part PartInfo) context.Context

	// PartReady is called when a part has rendered everything but its own parts. ctx is the
	// context of the part.
	PartReady func(ctx context.Context, part int, err error)

	// PartWaited is called when a part goes on that had to wait because of
	// Renderer.Pending or Budget.Pending.
	PartWaited func(part int, d time.Duration)

	// HeadWaited is called when everything before a place of part was written and nothing
	// could be done for the time d. The slow parts of a page are those that it names.
	HeadWaited func(part int, d time.Duration)

	// Written is called after each Write or WriteWhole of the destination.
	Written func(bytes int, err error)

	// Flushed is called after each flush of the destination, with the number of bytes
	// written since the last.
	Flushed func(bytes int, err error)
}

// PartInfo tells a part from the others.
type PartInfo struct {
	Number int        // from 1, in the order of their starts
	Parent int        // the number of the part that started it; 0 is the root
	Name   string     // see [Named]
	Body   Renderable // what it renders
}

type traceKey struct{}

// WithTrace returns a context for [Render] that tells trace what happens.
func WithTrace(ctx context.Context, trace *Trace) context.Context {
	return context.WithValue(ctx, traceKey{}, trace)
}

// tracer is the Trace of one render. All methods of a nil one do nothing, and those that
// return what is to be called later return something that may be called.
type tracer struct {
	Trace
	parts atomic.Uint32
	bytes int // since the last flush; the flusher's own
}

func tracerOf(ctx context.Context) *tracer {
	trace, _ := ctx.Value(traceKey{}).(*Trace)
	if trace == nil {
		return nil
	}
	return &tracer{Trace: *trace}
}

// partStarts numbers p, and returns the context for it.
func (t *tracer) partStarts(ctx context.Context, p, parent *part) context.Context {
	if t == nil {
		return ctx
	}
	p.number = t.parts.Add(1)
	if t.PartStarted != nil {
		info := PartInfo{Number: int(p.number), Parent: numberOf(parent), Name: nameOf(p.body), Body: p.body}
		if named, ok := p.body.(*namedPart); ok {
			info.Body = named.Renderable
		}
		quietly(func() {
			if own := t.PartStarted(ctx, info); own != nil {
				ctx = own
			}
		})
	}
	return ctx
}

// numberOf returns the number of p; that of nil, the root, is 0.
func numberOf(p *part) int {
	if p == nil {
		return 0
	}
	return int(p.number)
}

func (t *tracer) partReady(p *part, err error) {
	if t != nil && t.PartReady != nil {
		quietly(func() { t.PartReady(&p.ctx, int(p.number), err) })
	}
}

func (t *tracer) partWaits(p *part) (goesOn func()) {
	if t == nil || t.PartWaited == nil {
		return nothing
	}
	since := time.Now()
	return func() { quietly(func() { t.PartWaited(int(p.number), time.Since(since)) }) }
}

func (t *tracer) headWaits(head *segment) (goesOn func()) {
	if t == nil || t.HeadWaited == nil {
		return nothing
	}
	since, part := time.Now(), numberOf(head.part)
	return func() { quietly(func() { t.HeadWaited(part, time.Since(since)) }) }
}

func nothing() {}

// quietly calls a function of the user's in places where nobody could make something of
// its panic.
func quietly(f func()) { protect(func() error { f(); return nil }) }

func (t *tracer) wrote(n int, err error) {
	if t == nil {
		return
	}
	t.bytes += n
	if t.Written != nil {
		quietly(func() { t.Written(n, err) })
	}
}

func (t *tracer) flushed(err error) {
	if t == nil {
		return
	}
	n := t.bytes
	t.bytes = 0
	if t.Flushed != nil {
		quietly(func() { t.Flushed(n, err) })
	}
}
