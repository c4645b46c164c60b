package component_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/ropewalk/ropewalk/component"
)

type link struct{ Next *link }

// Data that leads back to itself is an error, as in html/template, and not a stack
// overflow, which would end the program.
func TestCyclicData(t *testing.T) {
	for name, text := range map[string]string{
		"template":         `{{with .Next}}{{template "main" .}}{{end}}`,
		"slot":             `{{with .Next}}{{slot "main" .}}{{end}}`,
		"template as func": `{{with .Next}}{{next .}}{{end}}`,
		"children":         `{{with box}}{{with .Next}}{{template "main" .}}{{end}}{{end}}`,
		"slot in a box":    `{{with .Next}}{{box "Children" (slot "main" .)}}{{end}}`,
	} {
		p := component.Parser{Funcs: map[string]any{
			"next": component.Template[*link]("main"),
			"box":  func(p struct{ Children component.Component }) component.Component { return component.Join(p.Children) },
		}}
		views := component.Must(p.Parse(component.Source{Name: "main", Text: text}))
		data := &link{}
		data.Next = data
		err := component.Render(context.Background(), io.Discard, component.Must(component.Bind[*link](views, "main"))(data))
		if err == nil || !strings.Contains(err.Error(), "exceeded maximum template depth (100000)") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
