package htmltemplate

import (
	"context"
	"embed"
	"html/template"
	"net/http"

	"github.com/ropewalk/ropewalk/bench/peer"
	"github.com/ropewalk/ropewalk/bench/workload"
)

//go:embed parts.html
var partsFile embed.FS

// Streamers flush by hand, after the head and after each part. The parts load
// side by side if the handler starts them, and else one after the other.
func Streamers() []peer.Streamer {
	return []peer.Streamer{
		{Name: "html-template", How: "goroutines and flushes by hand", Handler: func(page *workload.Parts) (http.Handler, error) {
			return streamed(func(ctx context.Context) []waiter {
				var list []waiter
				for _, part := range page.Start(ctx) {
					list = append(list, waiter{part.ID, part.Wait})
				}
				return list
			}, page.Title)
		}},
		{Name: "html-template-sequential", Sequential: true, How: "flushes by hand", Handler: func(page *workload.Parts) (http.Handler, error) {
			return streamed(func(ctx context.Context) []waiter {
				var list []waiter
				for i := range page.Parts {
					part := &page.Parts[i]
					list = append(list, waiter{part.ID, func() ([]string, error) { return part.Load(ctx) }})
				}
				return list
			}, page.Title)
		}},
	}
}

type streamedPage struct {
	Title string
	Parts []waiter
	flush func()
}

// Flush prints nothing.
func (p *streamedPage) Flush() string {
	p.flush()
	return ""
}

type waiter struct {
	ID   int
	wait func() ([]string, error)
}

func (w waiter) Wait() ([]string, error) { return w.wait() }

func streamed(parts func(ctx context.Context) []waiter, title string) (http.Handler, error) {
	view, err := template.ParseFS(partsFile, "parts.html")
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		page := &streamedPage{Title: title, Parts: parts(r.Context()), flush: func() { http.NewResponseController(w).Flush() }}
		if err := view.Execute(w, page); err != nil {
			panic(http.ErrAbortHandler)
		}
	}), nil
}
