package web

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ropewalk/ropewalk/bench/measure"
)

// A Subject is a page that is asked for again and again.
type Subject struct {
	Name, Path string
	Encoding   string // that is asked for, and has to be what comes; "" for none
}

// A Sample is what a page costs.
type Sample struct {
	CPU     measure.Times // of the server for a request, by round
	Elapsed measure.Times // until a request was answered, divided by those answered meanwhile
	Bytes   int64         // of the body
	Allocs  measure.Allocs
}

// Options say how long to measure. The zero value is good for a report.
type Options struct {
	Rounds      int           // 15 if zero
	Slice       time.Duration // how long a subject is asked for in a round, about; 60 ms if zero
	Limit       time.Duration // after which no round begins but the third; none if zero
	Connections int           // that ask at once; 8 if zero
	HTTP2       bool          // as many streams of one connection instead
}

func (o Options) withDefaults() Options {
	if o.Rounds <= 0 {
		o.Rounds = 15
	}
	if o.Slice <= 0 {
		o.Slice = 60 * time.Millisecond
	}
	if o.Connections <= 0 {
		o.Connections = 8
	}
	return o
}

// Compare asks for the subjects in turn, in an order that each round shuffles,
// over connections that stay open. One processor asks over all of them, and so does
// not disturb a server that has one too; see [StartOn].
func (s *Server) Compare(subjects []Subject, options Options) ([]Sample, error) {
	o := options.withDefaults()
	conns, err := s.askers(o.Connections, 64<<10, o.HTTP2)
	if err != nil {
		return nil, err
	}
	defer closeAll(conns)
	processors := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(processors)
	for _, c := range conns {
		if c, ok := c.(*Conn); ok && processors > 1 {
			c.poll()
		}
	}
	samples := make([]Sample, len(subjects))
	requests := make([]int, len(subjects))
	for i, subject := range subjects {
		if samples[i].Bytes, requests[i], err = calibrate(conns, subject, o.Slice); err != nil {
			return nil, err
		}
	}
	shuffle := rand.New(rand.NewPCG(1, 2))
	allocs := make([]measure.Allocs, len(subjects))
	start := time.Now()
	for round := range o.Rounds {
		if o.Limit > 0 && round >= 3 && time.Since(start) > o.Limit {
			break
		}
		for _, i := range shuffle.Perm(len(subjects)) {
			used, elapsed, err := s.slice(conns, subjects[i], requests[i])
			if err != nil {
				return nil, err
			}
			n := float64(requests[i])
			samples[i].CPU = append(samples[i].CPU, float64(used.CPU)/n)
			samples[i].Elapsed = append(samples[i].Elapsed, float64(elapsed)/n)
			allocs[i].Count += used.Mallocs
			allocs[i].Bytes += used.Bytes
		}
	}
	for i := range samples {
		all := uint64(requests[i] * len(samples[i].CPU))
		samples[i].Allocs = measure.Allocs{Count: allocs[i].Count / all, Bytes: allocs[i].Bytes / all}
	}
	return samples, nil
}

// slice asks n times, and returns what the server has used for it. Before that each
// connection asks once: the collections of the others' slices have emptied the
// subject's pools.
func (s *Server) slice(conns []asker, subject Subject, n int) (Usage, time.Duration, error) {
	if _, err := ask(conns, subject, len(conns)); err != nil {
		return Usage{}, 0, err
	}
	before, err := s.Usage()
	if err != nil {
		return Usage{}, 0, err
	}
	elapsed, err := ask(conns, subject, n)
	if err != nil {
		return Usage{}, 0, err
	}
	after, err := s.Usage()
	if err != nil {
		return Usage{}, 0, err
	}
	return Usage{CPU: after.CPU - before.Ready, Mallocs: after.Mallocs - before.Mallocs, Bytes: after.Bytes - before.Bytes}, elapsed, nil
}

// calibrate returns the page's size and how many requests fill a slice, of which
// the faster of two tries decides.
func calibrate(conns []asker, subject Subject, slice time.Duration) (size int64, n int, err error) {
	if size, err = conns[0].get(subject, nil); err != nil {
		return 0, 0, fmt.Errorf("web: %s: %w", subject.Name, err)
	}
	for n = len(conns); ; n *= 2 {
		elapsed, err := ask(conns, subject, n)
		if err != nil {
			return 0, 0, err
		}
		if elapsed < slice/4 {
			continue
		}
		again, err := ask(conns, subject, n)
		if err != nil {
			return 0, 0, err
		}
		if elapsed = min(elapsed, again); elapsed >= slice/4 {
			return size, max(len(conns), int(float64(n)*float64(slice)/float64(elapsed))), nil
		}
	}
}

// ask asks n times, over all connections at once.
func ask(conns []asker, subject Subject, n int) (time.Duration, error) {
	var left atomic.Int64
	left.Store(int64(n))
	start := time.Now()
	err := each(conns, func(c asker) error {
		for left.Add(-1) >= 0 {
			if _, err := c.get(subject, nil); err != nil {
				return fmt.Errorf("web: %s: %w", subject.Name, err)
			}
		}
		return nil
	})
	return time.Since(start), err
}

// each runs f on all connections at once, and returns the first error.
func each[C asker](conns []C, f func(c C) error) error {
	var wait sync.WaitGroup
	var once sync.Once
	var first error
	for _, c := range conns {
		wait.Add(1)
		go func() {
			defer wait.Done()
			if err := f(c); err != nil {
				once.Do(func() { first = err })
			}
		}()
	}
	wait.Wait()
	return first
}

func (s *Server) dial(n, buffer int) ([]*Conn, error) {
	var conns []*Conn
	for range n {
		c, err := Dial(s.Addr, buffer)
		if err != nil {
			closeAll(conns)
			return nil, fmt.Errorf("web: connection %d: %w", len(conns)+1, err)
		}
		conns = append(conns, c)
	}
	return conns, nil
}

func closeAll[C asker](conns []C) {
	for _, c := range conns {
		c.Close()
	}
}
