package answer

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strconv"

	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/response"
	"github.com/ropewalk/ropewalk/stream"
)

// statusOf finds the status that err asks for, by a Status method in the range of
// errors: 413 for a body that is too large, 503 for what ran out of time, or 500,
// which also stands for a panic, whatever it was called with.
func statusOf(err error) *response.StatusError {
	if e, ok := err.(*response.StatusError); ok && IsErrorStatus(e.Code) {
		return e
	}
	code := http.StatusInternalServerError
	var hint interface{ Status() int }
	var tooLarge *http.MaxBytesError
	var panicked *stream.PanicError
	switch {
	case errors.As(err, &hint) && IsErrorStatus(hint.Status()) && !inPanic(err, hint):
		code = hint.Status()
	case errors.As(err, &panicked):
	case errors.As(err, &tooLarge):
		code = http.StatusRequestEntityTooLarge
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		code = http.StatusServiceUnavailable
	}
	return &response.StatusError{Code: code, Err: err}
}

// inPanic reports whether found, which is in the chain of err, is what a panic was
// called with. Around a panic it was meant.
func inPanic(err error, found any) bool {
	var panicked *stream.PanicError
	if !errors.As(err, &panicked) {
		return false
	}
	outer, _ := found.(error)
	return !errors.Is(outer, panicked)
}

// IsErrorStatus reports whether error pages have such a status.
func IsErrorStatus(code int) bool { return code >= 400 && code <= 599 }

// Error answers with the page for an error status, in place of the page that is now
// meant.
func (x *Exchange) Error(w http.ResponseWriter, r *http.Request, code int) {
	response.NewController(x.response()).SetRequest(r)
	x.showError(w, r, x.response(), &response.StatusError{Code: code})
}

// showError answers with the page for an error status, or plain text.
func (x *Exchange) showError(w http.ResponseWriter, r *http.Request, page *response.Context, failure *response.StatusError) {
	x.failed(failure)
	x.logFailure(r, failure)
	next := x.replace(page, failure.Code, func(name string) bool {
		// A page that failed unforeseen meant its caching for something else.
		caching := name == "Cache-Control" || name == "Expires"
		return !describesContent(name) && !(caching && failure.Code >= 500)
	})
	clearContent(w.Header())
	show := x.service.ErrorPage(failure.Code)
	if show == nil {
		x.plainError(w, r, next)
		return
	}
	ctx := response.With(r.Context(), next)
	if ctx.Err() != nil {
		ctx = context.WithoutCancel(ctx) // it is the error that the page tells of
	}
	r = r.WithContext(ctx)
	next.Request = r
	err := x.show(w, r, next, func(page *response.Context) (component.Component, error) { return show(page, failure) }, show)
	if err == nil || isAnswer(err) && x.answerInstead(w, r, next, err) {
		return
	}
	x.log(r, slog.LevelError, "the error page failed", err, slog.Int("status", failure.Code))
	x.plainError(w, r, x.replace(next, failure.Code, func(name string) bool { return !describesContent(name) }))
}

// replace puts a new response in the place of page, and returns it.
func (x *Exchange) replace(page *response.Context, status int, keep func(name string) bool) *response.Context {
	next := response.NewController(page).Replace(status, keep)
	x.root.page.Store(next)
	return next
}

// plainError is the answer that cannot fail.
func (x *Exchange) plainError(w http.ResponseWriter, r *http.Request, page *response.Context) {
	h := w.Header()
	if err := commit(page, h, nil); err != nil {
		x.log(r, slog.LevelError, "a hook failed", err)
	}
	body := (&response.StatusError{Code: page.Status()}).Error() + "\n"
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	out := x.to(w, page)
	out.begin()
	w.WriteHeader(page.Status())
	if r.Method != http.MethodHead {
		io.WriteString(w, body)
	}
}

// clearContent removes what a handler that failed has said of its body, but for the
// coding, which may be that of a middleware that encodes what it is given.
func clearContent(h http.Header) {
	for name := range h {
		if describesContent(name) && name != "Content-Encoding" {
			delete(h, name)
		}
	}
}

// describesContent reports headers that are about one particular body (B9.3 and
// what http.Error removes).
func describesContent(name string) bool {
	switch name {
	case "Content-Type", "Content-Length", "Transfer-Encoding", "Content-Encoding",
		"Content-Disposition", "Content-Range", "Content-Language",
		"Accept-Ranges", "Etag", "Last-Modified":
		return true
	}
	return false
}
