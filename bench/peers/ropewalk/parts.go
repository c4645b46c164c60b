package ropewalk

import (
	"context"
	"embed"
	"net/http"

	"github.com/ropewalk/ropewalk/bench/peer"
	"github.com/ropewalk/ropewalk/bench/workload"
	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/engine"
	"github.com/ropewalk/ropewalk/response"
)

//go:embed parts.html
var partsFile embed.FS

// Streamers are a page of asynchronous parts.
func Streamers() []peer.Streamer {
	return []peer.Streamer{{
		Name: "ropewalk",
		How:  "component.Async",
		Handler: func(page *workload.Parts) (http.Handler, error) {
			tree, err := Parts(page)
			if err != nil {
				return nil, err
			}
			return engine.PageFunc(func(*response.Context) (component.Component, error) { return tree(), nil }), nil
		},
	}}
}

type partsProps struct {
	Title string
	Parts component.Component
}

type partProps struct {
	ID    int
	Lines []string
}

// Parts returns a function that makes the tree of the page.
func Parts(page *workload.Parts) (func() component.Component, error) {
	views, err := component.Parser{}.ParseFS(partsFile, "*.html")
	if err != nil {
		return nil, err
	}
	whole, err := component.Bind[partsProps](views, "parts")
	if err != nil {
		return nil, err
	}
	view, err := component.Bind[partProps](views, "part")
	if err != nil {
		return nil, err
	}
	ids := make([]int, len(page.Parts))
	for i := range ids {
		ids[i] = i
	}
	part := func(i int) component.Component {
		p := &page.Parts[i]
		return component.Async(func(ctx context.Context) (component.Component, error) {
			lines, err := p.Load(ctx)
			if err != nil {
				return nil, err
			}
			return view(partProps{p.ID, lines}), nil
		})
	}
	return func() component.Component {
		return whole(partsProps{page.Title, component.Each(ids, part)})
	}, nil
}
