package stream

import (
	"container/list"
	"sync"
	"sync/atomic"
)

// quota counts bytes against a bound. Who finds it used up queues, and is woken when
// there may be some.
type quota struct {
	limit int64
	used  atomic.Int64

	queued atomic.Int32
	mu     sync.Mutex
	queue  list.List // of *waiter, in the order they came
}

// take charges n more bytes if the bound allows it.
func (l *quota) take(n int) bool {
	for {
		used := l.used.Load()
		if used+int64(n) > l.limit {
			return false
		}
		if l.used.CompareAndSwap(used, used+int64(n)) {
			return true
		}
	}
}

// add charges n bytes whether the bound allows it or not; n may be negative.
func (l *quota) add(n int) {
	l.used.Add(int64(n))
	if n < 0 {
		l.wake()
	}
}

func (l *quota) full() bool { return l.used.Load() >= l.limit }

// wake wakes those for whom there is enough, first come, first served. Somebody who does
// not use it has to pass the word on, by calling wake.
func (l *quota) wake() {
	if l.queued.Load() == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	free := l.limit - l.used.Load()
	for e := l.queue.Front(); e != nil && free > 0; e = e.Next() {
		wt := e.Value.(*waiter)
		wt.signal()
		free -= int64(capacity(wt.ample))
	}
}

func (l *quota) enqueue(wt *waiter) *list.Element {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.queued.Add(1)
	return l.queue.PushBack(wt)
}

func (l *quota) dequeue(e *list.Element) {
	l.mu.Lock()
	l.queue.Remove(e)
	l.queued.Add(-1)
	l.mu.Unlock()
	l.wake()
}

// Budget bounds what all renders that share it may use together; see
// [Renderer.Shared]. It must not be copied after its first use.
type Budget struct {
	// Pending is how many bytes of all the pages may wait behind slow parts and slow
	// readers; see [Renderer.Pending]. Past it each page goes on in small pieces, as its
	// reader takes them. No bound if zero.
	Pending int64

	// Concurrency is how many parts of all the pages run at once; at the limit a part
	// renders before its Go returns. No bound if zero.
	Concurrency int

	once  sync.Once
	bytes quota
	parts atomic.Int64
}

// InUse returns how many bytes wait and how many parts run.
func (b *Budget) InUse() (bytes int64, parts int) {
	return b.bytes.used.Load(), int(b.parts.Load())
}

// open returns the quota of the bytes.
func (b *Budget) open() *quota {
	b.once.Do(func() {
		b.bytes.limit = b.Pending
		if b.Pending <= 0 {
			b.bytes.limit = 1<<63 - 1
		}
	})
	return &b.bytes
}

// admit counts one more running part, unless the limit is reached.
func (b *Budget) admit() bool {
	if b.parts.Add(1) <= int64(b.Concurrency) || b.Concurrency <= 0 {
		return true
	}
	b.parts.Add(-1)
	return false
}
