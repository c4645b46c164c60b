package component_test

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/ropewalk/ropewalk/component"
)

// A request is what these examples keep in the context: an application has middleware that does.
type request struct {
	user, language, nonce, csrf string
	flash                       []string
}

type requestKey struct{}

func from(ctx context.Context) *request { r, _ := ctx.Value(requestKey{}).(*request); return r }

func exampleContext() context.Context {
	return context.WithValue(context.Background(), requestKey{}, &request{
		user: "Ann", language: "de", nonce: "r4nd0m", csrf: "t0ken", flash: []string{"Gespeichert."},
	})
}

func showFor(funcs map[string]any, sources ...component.Source) {
	views := component.Must(component.Parser{Funcs: funcs}.Parse(sources...))
	page := component.Must(component.Bind[any](views, sources[0].Name))
	if err := component.Render(exampleContext(), os.Stdout, page(nil)); err != nil {
		fmt.Println(err)
	}
}

// Translations: a function whose first parameter is a context gets the render's, and is
// written without it.
func ExampleParser_translations() {
	words := map[string]string{"de cart.title": "Warenkorb", "de cart.items": "%d Artikel"}
	showFor(map[string]any{
		"t": func(ctx context.Context, key string, args ...any) string {
			return fmt.Sprintf(words[from(ctx).language+" "+key], args...)
		},
	}, component.Source{Name: "cart", Text: `<h1 title="{{t "cart.title"}}">{{t "cart.items" 3}}</h1>`})
	// Output: <h1 title="Warenkorb">3 Artikel</h1>
}

// A nonce for a Content-Security-Policy, and a token against forged forms.
func ExampleParser_nonceAndToken() {
	showFor(map[string]any{
		"nonce": func(ctx context.Context) string { return from(ctx).nonce },
		"csrf":  func(ctx context.Context) string { return from(ctx).csrf },
	}, component.Source{Name: "page", Text: `<script nonce="{{nonce}}">go()</script>
<form method="post"><input type="hidden" name="csrf" value="{{csrf}}"></form>
`})
	// Output:
	// <script nonce="r4nd0m">go()</script>
	// <form method="post"><input type="hidden" name="csrf" value="t0ken"></form>
}

// Permissions and flash messages.
func ExampleParser_permissionsAndFlashes() {
	showFor(map[string]any{
		"can":     func(ctx context.Context, what string) bool { return from(ctx).user == "Ann" && what == "edit" },
		"flashes": func(ctx context.Context) []string { return from(ctx).flash },
	}, component.Source{Name: "page", Text: `{{range flashes}}<p role="status">{{.}}</p>{{end}}{{if can "edit"}}<a href="/edit">edit</a>{{end}}{{if can "delete"}}no{{end}}`})
	// Output: <p role="status">Gespeichert.</p><a href="/edit">edit</a>
}

type userBar struct{ Name, Initial string }

// A component of the layout that makes its own props from the request.
func ExampleTemplateFunc() {
	makeUserBar := func(ctx context.Context) (userBar, error) {
		name := from(ctx).user
		return userBar{Name: name, Initial: strings.ToUpper(name[:1])}, nil
	}
	showFor(map[string]any{"userbar": component.TemplateFunc("userbar", makeUserBar)},
		component.Source{Name: "layout", Text: `<header>{{userbar}}</header>`},
		component.Source{Name: "userbar", Text: `<b title="{{.Name}}">{{.Initial}}</b>`})
	// Output: <header><b title="Ann">A</b></header>
}

type teaser struct{ Text string }

// The same beside the page, which goes on while the props are made; the call has arguments.
func ExampleTemplateLoad() {
	load := func(ctx context.Context, id int) (teaser, error) { // asks a database, say
		return teaser{fmt.Sprintf("product %d for %s", id, from(ctx).user)}, ctx.Err()
	}
	showFor(map[string]any{"teaser": component.TemplateLoad("teaser", load)},
		component.Source{Name: "page", Text: `{{teaser 7}}<p>foot</p>`},
		component.Source{Name: "teaser", Text: `<p>{{.Text}}</p>`})
	// Output: <p>product 7 for Ann</p><p>foot</p>
}
