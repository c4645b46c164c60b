package stream

import (
	"context"
	"sync/atomic"
	"time"
)

// Await calls f in a goroutine of its own and returns its error; name is for
// [Renderer.Left]. If ctx ends and f does not heed that within some milliseconds, f is
// abandoned as a part would be, and Await returns the cause. A panic of f is a
// [*PanicError].
func (l *Renderer) Await(ctx context.Context, name string, f func() error) error {
	c := &call{done: make(chan struct{}), abandoned: l.Abandoned}
	if c.abandoned == nil {
		c.abandoned = &abandoned
	}
	go c.run(f)
	select {
	case <-c.done:
		return c.err
	case <-ctx.Done():
	}
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-c.done:
		return c.err
	case <-timer.C:
	}
	if !c.abandon() {
		<-c.done
		return c.err
	}
	if l.Left != nil {
		quietly(func() { l.Left(ctx, []string{name}) })
	}
	return context.Cause(ctx)
}

// call is a function that somebody waits for.
type call struct {
	done      chan struct{}
	err       error // once it is done
	ended     atomic.Bool
	abandoned *Abandoned // counts it if nobody waits any more
}

func (c *call) run(f func() error) {
	c.err = errGoexit // unless f returns
	defer func() {
		close(c.done)
		if c.ended.Swap(true) {
			c.abandoned.add(-1)
		}
	}()
	c.err = protect(f)
}

// abandon reports whether c can be left behind, and counts it.
func (c *call) abandon() bool {
	if !c.abandoned.admit(1) {
		return false
	}
	if c.ended.Swap(true) { // just now
		c.abandoned.add(-1)
		return false
	}
	return true
}
