package stream

import (
	"math/bits"
	"sync"

	"github.com/valyala/bytebufferpool"
)

// buffers is where the buffers of segments come from and go back to.
//
// Many segments wait at a time behind a slow part, so each has a buffer that fits its
// text. That of a small one grows as it is written: they are much of a size, which a
// bytebufferpool.Pool learns. Larger ones have a block, whose size is a power of two. A
// slab is a large buffer for a writer that writes much and waits for nobody. Slabs are of all
// sizes, and a pool that learns would drop the large ones after 42,000 small ones, so they
// have a plain one.
type buffers struct {
	slabs  sync.Pool // of *bytebufferpool.ByteBuffer, as all here
	small  bytebufferpool.Pool
	blocks [7]sync.Pool // of minBlock<<i bytes
}

var pool buffers

const (
	maxSmall  = 512
	minBlock  = 2 * maxSmall
	maxBlock  = 64 << 10
	firstSlab = 10 << 10 // not a block

	segmentSize = 64 // about what a segment takes beside its text
)

// capacity is that of the buffer that fit returns for n bytes, if it is not small.
func capacity(n int) int {
	if n <= maxSmall || n > maxBlock {
		return n
	}
	return 1 << bits.Len(uint(n-1))
}

// blocksOf returns the pool of the blocks of n bytes.
func (p *buffers) blocksOf(n int) *sync.Pool {
	return &p.blocks[bits.Len(uint(n))-bits.Len(minBlock)]
}

func get(p *sync.Pool) *bytebufferpool.ByteBuffer {
	b, _ := p.Get().(*bytebufferpool.ByteBuffer)
	return b
}

// slab returns a large buffer.
func (p *buffers) slab() *bytebufferpool.ByteBuffer {
	if b := get(&p.slabs); b != nil {
		return b
	}
	for n := maxBlock; n > firstSlab; n /= 2 { // a slab may have grown to the size of a block
		if b := get(p.blocksOf(n)); b != nil {
			return b
		}
	}
	return &bytebufferpool.ByteBuffer{B: make([]byte, 0, firstSlab)}
}

// fit returns a buffer for n bytes, and not for many more.
func (p *buffers) fit(n int) *bytebufferpool.ByteBuffer {
	if n <= maxSmall {
		return p.small.Get()
	}
	n = capacity(n)
	if n <= maxBlock {
		if b := get(p.blocksOf(n)); b != nil {
			return b
		}
	}
	return &bytebufferpool.ByteBuffer{B: make([]byte, 0, n)}
}

// put takes b back; b may be nil. A buffer much larger than spill is dropped: one
// huge page must not be remembered for ever.
func (p *buffers) put(b *bytebufferpool.ByteBuffer, spill int) {
	if b == nil {
		return
	}
	switch n := cap(b.B); {
	case n < minBlock:
		p.small.Put(b)
	case n <= maxBlock && n&(n-1) == 0:
		b.Reset()
		p.blocksOf(n).Put(b)
	case n >= firstSlab && n <= max(4*spill, maxBlock):
		b.Reset()
		p.slabs.Put(b)
	}
}

// cost is what b counts for while it waits: all that it takes, but for the small ones, of
// which a page with many parts has many. Those count for their text and for the segment,
// which may be the larger.
func cost(b *bytebufferpool.ByteBuffer) int {
	if cap(b.B) < minBlock {
		return len(b.B) + segmentSize
	}
	return cap(b.B)
}
