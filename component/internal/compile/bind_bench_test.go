package compile

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// BenchmarkCompile compiles sets of templates of 50 lines, each bound by itself: its
// cost for one template must not grow with their number.
func BenchmarkCompile(b *testing.B) {
	type row struct {
		Name, Title, Link string
		Price             int
		Tags              []string
	}
	line := `<li class="{{.Name}}"><a href="/x/{{.Link}}">{{.Title}}</a>{{if .Price}} {{.Price}}{{end}}{{range .Tags}}<b>{{.}}</b>{{end}}</li>` + "\n"
	for _, count := range []int{10, 100, 1000} {
		sources := make([]Source, count)
		for i := range sources {
			sources[i] = Source{Name: fmt.Sprintf("t%d", i), Text: strings.Repeat(line, 49) + `{{template "shared" .Name}}`}
		}
		sources = append(sources, Source{Name: "shared", Text: `<i title="{{.}}">{{.}}</i>`})
		b.Run(fmt.Sprint(count), func(b *testing.B) {
			for b.Loop() {
				set, err := Parse(Options{}, sources...)
				if err != nil {
					b.Fatal(err)
				}
				for i := range count {
					if _, err := set.Compile(fmt.Sprintf("t%d", i), reflect.TypeFor[row](), false); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*count), "µs/template")
		})
	}
}
