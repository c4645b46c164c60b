package stream

import (
	"context"
	"fmt"
	"io"
	"reflect"
	"runtime"
)

// Named renders body. The parts that it starts itself, but not those inside them, have the
// given name: in a [Trace], in a [*MisplacedError], and in [Renderer.Left].
//
// Otherwise the name of a part is what its method PartName() string returns, if it has one,
// the name of the function if it is a [Func], or its type.
func Named(ctx context.Context, w io.Writer, name string, body Renderable) error {
	if body == nil {
		return nil
	}
	own := writerOf(ctx, w)
	if own == nil || own.ended {
		return body.Render(ctx, w)
	}
	outer := own.label
	own.label = &label{name: name, inPlaceOf: own.inPlaceOf()}
	defer func() { own.label = outer }()
	return body.Render(ctx, w)
}

// label says what a Writer is rendering, where that cannot be seen from its part.
type label struct {
	name      string     // of the parts that are started
	inPlaceOf Renderable // the part that is rendered in place, or nil
}

func (w *Writer) inPlaceOf() Renderable {
	if w.label == nil {
		return nil
	}
	return w.label.inPlaceOf
}

// named gives body the name that is to be that of the parts that w starts.
func (w *Writer) named(body Renderable) Renderable {
	if w.label == nil || w.label.name == "" {
		return body
	}
	return &namedPart{body, w.label.name}
}

type namedPart struct {
	Renderable
	name string
}

// PartName returns the name that [Named] gave.
func (p *namedPart) PartName() string { return p.name }

// partName returns the name of the part that w renders, or nothing in the root.
func (w *Writer) partName() string {
	switch body := w.inPlaceOf(); {
	case body != nil:
		return nameOf(body)
	case w.part != nil:
		return nameOf(w.part.body)
	}
	return ""
}

func nameOf(body Renderable) (name string) {
	name = fmt.Sprintf("%T", body)
	quietly(func() {
		switch body := body.(type) {
		case interface{ PartName() string }:
			name = body.PartName()
		case Func:
			name = FuncName(body)
		}
	})
	return name
}

// FuncName returns the name of a function, such as "example.com/shop.Reviews", for a
// PartName method.
func FuncName(f any) string {
	v := reflect.ValueOf(f)
	if v.Kind() != reflect.Func || v.IsNil() {
		return fmt.Sprintf("%T", f)
	}
	return runtime.FuncForPC(v.Pointer()).Name()
}
