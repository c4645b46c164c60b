package answer

import (
	"bytes"
	"net/http"

	"github.com/ropewalk/ropewalk/engine/internal/encode"
	"github.com/ropewalk/ropewalk/response"
)

// Encoding says how bodies are compressed.
type Encoding struct {
	Off      bool
	MinSize  int // of a whole body; 1024 bytes if zero
	Encoders int // with a memory, in use at once; 64 if zero, none if negative
}

// maxPacked is the length up to which a whole body is compressed as a whole, for
// the sake of its Content-Length.
const maxPacked = 1 << 20

func (e Encoding) withDefaults() Encoding {
	if e.MinSize == 0 {
		e.MinSize = 1024
	}
	if e.Encoders == 0 {
		e.Encoders = 64
	}
	return e
}

// offer finds the codings that a body with the header h may have, and says in h
// that it looked. The length is that of a whole body, or -1.
func (x *Exchange) offer(r *http.Request, page *response.Context, h http.Header, status, length int) (none encode.Accept) {
	options := &x.service.Encoding
	if options.Off || x.packed || status == http.StatusNoContent || length == 0 || !page.Compressed() || !encode.Worth(r, h, status) {
		return none
	}
	accept := encode.ParseAccept(r.Header["Accept-Encoding"])
	if length > 0 && length < options.MinSize && accept.Takes(encode.Identity) {
		return none // whoever asks: a cache may give it to all
	}
	encode.Vary(h)
	if status != http.StatusNotModified {
		return accept
	}
	if accept.Best() != encode.Identity {
		encode.Weaken(h) // as it was when the client got the body
	}
	return none
}

// open begins an encoded body and marks h, or returns nil.
func (x *Exchange) open(h http.Header, accept encode.Accept, to *client) *encode.Writer {
	enc := x.service.encoders.Open(to, accept, x.service.Encoding.Encoders)
	if enc != nil {
		encode.Mark(h, enc.Coding)
	}
	return enc
}

// pack encodes a whole body and marks h, or returns nil if that is no use. The
// buffer may go back with putBuffer.
func (x *Exchange) pack(h http.Header, accept encode.Accept, body []byte) *bytes.Buffer {
	if accept.Best() == encode.Identity {
		return nil
	}
	packed := x.service.buffer()
	enc := x.service.encoders.Open(packed, accept, x.service.Encoding.Encoders)
	if enc == nil {
		x.service.putBuffer(packed)
		return nil
	}
	defer enc.Release()
	enc.Write(body) // a bytes.Buffer takes everything
	enc.Close()
	if packed.Len() >= len(body) && accept.Takes(encode.Identity) {
		x.service.putBuffer(packed)
		return nil
	}
	encode.Mark(h, enc.Coding)
	return packed
}
