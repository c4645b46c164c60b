package engine

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/ropewalk/ropewalk/engine/internal/encode"
	"github.com/ropewalk/ropewalk/response"
)

// pageWriter is the destination of a page's render: it writes the head before
// the first byte.
type pageWriter struct {
	x        *exchange
	r        *http.Request
	page     *response.Context
	wire     wire
	enc      *encode.Writer // nil if the bytes leave as they are
	bodyless bool           // HEAD, 204, 205, 304: the head is all that is sent
	started  bool           // the head was handed to w
	late     bool           // another head has left before it
	status   int            // once it is committed
	err      error          // what w, or we, answered to a write
	fields   fieldValues
}

func (x *exchange) pageWriter(w http.ResponseWriter, r *http.Request, page *response.Context) *pageWriter {
	p := &x.out
	if x.outUsed.Swap(true) { // an error page, while the page itself may still be at work
		p = new(pageWriter)
	}
	*p = pageWriter{x: x, r: r, page: page, wire: wireTo(w), bodyless: r.Method == http.MethodHead}
	return p
}

// errBodyless stops the render of a page of which only the head is wanted.
var errBodyless = errors.New("engine: the response has no body")

// Lock is called by stream at the moment of the lock.
func (p *pageWriter) Lock() { p.page.Lock() }

// Whole is asked by stream after that: whether the page is sent whole.
func (p *pageWriter) Whole() bool {
	return p.page.Buffered(func() bool { return p.x.app.sendsWhole(p.r) })
}

func (p *pageWriter) Write(b []byte) (int, error) {
	if err := p.stream(); err != nil {
		return 0, err
	}
	return p.send(b)
}

// FlushError sends what was written.
func (p *pageWriter) FlushError() error {
	if err := p.stream(); err != nil {
		return err
	}
	if p.enc != nil {
		if err := p.enc.Flush(); err != nil {
			return p.note(err)
		}
	}
	return p.note(p.wire.flush())
}

// stream writes the head of a page of unknown length, if it has not left.
func (p *pageWriter) stream() error {
	if !p.started {
		h, err := p.commit()
		if err != nil {
			return err
		}
		if !p.x.app.ProxyBuffering {
			p.fields.setDefault(h, "X-Accel-Buffering", "no")
		}
		p.writeHead(h, p.offer(h, -1), -1)
	}
	if p.bodyless {
		return p.note(errBodyless)
	}
	return nil
}

// WriteWhole is Write for a b that is the whole document.
func (p *pageWriter) WriteWhole(b []byte) (int, error) {
	h, err := p.commit()
	if err != nil {
		return 0, err
	}
	accept, body := p.offer(h, len(b)), b
	if !p.bodyless && len(b) <= maxPacked {
		if packed := p.x.pack(h, accept, b); packed != nil {
			defer p.x.app.putBuffer(packed)
			body = packed.Bytes()
		}
		accept = encode.Accept{}
	}
	p.writeHead(h, accept, len(body))
	if !p.bodyless {
		_, err = p.send(body)
	}
	return len(b), err
}

// send writes a part of the body.
func (p *pageWriter) send(b []byte) (n int, err error) {
	switch {
	case len(b) == 0:
		return 0, nil
	case p.enc != nil:
		n, err = p.enc.Write(b)
	default:
		n, err = p.wire.Write(b)
	}
	return n, p.note(err)
}

// finish ends a page that was rendered without an error. Only then is an encoded
// body completed: no decoder may take half a page for a whole one.
func (p *pageWriter) finish() error {
	if p.enc != nil {
		return p.note(p.enc.Close())
	}
	return nil
}

// release gives back what p holds. It is not used any more.
func (p *pageWriter) release() {
	if p.enc != nil {
		p.enc.Release()
	}
}

// commit completes the header, but for what it says of the body.
func (p *pageWriter) commit() (http.Header, error) {
	h := p.wire.w.Header()
	p.late = p.x.begun(p.wire.root)
	p.fields.setDefault(h, "Content-Type", "text/html; charset=utf-8")
	if err := commit(p.page, h, &p.fields); err != nil {
		return nil, err // of a hook; nothing is sent
	}
	p.started, p.status = true, p.page.Status()
	delete(h, "Content-Length") // a page's own could only be wrong
	return h, nil
}

func (p *pageWriter) offer(h http.Header, length int) encode.Accept {
	if p.late {
		return encode.Accept{} // nobody could say so any more
	}
	return p.x.offer(p.r, p.page, h, p.status, length)
}

// writeHead writes the head, for a body that is encoded in one of the codings on
// offer, or for one of the given length, or -1.
func (p *pageWriter) writeHead(h http.Header, accept encode.Accept, length int) {
	switch coding := accept.Best(); {
	case hasNoBody(p.status):
		p.bodyless = true
		delete(h, "Content-Type")
		length = -1
	case p.bodyless && coding != encode.Identity:
		encode.Mark(h, coding)
		length = -1
	case !p.bodyless:
		if p.enc = p.x.open(h, accept, &p.wire); p.enc != nil {
			length = -1
		}
	}
	if length >= 0 {
		p.fields.set(h, "Content-Length", strconv.Itoa(length))
	}
	p.wire.begin()
	writeStatus(p.wire.w, p.status)
}

func (p *pageWriter) note(err error) error {
	if err != nil && p.err == nil {
		p.err = err
	}
	return err
}
