package component_test

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"io"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/component"
)

type visitorKey struct{}

func visitor(ctx context.Context) string { name, _ := ctx.Value(visitorKey{}).(string); return name }

// A visit has methods that ask for the request.
type visit struct{ Path string }

func (v visit) Greeting(ctx context.Context, word string) string { return word + " " + visitor(ctx) }
func (v *visit) Who(ctx context.Context) (string, error) {
	if v == nil {
		return "nobody", nil
	}
	if visitor(ctx) == "" {
		return "", errors.New("nobody is there")
	}
	return visitor(ctx), nil
}

type badgeProps struct{ Text string }

// requestFuncs have a context first, in each of the forms that functions have.
var requestFuncs = map[string]any{
	"nonce": func(ctx context.Context) string { return "n-" + visitor(ctx) },
	"t": func(ctx context.Context, key string, args ...any) string {
		return visitor(ctx) + ":" + fmt.Sprintf(key, args...)
	},
	"html_": func(ctx context.Context, key string) template.HTML {
		return template.HTML("<b>" + visitor(ctx) + key + "</b>")
	},
	"can":  func(ctx context.Context, what string, on any) (bool, error) { return visitor(ctx) == what, nil },
	"user": func(ctx context.Context) *visit { return &visit{Path: visitor(ctx)} },
	"none": func(ctx context.Context) *visit { return nil },
	"dict": func(ctx context.Context, pairs ...any) map[string]any {
		return map[string]any{"who": visitor(ctx), "n": len(pairs)}
	},
	"count": func(ctx context.Context, a, b, c, d int) int { return len(visitor(ctx)) + a + b + c + d },
	"badge": func(ctx context.Context, p badgeProps) component.Component {
		return component.Text(visitor(ctx) + " " + p.Text)
	},
	"self":  func(ctx context.Context) context.Context { return context.WithValue(ctx, visitorKey{}, "given") },
	"fails": func(ctx context.Context) (string, error) { return "", errors.New("no " + visitor(ctx)) },
}

// A function or method whose first parameter is a context is given the render's, wherever a
// value may stand.
func TestContextOfFunctions(t *testing.T) {
	type props struct {
		V    visit
		P    *visit
		Any  any
		Item string
		Map  map[string]any
	}
	data := props{V: visit{"/a"}, P: &visit{"/b"}, Any: &visit{"/c"}, Item: "x", Map: map[string]any{"V": &visit{"/d"}}}
	for text, want := range map[string]string{
		`<script nonce="{{nonce}}"></script>`:                     `<script nonce="n-ann"></script>`,
		`{{t "cart"}}|{{t "%s-%d" .Item 2}}`:                      `ann:cart|ann:x-2`,
		`{{html_ "!"}}`:                                           `<b>ann!</b>`,
		`{{if can "ann" .}}yes{{end}}{{if can "bob" .}}no{{end}}`: `yes`,
		`{{with user}}{{.Path}}{{end}}{{(user).Path}}`:            `annann`,
		`{{with none}}some{{else}}none{{end}}`:                    `none`,
		`{{with dict 1 2 3}}{{.who}} {{.n}}{{end}}`:               `ann 3`,
		`{{count 1 2 3 4}}`:                                       `13`,
		`{{"cart" | t}} {{.Item | t "%s"}}`:                       `ann:cart ann:x`,
		`{{badge "Text" .Item}}{{badge "Text" (t "y")}}`:          `ann xann ann:y`,
		`{{.V.Greeting "hello"}} {{.P.Greeting "hi"}}`:            `hello ann hi ann`,
		`{{.P.Who}} {{.Any.Who}} {{.Any.Greeting "ho"}}`:          `ann ann ho ann`,
		`{{.Map.V.Who}} {{index .Map "V" | printf "%T"}}`:         `ann *component_test.visit`,
		`{{t (self) "cart"}} {{.V.Greeting (self) "hello"}}`:      `given:cart hello given`,
		`{{with self}}{{nonce .}} {{$.P.Who .}}{{end}}`:           `n-given given`,
		`{{range $i, $x := .Map}}{{t $i}}{{end}}`:                 `ann:V`,
	} {
		t.Run(text, func(t *testing.T) {
			is := is.New(t)
			views, err := component.Parser{Funcs: requestFuncs}.Parse(component.Source{Name: "t", Text: text})
			is.NoErr(err)
			ctx := context.WithValue(context.Background(), visitorKey{}, "ann")
			typed, err := component.Bind[props](views, "t")
			is.NoErr(err)
			is.Equal(renderedIn(t, ctx, typed(data)), want)
			open, err := component.Bind[any](views, "t")
			is.NoErr(err)
			is.Equal(renderedIn(t, ctx, open(data)), want)
		})
	}
}

func renderedIn(t *testing.T, ctx context.Context, c component.Component) string {
	t.Helper()
	var b strings.Builder
	if err := component.Render(ctx, &b, c); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Arguments behind the context are checked as any others are.
func TestContextOfFunctionsIsChecked(t *testing.T) {
	for text, want := range map[string]string{
		`{{t}}`:                 "wrong number of args for t: want at least 1 got 0",
		`{{t 1}}`:               "expected string; found 1",
		`{{nonce "x" "y"}}`:     "wrong number of args for nonce: want 0 got 2",
		`{{badge "Txt" "x"}}`:   "has no prop Txt (did you mean Text?)",
		`{{.V.Greeting 1}}`:     "expected string; found 1",
		`{{.V.Greeting}}`:       "wrong number of args for Greeting: want 1 got 0",
		`{{if can "x"}}{{end}}`: "wrong number of args for can: want 2 got 1",
	} {
		views, err := component.Parser{Funcs: requestFuncs}.Parse(component.Source{Name: "t", Text: text})
		if err == nil {
			_, err = component.Bind[struct{ V visit }](views, "t")
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// Within a part a function gets the part's context.
func TestContextOfFunctionsInParts(t *testing.T) {
	is := is.New(t)
	views, err := component.Parser{Funcs: requestFuncs}.Parse(component.Source{Name: "t", Text: `{{.}} {{nonce}}`},
		component.Source{Name: "inner", Text: `{{nonce}}`})
	is.NoErr(err)
	outer, err := component.Bind[component.Component](views, "t")
	is.NoErr(err)
	inner, err := component.Bind[any](views, "inner")
	is.NoErr(err)
	part := component.Async(func(ctx context.Context) (component.Component, error) {
		return component.Func(func(ctx context.Context, w io.Writer) error {
			return inner(nil).Render(context.WithValue(ctx, visitorKey{}, "bob"), w)
		}), nil
	})
	is.Equal(renderedIn(t, context.WithValue(context.Background(), visitorKey{}, "ann"), outer(part)), "n-bob n-ann")
}

// The error of a function names it and its place.
func TestContextOfFunctionsThatFail(t *testing.T) {
	is := is.New(t)
	views, err := component.Parser{Funcs: requestFuncs}.Parse(component.Source{Name: "t", Text: "\n{{fails}}"})
	is.NoErr(err)
	view, err := component.Bind[any](views, "t")
	is.NoErr(err)
	err = component.Render(context.WithValue(context.Background(), visitorKey{}, "ann"), io.Discard, view(nil))
	var at *component.RenderError
	is.True(errors.As(err, &at))
	is.Equal(at.Line, 2)
	is.True(strings.Contains(err.Error(), "error calling fails: no ann"))
}
