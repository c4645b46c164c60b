package compile

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/ropewalk/ropewalk/component/internal/source"
)

// BenchmarkCompile compiles sets of templates of 50 lines, each bound by itself: its
// cost for one template must not grow with their number.
func BenchmarkCompile(b *testing.B) {
	type row struct {
		Name, Title, Link string
		Price             int
		Tags              []string
	}
	lines := map[string]string{
		"usual": "<section>\n\t<h2>{{.Title}}</h2>\n\t<p>Some text of the page, as it is.</p>\n\t{{if .Price}}\n\t\t<b>{{.Price}}</b>\n\t{{end}}\n</section>\n",
		"dense": `<li class="{{.Name}}"><a href="/x/{{.Link}}">{{.Title}}</a>{{if .Price}} {{.Price}}{{end}}{{range .Tags}}<b>{{.}}</b>{{end}}</li>` + "\n",
	}
	for _, test := range []struct {
		kind  string
		count int
	}{{"usual", 10}, {"usual", 100}, {"usual", 1000}, {"dense", 1000}} {
		line, count := lines[test.kind], test.count
		text := strings.Repeat(line, 50/strings.Count(line, "\n"))
		sources := make([]source.File, count)
		for i := range sources {
			sources[i] = source.File{Name: fmt.Sprintf("t%d", i), Text: text + `{{template "shared" .Name}}`}
		}
		sources = append(sources, source.File{Name: "shared", Text: `<i title="{{.}}">{{.}}</i>`})
		b.Run(fmt.Sprintf("%s/%d", test.kind, count), func(b *testing.B) {
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
