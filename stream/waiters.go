package stream

import (
	"container/list"
	"sync"
	"sync/atomic"
)

// waiter is a part that waits in a Write: for quota, or for the reader.
type waiter struct {
	w      *Writer
	ample  int           // how many bytes it is credited
	ready  chan struct{} // holds one token
	at     *quota        // where it queues, or nil
	place  *list.Element
	listed bool        // it is in render.waiters
	behind atomic.Bool // it waits for the reader
}

func (wt *waiter) signal() {
	select {
	case wt.ready <- struct{}{}:
	default:
	}
}

// enqueue makes wt queue at l. It returns false if it did already.
func (wt *waiter) enqueue(l *quota) bool {
	if wt.at == l {
		return false
	}
	wt.dequeue()
	wt.at, wt.place = l, l.enqueue(wt)
	wt.list()
	return true
}

// dequeue lets others have the quota that wt queued for.
func (wt *waiter) dequeue() {
	if wt.at != nil {
		wt.at.dequeue(wt.place)
		wt.at = nil
	}
}

// list makes wt one of those whom r.waiters wakes.
func (wt *waiter) list() {
	if !wt.listed {
		wt.w.r.waiters.add(wt)
		wt.listed = true
	}
}

// stop ends the wait.
func (wt *waiter) stop() {
	wt.dequeue()
	if wt.listed {
		wt.w.r.waiters.remove(wt)
	}
}

// waiters are those of a page. They are woken for other reasons than quota that has come free.
type waiters struct {
	n   atomic.Int32
	mu  sync.Mutex
	all map[*waiter]struct{}
}

func (p *waiters) add(wt *waiter) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.all == nil {
		p.all = map[*waiter]struct{}{}
	}
	p.all[wt] = struct{}{}
	p.n.Add(1)
}

func (p *waiters) remove(wt *waiter) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.all, wt)
	p.n.Add(-1)
}

// wake wakes those who are awaited, and those whose text the reader has taken.
func (p *waiters) wake() {
	if p.n.Load() == 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for wt := range p.all {
		if wt.w.awaited() || wt.behind.Load() && !wt.w.backlogged() {
			wt.signal()
		}
	}
}

// wakeAll wakes everybody, after a failure.
func (p *waiters) wakeAll() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for wt := range p.all {
		wt.signal()
	}
}
