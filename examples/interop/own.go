package interop

import (
	"context"
	"io"

	"github.com/a-h/templ"

	"github.com/ropewalk/ropewalk/component"
)

// Own returns a component that renders c with a templ state of its own.
//
// The children of a templ component, and which scripts and classes were already
// written, live in a value that templ puts into the context and changes as it
// goes. A part that runs concurrently inside a templ page would share it with
// the page: a data race, and children in the wrong place. So where all three
// meet, templ around component.Async around templ, the inner one goes through Own.
//
// Scripts and classes that c needs are then written for it once more.
func Own(c templ.Component) component.Component {
	return component.Func(func(ctx context.Context, w io.Writer) error {
		return c.Render(context.WithValue(ctx, stateKey, nil), w)
	})
}

// stateKey is the key of templ's value in the context: templ does not export it,
// but asks for it.
var stateKey = func() any {
	asked := new(question)
	templ.InitializeContext(asked)
	return asked.key
}()

// question is a context that remembers what it was asked for.
type question struct {
	context.Context
	key any
}

func (q *question) Value(key any) any {
	q.key = key
	return nil
}
