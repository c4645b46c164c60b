package encode

import (
	"bytes"
	"io"
	"sync"
	"sync/atomic"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// zstdWindow is how far back an encoder looks: enough for a page, and a tenth of
// the memory that an encoder takes in all.
const zstdWindow = 64 << 10

// Pool holds encoders for reuse and counts those in use. The zero value works. It
// is safe for concurrent use.
type Pool struct {
	inUse atomic.Int64
	gzips sync.Pool
	zstds sync.Pool
	scrap sync.Pool // of buffers
}

// compressor is what *gzip.Writer and *zstd.Encoder have in common.
type compressor interface {
	io.Writer
	Flush() error
	Close() error
	Reset(io.Writer)
}

// Writer is one body being compressed. What is written after a Flush or Close
// decodes at once. A Writer that is released without a Close leaves a body that
// no decoder takes for a whole one.
type Writer struct {
	Coding Coding

	z    compressor
	out  output
	pool *Pool
	kind *sync.Pool // where z goes back to; nil if it has no state worth keeping
	used bool
}

// A body is compressed so many bytes at a time, and leaves when the encoder has
// put out so many: many small writes to a connection cost more than one.
const (
	stepIn  = 64 << 10
	stepOut = 4 << 10
)

// output gathers what an encoder puts out. It has a buffer only while it holds
// something: most bodies under way are waiting.
type output struct {
	pool *Pool
	dst  io.Writer
	b    *bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	if o.b == nil {
		if b, ok := o.pool.scrap.Get().(*bytes.Buffer); ok {
			o.b = b
		} else {
			o.b = new(bytes.Buffer)
		}
	}
	return o.b.Write(p)
}

// deliver writes what was gathered, if that is enough.
func (o *output) deliver(enough int) error {
	if o.b == nil || o.b.Len() < enough {
		return nil
	}
	_, err := o.dst.Write(o.b.Bytes())
	o.drop()
	return err
}

func (o *output) drop() {
	if o.b != nil && o.b.Cap() <= 4*stepIn {
		o.b.Reset()
		o.pool.scrap.Put(o.b)
	}
	o.b = nil
}

// Open begins a body in the best coding that the client takes, or returns nil if
// that is none.
//
// An encoder remembers what it has seen, in half a megabyte (zstd) or more
// (gzip), and keeps it for as long as the body lasts. No more than limit of them
// are in use at once; beyond, bodies are encoded by gzip without a memory, a
// little larger.
func (p *Pool) Open(dst io.Writer, a Accept, limit int) *Writer {
	coding := a.Best()
	if coding == Identity {
		return nil
	}
	w := &Writer{Coding: coding, pool: p, out: output{pool: p, dst: dst}}
	if p.inUse.Add(1) <= int64(limit) {
		w.remember()
		return w
	}
	p.inUse.Add(-1)
	if !a.Takes(Gzip) {
		return nil
	}
	w.Coding = Gzip
	w.z, _ = gzip.NewWriterLevel(&w.out, gzip.StatelessCompression) // the level is valid
	return w
}

// remember gives w an encoder with a memory.
func (w *Writer) remember() {
	w.kind = &w.pool.gzips
	if w.Coding == Zstd {
		w.kind = &w.pool.zstds
	}
	if z, ok := w.kind.Get().(compressor); ok {
		z.Reset(&w.out)
		w.z = z
		return
	}
	w.z = newCompressor(&w.out, w.Coding)
}

// newCompressor makes an encoder that starts no goroutines. Its options are
// valid, so that it cannot fail.
func newCompressor(dst io.Writer, coding Coding) compressor {
	if coding == Zstd {
		z, _ := zstd.NewWriter(dst, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithWindowSize(zstdWindow),
			zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true))
		return z
	}
	z, _ := gzip.NewWriterLevel(dst, gzip.BestSpeed)
	return z
}

// InUse is the number of encoders in use that have a memory.
func (p *Pool) InUse() int { return int(p.inUse.Load()) }

// Write compresses b.
func (w *Writer) Write(b []byte) (n int, err error) {
	w.used = true
	for {
		m, err := w.z.Write(b[n:min(n+stepIn, len(b))])
		n += m
		if err == nil {
			err = w.out.deliver(stepOut)
		}
		if err != nil || n >= len(b) {
			return n, err
		}
	}
}

// Flush writes out what was compressed, so that it decodes.
func (w *Writer) Flush() error {
	if !w.used {
		// Of an encoder without a memory Flush writes nothing, and nothing at all
		// might be taken for a whole body.
		if _, err := w.Write(nil); err != nil {
			return err
		}
	}
	if err := w.z.Flush(); err != nil {
		return err
	}
	return w.out.deliver(1)
}

// Close completes the body.
func (w *Writer) Close() error {
	if err := w.z.Close(); err != nil {
		return err
	}
	return w.out.deliver(1)
}

// Release ends the use of w. A second call does nothing.
func (w *Writer) Release() {
	w.out.drop()
	if w.kind == nil {
		return
	}
	w.z.Reset(nil) // a pooled encoder must not keep a connection
	w.kind.Put(w.z)
	w.pool.inUse.Add(-1)
	w.kind, w.z = nil, nil
}
