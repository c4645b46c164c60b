package component_test

import (
	"context"
	"html/template"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/ropewalk/ropewalk/component"
)

type locale struct{}

func (l *locale) Tr(key string, args ...any) string { return key }

type issueRow struct {
	Title  string
	Number int
	At     time.Time
	Locale *locale
}

// callFuncs do next to nothing, so that what is measured is the call.
var callFuncs = map[string]any{
	"t":      func(key string, args ...any) string { return key },
	"tctx":   func(_ context.Context, key string, args ...any) string { return key },
	"thtml":  func(key string, args ...any) template.HTML { return template.HTML(key) },
	"fancy":  func(v any) bool { return v != nil },
	"show":   func(v any) string { return "x" },
	"same":   func(v any) any { return v },
	"add":    func(a, b int) int { return a + b },
	"dict":   func(pairs ...any) (map[string]any, error) { return shared, nil },
	"icon":   func(name string, size int, class string) template.HTML { return "<svg></svg>" },
	"since":  func(t time.Time) string { return "now" },
	"rare":   func(a, b int8, c []string) string { return "x" },
	"failer": func(s string) (string, error) { return s, nil },
}

var shared = map[string]any{"a": 1}

// BenchmarkCalls compares the calls of functions and methods with html/template's.
func BenchmarkCalls(b *testing.B) {
	row := issueRow{"title", 7, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), &locale{}}
	data := map[string]any{"Title": row.Title, "Number": row.Number, "At": row.At, "Locale": row.Locale}
	for _, call := range []string{
		`{{t "key"}}`, `{{t "key" .Title}}`, `{{tctx "key"}}`, `{{thtml "key"}}`, `{{if fancy .Title}}{{end}}`, `{{show .Number}}`, `{{same .Title}}`,
		`{{add .Number 2}}`, `{{with dict "a" 1}}{{end}}`, `{{icon "star" 16 "big"}}`, `{{since .At}}`, `{{.At.Format "2006"}}`, `{{.Locale.Tr "key"}}`,
		`{{failer .Title}}`, `{{len .Title}}`, `{{eq .Number 3}}`, `{{printf "%d" .Number}}`,
	} {
		b.Run(call, func(b *testing.B) {
			text := strings.Repeat(call, 50)
			funcs := template.FuncMap{}
			for name, f := range callFuncs {
				funcs[name] = f
			}
			views := component.Must(component.Parser{Funcs: callFuncs}.Parse(component.Source{Name: "t", Text: text}))
			typed := component.Must(component.Bind[issueRow](views, "t"))(row)
			maps := component.Must(component.Bind[map[string]any](views, "t"))(data)
			standard := template.Must(template.New("").Funcs(funcs).Funcs(template.FuncMap{"ctx": context.Background}).Parse(strings.ReplaceAll(text, "tctx ", "tctx ctx ")))
			ctx := context.Background()
			const rounds = 20
			var took [4]time.Duration
			for b.Loop() {
				for i, render := range []func(){
					func() { typed.Render(ctx, io.Discard) },
					func() { standard.Execute(io.Discard, row) },
					func() { maps.Render(ctx, io.Discard) },
					func() { standard.Execute(io.Discard, data) },
				} {
					began := time.Now()
					for range rounds {
						render()
					}
					took[i] += time.Since(began)
				}
			}
			b.ReportMetric(float64(took[0])/float64(took[1]), "typed-ratio")
			b.ReportMetric(float64(took[2])/float64(took[3]), "map-ratio")
			b.ReportMetric(testing.AllocsPerRun(100, func() { typed.Render(ctx, io.Discard) })/50, "typed-allocs/call")
			b.ReportMetric(testing.AllocsPerRun(100, func() { maps.Render(ctx, io.Discard) })/50, "map-allocs/call")
			b.ReportMetric(0, "ns/op")
		})
	}
}
