package engine

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/engine/internal/encode"
	"github.com/ropewalk/ropewalk/response"
	"github.com/ropewalk/ropewalk/stream"
)

// answer gives the answer that err stands for, in place of the page, of which
// nothing was sent. There is none if a handler has sent something before.
func (x *exchange) answer(w http.ResponseWriter, r *http.Request, page *response.Context, err error) {
	if errors.Is(err, http.ErrAbortHandler) || r.Context().Err() == context.Canceled || x.begun(rootOf(w)) {
		x.abort(r, err, nil)
	}
	var panicked *stream.PanicError
	if errors.As(err, &panicked) && !wraps[*response.StatusError](err, panicked) {
		x.showError(w, r, page, &response.StatusError{Code: http.StatusInternalServerError, Err: err})
		return
	}
	if !x.answerInstead(w, r, page, err) {
		x.showError(w, r, page, statusOf(err))
	}
}

// wraps reports whether err holds a T above inner: then the T is what was meant.
func wraps[T error](err, inner error) bool {
	var outer T
	return errors.As(err, &outer) && errors.Is(outer, inner)
}

// answerInstead gives the answers that are no errors, and reports whether err is one.
func (x *exchange) answerInstead(w http.ResponseWriter, r *http.Request, page *response.Context, err error) bool {
	var redirect *response.RedirectError
	var complete *response.ResponseError
	var status *response.StatusError
	switch {
	case errors.As(err, &redirect):
		to := response.Redirect(redirect.URL, redirect.StatusFor(r.Method))
		if !errors.As(to, &redirect) {
			return false // made by hand, and not one that Redirect makes
		}
		x.sendHead(w, r, page, redirect.Code, redirect.URL)
	case errors.As(err, &complete):
		x.respond(w, r, page, complete)
	case errors.As(err, &status) && status.Code >= 200 && status.Code < 400:
		x.sendHead(w, r, page, status.Code, "")
	default:
		return false
	}
	return true
}

// statusOf finds the status that err asks for, by a Status method in the range
// of errors; 413 for a body that is too large, 503 for what took too long, or 500.
func statusOf(err error) *response.StatusError {
	if e, ok := err.(*response.StatusError); ok && isErrorStatus(e.Code) {
		return e
	}
	code := http.StatusInternalServerError
	var hint interface{ Status() int }
	var tooLarge *http.MaxBytesError
	var late *stream.TimeoutError
	switch {
	case errors.As(err, &hint) && isErrorStatus(hint.Status()):
		code = hint.Status()
	case errors.As(err, &tooLarge):
		code = http.StatusRequestEntityTooLarge
	case errors.As(err, &late):
		code = http.StatusServiceUnavailable
	}
	return &response.StatusError{Code: code, Err: err}
}

func isErrorStatus(code int) bool { return code >= 400 && code <= 599 }

// sendHead answers with a head alone; location may be empty.
func (x *exchange) sendHead(w http.ResponseWriter, r *http.Request, page *response.Context, status int, location string) {
	next := page.Replace(status, func(name string) bool {
		return name != "Location" && !(describesContent(name) && status != http.StatusNotModified)
	})
	x.root.page.Store(next)
	h := w.Header()
	if location != "" {
		h.Set("Location", location)
	}
	var fields fieldValues
	if err := commit(next, h, &fields); err != nil {
		h.Del("Location")
		x.showError(w, r, next, &response.StatusError{Code: http.StatusInternalServerError, Err: err})
		return
	}
	if status == http.StatusNotModified {
		fields.setDefault(h, "Content-Type", "text/html; charset=utf-8") // which it stands for
		x.offer(r, next, h, status, -1)
	}
	h.Del("Content-Type")
	h.Del("Content-Length")
	if !hasNoBody(status) {
		h.Set("Content-Length", "0")
	}
	out := wireTo(w)
	out.begin()
	w.WriteHeader(status)
}

// respond answers with a complete response.
func (x *exchange) respond(w http.ResponseWriter, r *http.Request, page *response.Context, complete *response.ResponseError) {
	resp := complete.Response
	if resp.Body != nil {
		defer resp.Body.Close()
	}
	status := resp.StatusCode
	if status == 0 && complete.Merge {
		status = page.Status()
	} else if status == 0 {
		status = http.StatusOK
	}
	next := page.Replace(status, func(name string) bool {
		_, theirs := resp.Header[name]
		return complete.Merge && !theirs && name != "Content-Length"
	})
	x.root.page.Store(next)
	head := maps.Clone(w.Header())
	copyHeader(head, resp)
	if err := commit(next, head, nil); err != nil {
		x.showError(w, r, next, &response.StatusError{Code: http.StatusInternalServerError, Err: err})
		return
	}
	body := resp.Body
	if complete.Merge && body != nil && resp.ContentLength > 0 && resp.ContentLength <= maxPacked {
		packed, err := x.packBody(r, next, head, resp)
		if err != nil {
			x.showError(w, r, next, &response.StatusError{Code: http.StatusInternalServerError, Err: err})
			return
		}
		body = packed
	}
	if hasNoBody(status) {
		head.Del("Content-Length") // a client of HTTP/2 would miss that much
	}
	clear(w.Header())
	maps.Copy(w.Header(), head)
	out := wireTo(w)
	out.begin()
	w.WriteHeader(status)
	if body == nil || hasNoBody(status) || r.Method == http.MethodHead {
		return
	}
	if err := copyBody(&out, body, resp.ContentLength < 0); err != nil {
		x.abort(r, err, nil)
	}
}

// packBody encodes a body that is here already, or returns it as it is.
func (x *exchange) packBody(r *http.Request, page *response.Context, h http.Header, resp *http.Response) (io.ReadCloser, error) {
	accept := x.offer(r, page, h, page.Status(), int(resp.ContentLength))
	if accept.Best() == encode.Identity {
		return resp.Body, nil
	}
	plain, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	body := io.NopCloser(bytes.NewReader(plain))
	if packed := x.pack(h, accept, plain); packed != nil {
		h.Set("Content-Length", strconv.Itoa(packed.Len()))
		body = io.NopCloser(packed)
	}
	return body, nil
}

// copyHeader leaves out what belongs to the connection the response came by.
func copyHeader(h http.Header, resp *http.Response) {
	for name, values := range resp.Header {
		switch name {
		case "Connection", "Keep-Alive", "Transfer-Encoding", "Upgrade", "Trailer":
		default:
			h[name] = slices.Clone(values) // other answers may share theirs
		}
	}
	if resp.ContentLength > 0 {
		h.Set("Content-Length", strconv.FormatInt(resp.ContentLength, 10))
	}
}

// copyBody sends a body, one that trickles piece by piece, as it comes.
func copyBody(to *wire, body io.Reader, trickles bool) error {
	if !trickles {
		_, err := io.Copy(to, body)
		return err
	}
	buf := make([]byte, 32<<10)
	for {
		n, err := body.Read(buf)
		if n > 0 {
			if _, err := to.Write(buf[:n]); err != nil {
				return err
			}
			if err := to.flush(); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// showError answers with the app's page for an error status, or plain text.
func (x *exchange) showError(w http.ResponseWriter, r *http.Request, page *response.Context, failure *response.StatusError) {
	x.logError(r, "the request was answered with an error", failure)
	next := page.Replace(failure.Code, func(name string) bool {
		// A page that failed unforeseen meant its caching for something else.
		caching := name == "Cache-Control" || name == "Expires"
		return !describesContent(name) && !(caching && failure.Code >= 500)
	})
	x.root.page.Store(next)
	clearContent(w.Header())
	show := x.app.errorPage(failure.Code)
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
	tree, err := call(func() (component.Component, error) { return show(next, failure) })
	if err == nil {
		err = x.render(w, r, next, tree)
	}
	if err == nil || x.answerInstead(w, r, next, err) {
		return
	}
	x.logError(r, "the error page failed", statusOf(err))
	x.plainError(w, r, next.Replace(failure.Code, func(name string) bool { return !describesContent(name) }))
}

// plainError is the answer that cannot fail.
func (x *exchange) plainError(w http.ResponseWriter, r *http.Request, page *response.Context) {
	x.root.page.Store(page)
	h := w.Header()
	if err := commit(page, h, nil); err != nil {
		x.logError(r, "a hook failed", statusOf(err))
	}
	body := (&response.StatusError{Code: page.Status()}).Error() + "\n"
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	out := wireTo(w)
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
