package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/ropewalk/ropewalk/response"
	"github.com/ropewalk/ropewalk/stream"
)

func (a *App) logger() *slog.Logger {
	if a.Logger != nil {
		return a.Logger
	}
	return slog.Default()
}

// logError logs what an error page does not tell. Errors of the 4xx range are
// the visitor's and everyday.
func (x *exchange) logError(r *http.Request, message string, failure *response.StatusError) {
	level := slog.LevelDebug
	if failure.Code >= 500 {
		level = slog.LevelError
	}
	err := error(failure)
	if failure.Err != nil {
		err = failure.Err
	}
	x.log(r, level, message, err, slog.Int("status", failure.Code))
}

// abort ends a response that cannot be completed: the connection is cut, so that
// nobody takes half a page for a whole one. written is the error of a write to
// the connection, if there was one.
func (x *exchange) abort(r *http.Request, err, written error) {
	var complete *response.ResponseError
	if errors.As(err, &complete) && complete.Response != nil && complete.Response.Body != nil {
		complete.Response.Body.Close() // nobody else will
	}
	var panicked *stream.PanicError
	switch {
	case errors.Is(err, http.ErrAbortHandler):
		// asked for
	case !errors.As(err, &panicked) && clientGone(r, written):
		x.log(r, slog.LevelDebug, "the client is gone", err)
	default:
		x.log(r, slog.LevelError, "the response failed half-way and was cut off", err)
	}
	panic(http.ErrAbortHandler)
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

// prepared is what an App makes of its fields when it first serves.
type prepared struct {
	renderer stream.Renderer // App.Stream, whose errors that no page shows go to the log
	onLocked func(*response.LockedError)
}

func (a *App) prepared() *prepared {
	a.once.Do(func() {
		a.ready.onLocked = a.logLate
		r := &a.ready.renderer
		*r = a.Stream
		if r.Shared == nil {
			r.Shared = &stream.Budget{Pending: 256 << 20}
		}
		r.Caught = func(ctx context.Context, err error) {
			if a.Stream.Caught != nil {
				a.Stream.Caught(ctx, err)
			}
			logCaught(ctx, err)
		}
		r.Others = func(ctx context.Context, errs []error) {
			if a.Stream.Others != nil {
				a.Stream.Others(ctx, errs)
			}
			logOthers(ctx, errs)
		}
	})
	return &a.ready
}

// logCaught logs an error in whose place a page shows something else.
func logCaught(ctx context.Context, err error) {
	level := slog.LevelWarn
	var panicked *stream.PanicError
	switch {
	case errors.As(err, &panicked):
		level = slog.LevelError
	case statusOf(err).Code < 500:
		level = slog.LevelDebug
	}
	if x, _ := ctx.Value(exchangeKey{}).(*exchange); x != nil {
		x.log(x.root.page.Load().Request, level, "a part of the page failed, and its fallback is shown", err)
	}
}

// logOthers logs the errors of a page that has failed already.
func logOthers(ctx context.Context, errs []error) {
	level := slog.LevelError
	if ctx.Err() == context.Canceled {
		level = slog.LevelDebug
	}
	x, _ := ctx.Value(exchangeKey{}).(*exchange)
	if x == nil {
		return
	}
	for _, err := range errs {
		x.log(x.root.page.Load().Request, level, "another part of the page failed", err)
	}
}

func (x *exchange) log(r *http.Request, level slog.Level, message string, err error, attrs ...slog.Attr) {
	logger, ctx := x.app.logger(), r.Context()
	if !logger.Enabled(ctx, level) {
		return
	}
	attrs = append(attrs, slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.String("error", fullText(err)))
	var panicked *stream.PanicError
	if errors.As(err, &panicked) {
		attrs = append(attrs, slog.String("stack", string(panicked.Stack)))
	}
	logger.LogAttrs(ctx, level, "engine: "+message, attrs...)
}

// fullText is err's text with the cause that a StatusError keeps to itself.
func fullText(err error) string {
	var status *response.StatusError
	if errors.As(err, &status) && status.Err != nil {
		return err.Error() + ": " + fullText(status.Err)
	}
	return err.Error()
}

// lateChange is a line that changes a response too late.
type lateChange struct {
	file string
	line int
	op   string
}

// logLate logs a refused change, once for each line that tries: it would be the
// same at every request.
func (a *App) logLate(late *response.LockedError) {
	if _, known := a.lateChanges.LoadOrStore(lateChange{late.File, late.Line, late.Op}, true); known {
		return
	}
	r := late.Request
	a.logger().LogAttrs(r.Context(), slog.LevelError, late.Error(),
		slog.String("method", r.Method), slog.String("path", r.URL.Path),
		slog.String("file", fmt.Sprintf("%s:%d", late.File, late.Line)))
}
