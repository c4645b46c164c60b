// Package gomponents renders the pages with gomponents: Go functions that
// build a tree of nodes, anew for each render as an application does.
package gomponents

import (
	"io"

	g "maragu.dev/gomponents"

	"github.com/ropewalk/ropewalk/bench/peer"
	"github.com/ropewalk/ropewalk/bench/workload"
)

// Engine builds and renders the tree.
func Engine() peer.Engine {
	return peer.Engine{
		Name:   "gomponents",
		Module: "maragu.dev/gomponents",
		Cover: peer.Cover{
			peer.Text:        peer.Automatic,
			peer.Attribute:   peer.Automatic,
			peer.URL:         peer.Unescaped,
			peer.URLPart:     peer.ByHand,
			peer.ScriptValue: peer.ByHand,
			peer.ScriptText:  peer.ByHand,
			peer.Handler:     peer.ByHand,
			peer.StyleValue:  peer.Unescaped,
			peer.StyleSheet:  peer.Unescaped,
		},
		Page: page,
	}
}

func page(name workload.Name, data *workload.Set) (*peer.Page, error) {
	switch name {
	case workload.FortunesPage:
		return built(func() g.Node { return fortunes(&data.Fortunes) }), nil
	case workload.CardsPage:
		return built(func() g.Node { return cards(&data.Cards) }), nil
	case workload.TablePage:
		return built(func() g.Node { return table(&data.Table) }), nil
	case workload.ArticlePage:
		return built(func() g.Node { return article(&data.Article) }), nil
	case workload.ContextsPage:
		return built(func() g.Node { return contexts(&data.Contexts) }), nil
	case workload.IssuesPage:
		ctx := workload.Context()
		return built(func() g.Node { return issues(ctx, &data.Issues) }), nil
	}
	return nil, &workload.UnknownError{Page: name}
}

func built(tree func() g.Node) *peer.Page {
	return peer.Written(func(w io.Writer) error { return tree().Render(w) })
}
