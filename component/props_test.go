package component_test

import (
	"io"
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

type sized struct {
	Name  string `prop:"required"`
	Size  int    `default:"3"`
	Quiet bool   `default:"false"`
}

// Tags count for props that come as a whole, from Go or from a value of a template, as
// they do in a call by names; a field that is zero is not given.
func TestTagsOfWholeProps(t *testing.T) {
	p := component.Parser{Funcs: map[string]any{
		"sized":  component.Template[sized]("sized"),
		"goes":   func(p sized) component.Component { return component.Text(p.Name + strings.Repeat("!", p.Size)) },
		"whole":  func(name string, size int) sized { return sized{Name: name, Size: size} },
		"nobody": func() sized { return sized{} },
	}}
	views, err := p.Parse(component.Source{Name: "sized", Text: `{{.Name}} {{.Size}}`})
	if err != nil {
		t.Fatal(err)
	}
	is := is.New(t)
	byValue, err := component.Bind[sized](views, "sized")
	is.NoErr(err)
	byPointer, err := component.Bind[*sized](views, "sized")
	is.NoErr(err)
	for _, want := range []string{"a 3", "a 5"} {
		props := sized{Name: "a"}
		if want == "a 5" {
			props.Size = 5
		}
		before := props
		for _, c := range []component.Component{byValue(props), byPointer(&props)} {
			var b strings.Builder
			is.NoErr(c.Render(t.Context(), &b))
			is.Equal(b.String(), want)
		}
		is.Equal(props, before) // the caller's stay as they are
	}
	for _, c := range []component.Component{byValue(sized{}), byPointer(&sized{Size: 1})} {
		err := c.Render(t.Context(), io.Discard)
		is.Equal(err.Error(), `component: template "sized": prop Name is required`)
	}
	for text, want := range map[string]string{
		`{{sized (whole "b" 0)}} {{whole "c" 7 | sized}} {{goes (whole "d" 0)}}`: "b 3 c 7 d!!!",
		`{{sized "Name" "b" "Size" 0}}`:                                          "b 0",
	} {
		got, err := ours(p, text+`{{define "sized"}}{{.Name}} {{.Size}}{{end}}`, 0)
		is.NoErr(err)
		is.Equal(got, want)
	}
	for _, text := range []string{`{{sized nobody}}`, `{{goes nobody}}`} {
		_, err = ours(p, text+`{{define "sized"}}{{.Name}} {{.Size}}{{end}}`, 0)
		is.True(err != nil && strings.Contains(err.Error(), "prop Name is required"))
	}
}

// A tag that cannot count is refused where it is first seen.
func TestWrongTags(t *testing.T) {
	type misspelt struct {
		Name string `prop:"requird"`
	}
	type unreadable struct {
		Size int `default:"three"`
	}
	type both struct {
		Size int `prop:"required" default:"3"`
	}
	type open struct {
		Open bool `default:"true"`
	}
	parse := func(f any) error {
		_, err := component.Parser{Funcs: map[string]any{"f": f}}.Parse(component.Source{Name: "f"})
		return err
	}
	_, bound := ours(component.Parser{}, ``, misspelt{})
	_, boundOpen := ours(component.Parser{}, ``, open{})
	_, called := ours(component.Parser{Funcs: map[string]any{"f": component.Template[open]("main")}}, `{{f .}}`, open{})
	for want, err := range map[string]error{
		`prop:"requird" is not a tag; prop:"required" is`:      parse(component.Template[misspelt]("f")),
		`prop Name of component_test.misspelt: prop:"requird"`: bound,
		`strconv.ParseInt: parsing "three": invalid syntax`:    parse(func(unreadable) component.Component { return nil }),
		`a required prop needs no default`:                     parse(component.Template[both]("f")),
		`a false from Go could not be told from none`:          boundOpen,
		`prop Open of component_test.open: a false from Go`:    called,
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %s", err, want)
		}
	}
	if err := parse(component.Template[open]("f")); err != nil {
		t.Error(err)
	}
}
