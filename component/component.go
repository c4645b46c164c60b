package component

import (
	"context"
	"html/template"
	"io"

	"github.com/ropewalk/ropewalk/component/internal/escape"
	"github.com/ropewalk/ropewalk/stream"
)

// Component is anything that writes itself as HTML. Render must be done with w when
// it returns; what is to run on after that is an [Async].
type Component interface {
	Render(ctx context.Context, w io.Writer) error
}

// Render renders c to w, and returns when all of it is written. A nil c is an empty
// document. It is [stream.Render] with its default limits. A component that renders
// another calls that one's Render method.
func Render(ctx context.Context, w io.Writer, c Component) error {
	return stream.Render(ctx, w, c)
}

// Func is a function as a Component. A nil Func prints nothing.
type Func func(ctx context.Context, w io.Writer) error

// Render calls f.
func (f Func) Render(ctx context.Context, w io.Writer) error {
	if f == nil {
		return nil
	}
	return f(ctx, w)
}

// Text prints s, escaped for HTML text and quoted attributes as html/template does it.
func Text(s string) Component { return text(s) }

type text string

func (text) Confined() {}

func (t text) Render(_ context.Context, w io.Writer) error {
	if sw, ok := w.(*stream.Writer); ok {
		return sw.Give(escape.HTML(sw.Take(), string(t)))
	}
	_, err := w.Write(escape.HTML(nil, string(t)))
	return err
}

// Raw prints html as it is.
func Raw(html template.HTML) Component { return raw(html) }

type raw template.HTML

func (raw) Confined() {}

func (r raw) Render(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, string(r))
	return err
}

// Join prints components one after the other.
func Join(components ...Component) Component { return list(components) }

type list []Component

func (list) Confined() {}

func (l list) Render(ctx context.Context, w io.Writer) error {
	for _, c := range l {
		if err := next(ctx, w, c); err != nil {
			return err
		}
	}
	return nil
}

// Each prints view(item) for every item of a slice, one after the other; those that
// are an [Async] or a [Load] run side by side.
func Each[T any](items []T, view func(T) Component) Component {
	return Func(func(ctx context.Context, w io.Writer) error {
		for _, item := range items {
			if err := next(ctx, w, view(item)); err != nil {
				return err
			}
		}
		return nil
	})
}

// next renders one of several components, unless the page has ended meanwhile.
func next(ctx context.Context, w io.Writer, c Component) error {
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case c == nil:
		return nil
	}
	if sw, ok := w.(*stream.Writer); ok {
		sw.Share(c)
	}
	return c.Render(ctx, w)
}

// Node makes a Component of a node that needs no context, such as gomponents'. A nil
// node prints nothing.
func Node(n interface{ Render(w io.Writer) error }) Component {
	if n == nil {
		return nil
	}
	return node{n}
}

type node struct {
	n interface{ Render(w io.Writer) error }
}

func (n node) Render(_ context.Context, w io.Writer) error { return n.n.Render(w) }
