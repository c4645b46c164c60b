package component_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing/fstest"

	"github.com/ropewalk/ropewalk/component"
)

type product struct {
	Name    string
	Price   float64
	Reviews component.Component
}

func ExampleBind() {
	views := component.Must(component.Parser{}.Parse(component.Source{
		Name: "product",
		Text: `<h2>{{.Name}}</h2> <b>{{printf "%.2f" .Price}}</b> {{.Reviews}}` + "\n",
	}))
	Product := component.Must(component.Bind[product](views, "product"))

	reviews := component.Async(func(ctx context.Context) (component.Component, error) {
		return component.Text("Smells of tar & the sea."), nil // from a database
	})
	component.Render(context.Background(), os.Stdout, Product(product{"Hemp rope", 48.5, reviews}))
	// Output:
	// <h2>Hemp rope</h2> <b>48.50</b> Smells of tar &amp; the sea.
}

// A template is checked against the type that it is bound to.
func ExampleBind_mistake() {
	views := component.Must(component.Parser{}.Parse(component.Source{
		Name: "product",
		Text: "<h2>{{.Nmae}}</h2>\n{{range .Price}}{{end}}",
	}))
	_, err := component.Bind[product](views, "product")
	fmt.Println(err)

	var mistakes component.Diagnostics
	errors.As(err, &mistakes)
	fmt.Println(len(mistakes), "mistakes, the first in line", mistakes[0].Line)
	// Output:
	// product:1:7: .Nmae: component_test.product has no field or method Nmae (did you mean Name?)
	// 	<h2>{{.Nmae}}</h2>
	// 	      ^~~~~
	// product:2:9: range can't iterate over float64
	// 	{{range .Price}}{{end}}
	// 	        ^~~~~~
	// 2 mistakes, the first in line 1
}

func ExampleParseFS() {
	files := fstest.MapFS{ // usually an embed.FS
		"views/page.html":           {Data: []byte(`<main>{{template "parts/greeting" .}}</main>` + "\n")},
		"views/parts/greeting.html": {Data: []byte(`Hello, {{.}}!`)},
	}
	views := component.Must(component.ParseFS(files, "views"))
	Page := component.Must(component.Bind[string](views, "page"))
	Page("<Ada>").Render(context.Background(), os.Stdout)
	// Output:
	// <main>Hello, &lt;Ada&gt;!</main>
}

// Templates call each other as components, by the names of props, with children.
func ExampleTemplate() {
	type panel struct {
		Title    string `prop:"required"`
		Level    int    `default:"2"`
		Children component.Component
	}
	parser := component.Parser{Funcs: map[string]any{"panel": component.Template[panel]("panel")}}
	views := component.Must(parser.Parse(
		component.Source{Name: "panel", Text: `<section><h{{.Level}}>{{.Title}}</h{{.Level}}>{{.Children}}</section>`},
		component.Source{Name: "page", Text: `{{range .}}{{with panel "Title" .}}<p>{{len .}} letters</p>{{end}}
{{end}}`},
	))
	Page := component.Must(component.Bind[[]string](views, "page"))
	Page([]string{"hemp", "sisal"}).Render(context.Background(), os.Stdout)
	// Output:
	// <section><h2>hemp</h2><p>4 letters</p></section>
	// <section><h2>sisal</h2><p>5 letters</p></section>
}

func ExampleCompose() {
	library := component.Must(component.Parser{}.Parse(component.Source{Name: "badge", Text: `<b>{{.}}</b>`}))
	own := component.Must(component.Parser{}.Parse(component.Source{Name: "page", Text: `New: {{template "badge" .}}` + "\n"}))
	Page := component.Must(component.Bind[string](component.Must(component.Compose(own, library)), "page"))
	Page("twine").Render(context.Background(), os.Stdout)
	// Output:
	// New: <b>twine</b>
}
