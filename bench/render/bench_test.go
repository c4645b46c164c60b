package render_test

import (
	"testing"

	"github.com/ropewalk/ropewalk/bench/render"
	"github.com/ropewalk/ropewalk/bench/workload"
)

func BenchmarkRender(b *testing.B) {
	data := load(b)
	for _, name := range workload.Names() {
		for _, e := range render.Engines() {
			b.Run(string(name)+"/"+e.Name, func(b *testing.B) {
				page, err := render.Prove(e, name, data)
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(int64(len(page.Output())))
				b.ReportAllocs()
				for b.Loop() {
					if err := page.Render(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		if call := data.Functions(name); call != nil {
			b.Run(string(name)+"/"+render.Functions, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					call()
				}
			})
		}
	}
}
