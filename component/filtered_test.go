package component_test

import (
	"errors"
	"html/template"
	"io"
	"testing"

	"github.com/matryer/is"
	"github.com/ropewalk/ropewalk/component"
)

// Whoever asks hears of each value that was replaced, with its place.
func TestOnFiltered(t *testing.T) {
	type props struct {
		URL     string
		Trusted template.URL
		Any     any
		Style   string
	}
	is := is.New(t)
	views := component.Must(component.Parser{}.Parse(component.Source{Name: "main", Text: `<a href="{{.URL}}">x</a>
<a href="{{.Trusted}}">x</a><a href="{{.Any}}">x</a>
<p style="color: {{.Style}}" {{.Style}}="x">x</p>
<a href="java{{.URL}}">x</a><img srcset="{{.URL}} 1x, /b 2x">`}))
	view := component.Must(component.Bind[props](views, "main"))
	var lines []int
	render := func(p props) []int {
		lines = nil
		ctx := component.OnFiltered(t.Context(), func(err *component.RenderError) {
			is.True(errors.Is(err, component.ErrFiltered))
			lines = append(lines, err.Line)
		})
		is.NoErr(component.Render(ctx, io.Discard, view(p)))
		return lines
	}
	is.Equal(len(render(props{"/x", "javascript:f()", "https://x", "red"})), 0)
	is.Equal(render(props{"javascript:f()", "javascript:f()", "x:y", "expression(1)"}), []int{1, 2, 3, 3, 4})
	is.Equal(render(props{URL: "script:f()", Style: "class"}), []int{1, 4, 4})
	is.NoErr(component.Render(t.Context(), io.Discard, view(props{URL: "javascript:f()"}))) // nobody asked
}
