package web

import (
	"fmt"
	"net"
)

// Slow opens readers of an engine's page of about so many bytes that take
// nothing of it but what the system takes for them, and tells what the server
// holds for each. Then they go away.
func (s *Server) Slow(engine string, bytes, n int) (float64, error) {
	subject := Subject{Name: engine, Path: SizePath(bytes, engine)}
	if _, err := s.control.Get(subject.Path, nil); err != nil { // which makes the page
		return 0, fmt.Errorf("web: %s: %w", subject.Name, err)
	}
	if _, err := s.Usage(); err != nil {
		return 0, err
	}
	before, err := s.Usage()
	if err != nil {
		return 0, err
	}
	conns, err := s.dial(n, 4<<10)
	if err != nil {
		return 0, err
	}
	defer s.leave(conns)
	err = each(conns, func(c *Conn) error {
		if err := c.narrow(4 << 10); err != nil {
			return err
		}
		if err := c.Ask(subject.Path, ""); err != nil {
			return err
		}
		_, err := c.r.Peek(1)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("web: %d slow readers of %s: %w", n, engine, err)
	}
	during, err := s.settled()
	if err != nil {
		return 0, err
	}
	return (float64(during.Held) - float64(before.Held)) / float64(n), nil
}

// narrow lets the system take so many bytes for the connection, about.
func (c *Conn) narrow(bytes int) error {
	if tcp, ok := c.conn.(*net.TCPConn); ok {
		return tcp.SetReadBuffer(bytes)
	}
	return nil
}

// settled is the usage once the server allocates nothing any more and no goroutine
// comes or goes, or soon enough: every stream has come to the point where it
// waits, and those of connections that were closed have ended.
func (s *Server) settled() (Usage, error) {
	last, err := s.Usage()
	for range 20 {
		var u Usage
		if u, err = s.Usage(); err != nil {
			break
		}
		idle := u.Mallocs-last.Mallocs < 200 && u.Goroutines == last.Goroutines
		last = u
		if idle {
			break
		}
	}
	return last, err
}

// leave closes the connections and lets the server notice.
func (s *Server) leave(conns []*Conn) {
	closeAll(conns)
	s.settled() // the next measurement will tell of a server that has gone
}
