package compile

import (
	"html/template"
	"reflect"
	"strings"
	"testing"

	"github.com/ropewalk/ropewalk/component/internal/source"
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
		set, err := Parse(Options{}, source.File{Name: "main", Text: text})
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

// However a chain ends, each method in it is called as often as html/template does.
type counted struct {
	calls int
	X     any
}

func (o *counted) Nothing() any      { o.calls++; return nil }
func (o *counted) Self() *counted    { o.calls++; return o }
func (o *counted) M() map[string]any { o.calls++; return map[string]any{"n": nil} }
func (o *counted) S() string         { o.calls++; return "s" }
func (o *counted) L() []int          { o.calls++; return []int{1} }

func TestMethodsAreCalledOnce(t *testing.T) {
	for _, text := range []string{
		`{{.Nothing.X}}`, `{{.Self.X.Y}}`, `{{.Self.Nothing.Y}}`, `{{(.Self).Nothing}}`,
		`{{.M.n.x}}`, `{{.M.q.x}}`, `{{.M.q.x.y.z}}`, `{{(.M.q.x).y}}`, `{{.Self.M.q.x}}`,
		`{{with .Self}}{{.X}}{{end}}`, `{{range .L}}{{.}}{{else}}{{end}}`, `{{or .Nothing .S}}`, `{{if and .S .L}}a{{end}}`,
		`{{eq .S .S}}`, `{{$x := .S}}{{$x}}{{$x}}`, `{{template "t" .S}}{{define "t"}}{{.}}{{.}}{{end}}`, `{{with $x := .S}}{{$x}}{{.}}{{end}}`,
	} {
		d := &counted{}
		var want strings.Builder
		wantErr := template.Must(template.New("main").Parse(text)).Execute(&want, d)
		wantCalls := d.calls
		set, err := Parse(Options{Lenient: true}, source.File{Name: "main", Text: text})
		if err != nil {
			t.Fatal(err)
		}
		for i, typ := range []reflect.Type{reflect.TypeFor[*counted](), nil} {
			root, err := set.Compile("main", typ, false)
			if err != nil {
				t.Error(err)
				continue
			}
			d := &counted{}
			var a any = d
			v := reflect.ValueOf(&d).Elem()
			if typ == nil {
				v = reflect.ValueOf(&a).Elem()
			}
			var got strings.Builder
			r := root.Rendering(v)
			err = r.Render(t.Context(), &got)
			if d.calls != wantCalls || got.String() != want.String() && err == nil || (err == nil) != (wantErr == nil) {
				t.Errorf("%d %s: %d calls %s %v, want %d %s %v", i, text, d.calls, got.String(), err, wantCalls, want.String(), wantErr)
			}
		}
	}
}
