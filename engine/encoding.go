package engine

import (
	"bytes"
	"net/http"

	"github.com/ropewalk/ropewalk/engine/internal/encode"
	"github.com/ropewalk/ropewalk/response"
)

// Encoding says how an app compresses its pages and what [response.JSON] and
// [response.Bytes] answer. The zero value compresses everything that is text, with
// zstd or gzip, whichever the client would rather have.
//
// # Secrets
//
// The length of a compressed page tells how much of it repeats. If a page shows a
// secret and repeats words of the request, whoever can make a visitor's browser
// ask for it and can see the length of the answers is able to guess the secret
// piece by piece (BREACH). Tokens that are masked anew in every page, and cookies
// with SameSite, which are the default of package cookie, take the ground from
// that. Where neither is in place, use [response.Context.SetCompressed], or Off.
type Encoding struct {
	// Off leaves all bodies as they are.
	Off bool

	// MinSize is the length from which a page that is sent whole is compressed;
	// 1024 bytes if zero. Streamed pages always are.
	MinSize int

	// Encoders is how many pages at once may hold an encoder with a memory, which
	// takes 0.6 to 0.8 MB until the page has ended. 64 if zero; none if negative. Those beyond
	// are compressed piece by piece, which takes no memory and packs less tightly.
	Encoders int
}

// maxPacked is the length up to which a whole page is compressed as a whole, for
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
func (x *exchange) offer(r *http.Request, page *response.Context, h http.Header, status, length int) (none encode.Accept) {
	if x.app.Encoding.Off || status == http.StatusNoContent || length == 0 || !page.Compressed() || !encode.Worth(r, h, status) {
		return none
	}
	accept := encode.ParseAccept(r.Header["Accept-Encoding"])
	if length > 0 && length < x.app.Encoding.withDefaults().MinSize && accept.Takes(encode.Identity) {
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
func (x *exchange) open(h http.Header, accept encode.Accept, to *wire) *encode.Writer {
	enc := x.app.encoders.Open(to, accept, x.app.Encoding.withDefaults().Encoders)
	if enc != nil {
		encode.Mark(h, enc.Coding)
	}
	return enc
}

// pack encodes a whole body and marks h, or returns nil if that is no use. The
// buffer may go back with putBuffer.
func (x *exchange) pack(h http.Header, accept encode.Accept, body []byte) *bytes.Buffer {
	if accept.Best() == encode.Identity {
		return nil
	}
	packed := x.app.buffer()
	enc := x.app.encoders.Open(packed, accept, x.app.Encoding.withDefaults().Encoders)
	if enc == nil {
		x.app.putBuffer(packed)
		return nil
	}
	defer enc.Release()
	enc.Write(body) // a bytes.Buffer takes everything
	enc.Close()
	if packed.Len() >= len(body) && accept.Takes(encode.Identity) {
		x.app.putBuffer(packed)
		return nil
	}
	encode.Mark(h, enc.Coding)
	return packed
}

// buffer returns an empty buffer for a whole body.
func (a *App) buffer() *bytes.Buffer {
	if b, ok := a.scratch.Get().(*bytes.Buffer); ok {
		return b
	}
	return new(bytes.Buffer)
}

// putBuffer takes it back, unless it has become too large to keep.
func (a *App) putBuffer(b *bytes.Buffer) {
	if b.Cap() <= maxPacked {
		b.Reset()
		a.scratch.Put(b)
	}
}
