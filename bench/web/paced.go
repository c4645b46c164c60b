package web

import (
	"fmt"
	"slices"
	"sync"
	"time"
)

// Paced asks for a page over n connections at once, each of which takes so many
// bytes of it in a second and leaves the rest to the server and the system.
func (s *Server) Paced(subject Subject, n int, rate float64) (Streams, error) {
	size, err := s.control.get(subject, nil) // which makes the page
	if err != nil {
		return Streams{}, fmt.Errorf("web: %s: %w", subject.Name, err)
	}
	if _, err := s.Usage(); err != nil {
		return Streams{}, err
	}
	before, err := s.Usage()
	if err != nil {
		return Streams{}, err
	}
	conns, err := s.dial(n, 4<<10)
	if err != nil {
		return Streams{}, err
	}
	defer closeAll(conns)
	var during Usage
	var inspect sync.WaitGroup
	var inspected error
	inspect.Add(1)
	go func() {
		defer inspect.Done()
		time.Sleep(time.Duration(float64(size) / rate / 2 * float64(time.Second)))
		during, inspected = s.Usage()
	}()
	times := make(chan time.Duration, n)
	err = each(conns, func(c *Conn) error {
		elapsed, err := c.paced(subject, rate)
		times <- elapsed
		return err
	})
	inspect.Wait()
	if err == nil {
		err = inspected
	}
	if err != nil {
		return Streams{}, fmt.Errorf("web: %d paced readers of %s: %w", n, subject.Name, err)
	}
	after, err := s.Usage()
	if err != nil {
		return Streams{}, err
	}
	var all []time.Duration
	for range n {
		all = append(all, <-times)
	}
	slices.Sort(all)
	collecting := during.Ready - during.CPU
	return Streams{
		Count:   n,
		CPU:     (after.CPU - before.Ready - collecting) / time.Duration(n),
		Last:    all[n/2],
		Slowest: all[n-1],
		Bytes:   size,
		Held:    (float64(during.Held) - float64(before.Held)) / float64(n),
	}, nil
}

// paced takes a page at a rate.
func (c *Conn) paced(subject Subject, rate float64) (time.Duration, error) {
	// With less the system would wait for its own timers now and then.
	if err := c.narrow(128 << 10); err != nil {
		return 0, err
	}
	start := time.Now()
	var taken int
	_, err := c.get(subject, func(piece []byte) {
		taken += len(piece)
		due := time.Duration(float64(taken) / rate * float64(time.Second))
		if early := due - time.Since(start); early > time.Millisecond {
			time.Sleep(early)
		}
	})
	return time.Since(start), err
}
