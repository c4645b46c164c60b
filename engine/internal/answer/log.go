package answer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/ropewalk/ropewalk/response"
	"github.com/ropewalk/ropewalk/stream"
)

func (s *Service) logger() *slog.Logger {
	if s.Logger != nil {
		return s.Logger
	}
	return slog.Default()
}

func (x *Exchange) log(r *http.Request, level slog.Level, message string, err error, attrs ...slog.Attr) {
	logger, ctx := x.service.logger(), r.Context()
	if !logger.Enabled(ctx, level) {
		return
	}
	attrs = append(attrs, slog.String("method", r.Method), slog.String("path", r.URL.Path))
	if err != nil {
		attrs = append(attrs, slog.String("error", fullText(err)))
	}
	var panicked *stream.PanicError
	if errors.As(err, &panicked) {
		attrs = append(attrs, slog.String("stack", string(panicked.Stack)))
	}
	logger.LogAttrs(ctx, level, "engine: "+message, attrs...)
}

// fullText is err's text with the cause that a StatusError keeps to itself.
func fullText(err error) string {
	text := err.Error()
	var misplaced *stream.MisplacedError
	if errors.As(err, &misplaced) {
		err = misplaced.Err
	}
	var status *response.StatusError
	if errors.As(err, &status) && status.Err != nil {
		return text + ": " + fullText(status.Err)
	}
	return text
}

// logFailure logs what an error page does not tell. Errors of the 4xx range are
// the visitor's and everyday.
func (x *Exchange) logFailure(r *http.Request, failure *response.StatusError) {
	level := slog.LevelDebug
	if failure.Code >= 500 {
		level = slog.LevelError
	}
	err := error(failure)
	if failure.Err != nil {
		err = failure.Err
	}
	x.log(r, level, "the request was answered with an error", err, slog.Int("status", failure.Code))
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
	if x := of(ctx); x != nil {
		x.log(x.response().Request, level, "a part of the page failed, and its fallback is shown", err)
	}
}

// logOthers logs the errors of a page that has failed already.
func logOthers(ctx context.Context, errs []error) {
	level := slog.LevelError
	if ctx.Err() == context.Canceled {
		level = slog.LevelDebug
	}
	x := of(ctx)
	if x == nil {
		return
	}
	for _, err := range errs {
		x.log(x.response().Request, level, "another part of the page failed", err)
	}
}

// logLeft logs which parts of a page go on when it has ended, or that its function does.
func logLeft(ctx context.Context, parts []string) {
	if x := of(ctx); x != nil {
		x.log(x.response().Request, slog.LevelWarn, "the page has ended, and some of it goes on: it should heed its context", nil,
			slog.Any("parts", parts))
	}
}

// lateChange is a line that changes a response too late.
type lateChange struct {
	file string
	line int
	op   string
}

// Refused implements [response.Exchange]. It logs a refused change, once for each line
// that tries: it would be the same at every request.
func (x *Exchange) Refused(late *response.LockedError) {
	if !x.service.once(lateChange{late.File, late.Line, late.Op}) {
		return
	}
	r := late.Request
	x.service.logger().LogAttrs(r.Context(), slog.LevelError, late.Error(),
		slog.String("method", r.Method), slog.String("path", r.URL.Path),
		slog.String("file", fmt.Sprintf("%s:%d", late.File, late.Line)))
}
