package engine_test

import (
	"html/template"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/engine"
)

// nowhere is a ResponseWriter that costs nothing.
type nowhere struct{ header http.Header }

func (n nowhere) Header() http.Header         { return n.header }
func (n nowhere) Write(p []byte) (int, error) { return len(p), nil }
func (n nowhere) WriteHeader(int)             {}

func (n nowhere) SetWriteDeadline(time.Time) error { return nil }

// What the engine costs beside a handler that writes the same bytes.
func BenchmarkSynchronousPage(b *testing.B) {
	body := strings.Repeat("x", 1024)
	serve := page(component.Raw(template.HTML(body)))
	var app engine.App
	app.Page("/product/{id}", serve)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /product/{id}", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, body) })
	for name, h := range map[string]http.Handler{"App": &app, "PageFunc": serve, "ServeMux": mux} {
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
