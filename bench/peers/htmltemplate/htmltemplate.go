// Package htmltemplate renders the pages with html/template.
package htmltemplate

import (
	"context"
	"html/template"
	"io"
	"net/http"

	"github.com/ropewalk/ropewalk/bench/peer"
	"github.com/ropewalk/ropewalk/bench/views"
	"github.com/ropewalk/ropewalk/bench/workload"
)

// Engines are html/template on typed data, and on the same as maps.
func Engines() []peer.Engine {
	return []peer.Engine{
		{Name: "html-template", Cover: peer.Everywhere(peer.Automatic), Page: func(name workload.Name, data *workload.Set) (*peer.Page, error) {
			props, err := data.Typed(name)
			if err != nil {
				return nil, err
			}
			return page(name, props)
		}},
		{Name: "html-template-map", Dynamic: true, Cover: peer.Everywhere(peer.Automatic), Page: func(name workload.Name, data *workload.Set) (*peer.Page, error) {
			props, err := data.Dynamic(name)
			if err != nil {
				return nil, err
			}
			return page(name, props)
		}},
	}
}

func page(name workload.Name, props any) (*peer.Page, error) {
	views, err := template.New("").Funcs(functions(workload.Context())).ParseFS(views.Files, "*.html")
	if err != nil {
		return nil, err
	}
	view := views.Lookup(string(name) + ".html")
	page := peer.Written(func(w io.Writer) error { return view.Execute(w, props) })
	page.Streaming = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if err := view.Execute(w, props); err != nil {
			panic(http.ErrAbortHandler)
		}
	})
	return page, nil
}

// functions are those of the issues, with the context in a closure.
func functions(ctx context.Context) template.FuncMap {
	return template.FuncMap{
		"t":    func(key string, args ...any) string { return workload.T(ctx, key, args...) },
		"icon": workload.Icon,
		"ago":  workload.Ago,
	}
}
