package streamtest

import (
	"context"
	"iter"
	"math/rand/v2"
	"slices"
	"time"
)

// Step is the time between two things that end one after the other.
const Step = time.Millisecond

// Order is one in which several things end: Order{2, 0, 1} has thing 2 end first, then 0,
// then 1.
type Order []int

// Delay returns how long thing i takes: a [Step] if it is the first to end, two if it is
// the second. A thing that is not in the order takes no time.
func (o Order) Delay(i int) time.Duration {
	return time.Duration(slices.Index(o, i)+1) * Step
}

// Wait waits until it is the turn of thing i, or until ctx ends, and returns the cause of
// that then. Calls that begin together end in the order.
func (o Order) Wait(ctx context.Context, i int) error {
	d := o.Delay(i)
	if d == 0 { // in a bubble the race detector may crash over timers that are due: golang/go#78156
		return context.Cause(ctx)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// most is how many orders are tried: all of five things.
const most = 120

// Orders returns every order of n things, or 120 if there are more: that in which they
// begin, the reverse, and others that are drawn, always the same.
func Orders(n int) iter.Seq[Order] {
	if n > 5 {
		return someOrders(n)
	}
	return func(yield func(Order) bool) {
		permute(first(n), 0, yield)
	}
}

func first(n int) Order {
	o := make(Order, n)
	for i := range o {
		o[i] = i
	}
	return o
}

// permute yields o with everything from k on in all orders.
func permute(o Order, k int, yield func(Order) bool) bool {
	if k >= len(o)-1 {
		return yield(slices.Clone(o))
	}
	for i := k; i < len(o); i++ {
		next := slices.Clone(o)
		copy(next[k+1:], o[k:i]) // o[i] comes forward, and the rest keeps its order
		next[k] = o[i]
		if !permute(next, k+1, yield) {
			return false
		}
	}
	return true
}

func someOrders(n int) iter.Seq[Order] {
	return func(yield func(Order) bool) {
		o := first(n)
		if !yield(slices.Clone(o)) {
			return
		}
		slices.Reverse(o)
		rnd := rand.New(rand.NewPCG(uint64(n), 0))
		for range most - 1 {
			if !yield(slices.Clone(o)) {
				return
			}
			rnd.Shuffle(n, func(i, j int) { o[i], o[j] = o[j], o[i] })
		}
	}
}
