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
	text = `<script>if (a) /{{.}}/.test(b)</script>`
	got, err = theirs(t, text, "/;f()//", nil)
	is.NoErr(err)
	is.Equal(got, `<script>if (a) /"/;f()//"/.test(b)</script>`) // which calls f
	_, err = ours(component.Parser{}, text, "/;f()//")
	is.True(strings.Contains(err.Error(), "html/template takes it to stand as a value, and a browser in a regexp"))
	is.True(strings.Contains(err.Error(), "data- attribute"))
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
	type address struct{ Scheme, Host string }
	text := `<a href="{{.Scheme}}:{{.Host}}">x</a><p on{{.Scheme}}x o{{.Scheme}}="{{.Host}}">`
	data := address{"javascript", "f()"}
	got, err := theirs(t, text, data, nil)
	is.NoErr(err)
	is.True(strings.Contains(got, `href="javascript:f%28%29"`)) // which runs when it is clicked
	got, err = ours(component.Parser{}, text, data)
	is.NoErr(err)
	is.True(strings.Contains(got, `href="#ZgotmplZ:f%28%29"`))
	got, err = ours(component.Parser{}, text, address{"https", "//x"})
	is.NoErr(err)
	is.True(strings.Contains(got, `href="https://x"`))
	got, err = ours(component.Parser{}, text, address{"nclick", "f()"})
	is.NoErr(err)
	is.True(strings.Contains(got, `onclick="#ZgotmplZ"`))
}

func TestDifference10(t *testing.T) {
	is := is.New(t)
	text := `<button hx-on:click="greet('{{.}}')" data-x-text='{{.}}' x-ref="{{.}}">x</button>`
	data := "');f();('"
	got, err := theirs(t, text, data, nil)
	is.NoErr(err)
	is.True(strings.Contains(got, `greet('&#39;);f();(&#39;')`)) // which the browser undoes before htmx reads it
	got, err = ours(component.Parser{}, text, data)
	is.NoErr(err)
	is.Equal(got, `<button hx-on:click="greet('\u0027);f();(\u0027')" data-x-text='&#34;&#39;);f();(&#39;&#34;' x-ref="&#39;);f();(&#39;">x</button>`)
	again, err := ours(component.Parser{CodeAttributes: []string{}}, text, data)
	is.NoErr(err)
	want, err := theirs(t, text, data, nil)
	is.NoErr(err)
	is.Equal(again, want)
	_, err = ours(component.Parser{}, `<p _="on click log '{{.}}'">`, data)
	is.True(strings.Contains(err.Error(), "a language that has no escaper"))
}

func TestDifference11(t *testing.T) {
	is := is.New(t)
	text := `<script type="importmap">{{.}}</script>`
	data := map[string]any{"imports": map[string]string{"a": "/a.js"}}
	got, err := theirs(t, text, data, nil)
	is.NoErr(err)
	is.Equal(got, `<script type="importmap">map[imports:map[a:/a.js]]</script>`)
	got, err = ours(component.Parser{}, text, data)
	is.NoErr(err)
	is.Equal(got, `<script type="importmap">{"imports":{"a":"/a.js"}}</script>`)
}

func TestDifference12(t *testing.T) {
	is := is.New(t)
	text := `<link rel="preload" as="image" imagesrcset="{{.}}">`
	got, err := theirs(t, text, "/a.jpg 1x, /b.jpg 2x", nil)
	is.NoErr(err)
	is.True(strings.Contains(got, "/a.jpg%201x,%20/b.jpg%202x"))
	got, err = ours(component.Parser{}, text, "/a.jpg 1x, /b.jpg 2x")
	is.NoErr(err)
	is.Equal(got, `<link rel="preload" as="image" imagesrcset="/a.jpg 1x, /b.jpg 2x">`)
}

func TestDifference13(t *testing.T) {
	is := is.New(t)
	text := `<a href="{{.}}">call</a>`
	got, err := theirs(t, text, "tel:112", nil)
	is.NoErr(err)
	is.Equal(got, `<a href="#ZgotmplZ">call</a>`)
	for _, number := range []string{"tel:112", "sms:112", "TEL:112"} {
		got, err = ours(component.Parser{}, text, number)
		is.NoErr(err)
		is.Equal(got, `<a href="`+number+`">call</a>`)
	}
}

func TestDifference14(t *testing.T) {
	is := is.New(t)
	text := `<input type="checkbox" checked="{{.}}">`
	got, err := theirs(t, text, false, nil)
	is.NoErr(err)
	is.Equal(got, `<input type="checkbox" checked="false">`) // which is ticked
	_, err = ours(component.Parser{}, text, false)
	is.True(strings.Contains(err.Error(), "checked is true whatever its value"))
	_, err = ours[any](component.Parser{}, text, false)
	is.True(strings.Contains(err.Error(), "checked is true whatever its value"))
	got, err = ours(component.Parser{}, text, "checked")
	is.NoErr(err)
	is.Equal(got, `<input type="checkbox" checked="checked">`)
}

func TestDifference15(t *testing.T) {
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
