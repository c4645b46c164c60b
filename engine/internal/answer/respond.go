package answer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"github.com/ropewalk/ropewalk/response"
)

// respond answers with a complete response.
func (x *Exchange) respond(w http.ResponseWriter, r *http.Request, page *response.Context, complete *response.ResponseError) {
	resp := complete.Response
	status := resp.StatusCode
	if status == 0 && complete.Merge {
		status = page.Status()
	} else if status == 0 {
		status = http.StatusOK
	}
	body := x.newBody(r, resp)
	defer body.close()
	err := refusal(resp)
	sent := resp.Body != nil && !hasNoBody(status) && r.Method != http.MethodHead
	switch {
	case err != nil:
	case complete.Merge && resp.Body != nil: // also if only its length is to be told
		err = body.all(x.service)
	case sent:
		err = body.next()
	}
	if err != nil {
		x.noBody(w, r, page, err)
		return
	}
	next := x.replace(page, status, func(name string) bool {
		_, theirs := resp.Header[name]
		return complete.Merge && !theirs && name != "Content-Length"
	})
	head := maps.Clone(w.Header())
	copyHeader(head, resp)
	if err := commit(next, head, nil); err != nil {
		x.showError(w, r, next, &response.StatusError{Code: http.StatusInternalServerError, Err: err})
		return
	}
	if packed := x.packBody(r, next, head, body); packed != nil {
		defer x.service.putBuffer(packed)
	}
	if hasNoBody(status) {
		head.Del("Content-Length") // a client of HTTP/2 would miss that much
	}
	clear(w.Header())
	maps.Copy(w.Header(), head)
	out := x.to(w, next)
	out.begin()
	w.WriteHeader(status)
	if !sent {
		return
	}
	if err := body.copyTo(&out); err != nil {
		x.abort(r, err, body.written)
	}
}

// noBody answers in place of a response that cannot be sent, of which nothing was.
func (x *Exchange) noBody(w http.ResponseWriter, r *http.Request, page *response.Context, err error) {
	if r.Context().Err() == context.Canceled {
		x.abort(r, err, nil)
	}
	x.showError(w, r, page, statusOf(err))
}

// refusal says why resp, which may have been made by hand, is not one that
// response.Respond takes.
func refusal(resp *http.Response) error {
	err := response.Respond(resp)
	var taken *response.ResponseError
	if errors.As(err, &taken) {
		return nil
	}
	return err
}

// packBody encodes a body that is here already, and returns what may go back with
// putBuffer, or nil.
func (x *Exchange) packBody(r *http.Request, page *response.Context, h http.Header, b *body) *bytes.Buffer {
	if b.whole == nil || b.err != io.EOF {
		return nil
	}
	packed := x.pack(h, x.offer(r, page, h, page.Status(), len(b.piece)), b.piece)
	if packed != nil {
		b.piece = packed.Bytes()
		h.Set("Content-Length", strconv.Itoa(len(b.piece)))
	}
	return packed
}

// copyHeader puts what resp says into h.
func copyHeader(h http.Header, resp *http.Response) {
	for name, values := range resp.Header {
		h[name] = slices.Clone(values) // other answers may share theirs
	}
	if resp.ContentLength > 0 {
		h.Set("Content-Length", strconv.FormatInt(resp.ContentLength, 10))
	}
}

// body is that of a complete response. It is read one piece ahead, so that an error
// before the first byte can still be answered.
type body struct {
	from    io.ReadCloser
	length  int64 // that was announced; -1: none was
	read    int64
	buf     []byte        // for pieces
	whole   *bytes.Buffer // instead, for a body that is read as a whole
	piece   []byte        // has been read, and not written
	err     error         // comes after piece; io.EOF at the end
	written error         // of a write to the client
	close   func()
}

// newBody returns the body of resp, which is closed when the client leaves: a reader
// may wait for the next piece for ever.
func (x *Exchange) newBody(r *http.Request, resp *http.Response) *body {
	b := &body{from: resp.Body, length: lengthOf(resp), close: func() {}}
	if resp.Body == nil {
		return b
	}
	var once sync.Once
	shut := func() {
		once.Do(func() {
			defer func() {
				if v := recover(); v != nil {
					x.log(r, slog.LevelError, "closing the body of a response panicked", panicError(v))
				}
			}()
			resp.Body.Close()
		})
	}
	stop := context.AfterFunc(r.Context(), shut)
	b.close = func() {
		stop()
		shut()
		if b.whole != nil {
			x.service.putBuffer(b.whole)
		}
	}
	return b
}

// lengthOf returns the length that resp announces, or -1.
func lengthOf(resp *http.Response) int64 {
	if resp.ContentLength > 0 {
		return resp.ContentLength
	}
	n, err := strconv.ParseInt(resp.Header.Get("Content-Length"), 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// all reads a body of known length as a whole, unless it is large.
func (b *body) all(s *Service) error {
	if b.length <= 0 || b.length > maxPacked {
		return b.next()
	}
	b.whole = s.buffer()
	n, err := b.whole.ReadFrom(io.LimitReader(b.from, b.length+1)) // one more tells that it is too long
	if err == nil {
		err = io.EOF
	}
	b.piece, b.read, b.err = b.whole.Bytes(), n, err
	b.checkLength()
	if b.err != io.EOF {
		return b.err
	}
	return nil
}

// next reads a piece. An error means that there is none, and no end.
func (b *body) next() error {
	if b.buf == nil {
		b.buf = make([]byte, 32<<10)
	}
	b.piece = nil
	for b.err == nil && len(b.piece) == 0 {
		n, err := b.from.Read(b.buf)
		b.piece, b.err = b.buf[:n], err
		b.read += int64(n)
	}
	b.checkLength()
	if len(b.piece) == 0 && b.err != io.EOF {
		return b.err
	}
	return nil
}

// checkLength refuses a piece beyond the announced length, and an end before it.
func (b *body) checkLength() {
	switch {
	case b.length < 0:
	case b.read > b.length:
		b.piece, b.err = nil, fmt.Errorf("engine: the body of a response is longer than the %d bytes it announces", b.length)
	case b.err == io.EOF && b.read < b.length:
		b.err = fmt.Errorf("engine: the body of a response ends after %d of the %d bytes it announces", b.read, b.length)
	}
}

// copyTo writes the body, a body of unknown length as it comes.
func (b *body) copyTo(to *client) error {
	for {
		if len(b.piece) > 0 {
			_, err := to.Write(b.piece)
			if err == nil && b.length < 0 {
				err = to.flush()
			}
			if err != nil {
				b.written = err
				return err
			}
		}
		switch b.err {
		case nil:
		case io.EOF:
			return nil
		default:
			return b.err
		}
		if err := b.next(); err != nil {
			return err
		}
	}
}
