package bench

import (
	"testing"
	"time"

	"github.com/ropewalk/ropewalk/component"
)

// Stream measures the rendering of c to a destination that can be flushed, as a
// connection can: ns, MB/s and allocations, and for each page
//
//	first-byte-ns/op   until the first byte had left: at the first flush, when more than 4 KiB
//	                   were written, which is what net/http keeps, or with the whole page
//	writes/op          in how many pieces the page was written
//	flushes/op         how often it was sent before its end
//
// The parts of c run side by side.
func Stream(b *testing.B, c component.Component) {
	b.Helper()
	ctx := b.Context()
	var d destination
	render := func() {
		d.start, d.sent = time.Now(), false
		if err := component.Render(ctx, &d, c); err != nil {
			b.Fatal(err)
		}
		d.leave()
	}
	render()
	if d.bytes == 0 {
		b.Fatal("bench: the component prints nothing")
	}
	b.SetBytes(d.bytes)
	b.ReportAllocs()
	d = destination{}
	for b.Loop() {
		render()
	}
	n := float64(b.N)
	b.ReportMetric(float64(d.first.Nanoseconds())/n, "first-byte-ns/op")
	b.ReportMetric(float64(d.writes)/n, "writes/op")
	b.ReportMetric(float64(d.flushes)/n, "flushes/op")
}

// A destination counts, over all renders, what reaches it.
type destination struct {
	bytes           int64
	writes, flushes int
	first           time.Duration // the sum of the times until something left

	start time.Time // of this render
	sent  bool      // something of this render has left
	held  int       // bytes were written, and wait for the buffer to be full
}

// buffer is what net/http keeps of a page before it sends something.
const buffer = 4 << 10

// Write counts and keeps nothing.
func (d *destination) Write(p []byte) (int, error) {
	d.writes++
	d.bytes += int64(len(p))
	if d.held += len(p); d.held > buffer {
		d.leave()
	}
	return len(p), nil
}

// Flush sends what was written.
func (d *destination) Flush() {
	d.flushes++
	d.leave()
}

func (d *destination) leave() {
	if d.held > 0 && !d.sent {
		d.sent = true
		d.first += time.Since(d.start)
	}
	d.held = 0
}
