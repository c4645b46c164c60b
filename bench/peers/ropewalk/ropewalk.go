// Package ropewalk renders the pages with ropewalk's own templates, the same
// files as html/template.
package ropewalk

import (
	"io"

	"github.com/ropewalk/ropewalk/bench/peer"
	"github.com/ropewalk/ropewalk/bench/views"
	"github.com/ropewalk/ropewalk/bench/workload"
	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/engine"
	"github.com/ropewalk/ropewalk/response"
)

// Engines are ropewalk with a component made once and rendered again and
// again, with one made for each render as a page function does, and the latter
// on maps.
func Engines() []peer.Engine {
	return []peer.Engine{
		{Name: "ropewalk", Cover: peer.Everywhere(peer.Automatic), Page: func(name workload.Name, data *workload.Set) (*peer.Page, error) {
			return typed(name, data, false)
		}},
		{Name: "ropewalk-new", Cover: peer.Everywhere(peer.Automatic), Page: func(name workload.Name, data *workload.Set) (*peer.Page, error) {
			return typed(name, data, true)
		}},
		{Name: "ropewalk-map", Dynamic: true, Cover: peer.Everywhere(peer.Automatic), Page: func(name workload.Name, data *workload.Set) (*peer.Page, error) {
			props, err := data.Dynamic(name)
			if err != nil {
				return nil, err
			}
			return page(name, props, true)
		}},
	}
}

func typed(name workload.Name, data *workload.Set, fresh bool) (*peer.Page, error) {
	switch name {
	case workload.FortunesPage:
		return page(name, data.Fortunes, fresh)
	case workload.CardsPage:
		return page(name, data.Cards, fresh)
	case workload.TablePage:
		return page(name, data.Table, fresh)
	case workload.ArticlePage:
		return page(name, data.Article, fresh)
	case workload.ContextsPage:
		return page(name, data.Contexts, fresh)
	case workload.IssuesPage:
		return page(name, data.Issues, fresh)
	}
	return nil, &workload.UnknownError{Page: name}
}

// functions are those of the issues.
var functions = map[string]any{"t": workload.T, "icon": workload.Icon, "ago": workload.Ago}

// page binds the view to the type of props; fresh makes a component for each
// render.
func page[P any](name workload.Name, props P, fresh bool) (*peer.Page, error) {
	parsed, err := component.Parser{Funcs: functions}.ParseFS(views.Files, "*.html")
	if err != nil {
		return nil, err
	}
	view, err := component.Bind[P](parsed, string(name))
	if err != nil {
		return nil, err
	}
	made := func() component.Component { return view(props) }
	if !fresh {
		once := view(props)
		made = func() component.Component { return once }
	}
	ctx := workload.Context()
	page := peer.Written(func(w io.Writer) error { return made().Render(ctx, w) })
	page.Write = func(w io.Writer) error { return component.Render(ctx, w, made()) }
	page.Handler = engine.PageFunc(func(*response.Context) (component.Component, error) { return made(), nil })
	return page, nil
}
