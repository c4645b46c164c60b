// Package templ renders the pages with code that templ's compiler has
// generated.
package templ

import (
	"io"

	"github.com/a-h/templ"

	"github.com/ropewalk/ropewalk/bench/peer"
	"github.com/ropewalk/ropewalk/bench/workload"
)

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.977 generate -f pages.templ
//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.977 generate -f issues.templ

// Engine makes each page's component once and renders it to a bytes.Buffer.
func Engine() peer.Engine {
	return peer.Engine{
		Name:   "templ",
		Module: "github.com/a-h/templ",
		Cover: peer.Cover{
			peer.Text:        peer.Automatic,
			peer.Attribute:   peer.Automatic,
			peer.URL:         peer.Automatic,
			peer.URLPart:     peer.ByHand,
			peer.ScriptValue: peer.Automatic,
			peer.ScriptText:  peer.Automatic,
			peer.Handler:     peer.Automatic,
			peer.StyleValue:  peer.ByHand,
			peer.StyleSheet:  peer.Unescaped,
		},
		Page: page,
	}
}

func page(name workload.Name, data *workload.Set) (*peer.Page, error) {
	switch name {
	case workload.FortunesPage:
		return served(Fortunes(&data.Fortunes)), nil
	case workload.CardsPage:
		return served(Cards(&data.Cards)), nil
	case workload.TablePage:
		return served(Table(&data.Table)), nil
	case workload.ArticlePage:
		return served(Article(&data.Article)), nil
	case workload.ContextsPage:
		return served(Contexts(&data.Contexts)), nil
	case workload.IssuesPage:
		return served(Issues(&data.Issues)), nil
	}
	return nil, &workload.UnknownError{Page: name}
}

// served renders to memory and to writers as a program does, and answers
// requests with templ's own handler, buffered and streaming.
func served(c templ.Component) *peer.Page {
	ctx := workload.Context()
	page := peer.Written(func(w io.Writer) error { return c.Render(ctx, w) })
	page.Handler = templ.Handler(c)
	page.Streaming = templ.Handler(c, templ.WithStreaming())
	return page
}
