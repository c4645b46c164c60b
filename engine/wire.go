package engine

import (
	"errors"
	"net/http"
)

// piece is how much is written under one deadline, in which a client that takes
// a kilobyte a second must be able to take it. Smaller ones cost more system calls.
const piece = 32 << 10

// wire is the way to the client, as the pages of an exchange see it. Whatever is
// written to it has to be taken in time.
type wire struct {
	w    http.ResponseWriter
	root *rootWriter // behind w; nil if w leads elsewhere
}

func wireTo(w http.ResponseWriter) wire { return wire{w, rootOf(w)} }

// rootOf looks through the wrappers of middleware for the rootWriter of the
// outermost app.
func rootOf(w http.ResponseWriter) (root *rootWriter) {
	for {
		if t, ok := w.(*rootWriter); ok {
			root = t
		}
		wrapper, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return root
		}
		w = wrapper.Unwrap()
	}
}

// Write writes p piece by piece.
func (c *wire) Write(p []byte) (n int, err error) {
	defer c.settle()
	for {
		c.expect()
		m, err := c.w.Write(p[n:min(n+piece, len(p))])
		n += m
		if err != nil || n >= len(p) {
			return n, err
		}
	}
}

// flush sends what was written. A writer that cannot flush is no error: what was
// written arrives later.
func (c *wire) flush() error {
	defer c.settle()
	c.expect()
	err := http.NewResponseController(c.w).Flush()
	if errors.Is(err, errors.ErrUnsupported) {
		return nil
	}
	return err
}

// begin is for a response that may be so short that only net/http writes to the
// connection, at the end.
func (c *wire) begin() {
	if c.root != nil {
		c.root.patience.used = true
	}
}

// expect starts the time in which the client has to take something.
func (c *wire) expect() {
	if c.root != nil {
		c.root.patience.expect(c.root.w)
	}
}

func (c *wire) settle() {
	if c.root != nil && c.root.patience.fires {
		c.root.patience.rest(c.root.w)
	}
}
