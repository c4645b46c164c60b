package component_test

import (
	"context"
	"errors"
	"html/template"
	"io"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/component"
)

var errBad = errors.New("bad")

// failing is a component that fails with err.
func failing(err error) component.Component {
	return component.Func(func(context.Context, io.Writer) error { return err })
}

// rendered is what a page prints.
func rendered(t *testing.T, c component.Component) string {
	t.Helper()
	var out strings.Builder
	is.New(t).NoErr(component.Render(t.Context(), &out, c))
	return out.String()
}

// inPlace is what c prints when it is rendered to a plain writer, with no page around.
func inPlace(t *testing.T, c component.Component) string {
	t.Helper()
	var out strings.Builder
	is.New(t).NoErr(c.Render(t.Context(), &out))
	return out.String()
}

// gomponent is a node in gomponents' manner.
type gomponent string

func (g gomponent) Render(w io.Writer) error {
	_, err := io.WriteString(w, "<"+string(g)+">")
	return err
}

func TestComponents(t *testing.T) {
	var nobody component.Component
	for _, test := range []struct {
		name string
		c    component.Component
		want string
	}{
		{"text", component.Text("a<b"), "a&lt;b"},
		{"empty text", component.Text(""), ""}, // B1.9
		{"raw", component.Raw("<b>"), "<b>"},
		{"join", component.Join(component.Text("a"), component.Text("b")), "ab"},
		{"join of nothing", component.Join(), ""},
		{"nil in a join", component.Join(component.Text("a"), nobody, component.Text("b")), "ab"}, // B1.9
		{"nil func", component.Func(nil), ""},
		{"each", component.Each([]string{"a", "<"}, component.Text), "a&lt;"},
		{"each of nothing", component.Each(nil, component.Text), ""},
		{"each to nil", component.Each([]int{1, 2}, func(int) component.Component { return nil }), ""},
		{"node", component.Node(gomponent("hr")), "<hr>"},
		{"nil node", component.Join(component.Node(nil)), ""},
		{"nil child of a catch", component.Catch(nil, nil), ""},
		{"nil child of a timeout", component.Timeout(0, nil), ""},
		{"nil child of a blocking", component.Blocking(nil), ""},
		{"nil fallback", component.Catch(failing(errBad), nil), ""},
		{"flush", component.Join(component.Text("a"), component.Flush(), component.Text("b")), "ab"},
	} {
		t.Run(test.name, func(t *testing.T) {
			is.New(t).Equal(rendered(t, test.c), test.want)
			is.New(t).Equal(rendered(t, test.c), test.want) // a component may be rendered again
			is.New(t).Equal(inPlace(t, test.c), test.want)
		})
	}
	is.New(t).Equal(rendered(t, nil), "")
}

// B1.10: the bytes are html/template's.
func TestTextIsWhatHTMLTemplateWrites(t *testing.T) {
	oracle := template.Must(template.New("").Parse(`{{.}}`))
	for _, s := range []string{"plain", `<a href="x">'&'</a>`, "1+1=2", "a\x00b", "caf\u00e9 \u65e5\u672c", "\xff\xfe", "\u2028\ufdd0\u00a0", "`$=/"} {
		var want strings.Builder
		is.New(t).NoErr(oracle.Execute(&want, s))
		is.New(t).Equal(rendered(t, component.Text(s)), want.String())
		is.New(t).Equal(inPlace(t, component.Text(s)), want.String())
	}
}

func TestErrorsRise(t *testing.T) {
	after := component.Func(func(context.Context, io.Writer) error { t.Error("rendered after an error"); return nil })
	for name, c := range map[string]component.Component{
		"join": component.Join(component.Text("a"), failing(errBad), after),
		"each": component.Each([]component.Component{failing(errBad), after}, func(c component.Component) component.Component { return c }),
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			is.New(t).Equal(component.Render(t.Context(), &out, c), errBad)
			is.New(t).Equal(out.String(), "")
		})
	}
}

// B1.23
func TestNothingIsRenderedForNobody(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	leave := component.Func(func(context.Context, io.Writer) error { cancel(errBad); return nil })
	after := component.Func(func(context.Context, io.Writer) error { t.Error("rendered after the reader left"); return nil })
	is.New(t).Equal(component.Render(ctx, io.Discard, component.Join(leave, after)), errBad)
}
