package bench

import (
	"bytes"
	"testing"

	"github.com/ropewalk/ropewalk/component"
)

// Component measures the rendering of c to memory that is used again: ns, MB/s
// and allocations.
func Component(b *testing.B, c component.Component) {
	b.Helper()
	ctx := b.Context()
	var page bytes.Buffer
	render := func() {
		page.Reset()
		if err := c.Render(ctx, &page); err != nil {
			b.Fatal(err)
		}
	}
	render() // what is made once, such as the buffer, does not count
	if page.Len() == 0 {
		b.Fatal("bench: the component prints nothing")
	}
	b.SetBytes(int64(page.Len()))
	b.ReportAllocs()
	for b.Loop() {
		render()
	}
}
