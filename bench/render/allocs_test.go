package render_test

import (
	"testing"

	"github.com/ropewalk/ropewalk/bench/measure"
	"github.com/ropewalk/ropewalk/bench/render"
	"github.com/ropewalk/ropewalk/bench/workload"
)

// A component made once renders typed data without allocating, but for what the
// functions do that the page calls.
func TestTypedRendersDoNotAllocate(t *testing.T) {
	if racing {
		t.Skip("the race detector allocates")
	}
	data := load(t)
	e, err := render.Engine("ropewalk")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range workload.Names() {
		page, err := render.Prove(e, name, data)
		if err != nil {
			t.Fatal(err)
		}
		allocs, err := measure.CountAllocs(measure.Subject{Name: string(name), Run: page.Render})
		if err != nil {
			t.Fatal(err)
		}
		var most uint64
		if call := data.Functions(name); call != nil {
			alone, err := measure.CountAllocs(measure.Subject{Name: render.Functions, Run: func() error { call(); return nil }})
			if err != nil {
				t.Fatal(err)
			}
			most = alone.Count
		}
		if allocs.Count > most {
			t.Errorf("%s: %d allocations of %d bytes for each render, want %d", name, allocs.Count, allocs.Bytes, most)
		}
	}
}
