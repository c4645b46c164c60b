package response

import (
	"net/http"
	"time"
)

// Exchange is the way that a response takes to its client, as far as a page may know
// of it. The engine has one for each request.
type Exchange interface {
	// Outcome tells what has been answered so far.
	Outcome() Outcome

	// Refused is told of every change that the lock refused. It runs on the goroutine
	// that tried.
	Refused(*LockedError)

	// SetWriteDeadline replaces the deadline of the server; zero is none.
	SetWriteDeadline(time.Time) error
}

// nowhere is the exchange of a response that leaves nowhere, as in a test.
type nowhere Options

func (nowhere) Outcome() Outcome                 { return Outcome{} }
func (nowhere) SetWriteDeadline(time.Time) error { return http.ErrNotSupported }

func (n nowhere) Refused(e *LockedError) {
	if n.OnLocked != nil {
		n.OnLocked(e)
	}
}

// Outcome is what a request was answered with, for logs and metrics.
type Outcome struct {
	Status int    // of the head; 0 if none has left
	Bytes  int64  // of the body, as they were sent: compressed, if they were
	Route  string // the pattern that matched, "GET /product/{id}"; empty if none did
	Err    error  // why it was an error page, or was cut off; nil if nothing failed
}

// Outcome tells what the request was answered with. A middleware calls it after next
// has returned, or in a deferred function, since a response that fails half-way panics
// with http.ErrAbortHandler.
//
// What is answered when all middleware has returned is not in it: the 200 of a handler
// that writes nothing, and the 500 of one that panics. Outside of the engine it is
// empty.
func (c *Context) Outcome() Outcome {
	if c == nil {
		return Outcome{}
	}
	return c.exchange.Outcome()
}

// SetWriteDeadline sets the time at which the response ends even if it is not complete,
// in place of the one that http.Server.WriteTimeout has set; zero is no such time. Like
// any other change it is refused once the response has started.
//
// A client that takes nothing is cut off before, see [Context.SetStallTimeout]. The
// error is http.ErrNotSupported if the way to the client has no deadlines.
func (c *Context) SetWriteDeadline(t time.Time) error {
	return c.change("SetWriteDeadline", t.Format(time.RFC3339), func() error {
		return c.exchange.SetWriteDeadline(t)
	})
}
