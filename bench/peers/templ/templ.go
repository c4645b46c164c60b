// Package templ renders the pages with code that templ's compiler has
// generated.
package templ

import (
	"bytes"
	"context"

	"github.com/a-h/templ"

	"github.com/ropewalk/ropewalk/bench/peer"
	"github.com/ropewalk/ropewalk/bench/workload"
)

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.977 generate -f pages.templ

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
		return buffered(Fortunes(&data.Fortunes)), nil
	case workload.CardsPage:
		return buffered(Cards(&data.Cards)), nil
	case workload.TablePage:
		return buffered(Table(&data.Table)), nil
	case workload.ArticlePage:
		return buffered(Article(&data.Article)), nil
	case workload.ContextsPage:
		return buffered(Contexts(&data.Contexts)), nil
	}
	return nil, &workload.UnknownError{Page: name}
}

func buffered(c templ.Component) *peer.Page {
	ctx := context.Background()
	return peer.Buffered(func(b *bytes.Buffer) error { return c.Render(ctx, b) })
}
