package component_test

import (
	"errors"
	"fmt"
	"html/template"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/ropewalk/ropewalk/component"
)

// A site is the templates of a kind of site, and how html/template would show them.
type site struct {
	name  string
	files []component.Source
	roots []string
	data  any
	funcs map[string]any
}

// sites are the sizes that made trouble: many pages on one layout, a forge's hundreds of
// pages and fragments, hundreds of components under one root.
func sites() []site {
	return []site{layoutSite(300), forgeSite(560), componentSite(500)}
}

const nav = `<nav class="{{if .Wide}}wide{{else}}narrow{{end}}"><a href="/{{.User}}/x?q={{.Title}}" title="{{.Title}}">{{.Title}}</a>
<ul>{{range .Links}}<li><a href="{{.}}">{{.}}</a></li>{{end}}</ul></nav>
<p>Some text that the page has beside its values, as pages have, in a paragraph of its own.</p>
`

func layoutSite(pages int) site {
	s := site{name: fmt.Sprintf("%d pages on a layout of 15 KB", pages), data: map[string]any{"Title": "t", "User": "u", "Wide": true, "Links": []string{"/a", "/b"}}}
	s.files = append(s.files, component.Source{Name: "head", Text: "<!DOCTYPE html><title>{{.Title}}</title>" + strings.Repeat(nav, 25)},
		component.Source{Name: "foot", Text: strings.Repeat(nav, 25) + "</html>"})
	for i := range pages {
		name := fmt.Sprintf("page%d", i)
		s.files = append(s.files, component.Source{Name: name, Text: `{{template "head" .}}<h1>` + name + `</h1>` + nav + `{{template "foot" .}}`})
		s.roots = append(s.roots, name)
	}
	return s
}

func forgeSite(count int) site {
	s := site{name: fmt.Sprintf("%d templates of a forge", count), data: map[string]any{"Title": "t", "User": "u", "Wide": true, "Links": []string{"/a", "/b"}}}
	const kinds = 4 // one page to three fragments
	for i := range count {
		name := fmt.Sprintf("t%d", i)
		text := strings.Repeat(nav, 2+i%7)
		if i%kinds == 0 {
			for k := 1; k <= 5; k++ { // fragments near and far
				text += fmt.Sprintf(`{{template "t%d" .}}`, (i*k/2)%(count-kinds)/kinds*kinds+1+k%3)
			}
		}
		s.files = append(s.files, component.Source{Name: name, Text: text})
		s.roots = append(s.roots, name)
	}
	return s
}

type slotProps struct {
	Title    string
	Children component.Component
}

func componentSite(count int) site {
	s := site{name: fmt.Sprintf("%d components under one root", count), roots: []string{"root"}, data: map[string]any{"Title": "t"}, funcs: map[string]any{}}
	var root strings.Builder
	for i := range count {
		name := fmt.Sprintf("card%d", i)
		s.files = append(s.files, component.Source{Name: name, Text: `<section class="{{.Title}}"><h2>{{.Title}}</h2>{{.Children}}</section>`})
		s.funcs[name] = component.Template[slotProps](name)
		fmt.Fprintf(&root, "{{with %s \"Title\" .Title}}<p>{{.Title}}</p>{{end}}\n", name)
	}
	s.files = append(s.files, component.Source{Name: "root", Text: root.String()})
	return s
}

func (s site) bind(tb testing.TB) any {
	views, err := component.Parser{Funcs: s.funcs}.Parse(s.files...)
	if err != nil {
		tb.Fatal(err)
	}
	bound := []any{views}
	for _, root := range s.roots {
		view, err := component.Bind[map[string]any](views, root)
		if err != nil {
			tb.Fatal(err)
		}
		bound = append(bound, view)
	}
	return bound
}

var errStopped = errors.New("stopped")

// standard parses the site with html/template and executes each root as far as its first
// write, so that all of it is escaped. Components are templates that are called.
func (s site) standard(tb testing.TB) any {
	set := template.New("")
	for _, f := range s.files {
		text := f.Text
		if s.funcs != nil {
			text = strings.ReplaceAll(text, "{{.Children}}", "")
			for i := range s.files {
				text = strings.ReplaceAll(text, fmt.Sprintf(`{{with card%d "Title" .Title}}`, i), fmt.Sprintf(`{{with .}}{{template "card%d" .}}`, i))
			}
		}
		if _, err := set.New(f.Name).Parse(text); err != nil {
			tb.Fatal(err)
		}
	}
	for _, root := range s.roots {
		if err := set.ExecuteTemplate(stopWriter{}, root, s.data); !errors.Is(err, errStopped) {
			tb.Fatal(err)
		}
	}
	return set
}

type stopWriter struct{}

func (stopWriter) Write([]byte) (int, error) { return 0, errStopped }

var _ io.Writer = stopWriter{}

// BenchmarkStartup measures what it takes until all pages of a site can be shown, as ratios
// to html/template, which parses and executes each once: the time, and the heap that stays.
func BenchmarkStartup(b *testing.B) {
	for _, s := range sites() {
		b.Run(s.name, func(b *testing.B) {
			s.bind(b) // the front end is tested once in a process
			var ours, theirs time.Duration
			for b.Loop() {
				began := time.Now()
				runtime.KeepAlive(s.standard(b))
				middle := time.Now()
				runtime.KeepAlive(s.bind(b))
				theirs += middle.Sub(began)
				ours += time.Since(middle)
			}
			b.ReportMetric(float64(ours)/float64(theirs), "time-ratio")
			b.ReportMetric(float64(ours.Milliseconds())/float64(b.N), "ms")
			heap, reference := live(b, s.bind), live(b, s.standard)
			b.ReportMetric(heap/reference, "heap-ratio")
			b.ReportMetric(heap/1e6, "heap-MB")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// live is the heap that what begin returns keeps.
func live(b *testing.B, begin func(testing.TB) any) float64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&before)
	kept := begin(b)
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(kept)
	return float64(after.HeapAlloc) - float64(before.HeapAlloc)
}
