package component_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/matryer/is"
	"github.com/ropewalk/ropewalk/component"
)

type Look struct {
	Tone string `prop:"required"`
	Size string `default:"small"`
}

type Shared struct {
	Note     string `default:"none"`
	Must     string `prop:"required"`
	Children component.Component
}

// An embedded struct is a prop, and so are its fields.
func TestEmbeddedProps(t *testing.T) {
	type props struct {
		Look
		Title string
	}
	p := component.Parser{Funcs: map[string]any{
		"card": func(p props) component.Component { return component.Text(p.Tone + " " + p.Size + " " + p.Title) },
		"look": func() Look { return Look{"warm", "large"} },
	}}
	for text, want := range map[string]string{
		`{{card "Tone" "cold" "Title" "t"}}`: "cold small t",
		`{{card "Look" look "Title" "t"}}`:   "warm large t", // and not the default of Size
	} {
		is := is.New(t)
		got, err := ours(p, text, 0)
		is.NoErr(err)
		is.Equal(got, want)
	}
	_, err := ours(p, `{{card "Title" "t"}}`, 0)
	if err == nil || !strings.Contains(err.Error(), "prop Tone is required") {
		t.Error(err)
	}
}

// What an embedded pointer leads to is not part of the props: it may be nil, or the
// caller's.
func TestEmbeddedPointerProps(t *testing.T) {
	type props struct {
		*Shared
		Title string
	}
	shared := &Shared{Note: "note"}
	p := component.Parser{Funcs: map[string]any{
		"card": func(p props) component.Component {
			if p.Shared == nil {
				return component.Text(p.Title)
			}
			return component.Join(component.Text(p.Title+p.Note), p.Children)
		},
		"shared": func() *Shared { return shared },
		"whole":  func() props { return props{Shared: shared} },
	}}
	is := is.New(t)
	got, err := ours(p, `{{card "Shared" shared "Title" "t"}}`, 0)
	is.NoErr(err)
	is.Equal(got, "tnote")
	for text, want := range map[string]string{
		`{{card "Note" "n"}}`:         "card: prop Note is behind an embedded pointer",
		`{{card "Title" "t"}}`:        "card: prop Must is required",
		`{{card "Title" "u"}}`:        "card: the default of prop Note: it is behind an embedded pointer",
		`{{with card whole}}x{{end}}`: "card takes no children",
	} {
		_, err := ours(p, text, 0)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
	is.True(shared.Children == nil)
	is.Equal(shared.Note, "note")
}

// A Template of any takes what it is given as Bind of any does.
func TestTemplateOfAny(t *testing.T) {
	is := is.New(t)
	p := component.Parser{Funcs: map[string]any{
		"part": component.Template[any]("part"),
		"kind": func(v reflect.Value) string { return v.Kind().String() },
	}}
	for _, data := range []any{&person{Name: "Ada"}, person{Name: "Ada"}, map[string]any{"Name": "Ada"}, reflect.ValueOf(person{Name: "Ada"})} {
		direct, err := ours[any](p, `{{kind .}} {{.Name}}{{range 2}} {{$.Name}}{{end}}`, data)
		is.NoErr(err)
		part, err := ours[any](p, `{{define "part"}}{{kind .}} {{.Name}}{{range 2}} {{$.Name}}{{end}}{{end}}{{part .}}`, data)
		is.NoErr(err)
		is.Equal(part, direct)
	}
}
