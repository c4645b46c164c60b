package handwritten

import (
	"net/http"
	"sync"

	"github.com/ropewalk/ropewalk/bench/peer"
	"github.com/ropewalk/ropewalk/bench/workload"
)

// Streamers are a loop that flushes when it has to wait, and only then.
func Streamers() []peer.Streamer {
	return []peer.Streamer{{Name: "handwritten", Bound: true, How: "everything by hand", Handler: streamed}}
}

var buffers = sync.Pool{New: func() any { return new([]byte) }}

func streamed(page *workload.Parts) (http.Handler, error) {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := page.Start(r.Context())
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		buffer := buffers.Get().(*[]byte)
		defer buffers.Put(buffer)
		b := append((*buffer)[:0], `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>`...)
		b = appendText(b, page.Title)
		b = append(b, `</title></head><body><h1>`...)
		b = appendText(b, page.Title)
		b = append(b, `</h1>`...)
		for _, loading := range started {
			if !loading.Ready() {
				w.Write(b)
				b = b[:0]
				http.NewResponseController(w).Flush()
			}
			lines, err := loading.Wait()
			if err != nil {
				panic(http.ErrAbortHandler)
			}
			b = part(b, loading.ID, lines)
		}
		b = append(b, `</body></html>`...)
		w.Write(b)
		*buffer = b
	}), nil
}

func part(b []byte, id int, lines []string) []byte {
	b = append(b, `<section id="part-`...)
	b = appendInt(b, id)
	b = append(b, `"><h2>Part `...)
	b = appendInt(b, id)
	b = append(b, `</h2><ul>`...)
	for _, line := range lines {
		b = append(b, `<li>`...)
		b = appendText(b, line)
		b = append(b, `</li>`...)
	}
	return append(b, `</ul></section>`...)
}
