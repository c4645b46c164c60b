package engine_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/ropewalk/ropewalk/engine"
)

// nowhere is a ResponseWriter that costs nothing.
type nowhere struct{ header http.Header }

func (n nowhere) Header() http.Header         { return n.header }
func (n nowhere) Write(p []byte) (int, error) { return len(p), nil }
func (n nowhere) WriteHeader(int)             {}

// What the engine costs beside a handler that writes the same bytes.
func BenchmarkSynchronousPage(b *testing.B) {
	body := html(make([]byte, 1024))
	var app engine.App
	app.Page("/product/{id}", page(body))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /product/{id}", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, string(body)) })
	for name, h := range map[string]http.Handler{"App": &app, "PageFunc": page(body), "ServeMux": mux} {
		b.Run(name, func(b *testing.B) {
			r, _ := http.NewRequest("GET", "/product/7", nil)
			w := nowhere{make(http.Header)}
			b.ReportAllocs()
			for b.Loop() {
				clear(w.header)
				h.ServeHTTP(w, r)
			}
		})
	}
}
