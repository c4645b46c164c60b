// Package quicktemplate renders the pages with code that quicktemplate's
// compiler has generated.
package quicktemplate

import (
	"io"
	"net/http"

	qt "github.com/valyala/quicktemplate"

	"github.com/ropewalk/ropewalk/bench/peer"
	"github.com/ropewalk/ropewalk/bench/workload"
)

//go:generate go run github.com/valyala/quicktemplate/qtc@v1.8.0 -file pages.qtpl
//go:generate go run github.com/valyala/quicktemplate/qtc@v1.8.0 -file issues.qtpl

// Engine writes to quicktemplate's own buffer, for which it has fast paths.
func Engine() peer.Engine {
	return peer.Engine{
		Name:   "quicktemplate",
		Module: "github.com/valyala/quicktemplate",
		Golden: true,
		Cover: peer.Cover{
			peer.Text:        peer.ByHand,
			peer.Attribute:   peer.ByHand,
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
		return buffered(func(w *qt.Writer) { StreamFortunes(w, &data.Fortunes) }), nil
	case workload.CardsPage:
		return buffered(func(w *qt.Writer) { StreamCards(w, &data.Cards) }), nil
	case workload.TablePage:
		return buffered(func(w *qt.Writer) { StreamTable(w, &data.Table) }), nil
	case workload.ArticlePage:
		return buffered(func(w *qt.Writer) { StreamArticle(w, &data.Article) }), nil
	case workload.ContextsPage:
		return buffered(func(w *qt.Writer) { StreamContexts(w, &data.Contexts) }), nil
	case workload.IssuesPage:
		ctx := workload.Context()
		return buffered(func(w *qt.Writer) { StreamIssues(w, ctx, &data.Issues) }), nil
	}
	return nil, &workload.UnknownError{Page: name}
}

func buffered(render func(w *qt.Writer)) *peer.Page {
	b := qt.AcquireByteBuffer()
	return &peer.Page{
		Render: func() error {
			b.Reset()
			w := qt.AcquireWriter(b)
			render(w)
			qt.ReleaseWriter(w)
			return nil
		},
		Output: func() []byte { return b.B },
		Write: func(w io.Writer) error {
			qw := qt.AcquireWriter(w)
			defer qt.ReleaseWriter(qw)
			render(qw)
			return nil
		},
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			b := qt.AcquireByteBuffer()
			defer qt.ReleaseByteBuffer(b)
			qw := qt.AcquireWriter(b)
			render(qw)
			qt.ReleaseWriter(qw)
			peer.Whole(w, b.B)
		}),
	}
}
