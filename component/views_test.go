package component_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"html/template"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/matryer/is"
	"github.com/ropewalk/ropewalk/component"
)

var update = flag.Bool("update", false, "rewrite the expected outputs and errors in testdata")

// page is what every template in testdata is bound to.
type page struct {
	Title   string
	Count   int
	Price   float64
	Sale    bool
	Author  *person
	Editor  *person
	Tags    []string
	People  []person
	Stock   map[string]int
	Grid    [3]int
	Format  func(int) string
	Names   map[string]person
	Any     any
	Markup  template.HTML
	Body    component.Component
	Nothing component.Component
	hidden  string
}

type person struct {
	Name  string
	Email string
}

func (p person) Greeting(word string) string { return word + ", " + p.Name }
func (p *person) Initial() string            { return p.Name[:1] }

var somePage = page{
	Title:  "Ropes & knots",
	Count:  3,
	Price:  9.5,
	Sale:   true,
	Author: &person{"Ada <ada>", "ada@example.org"},
	Tags:   []string{"hemp", "sisal & co"},
	People: []person{{"Grace", "g@example.org"}, {"Edsger", "e@example.org"}},
	Stock:  map[string]int{"hemp": 4, "cotton": 0},
	Grid:   [3]int{7, 8, 9},
	Format: func(i int) string { return "<" + strings.Repeat("*", i) },
	Names:  map[string]person{"a": {Name: "Ada"}},
	Any:    map[string]any{"Name": "any", "List": []any{1, "two", nil}},
	Markup: "<b>bold</b>",
	hidden: "x",
	Body:   component.Text("a < b"),
}

type cardProps struct {
	Title    string
	Level    int
	Children component.Component
	Footer   component.Component
}

type listProps struct {
	People []person
	Row    func(person) component.Component
	Any    func(any) component.Component
	Empty  component.Component
}

type boxProps struct {
	Name     string        `prop:"required"`
	Size     int           `default:"3"`
	Open     bool          `default:"true"`
	Wait     time.Duration `default:"1m30s"`
	Ratio    float64       `default:"0.5"`
	Children component.Component
}

// tag writes an element around the children that it is given.
func tag(name string, children ...component.Component) component.Component {
	return component.Join(component.Raw(template.HTML("<"+name+">")), component.Join(children...), component.Raw(template.HTML("</"+name+">")))
}

var funcs = map[string]any{
	"upper": strings.ToUpper,
	"card": func(p cardProps) component.Component {
		return tag("card", tag("h2", component.Text(p.Title)), p.Children, p.Footer)
	},
	"later": func(p cardProps) component.Component {
		return component.Async(func(context.Context) (component.Component, error) {
			return tag("later", component.Text(p.Title), p.Children), nil
		})
	},
	"twice": func(p cardProps) component.Component { return component.Join(p.Children, p.Children) },
	"panel": component.Template[cardProps]("panel"),
	"tree":  component.Template[*person]("tree"),
	"label": component.Template[string]("label"),
	"list":  component.Template[listProps]("list"),
	"rows": func(p listProps) component.Component {
		return component.Each(p.People, func(who person) component.Component { return tag("row", p.Row(who)) })
	},
	"box":    component.Template[boxProps]("box"),
	"lost":   component.Template[string]("lots"),
	"plain":  func(text string) component.Component { return tag("plain", component.Text(text)) },
	"broken": func() (string, error) { return "", errors.New("it broke") },
	"panics": func() string { panic("it panicked") },
	"props":  func(title string) cardProps { return cardProps{Title: title} },
}

// archive reads the sections of a txtar file.
func archive(t *testing.T, file string) (names []string, sections map[string]string) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	sections = map[string]string{}
	name := ""
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "-- "); ok && strings.HasSuffix(line, " --\n") {
			name = strings.TrimSuffix(rest, " --\n")
			names = append(names, name)
			continue
		}
		sections[name] += line
	}
	return names, sections
}

// Each file of testdata holds templates, of which main is rendered, and the
// output or the error that is expected.
func TestViews(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no testdata", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			names, sections := archive(t, file)
			var sources []component.Source
			for _, name := range names {
				if name != "output" && name != "error" {
					sources = append(sources, component.Source{Name: name, Text: strings.TrimSuffix(sections[name], "\n")})
				}
			}
			got, kind := "", "output"
			var b bytes.Buffer
			if err := renderPage(&b, sources); err != nil {
				got, kind = err.Error(), "error"
			} else {
				got = b.String()
			}
			if *update {
				rewrite(t, file, names, sections, kind, got)
				return
			}
			if want, ok := sections[kind]; !ok || strings.TrimSuffix(want, "\n") != got {
				t.Errorf("%s:\n%s\nwant:\n%s%s", kind, got, sections["output"], sections["error"])
			}
		})
	}
}

func renderPage(w io.Writer, sources []component.Source) error {
	views, err := component.Parser{Funcs: funcs}.Parse(sources...)
	if err != nil {
		return err
	}
	view, err := component.Bind[page](views, "main")
	if err != nil {
		return err
	}
	return component.Render(context.Background(), w, view(somePage))
}

func rewrite(t *testing.T, file string, names []string, sections map[string]string, kind, got string) {
	var b strings.Builder
	b.WriteString(sections[""])
	for _, name := range names {
		if name != "output" && name != "error" {
			b.WriteString("-- " + name + " --\n" + sections[name])
		}
	}
	b.WriteString("-- " + kind + " --\n" + got + "\n")
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// The dynamic tier gives what the typed one gives.
func TestViewsOfAny(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.txtar")
	compared := 0
	for _, file := range files {
		names, sections := archive(t, file)
		want, ok := sections["output"]
		if !ok {
			continue
		}
		var sources []component.Source
		for _, name := range names {
			if name != "output" {
				sources = append(sources, component.Source{Name: name, Text: strings.TrimSuffix(sections[name], "\n")})
			}
		}
		t.Run(filepath.Base(file), func(t *testing.T) {
			is := is.New(t)
			views, err := component.Parser{Funcs: funcs}.Parse(sources...)
			is.NoErr(err)
			view, err := component.Bind[any](views, "main")
			is.NoErr(err)
			for range 2 { // the second render uses the buffers and frames of the first
				var b bytes.Buffer
				is.NoErr(component.Render(t.Context(), &b, view(somePage)))
				is.Equal(b.String()+"\n", want)
			}
		})
		compared++
	}
	if compared < 10 {
		t.Errorf("only %d files have an output", compared)
	}
}

func TestParseFSNames(t *testing.T) {
	is := is.New(t)
	files := fstest.MapFS{
		"views/product.html":       {Data: []byte(`<p>{{template "parts/price" .}}</p>`)},
		"views/parts/price.html":   {Data: []byte(`<b>{{.}}</b>`)},
		"views/parts/notes.txt":    {Data: []byte(`{{`)},
		"other/product.html":       {Data: []byte(`other`)},
		"views/parts/product.html": {Data: []byte(`part`)},
	}
	views, err := component.ParseFS(files, "views")
	is.NoErr(err)
	is.Equal(views.Names(), []string{"parts/price", "parts/product", "product"})
	product, err := component.Bind[int](views, "product")
	is.NoErr(err)
	var b bytes.Buffer
	is.NoErr(product(7).Render(t.Context(), &b))
	is.Equal(b.String(), "<p><b>7</b></p>")

	views, err = component.ParseFS(files, "views/*.html")
	is.NoErr(err)
	is.Equal(views.Names(), []string{"product"})
	views, err = component.ParseFS(files, "*/*.html")
	is.NoErr(err)
	is.Equal(views.Names(), []string{"other/product", "views/product"})

	_, err = component.ParseFS(files, "views/*.html", "other/*.html")
	is.Equal(err.Error(), `component: views/product.html and other/product.html would both be template "product": use a pattern that begins above their folders, such as "*/*.html"`)
	_, err = component.ParseFS(fstest.MapFS{"views/a.html": {}, "views/a.txt": {}}, "views/*")
	is.Equal(err.Error(), `component: views/a.html and views/a.txt would both be template "a": use a pattern that matches one of them, such as "*.html", or rename the other`)
	_, err = component.ParseFS(files, "nowhere/*.html")
	is.Equal(err.Error(), `component: pattern "nowhere/*.html" matches no file; there are other/product.html, views/parts/price.html, views/parts/product.html, views/product.html`)
	_, err = component.ParseFS(fstest.MapFS{"a.txt": {}}, "*.html")
	is.Equal(err.Error(), `component: pattern "*.html" matches no file; there is no .html file at all`)
}

// html/template takes a user's function of such a name for its own escaper.
func TestReservedFunctionNames(t *testing.T) {
	for _, name := range []string{"html", "urlquery", "js", "_eval_args_", "_html_template_htmlescaper", "_html_template_new"} {
		_, err := component.Parser{Funcs: map[string]any{name: strings.ToUpper}}.Parse(component.Source{Name: "main"})
		if err == nil || !strings.Contains(err.Error(), "choose another name") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRenderErrorWraps(t *testing.T) {
	is := is.New(t)
	cause := errors.New("the cause")
	views, err := component.Parser{Funcs: map[string]any{"fail": func() (string, error) { return "", cause }}}.
		Parse(component.Source{Name: "main", Text: "line\n  {{fail}}"})
	is.NoErr(err)
	view, err := component.Bind[int](views, "main")
	is.NoErr(err)
	var b bytes.Buffer
	err = view(1).Render(t.Context(), &b)
	is.True(errors.Is(err, cause))
	var at *component.RenderError
	is.True(errors.As(err, &at))
	is.Equal([]any{at.Template, at.Line, at.Col, at.Action}, []any{"main", 2, 5, "fail"})
	is.Equal(b.Len(), 0) // nothing of a template that failed is written

	_, err = ours[any](component.Parser{}, `<p title='{{index . 0}}'>`, []component.Component{component.Flush()})
	is.True(errors.As(err, &at))
	is.Equal([]any{at.Line, at.Col, at.Action}, []any{1, 13, "index . 0"}) // without the escapers
}

// What a render finds has its excerpt, the name that may have been meant, and the guard.
func TestRenderErrorsHelp(t *testing.T) {
	type node struct {
		Name string
		Next *node
	}
	for text, want := range map[string]string{
		`{{.Nmae}}`:                               "(did you mean Name?)\n\t{{.Nmae}}\n\t  ^~~~~",
		`{{.Next.Name}}`:                          "(it may be nil: write {{with .Next}}…{{end}} around it)\n\t{{.Next.Name}}\n\t  ^~~~~~~~~~",
		`{{$n := .Next}}{{$n.Name}}`:              "(it may be nil: write {{with $n}}…{{end}} around it)",
		`{{with $n := .}}{{$n.Next.Next}}{{end}}`: "(it may be nil: write {{with $n.Next}}…{{end}} around it)",
		`{{(.Next).Name}}`:                        "(it may be nil: write {{with .Next}}…{{end}} around it)",
		`{{template "t" .Next}}{{define "t"}}{{.Name}}{{end}}`: "(it may be nil: write {{with .}}…{{end}} around it)",
	} {
		for _, data := range []any{node{Name: "x"}, &node{Name: "x"}} {
			_, err := ours(component.Parser{Lenient: true}, text, data)
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v; want %s", text, err, want)
			}
		}
	}
	_, err := ours(component.Parser{MissingKey: "error"}, `{{.tilte}}`, map[string]any{"title": 1})
	if err == nil || !strings.Contains(err.Error(), "(did you mean title?)") {
		t.Error(err)
	}
	_, err = ours(component.Parser{MissingKey: "error", Delims: [2]string{"<<", ">>"}}, `<<.N.Next>>`, map[string]*node{"N": nil})
	if err == nil || !strings.Contains(err.Error(), "write <<with .N>>…<<end>> around it") {
		t.Error(err)
	}
}

// What is wrong in Funcs is told of Funcs.
func TestFuncsAreBlamed(t *testing.T) {
	var unbound func(cardProps) component.Component
	for want, p := range map[string]component.Parser{
		`function "card" is nil: its component was not bound when the templates were parsed`:                          {Funcs: map[string]any{"card": unbound}},
		`Funcs["card"] stands for template "crad", which is not defined (did you mean card?)`:                         {Funcs: map[string]any{"card": component.Template[cardProps]("crad")}},
		`Funcs["card"] stands for template "card.html", which is not defined (names have no extension: it is "card")`: {Funcs: map[string]any{"card": component.Template[cardProps]("card.html")}},
		`put it into Funcs: component.Template[Props]("card")`:                                                        {},
		`second return value should be error`:                                                                         {Funcs: map[string]any{"card": func() (int, int) { return 1, 2 }}},
	} {
		views, err := p.Parse(component.Source{Name: "main", Text: `{{card "Title" "x"}}`}, component.Source{Name: "card", Text: "x"})
		if err == nil {
			_, err = component.Bind[int](views, "main")
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %s", err, want)
		}
	}
	views, err := component.Parser{}.Parse(component.Source{Name: "product", Text: `{{template "product.html"}}`})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"product.html", "product"} {
		_, err = component.Bind[int](views, name)
		if err == nil || !strings.Contains(err.Error(), `names have no extension: it is "product"`) {
			t.Error(err)
		}
	}
}
