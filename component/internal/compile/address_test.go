package compile

import (
	"html/template"
	"reflect"
	"strings"
	"testing"
)

type counter struct{ N int }

func (c *counter) Next() int { return c.N + 1 }

type holder struct{ C counter }

// What a pointer in an interface leads to has an address, and so the methods of its
// pointer, however many steps away it is.
func TestMethodsBehindInterfaces(t *testing.T) {
	type data struct {
		Any  any
		List []any
		Map  map[string]any
	}
	h := &holder{counter{1}}
	d := data{h, []any{h, map[string]any{"H": h}, nil}, map[string]any{"H": h, "M": map[string]any{"H": h}}}
	for _, text := range []string{
		`{{.Any.C.Next}}`, `{{(.Any.C).Next}}`, `{{((.Any).C).Next}}`, `{{.Map.H.C.Next}}`, `{{.Map.M.H.C.Next}}`, `{{(.Map.M.H.C).Next}}`,
		`{{(index .List 0).C.Next}}`, `{{(index .List 1).H.C.Next}}`, `{{range .List}}{{with .}}{{.H}}{{end}}{{end}}`,
		`{{range slice .List 0 1}}{{.C.Next}}{{(.C).Next}}{{with .C}}{{.Next}}{{end}}{{$c := .C}}{{$c.Next}}{{end}}`,
		`{{.Map.M.X.Y}}`, `{{.Map.H.C.N}}`, `{{.Map.H.C}}`,
	} {
		var want strings.Builder
		wantErr := template.Must(template.New("main").Parse(text)).Execute(&want, d)
		set, err := Parse(Options{}, Source{Name: "main", Text: text})
		if err != nil {
			t.Fatal(err)
		}
		for _, typ := range []reflect.Type{reflect.TypeFor[data](), nil} {
			root, err := set.Compile("main", typ, false)
			if err != nil {
				t.Errorf("%s: %v", text, err)
				continue
			}
			data := d
			var got strings.Builder
			r := root.Rendering(reflect.ValueOf(&data).Elem())
			if err := r.Render(t.Context(), &got); (err == nil) != (wantErr == nil) || err == nil && got.String() != want.String() {
				t.Errorf("%s of %v: %q, %v; html/template: %q, %v", text, typ, got.String(), err, want.String(), wantErr)
			}
		}
	}
}
