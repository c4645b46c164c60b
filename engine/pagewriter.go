package engine

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/ropewalk/ropewalk/response"
)

// pageWriter is the destination of a page's render: it writes the head before
// the first byte.
type pageWriter struct {
	w        http.ResponseWriter
	page     *response.Context
	flusher  *http.ResponseController
	bodyless bool  // HEAD, 204, 304: the head is all that is sent
	started  bool  // the head was handed to w
	err      error // what w, or we, answered to a write
}

// errBodyless stops the render of a page of which only the head is wanted.
var errBodyless = errors.New("engine: the response has no body")

// Lock is called by stream at the moment of the lock.
func (p *pageWriter) Lock() { p.page.Lock() }

func (p *pageWriter) Write(b []byte) (int, error) {
	if err := p.start(-1); err != nil {
		return 0, err
	}
	if p.bodyless {
		return 0, p.note(errBodyless)
	}
	n, err := p.w.Write(b)
	return n, p.note(err)
}

// WriteWhole is Write for a b that is the whole document.
func (p *pageWriter) WriteWhole(b []byte) (int, error) {
	if err := p.start(len(b)); err != nil {
		return 0, err
	}
	if p.bodyless || len(b) == 0 {
		return len(b), nil
	}
	n, err := p.w.Write(b)
	return n, p.note(err)
}

// FlushError sends what was written. A writer that cannot flush is no error:
// the page arrives later, and whole.
func (p *pageWriter) FlushError() error {
	if err := p.start(-1); err != nil {
		return err
	}
	if p.bodyless {
		return p.note(errBodyless)
	}
	if p.flusher == nil {
		p.flusher = http.NewResponseController(p.w)
	}
	err := p.flusher.Flush()
	if errors.Is(err, errors.ErrUnsupported) {
		return nil
	}
	return p.note(err)
}

// finish ends a render that may have written nothing at all.
func (p *pageWriter) finish() error {
	if p.started {
		return nil
	}
	return p.start(0)
}

// start writes the head. The length is that of the body, or -1.
func (p *pageWriter) start(length int) error {
	if p.started {
		return nil
	}
	h := p.w.Header()
	setDefault(h, "Content-Type", "text/html; charset=utf-8")
	if err := commit(p.page, h); err != nil {
		return err // of a hook; nothing is sent
	}
	p.started = true
	h.Del("Content-Length") // a page's own could only be wrong
	status := p.page.Status()
	if hasNoBody(status) {
		p.bodyless = true
		h.Del("Content-Type")
	} else if length >= 0 {
		h.Set("Content-Length", strconv.Itoa(length))
	}
	writeStatus(p.w, status)
	return nil
}

func (p *pageWriter) note(err error) error {
	if err != nil && p.err == nil {
		p.err = err
	}
	return err
}
