package answer

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/ropewalk/ropewalk/response"
	"github.com/ropewalk/ropewalk/stream"
)

// abort ends a response that cannot be completed: the connection is cut, so that
// nobody takes half a page for a whole one. written is the error of a write to the
// connection, if there was one.
func (x *Exchange) abort(r *http.Request, err, written error) {
	closeAnswer(err)
	x.failed(err)
	var panicked *stream.PanicError
	switch {
	case errors.Is(err, http.ErrAbortHandler):
		// asked for
	case !errors.As(err, &panicked) && clientGone(r, written):
		x.log(r, slog.LevelDebug, "the client is gone", err)
	default:
		x.log(r, slog.LevelError, "the response failed half-way and was cut off", err)
	}
	x.cut()
	panic(http.ErrAbortHandler)
}

// closeAnswer closes the body of a complete response that is not given, since nobody else
// will.
func closeAnswer(err error) {
	var misplaced *stream.MisplacedError
	if errors.As(err, &misplaced) {
		err = misplaced.Err
	}
	var complete *response.ResponseError
	if errors.As(err, &complete) && complete.Response != nil && complete.Response.Body != nil {
		complete.Response.Body.Close()
	}
}

// cut makes the client see that a response whose head has left is not whole, even if a
// middleware recovers from the panic and lets net/http end it: nothing can be written
// any more, not the end either.
func (x *Exchange) cut() {
	outermost := outermostRoot(&x.root)
	if !x.committed(outermost) {
		return
	}
	for root := range roots(&x.root) {
		root.cut.Store(true)
	}
	http.NewResponseController(outermost.w).SetWriteDeadline(time.Unix(1, 0))
}

// clientGone reports whether the visitor ended the request: net/http has
// cancelled it, or a write failed for no reason of our own.
func clientGone(r *http.Request, written error) bool {
	if r.Context().Err() == context.Canceled {
		return true
	}
	return written != nil && !errors.Is(written, http.ErrContentLength) &&
		!errors.Is(written, http.ErrBodyNotAllowed) && !errors.Is(written, http.ErrHijacked)
}

func panicError(v any) error { return &stream.PanicError{Value: v, Stack: debug.Stack()} }
