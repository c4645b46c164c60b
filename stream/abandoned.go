package stream

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Abandoned counts the parts that go on after their Render has returned. Such a part ignores
// its context, which has ended: the page has failed, its time was over, or a Catch shows
// something else in its place. What it still writes is dropped, and what it returns is
// lost. It never touches the destination.
//
// One Abandoned may be shared by many Renderers; see [Renderer.Abandoned]. The zero value
// is ready for use. It must not be copied after its first use.
type Abandoned struct {
	// Limit is how many parts may be abandoned at a time. A Render that would exceed it
	// waits for all of its parts. 1000 if zero; if negative none is ever abandoned.
	Limit int

	mu      sync.Mutex
	running int
	idle    chan struct{} // closed when nothing runs any more; nil if nobody waits
}

// abandoned is for the renders that have no other.
var abandoned Abandoned

// Running returns how many abandoned parts have not returned yet.
func (a *Abandoned) Running() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.running
}

// Wait waits until all abandoned parts have returned, and what they used has been given
// back. If ctx ends before, it returns the cause.
func (a *Abandoned) Wait(ctx context.Context) error {
	for {
		idle := a.whenIdle()
		if idle == nil {
			return nil
		}
		select {
		case <-idle:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// whenIdle returns a channel that is closed when nothing runs any more, or nil if nothing
// does.
func (a *Abandoned) whenIdle() <-chan struct{} {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.running == 0 {
		return nil
	}
	if a.idle == nil {
		a.idle = make(chan struct{})
	}
	return a.idle
}

// admit counts n more, if the limit allows it.
func (a *Abandoned) admit(n int) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	limit := 1000
	if a.Limit != 0 {
		limit = a.Limit
	}
	if a.running+n > limit {
		return false
	}
	a.running += n
	return true
}

// add counts n more, whatever the limit; n may be negative.
func (a *Abandoned) add(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.running += n
	if a.running == 0 && a.idle != nil {
		close(a.idle)
		a.idle = nil
	}
}

// grace is how long Render waits for parts whose context has ended, before it takes them
// for deaf. Those that heed their context return within microseconds.
const grace = 10 * time.Millisecond

// leftBehind is added to render.live when Render returns before its parts have.
const leftBehind = 1 << 30

// enter counts one more goroutine of r, or pending timer.
func (r *render) enter() {
	if r.live.Add(1) > leftBehind {
		r.abandoned.add(1)
	}
}

// exit counts one less. It is the last that a goroutine does with r.
func (r *render) exit() {
	switch n := r.live.Add(-1); {
	case n == 0:
		r.wakeUp()
	case n == leftBehind:
		r.recycle()
		r.abandoned.add(-1)
	case n > leftBehind:
		r.abandoned.add(-1)
	}
}

// joinParts waits for the goroutines of r. It returns how many of them are to be abandoned, and
// the names of their parts.
func (r *render) joinParts() (n int, parts []string) {
	if r.concurrent == nil || r.joined() {
		return 0, nil
	}
	parts = r.runningParts()
	n = int(r.live.Load())
	if n > 0 && !r.abandoned.admit(n) {
		r.awaitParts(nil)
		return 0, nil
	}
	return n, parts
}

// joined waits for the goroutines of r until they are taken for deaf, and reports whether
// all have ended. When all that still runs is about to end it waits for that.
func (r *render) joined() bool {
	if r.running.Load() == 0 && !r.failed.Load() {
		r.awaitParts(nil)
	}
	if r.live.Load() == 0 {
		return true
	}
	timer := time.NewTimer(grace)
	defer timer.Stop()
	r.awaitParts(timer.C)
	return r.live.Load() == 0
}

// awaitParts waits until all goroutines of r have ended, or for late.
func (r *render) awaitParts(late <-chan time.Time) {
	for r.live.Load() > 0 {
		select {
		case <-r.wake:
		case <-late:
			return
		}
	}
}

// runningParts returns the names of the parts that have not ended, in document order.
func (r *render) runningParts() (names []string) {
	var parts []*part
	running := func(p *part) {
		if !slices.Contains(parts, p) {
			parts = append(parts, p)
			names = append(names, nameOf(p.body))
		}
	}
	see := func(*segment) {}
	for _, g := range r.dropped {
		walk(&g.span.content, g, true, see, running)
	}
	walk(r.head, nil, true, see, running)
	return names
}

// abandon leaves n goroutines behind, which [render.joinParts] has admitted. The last of them
// gives back what r is made of.
func (r *render) abandon(n int, parts []string) {
	running := int(r.live.Add(leftBehind)) - leftBehind
	r.abandoned.add(running - n)
	if running == 0 {
		r.recycle()
		return
	}
	if r.opts.Left != nil && len(parts) > 0 {
		quietly(func() { r.opts.Left(r.page.parent, parts) })
	}
}
