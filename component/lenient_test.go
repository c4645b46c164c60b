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
			is.True(strings.Contains(err.Error(), `template "nope"`))
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
			is.True(err != nil && strings.Contains(err.Error(), `template "nope"`))
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
		is.True(strings.Contains(err.Error(), want))
		out, err := ours(lenient, "{{if false}}"+text+"{{end}}z", 1)
		is.NoErr(err)
		is.Equal(out, "z")
	}
	_, err := ours[any](component.Parser{Funcs: funcs}, `{{range .}}{{with card "Title" .}}y{{end}}{{end}}`, []int{1})
	if err == nil || !strings.Contains(err.Error(), "wrong type for value; expected string; got int") {
		t.Error(err)
	}
}

// One template may be lenient beside others.
func TestLenientTemplates(t *testing.T) {
	is := is.New(t)
	sources := []component.Source{
		{Name: "old/page", Text: `{{if .}}{{.Nope}}{{end}}old{{template "part" .}}{{define "part"}}{{if .}}{{.Gone}}{{end}}{{end}}`},
		{Name: "new", Text: `{{if .}}{{.Nope}}{{end}}new`},
	}
	bind := func(name string, lenient ...string) error {
		views, err := component.Parser{LenientTemplates: lenient}.Parse(sources...)
		if err != nil {
			return err
		}
		_, err = component.Bind[int](views, name)
		return err
	}
	is.NoErr(bind("old/page", "old/*", "part"))
	for want, err := range map[string]error{
		".Gone: int has no field": bind("old/page", "old/*"), // each definition has its own name
		".Nope: int has no field": bind("new", "old/*", "part"),
		`"olb/*" matches no template (there are ["new" "old/page" "part"])`: bind("new", "olb/*"),
	} {
		is.True(err != nil)
		is.True(strings.Contains(err.Error(), want))
	}
}
