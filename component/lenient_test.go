package component_test

import (
	"strings"
	"testing"

	"github.com/matryer/is"
	"github.com/ropewalk/ropewalk/component"
)

// A template that calls one that does not exist cannot be escaped.
func TestUndefinedIsNeverLenient(t *testing.T) {
	for _, call := range []string{
		`{{if false}}{{template "nope"}}{{end}}`,
		`{{if false}}{{slot "nope"}}{{end}}`,
		`{{if false}}{{nope 1}}{{end}}`,
	} {
		for _, lenient := range []bool{false, true} {
			is := is.New(t)
			p := component.Parser{Lenient: lenient, Funcs: map[string]any{"nope": component.Template[int]("nope")}}
			out, err := ours(p, `<script>{{. | html}}</script>`+call, "alert(1)")
			if err == nil {
				t.Errorf("%s, lenient %v: %s", call, lenient, out)
				continue
			}
			is.True(strings.Contains(err.Error(), `template "nope" is not defined`))
			is.Equal(strings.Count(err.Error(), "not defined"), 1) // said once
		}
	}
}

// html/template looks at nothing behind a break or continue, and neither does a
// lenient set.
func TestBehindBreak(t *testing.T) {
	for _, call := range []string{`{{template "nope"}}`, `{{slot "nope"}}`, `{{nope 1}}`, `{{if .}}{{template "nope"}}{{end}}`} {
		for _, leave := range []string{"break", "continue"} {
			is := is.New(t)
			text := `{{range 2}}{{.}}{{` + leave + `}}` + call + `{{end}}`
			want := map[string]string{"break": "0", "continue": "01"}[leave]
			funcs := map[string]any{"nope": component.Template[int]("nope")}
			out, err := ours(component.Parser{Lenient: true, Funcs: funcs}, text, 1)
			is.NoErr(err)
			is.Equal(out, want)
			_, err = ours(component.Parser{Funcs: funcs}, text, 1)
			is.True(err != nil && strings.Contains(err.Error(), `template "nope" is not defined`))
		}
	}
}

func TestLenientChildren(t *testing.T) {
	funcs := map[string]any{"card": func(p cardProps) component.Component { return tag("card", p.Children) }}
	for text, want := range map[string]string{
		`{{with card "Titel" "x"}}y{{end}}`:         "did you mean",
		`{{with card "Title" .}}y{{end}}`:           "wrong type for value; expected string; got int",
		`{{with card "Title" "x"}}{{else}}y{{end}}`: "a component's children have no else",
	} {
		is := is.New(t)
		lenient := component.Parser{Lenient: true, Funcs: funcs}
		_, err := ours(lenient, text, 1)
		is.True(err != nil)
		if want != "did you mean" { // hints are for Bind
			is.True(strings.Contains(err.Error(), want))
		}
		out, err := ours(lenient, "{{if false}}"+text+"{{end}}z", 1)
		is.NoErr(err)
		is.Equal(out, "z")
	}
	_, err := ours[any](component.Parser{Funcs: funcs}, `{{range .}}{{with card "Title" .}}y{{end}}{{end}}`, []int{1})
	if err == nil || !strings.Contains(err.Error(), "wrong type for value; expected string; got int") {
		t.Error(err)
	}
}
