package component

import (
	"context"
	"fmt"
	"io"
	"reflect"

	"github.com/ropewalk/ropewalk/component/internal/compile"
	"github.com/ropewalk/ropewalk/component/internal/run"
)

// Bind compiles the named template, and what it reaches, for props of type P.
// The function that it returns makes a component from props; it is safe for
// concurrent use, and so is the component.
//
// Bind finds what html/template would find in the first request that runs into
// it: errors of escaping, and uses of dot, variables, functions and methods
// that cannot be right for a P. The error is a Diagnostics with all of them.
//
// A P of any, or of another interface type, leaves the types to be found out
// by each render. Inside the template, a P that is not a pointer has the methods of P
// only, as in html/template; bind a *P for those of its pointer.
func Bind[P any](views *Views, name string) (func(P) Component, error) {
	t := reflect.TypeFor[P]()
	if t.Kind() == reflect.Interface {
		t = nil
	}
	whole, err := compile.WholeProps(reflect.TypeFor[P]())
	if err != nil {
		return nil, err
	}
	compiled := func(set *compile.Set) (*run.Template, error) { return set.Compile(name, t, false) }
	set, generation := views.current()
	template, err := compiled(set)
	if err != nil {
		return nil, err
	}
	if views.live == nil {
		return func(props P) Component { return render(template, whole, props) }, nil
	}
	b := &binding{views: views, compile: compiled, template: template, generation: generation}
	return func(props P) Component { return render(b.current(), whole, props) }, nil
}

func render[P any](template *run.Template, whole *compile.Whole, props P) Component {
	b := &bound[P]{props: props}
	if whole != nil {
		if err := whole.Complete(reflect.ValueOf(&b.props).Elem()); err != nil {
			return incomplete(template.Name, err)
		}
	}
	b.rendering = template.Rendering(reflect.ValueOf(&b.props).Elem())
	return &b.rendering
}

// incomplete is what becomes of a component without all of its props: an error.
func incomplete(name string, err error) Component {
	return Func(func(context.Context, io.Writer) error {
		return fmt.Errorf("component: template %q: %w", name, err)
	})
}

// bound keeps the props beside the rendering that points at them.
type bound[P any] struct {
	rendering run.Rendering
	props     P
}

// Must returns v, or panics with err. It is for variables that are set when
// the program starts.
func Must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
