package run

import (
	"context"
	"io"
	"reflect"

	"github.com/ropewalk/ropewalk/stream"
)

// A Load is a template whose props are made by a function, both in a part of their own.
type Load struct {
	Make     reflect.Value
	In       []reflect.Value // its arguments
	Context  bool            // the first of them is the part's context
	Template *Template
	Site     *Site // where it is called
	Depth    int
}

// Render starts the part.
func (l *Load) Render(ctx context.Context, w io.Writer) error {
	return stream.Go(ctx, w, (*loading)(l))
}

// loading is the part of a Load.
type loading Load

func (l *loading) Render(ctx context.Context, w io.Writer) error {
	in := l.In
	if l.Context { // a copy, as one Load may be rendered several times
		in = append([]reflect.Value{reflect.ValueOf(&ctx).Elem()}, l.In[1:]...)
	}
	results := l.Make.Call(in)
	if len(results) == 2 && !results[1].IsNil() {
		return l.Site.callError(results[1].Interface().(error))
	}
	r := l.Template.On(unwrapValue(results[0]))
	r.Depth = l.Depth
	return r.Render(ctx, w)
}
