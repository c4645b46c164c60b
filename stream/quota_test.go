package stream

import (
	"testing"

	"github.com/matryer/is"
)

func TestQuota(t *testing.T) {
	is := is.New(t)
	one := func(want int) *waiter { return &waiter{ample: want, ready: make(chan struct{}, 1)} }
	woken := func(wt *waiter) bool {
		select {
		case <-wt.ready:
			return true
		default:
			return false
		}
	}
	l := &quota{limit: 10}
	is.True(l.take(10))
	is.True(!l.take(1))
	first, second, third := one(4), one(2), one(1)
	place := l.enqueue(first)
	l.enqueue(second)
	l.enqueue(third)

	l.add(-4) // first come, first served
	is.True(woken(first))
	is.True(!woken(second))

	l.dequeue(place) // the first has gone without using it: the others may
	is.True(woken(second))
	is.True(woken(third))

	l.add(4)
	l.add(1) // beyond the bound, as for a head
	l.add(-1)
	is.True(!woken(second))
}
