package component_test

import (
	"testing"

	"github.com/matryer/is"
	"github.com/ropewalk/ropewalk/component"
)

// pieces notes the largest write.
type pieces struct{ count, largest, total int }

func (p *pieces) Write(b []byte) (int, error) {
	p.count++
	p.largest = max(p.largest, len(b))
	p.total += len(b)
	return len(b), nil
}

// A long loop in a template is handed on piece by piece.
func TestLongLoopIsHandedOn(t *testing.T) {
	is := is.New(t)
	views, err := component.Parser{}.Parse(component.Source{Name: "main", Text: `{{range $i, $s := .}}<p>{{$s}}</p>{{end}}{{range .}}<p>{{.}}</p>{{end}}`})
	is.NoErr(err)
	view, err := component.Bind[[]string](views, "main")
	is.NoErr(err)
	lines := make([]string, 20_000)
	for i := range lines {
		lines[i] = "a line of the page, and not a short one, so that there is something to write"
	}
	var p pieces
	is.NoErr(component.Render(t.Context(), &p, view(lines)))
	is.Equal(p.total, 2*len(lines)*(len(lines[0])+7))
	is.True(p.largest <= 256<<10)
	is.True(p.count >= 10)
}

// So is one within another.
func TestLongInnerLoopIsHandedOn(t *testing.T) {
	type chapter struct {
		Title string
		Lines []string
	}
	is := is.New(t)
	views, err := component.Parser{}.Parse(component.Source{Name: "main", Text: `{{range .}}<h1>{{.Title}}</h1>{{range .Lines}}<p>{{.}}</p>{{end}}{{end}}`})
	is.NoErr(err)
	view, err := component.Bind[[]chapter](views, "main")
	is.NoErr(err)
	book := make([]chapter, 3)
	for i := range book {
		book[i] = chapter{"A chapter", make([]string, 20_000)}
		for k := range book[i].Lines {
			book[i].Lines[k] = "a line of the page, and not a short one, so that there is something to write"
		}
	}
	var p pieces
	is.NoErr(component.Render(t.Context(), &p, view(book)))
	is.Equal(p.total, len(book)*(len(book[0].Title)+9+len(book[0].Lines)*(len(book[0].Lines[0])+7)))
	is.True(p.largest <= 256<<10)
	is.True(p.count >= 15)
}
