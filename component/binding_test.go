package component

import (
	"testing"

	"github.com/matryer/is"
	"github.com/ropewalk/ropewalk/component/internal/compile"
	"github.com/ropewalk/ropewalk/component/internal/run"
)

// Who has looked at the views before they changed, and comes to compile after another,
// does not bring the old version back.
func TestBindingKeepsTheNewest(t *testing.T) {
	newest := new(run.Template)
	old, err := Parser{}.Parse(Source{Name: "main", Text: "old"})
	is.New(t).NoErr(err)
	b := &binding{views: old, template: newest, generation: 1, compile: func(*compile.Set) (*run.Template, error) {
		t.Error("compiled again")
		return nil, nil
	}}
	is.New(t).True(b.current() == newest)
}
