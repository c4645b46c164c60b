package stream

import (
	"sync"

	"github.com/valyala/bytebufferpool"
)

// buffers is where the buffers of segments come from and go back to: those of roots,
// which hold whole pages, and those of the scraps of text between parts. Scraps are
// much of a size, which a bytebufferpool.Pool learns. Pages are not, and such a pool
// would drop all the large ones after 42,000 small ones: they have a plain pool.
//
// A segment begins with a small scrap and changes it for a larger one, so that none
// holds much more than its text while it waits.
type buffers struct {
	pages  sync.Pool // of *bytebufferpool.ByteBuffer
	small  bytebufferpool.Pool
	scraps bytebufferpool.Pool
}

var pool buffers

const (
	// maxScrap is what a segment may hold at rest: many of them wait behind a slow part.
	maxScrap = 4 << 10
	maxSmall = 512
)

// page returns a buffer too large for a scrap, so that it comes back to pages.
func (p *buffers) page() *bytebufferpool.ByteBuffer {
	if b, ok := p.pages.Get().(*bytebufferpool.ByteBuffer); ok {
		return b
	}
	return &bytebufferpool.ByteBuffer{B: make([]byte, 0, 2*maxScrap)}
}

func (p *buffers) scrap() *bytebufferpool.ByteBuffer { return p.small.Get() }

// scrapFor returns a scrap that n bytes should fit in.
func (p *buffers) scrapFor(n int) *bytebufferpool.ByteBuffer {
	if n <= maxSmall {
		return p.small.Get()
	}
	return p.scraps.Get()
}

// put takes b back; b may be nil. A buffer much larger than spill is dropped: one
// huge page must not be remembered for ever.
func (p *buffers) put(b *bytebufferpool.ByteBuffer, spill int) {
	switch {
	case b == nil || cap(b.B) > 4*spill:
	case cap(b.B) <= maxSmall:
		p.small.Put(b)
	case cap(b.B) <= maxScrap:
		p.scraps.Put(b)
	default:
		b.Reset()
		p.pages.Put(b)
	}
}
