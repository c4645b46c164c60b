package templ

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"github.com/ropewalk/ropewalk/bench/peer"
	"github.com/ropewalk/ropewalk/bench/workload"
)

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.977 generate -f parts.templ

// Streamers use templ's streaming handler and its Flush, after the head and
// after each part. The parts load side by side if the handler starts them, and
// else one after the other.
func Streamers() []peer.Streamer {
	return []peer.Streamer{
		{Name: "templ", How: "WithStreaming and Flush, goroutines by hand", Handler: func(page *workload.Parts) (http.Handler, error) {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				list := make([]waiter, 0, len(page.Parts))
				for _, part := range page.Start(r.Context()) {
					list = append(list, waiter{part.ID, func(context.Context) ([]string, error) { return part.Wait() }})
				}
				templ.Handler(streamed(page.Title, list), templ.WithStreaming()).ServeHTTP(w, r)
			}), nil
		}},
		{Name: "templ-sequential", Sequential: true, How: "WithStreaming and Flush", Handler: func(page *workload.Parts) (http.Handler, error) {
			list := make([]waiter, 0, len(page.Parts))
			for i := range page.Parts {
				list = append(list, waiter{page.Parts[i].ID, page.Parts[i].Load})
			}
			return templ.Handler(streamed(page.Title, list), templ.WithStreaming()), nil
		}},
	}
}
