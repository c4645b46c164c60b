// Package jet renders the pages with Jet's templates.
package jet

import (
	"embed"
	"io"

	"github.com/CloudyKit/jet/v6"
	"github.com/CloudyKit/jet/v6/loaders/embedfs"

	"github.com/ropewalk/ropewalk/bench/peer"
	"github.com/ropewalk/ropewalk/bench/workload"
)

//go:embed views/*.jet
var files embed.FS

// Engine executes parsed templates on typed data.
func Engine() peer.Engine {
	return peer.Engine{
		Name:   "jet",
		Module: "github.com/CloudyKit/jet/v6",
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
	props, err := data.Typed(name)
	if err != nil {
		return nil, err
	}
	set := jet.NewSet(embedfs.NewLoader("views", files))
	ctx := workload.Context()
	set.AddGlobal("t", func(key string, args ...any) string { return workload.T(ctx, key, args...) })
	set.AddGlobal("icon", workload.Icon)
	set.AddGlobal("ago", workload.Ago)
	view, err := set.GetTemplate(string(name))
	if err != nil {
		return nil, err
	}
	return peer.Written(func(w io.Writer) error { return view.Execute(w, nil, props) }), nil
}
