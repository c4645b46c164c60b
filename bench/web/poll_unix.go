//go:build unix

package web

import (
	"errors"
	"io"
	"net"
	"runtime"
	"syscall"
)

// polled is a connection that is read without ever sleeping.
type polled struct {
	net.Conn
	raw syscall.RawConn
}

// poll makes a connection one that is asked again and again whether something has
// come. Over loopback it is the sender that wakes a reader who sleeps: a server
// would pay for each of them, and a slow one more often, as its clients sleep more.
func poll(conn net.Conn) net.Conn {
	if c, ok := conn.(syscall.Conn); ok {
		if raw, err := c.SyscallConn(); err == nil {
			return &polled{conn, raw}
		}
	}
	return conn
}

func (c *polled) Read(p []byte) (n int, err error) {
	for {
		failed := c.raw.Read(func(fd uintptr) (done bool) {
			n, err = syscall.Read(int(fd), p)
			return true
		})
		switch {
		case failed != nil: // the deadline, too
			return 0, failed
		case errors.Is(err, syscall.EAGAIN), errors.Is(err, syscall.EINTR):
			runtime.Gosched()
		case err != nil:
			return 0, err
		case n == 0 && len(p) > 0:
			return 0, io.EOF
		default:
			return n, nil
		}
	}
}
