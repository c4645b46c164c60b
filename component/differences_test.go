package component_test

import (
	"bytes"
	"context"
	"errors"
	"html/template"
	"strings"
	"testing"
	texttemplate "text/template"

	"github.com/matryer/is"
	"github.com/ropewalk/ropewalk/component"
)

// The intended differences from html/template, as doc.go numbers them. Each test
// shows what html/template does, and what happens here.

func theirs(t *testing.T, text string, data any, funcs template.FuncMap) (string, error) {
	parsed, err := template.New("main").Funcs(funcs).Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	err = parsed.Execute(&b, data)
	return b.String(), err
}

func ours[P any](p component.Parser, text string, data P) (string, error) {
	views, err := p.Parse(component.Source{Name: "main", Text: text})
	if err != nil {
		return "", err
	}
	view, err := component.Bind[P](views, "main")
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	err = view(data).Render(context.Background(), &b)
	return b.String(), err
}

func TestDifference1(t *testing.T) {
	is := is.New(t)
	data := person{Name: "Ada"}
	text := `{{if .Email}}{{.Nmae}}{{end}}{{.Name}}`
	got, err := theirs(t, text, data, nil)
	is.NoErr(err)
	is.Equal(got, "Ada")
	_, err = ours(component.Parser{}, text, data)
	is.True(strings.Contains(err.Error(), "did you mean Name?"))
	got, err = ours(component.Parser{Lenient: true}, text, data)
	is.NoErr(err)
	is.Equal(got, "Ada")
	data.Email = "ada@example.org"
	_, err = ours(component.Parser{Lenient: true}, text, data)
	is.True(err != nil) // now it runs
}

func TestDifference2(t *testing.T) {
	is := is.New(t)
	data := page{Body: component.Raw("<b>x</b>")}
	got, err := theirs(t, `<p>{{.Body}}</p>`, data, nil)
	is.NoErr(err)
	is.Equal(got, "<p>&lt;b&gt;x&lt;/b&gt;</p>")
	got, err = ours(component.Parser{}, `<p>{{.Body}}</p>`, data)
	is.NoErr(err)
	is.Equal(got, "<p><b>x</b></p>")
	_, err = ours(component.Parser{}, `<p title="{{.Body}}"></p>`, data)
	is.True(strings.Contains(err.Error(), "a component cannot stand in an attribute"))
	_, err = ours[any](component.Parser{}, `<p title="{{.Body}}"></p>`, data)
	is.True(strings.Contains(err.Error(), "a component cannot stand in an attribute"))
}

func TestDifference3(t *testing.T) {
	is := is.New(t)
	card := map[string]any{"card": func(p cardProps) component.Component { return tag("card", p.Children) }}
	text := `{{with card "Title" "x"}}{{.}}{{end}}`
	got, err := ours(component.Parser{Funcs: card}, text, "dot")
	is.NoErr(err)
	is.Equal(got, "<card>dot</card>")
	_, err = theirs(t, text, "dot", card)
	is.True(err != nil) // it cannot call by names
}

func TestDifference4(t *testing.T) {
	is := is.New(t)
	text := `{{slot "x"}}{{define "x"}}slot{{end}}`
	_, err := template.New("main").Parse(text)
	is.True(err != nil)
	got, err := ours(component.Parser{}, text, 0)
	is.NoErr(err)
	is.Equal(got, "slot")
	upper := map[string]any{"slot": strings.ToUpper}
	got, err = ours(component.Parser{Funcs: upper}, text, 0)
	is.NoErr(err)
	is.Equal(got, "X")
}

func TestDifference5(t *testing.T) {
	is := is.New(t)
	evil := map[string]any{"html": func(s string) string { return s }}
	got, err := theirs(t, `{{. | html}}`, "<script>", evil)
	is.NoErr(err)
	is.Equal(got, "<script>")
	_, err = ours(component.Parser{Funcs: evil}, `{{. | html}}`, "<script>")
	is.True(strings.Contains(err.Error(), `function "html" would replace one of html/template's escapers`))
}

func TestDifference6(t *testing.T) {
	is := is.New(t)
	text := `<iframe srcdoc="{{.}}"></iframe>`
	got, err := theirs(t, text, "<script>f()</script>", nil)
	is.NoErr(err)
	is.Equal(got, `<iframe srcdoc="&lt;script&gt;f()&lt;/script&gt;"></iframe>`) // which the browser undoes, and runs
	_, err = ours(component.Parser{}, text, "<script>f()</script>")
	is.True(strings.Contains(err.Error(), "make it a template.HTML"))
	again, err := ours(component.Parser{AllowScriptInjection: true}, text, "<script>f()</script>")
	is.NoErr(err)
	is.Equal(again, got)
}

func TestDifference7(t *testing.T) {
	is := is.New(t)
	t.Setenv("GODEBUG", "htmlmetacontenturlescape=0")
	text := `<meta http-equiv="refresh" content="0;url={{.}}">`
	got, err := theirs(t, text, "javascript:f()", nil)
	is.NoErr(err)
	is.True(strings.Contains(got, "javascript:f()"))
	got, err = ours(component.Parser{}, text, "javascript:f()")
	is.NoErr(err)
	is.True(!strings.Contains(got, "javascript:f()"))
}

func TestDifference8(t *testing.T) {
	is := is.New(t)
	text := `before{{index . 5}}`
	got, err := theirs(t, text, []int{1}, nil)
	is.True(err != nil)
	is.Equal(got, "before")
	got, err = ours(component.Parser{}, text, []int{1})
	is.True(err != nil)
	is.Equal(got, "")
}

func TestDifference9(t *testing.T) {
	is := is.New(t)
	text := `{{index . 5}}`
	_, err := theirs(t, text, []int{1}, nil)
	var exec texttemplate.ExecError
	is.True(errors.As(err, &exec))
	_, err = ours(component.Parser{}, text, []int{1})
	is.True(!errors.As(err, &exec))
	var at *component.RenderError
	is.True(errors.As(err, &at))
	_, err = ours(component.Parser{}, `{{.X}}`, 1)
	var found component.Diagnostics
	is.True(errors.As(err, &found))
}
