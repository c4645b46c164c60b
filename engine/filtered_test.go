package engine_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/matryer/is"
	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/engine"
	"github.com/ropewalk/ropewalk/response"
)

// The logger of the App hears once for each place at which the filter replaces a value,
// also in parts that render at once, and whoever has asked around the App hears each time.
func TestFilteredValuesAreLoggedOnce(t *testing.T) {
	is := is.New(t)
	views := component.Must(component.Parser{}.Parse(component.Source{Name: "links", Text: `<a href="{{.A}}">a</a>
<a href="{{.B}}">b</a>`}))
	type links struct{ A, B string }
	view := component.Must(component.Bind[links](views, "links"))

	var j journal
	app := engine.App{Logger: j.logger()}
	app.Page("GET /good", page(view(links{"https://x/", "/"})))
	app.Page("GET /bad/{id}", func(page *response.Context) (component.Component, error) {
		bad := view(links{"https://x/", "javascript:f()"})
		return row{later(closed(), bad), later(closed(), bad), bad}, nil
	})
	app.Page("GET /worse", page(view(links{"javascript:f()", "javascript:f()"})))

	var heard atomic.Int32
	around := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		app.ServeHTTP(w, r.WithContext(component.OnFiltered(r.Context(), func(*component.RenderError) { heard.Add(1) })))
	})
	s := start(t, around)
	warnings := func() []map[string]any { return j.entries(slog.LevelWarn) }

	is.Equal(ask(t, s, "GET", "/good").StatusCode, 200)
	is.Equal(len(warnings()), 0)
	for id := range 3 {
		a := ask(t, s, "GET", fmt.Sprint("/bad/", id))
		is.Equal(strings.Count(a.body, "#ZgotmplZ"), 3)
	}
	is.Equal(heard.Load(), int32(9))
	is.Equal(len(warnings()), 1)
	entry := warnings()[0]
	is.Equal(entry["at"], "links:2:12")
	is.Equal(entry["action"], ".B")
	is.Equal(entry["route"], "GET /bad/{id}")
	is.Equal(entry["path"], "/bad/0")
	for _, way := range []string{"template.URL", "https or mailto"} {
		is.True(strings.Contains(entry["msg"].(string), way))
	}
	is.True(strings.Contains(entry["error"].(string), `href="{{.B}}"`)) // the source line

	ask(t, s, "GET", "/worse") // has another place
	is.Equal(len(warnings()), 2)
	is.Equal(warnings()[1]["at"], "links:1:12")
}

// A hook that a page sets for its own tree is told before that of the App.
func TestFilterHookOfThePageHidesNoOther(t *testing.T) {
	is := is.New(t)
	views := component.Must(component.Parser{}.Parse(component.Source{Name: "link", Text: `<a href="{{.}}">a</a>`}))
	link := component.Must(component.Bind[string](views, "link"))("javascript:f()")
	var j journal
	app := engine.App{Logger: j.logger()}
	heard := 0
	app.Page("/", page(does(func(ctx context.Context) error {
		ctx = component.OnFiltered(ctx, func(*component.RenderError) { heard++ })
		return component.Render(ctx, new(strings.Builder), link)
	})))
	is.Equal(get(t, &app, "/").StatusCode, 200)
	is.Equal(heard, 1)
	is.Equal(len(j.entries(slog.LevelWarn)), 1)
}
