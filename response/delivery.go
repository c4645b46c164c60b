package response

import (
	"strconv"
	"time"
)

// delivery is how a page wants to be sent.
type delivery struct {
	buffered, streamed bool // neither: as the engine sends such clients its pages
	uncompressed       bool
	stall              time.Duration // 0: as the engine's
}

// SetBuffered decides whether the page is sent whole, when all of it is there, or
// streamed as it becomes ready. A buffered page has a Content-Length, and an error
// anywhere in it still becomes an error page with its status; the visitor waits
// for its slowest part. Without a decision the engine streams to everybody who
// can make use of it.
func (c *Context) SetBuffered(on bool) error {
	return c.change("SetBuffered", strconv.FormatBool(on), func() error {
		c.delivery.buffered, c.delivery.streamed = on, !on
		return nil
	})
}

// Buffered reports what SetBuffered decided, or usual if nothing is decided.
func (c *Context) Buffered(usual func() bool) bool {
	if c == nil {
		return usual()
	}
	c.mu.Lock()
	d := c.delivery
	c.mu.Unlock()
	if d.buffered || d.streamed {
		return d.buffered
	}
	return usual()
}

// SetCompressed with false has the page sent as it is, whatever the client takes.
// Do so for a page that shows both a secret, such as a token of a form, and words
// of the request: who can make a visitor's browser ask for it many times, and
// sees the length of the answers, learns the secret from how well the two
// compress together (BREACH).
func (c *Context) SetCompressed(on bool) error {
	return c.change("SetCompressed", strconv.FormatBool(on), func() error {
		c.delivery.uncompressed = !on
		return nil
	})
}

// Compressed reports whether the page may be compressed.
func (c *Context) Compressed() bool {
	if c == nil {
		return true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.delivery.uncompressed
}

// SetStallTimeout decides how long the client may take nothing of this page before it
// is cut off: for ever if d is negative, as long as the engine usually waits if it is
// zero.
func (c *Context) SetStallTimeout(d time.Duration) error {
	return c.change("SetStallTimeout", d.String(), func() error {
		c.delivery.stall = d
		return nil
	})
}

// StallTimeout returns what SetStallTimeout decided, or usual if nothing is decided.
func (c *Context) StallTimeout(usual time.Duration) time.Duration {
	if c == nil {
		return usual
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.delivery.stall == 0 {
		return usual
	}
	return c.delivery.stall
}
