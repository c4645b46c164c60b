package component_test

import (
	"strings"
	"testing"

	"github.com/ropewalk/ropewalk/component"
)

// places are all that are not text, and what errors call them. % is an action.
var places = [][2]string{
	{`<a href="%">x</a>`, "a URL"},
	{`<p title="%">x</p>`, "an attribute"},
	{`<p title=%>x</p>`, "an unquoted attribute"},
	{`<p %>x</p>`, "a tag"},
	{`<textarea>%</textarea>`, "a title or textarea"},
	{`<title>%</title>`, "a title or textarea"},
	{`<style>p { color: % }</style>`, "a style"},
	{`<img srcset="%">`, "a srcset attribute"},
	{`<!-- % -->`, "a comment"},
	{`<script>f(%)</script>`, "a script"},
	{`<script>f("%")</script>`, "a script"},
	{"<script>f(`${ % }`)</script>", "a script"},
	{`<p onclick="f(%)">x</p>`, "a script"},
	{`<iframe srcdoc="%"></iframe>`, "an attribute"},
}

// A component is refused outside of text, however it comes to stand there.
func TestComponentsStandInTextOnly(t *testing.T) {
	type props struct {
		S    string
		Body component.Component
	}
	funcs := map[string]any{
		"card": func(p cardProps) component.Component { return tag("card", p.Children) },
		"tmpl": component.Template[cardProps]("tmpl"),
	}
	for _, place := range places {
		for _, action := range []string{
			`{{.Body}}`, `{{slot "part" .S}}`, `{{card "Title" .S}}`, `{{tmpl "Title" .S}}`,
			`{{with card "Title" .S}}{{end}}`, `{{with card "Title" .S}}0{{end}}`, `{{with .S | card "Title"}}{{end}}`,
			`{{with tmpl "Title" .S}}{{end}}`, `{{if .S}}{{with tmpl "Title" .S}}x{{end}}{{end}}`,
		} {
			text := strings.ReplaceAll(place[0], "%", action)
			_, err := ours(component.Parser{Funcs: funcs}, text+`{{define "part"}}{{.}}{{end}}{{define "tmpl"}}<i>{{.Title}}{{.Children}}</i>{{end}}`, props{})
			if err == nil || !strings.Contains(err.Error(), "a component cannot stand in "+place[1]) {
				t.Errorf("%s: %v", text, err)
			}
		}
		text := strings.ReplaceAll(place[0], "%", `{{template "with" .}}`)
		_, err := ours(component.Parser{Funcs: funcs}, text+`{{define "with"}}{{with card "Title" .S}}{{end}}{{end}}<p>{{template "with" .}}</p>`, props{})
		if err == nil || !strings.Contains(err.Error(), "a component cannot stand in "+place[1]) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// A body of a with may itself hold such a with, in text.
func TestComponentsWithinComponents(t *testing.T) {
	funcs := map[string]any{"card": func(p cardProps) component.Component { return tag("card", p.Children) }}
	text := `{{range .}}{{with card "Title" .}}<p>{{with card "Title" "x"}}{{end}}</p>{{end}}{{else}}none{{end}}`
	got, err := ours(component.Parser{Funcs: funcs}, text, []string{"a"})
	if want := "<card><p><card></card></p></card>"; err != nil || got != want {
		t.Errorf("got %q, %v", got, err)
	}
}
