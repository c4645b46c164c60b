package stream

import "github.com/valyala/bytebufferpool"

// buffers is where the buffers of segments come from and go back to. A pool keeps the
// sizes that most of its buffers have, so pages and the scraps of text between their
// parts would drive each other's buffers out of one pool: there are two.
type buffers struct {
	pages, scraps bytebufferpool.Pool
}

var pool buffers

// maxScrap is what a segment may hold at rest: many of them wait behind a slow part.
const maxScrap = 4 << 10

// page returns a buffer too large for a scrap, so that it comes back to pages.
func (p *buffers) page() *bytebufferpool.ByteBuffer {
	b := p.pages.Get()
	if cap(b.B) <= maxScrap {
		b.B = make([]byte, 0, 2*maxScrap)
	}
	return b
}

func (p *buffers) scrap() *bytebufferpool.ByteBuffer { return p.scraps.Get() }

// put takes b back; b may be nil. A buffer much larger than spill is dropped: one
// huge page must not be remembered for ever.
func (p *buffers) put(b *bytebufferpool.ByteBuffer, spill int) {
	switch {
	case b == nil || cap(b.B) > 4*spill:
	case cap(b.B) <= maxScrap:
		p.scraps.Put(b)
	default:
		b.B = b.B[:cap(b.B)] // the pool is to learn the sizes of buffers, not of what was in them
		p.pages.Put(b)
	}
}
