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
