package web

import (
	"fmt"
	"slices"
	"sync/atomic"
	"time"
)

// Streams are many readers of a streamed page at once.
type Streams struct {
	Count   int
	CPU     time.Duration // of the server for each
	Last    time.Duration // until half of them had their last byte
	Slowest time.Duration // until all had
	Bytes   int64         // of the body of one, as it travels; of those that wait on average
	Held    float64       // by the server for each, half-way; not for a crowd
	Encoded int           // of those that wait: how many got the encoding they asked for
}

// MaxStreams is how many streams at once this process may have.
func MaxStreams() int { return openFiles() - 100 }

// Waiting opens streams of a gated page, each of which has sent its first part
// and waits for the second, and tells what the server holds for one. The
// connections themselves, idle, count. An encoding is what the clients accept. A
// server with little memory may refuse it, or compress with less care.
func (s *Server) Waiting(engine, encoding string, n int) (Streams, error) {
	path := PartsPath(Gated, engine)
	if encoding != "" {
		path = Compressed(path)
	}
	before, err := s.settled()
	if err != nil {
		return Streams{}, err
	}
	conns, err := s.dial(n, 2<<10)
	if err != nil {
		return Streams{}, err
	}
	defer closeAll(conns)
	err = each(conns, func(c *Conn) error {
		if err := c.Ask(path, encoding); err != nil {
			return err
		}
		_, err := c.r.Peek(1)
		return err
	})
	if err != nil {
		return Streams{}, fmt.Errorf("web: %d streams of %s: %w", n, engine, err)
	}
	during, err := s.settled()
	if err != nil {
		return Streams{}, err
	}
	if err := s.Release(); err != nil {
		return Streams{}, err
	}
	var encoded, bytes atomic.Int64
	err = each(conns, func(c *Conn) error {
		size, err := c.Read(nil)
		bytes.Add(size)
		if c.coding == encoding {
			encoded.Add(1)
		}
		return err
	})
	if err != nil {
		return Streams{}, fmt.Errorf("web: %d streams of %s, once released: %w", n, engine, err)
	}
	return Streams{
		Count:   n,
		Held:    (float64(during.Held) - float64(before.Held)) / float64(n),
		Bytes:   bytes.Load() / int64(n),
		Encoded: int(encoded.Load()),
	}, nil
}

// Crowd asks for a page of parts over n connections at once.
func (s *Server) Crowd(subject Subject, n int) (Streams, error) {
	conns, err := s.dial(n, 4<<10)
	if err != nil {
		return Streams{}, err
	}
	defer closeAll(conns)
	before, err := s.Usage()
	if err != nil {
		return Streams{}, err
	}
	last := make(chan time.Duration, n)
	var size int64
	start := time.Now()
	err = each(conns, func(c *Conn) error {
		got, err := c.get(subject, nil)
		last <- time.Since(start)
		if c == conns[0] {
			size = got
		}
		return err
	})
	if err != nil {
		return Streams{}, fmt.Errorf("web: %d streams of %s: %w", n, subject.Name, err)
	}
	after, err := s.Usage()
	if err != nil {
		return Streams{}, err
	}
	var times []time.Duration
	for range n {
		times = append(times, <-last)
	}
	slices.Sort(times)
	return Streams{
		Count:   n,
		CPU:     (after.CPU - before.Ready) / time.Duration(n),
		Last:    times[n/2],
		Slowest: times[n-1],
		Bytes:   size,
	}, nil
}
