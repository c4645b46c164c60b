package answer

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
	r         *http.Request
	page      *response.Context
	client    client
	enc       *encode.Writer // nil if the bytes leave as they are
	bodyless  bool           // HEAD, 204, 205, 304: the head is all that is sent
	committed bool           // the head was handed to w
	late      bool           // another head has left before it
	status    int            // once it is committed
	err       error          // what w, or we, answered to a write
	filler    *filler        // nil if the beginning leaves as it is
	fields    fieldValues
}

func (x *Exchange) pageWriter(w http.ResponseWriter, r *http.Request, page *response.Context) *pageWriter {
	p := &x.out
	if x.outUsed.Swap(true) { // an error page, while the page itself may still be at work
		p = new(pageWriter)
	}
	p.r, p.page, p.bodyless = r, page, r.Method == http.MethodHead
	p.client.x, p.client.w, p.client.root = x, w, outermostRoot(w)
	return p
}

// errBodyless stops the render of a page of which only the head is wanted.
var errBodyless = errors.New("engine: the response has no body")

// Lock is called by stream at the moment of the lock.
func (p *pageWriter) Lock() { response.NewController(p.page).Lock() }

// Whole is asked by stream after that: whether the page is sent whole.
func (p *pageWriter) Whole() bool {
	return p.page.Buffered(func() bool { return p.client.x.service.Whole(p.r) })
}

func (p *pageWriter) Write(b []byte) (int, error) {
	if err := p.stream(); err != nil {
		return 0, err
	}
	if p.filler.keeps(b) {
		return len(b), nil
	}
	if err := p.begin(false); err != nil {
		return 0, err
	}
	return p.send(b)
}

// begin sends the beginning of the page that was kept, filled up if it is flushed.
func (p *pageWriter) begin(flushed bool) error {
	_, err := p.send(p.filler.take(flushed))
	return err
}

// FlushError sends what was written.
func (p *pageWriter) FlushError() error {
	if err := p.stream(); err != nil {
		return err
	}
	if err := p.begin(true); err != nil {
		return err
	}
	if p.enc != nil {
		if err := p.enc.Flush(); err != nil {
			return p.note(err)
		}
	}
	return p.note(p.client.flush())
}

// stream writes the head of a page of unknown length, if it has not left.
func (p *pageWriter) stream() error {
	if !p.committed {
		h, err := p.commit()
		if err != nil {
			return err
		}
		if !p.client.x.service.ProxyBuffering {
			p.fields.setDefault(h, "X-Accel-Buffering", "no")
		}
		p.filler = newFiller(p.r, h)
		p.client.duplex(p.r)
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
		if packed := p.client.x.pack(h, accept, b); packed != nil {
			defer p.client.x.service.putBuffer(packed)
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
		n, err = p.client.Write(b)
	}
	return n, p.note(err)
}

// finish ends a page that was rendered without an error. Only then is an encoded
// body completed: no decoder may take half a page for a whole one.
func (p *pageWriter) finish() error {
	if err := p.begin(false); err != nil {
		return err
	}
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
	h := p.client.w.Header()
	p.late = p.client.x.committed(p.client.root)
	p.fields.setDefault(h, "Content-Type", "text/html; charset=utf-8")
	if err := commit(p.page, h, &p.fields); err != nil {
		return nil, err // of a hook; nothing is sent
	}
	p.committed, p.status = true, p.page.Status()
	p.client.limit = p.page.StallTimeout(p.client.x.service.StallTimeout)
	delete(h, "Content-Length") // a page's own could only be wrong
	return h, nil
}

func (p *pageWriter) offer(h http.Header, length int) encode.Accept {
	if p.late {
		return encode.Accept{} // nobody could say so any more
	}
	return p.client.x.offer(p.r, p.page, h, p.status, length)
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
		if p.enc = p.client.x.open(h, accept, &p.client); p.enc != nil {
			length = -1
		}
	}
	if length >= 0 {
		p.fields.set(h, "Content-Length", strconv.Itoa(length))
	}
	p.client.begin()
	p.writeStatus()
}

// writeStatus writes the head, which middleware may have waited for. Where a handler may
// have written one of its own before the page, 200 is left to the first write, from which
// net/http has it, so that the handler's counts.
func (p *pageWriter) writeStatus() {
	switch {
	case p.late:
	case p.status != http.StatusOK || !p.client.x.answered:
		p.client.w.WriteHeader(p.status)
	default:
		p.client.w.Write(nil)
	}
}

func (p *pageWriter) note(err error) error {
	if err != nil && p.err == nil {
		p.err = err
	}
	return err
}
