package peer

import (
	"bytes"
	"net/http"
	"strconv"
	"sync"
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Answer is how a page answers requests: its own handler, or one that renders
// to a pooled buffer and writes that whole.
func (p *Page) Answer() http.Handler {
	if p.Handler != nil {
		return p.Handler
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b := buffers.Get().(*bytes.Buffer)
		defer buffers.Put(b)
		b.Reset()
		if err := p.Write(b); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		Whole(w, b.Bytes())
	})
}

// Whole writes a finished page, with its length, as cheaply as net/http can.
func Whole(w http.ResponseWriter, page []byte) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(page)))
	w.Write(page) // the reader may have gone: there is nobody to tell
}
