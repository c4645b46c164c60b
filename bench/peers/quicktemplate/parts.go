package quicktemplate

import (
	"io"
	"net/http"

	qt "github.com/valyala/quicktemplate"

	"github.com/ropewalk/ropewalk/bench/peer"
	"github.com/ropewalk/ropewalk/bench/workload"
)

//go:generate go run github.com/valyala/quicktemplate/qtc@v1.8.0 -file parts.qtpl

// Streamers write a function's output after the other and flush between them,
// which is what quicktemplate leaves to the author.
func Streamers() []peer.Streamer {
	return []peer.Streamer{{
		Name: "quicktemplate",
		How:  "goroutines, writes and flushes by hand",
		Handler: func(page *workload.Parts) (http.Handler, error) {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				started := page.Start(r.Context())
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				send(w, func(qw *qt.Writer) { streamhead(qw, page.Title) })
				for _, loading := range started {
					lines, err := loading.Wait()
					if err != nil {
						panic(http.ErrAbortHandler)
					}
					send(w, func(qw *qt.Writer) { streampart(qw, loading.ID, lines) })
				}
				io.WriteString(w, "</body></html>")
			}), nil
		},
	}}
}

// send renders to a buffer, for which quicktemplate has fast paths, writes that
// and flushes.
func send(w http.ResponseWriter, render func(qw *qt.Writer)) {
	b := qt.AcquireByteBuffer()
	qw := qt.AcquireWriter(b)
	render(qw)
	qt.ReleaseWriter(qw)
	w.Write(b.B)
	qt.ReleaseByteBuffer(b)
	http.NewResponseController(w).Flush()
}
