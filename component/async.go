package component

import (
	"context"
	"io"
	"iter"
	"time"

	"github.com/ropewalk/ropewalk/stream"
)

// Async prints what load returns, in its place in the page, while the page goes on.
// load runs, and what it returns is rendered, in a goroutine of its own; load may
// return nil. An error of either fails the nearest [Catch] around, or the page.
//
// What it prints leaves after what stands before it. Where much of a page is waiting for
// that already, the part waits too, in its Write: it must not hold a lock then, or the last
// connection of a pool, that a part before it needs.
//
// load begins when the page gets to the Async, once for each time it is rendered, and
// must heed its context. It must not use variables that change after it was made, nor
// the writer of what is around it.
//
// Outside of a [Render], and where too many parts run already, load is called in place.
func Async(load func(ctx context.Context) (Component, error)) Component { return async(load) }

type async func(ctx context.Context) (Component, error)

func (a async) Render(ctx context.Context, w io.Writer) error { return stream.Go(ctx, w, loading(a)) }

// loading is the part of an async.
type loading func(ctx context.Context) (Component, error)

func (l loading) Render(ctx context.Context, w io.Writer) error {
	c, err := l(ctx)
	if err != nil {
		return err
	}
	return next(ctx, w, c)
}

// PartName is the name of the function that loads.
func (l loading) PartName() string { return stream.FuncName(l) }

// Load fetches a value and prints view(value), in its place in the page, while the page
// goes on. It is an [Async] of both: fetch and view run in the goroutine of the part,
// whose name is that of fetch.
func Load[T any](fetch func(ctx context.Context) (T, error), view func(T) Component) Component {
	return load[T]{fetch, view}
}

type load[T any] struct {
	fetch func(ctx context.Context) (T, error)
	view  func(T) Component
}

func (l load[T]) Render(ctx context.Context, w io.Writer) error {
	return stream.Go(ctx, w, fetching[T](l))
}

// fetching is the part of a load.
type fetching[T any] load[T]

func (f fetching[T]) Render(ctx context.Context, w io.Writer) error {
	value, err := f.fetch(ctx)
	if err != nil {
		return err
	}
	return next(ctx, w, f.view(value))
}

// PartName is the name of the function that fetches.
func (f fetching[T]) PartName() string { return stream.FuncName(f.fetch) }

// Named prints c. The parts that c starts, but not those inside them, have the given name
// where parts are told of: in a [stream.Trace], in errors, and in the log. Otherwise the
// name of a part is that of the function that a [Load] fetches with, or an [Async] loads
// with.
func Named(name string, c Component) Component { return named{name, c} }

type named struct {
	name string
	c    Component
}

// Confined says that it keeps nothing; next asks the same of c.
func (named) Confined() {}

func (n named) Render(ctx context.Context, w io.Writer) error {
	if n.c == nil {
		return nil
	}
	return stream.Named(ctx, w, n.name, stream.Func(func(ctx context.Context, w io.Writer) error { return next(ctx, w, n.c) }))
}

// Seq prints view(item) for the items of a sequence, each when it comes and, as far as
// the page before it has left, at once. The sequence may be slow, or endless: it runs
// in a goroutine of its own, like an [Async], and the next item is asked for when the
// last has been rendered. An item that is itself an Async does not hold up the next.
//
// For a slice, of which nothing has to be waited for, there is [Each].
func Seq[T any](seq iter.Seq[T], view func(T) Component) Component {
	items := Func(func(ctx context.Context, w io.Writer) error {
		for item := range seq {
			if err := next(ctx, w, view(item)); err != nil {
				return err
			}
			if err := stream.Flush(ctx, w); err != nil {
				return err
			}
		}
		return nil
	})
	return Func(func(ctx context.Context, w io.Writer) error { return stream.Go(ctx, w, items) })
}

// Catch prints child, or, if child or a part inside it fails, fallback(err) in its
// place; what child has printed is dropped then, and its parts are cancelled. What is
// outside is not disturbed. The fallback may hold parts and boundaries of its own; if
// it fails, the next Catch out is asked, or the page fails. A nil fallback prints
// nothing.
//
// fallback is called where the error arose: in the goroutine of what is around the
// Catch, or in one of its own if a part failed. Nothing of child leaves before all of
// it is done, and if that is more than [stream.Renderer.Held] bytes, 16 MiB unless set,
// child fails with a [*stream.TooLargeError]. The end of the page, because the reader has
// gone or something else failed, is not caught, and an error that is an answer, such as a
// redirect, is no failure: it passes, where it can be given. Where it comes too late it is a
// [*stream.MisplacedError], which is caught like any other.
func Catch(child Component, fallback func(err error) Component) Component {
	return Func(func(ctx context.Context, w io.Writer) error {
		return stream.Catch(ctx, w, child, func(err error) stream.Renderable {
			if fallback == nil {
				return nil
			}
			return fallback(err)
		})
	})
}

// TimeoutError is the error of a [Timeout]. It says how long was given, and errors.Is
// reports it to be context.DeadlineExceeded.
type TimeoutError = stream.TimeoutError

// Timeout prints child, which fails with a [*TimeoutError] if it is not done, parts
// included, after d. The context of child ends then. With a [Catch] around it, a page
// says something else instead.
//
// Like a [Catch] it keeps child back until all of it is done.
//
// The parts of child are given up at that moment, whether they heed their context or
// not: those that do not are abandoned, see [stream.Abandoned]. What child does outside of
// parts runs in place and cannot be interrupted: if it waits, make it an [Async], or have it
// heed its context.
func Timeout(d time.Duration, child Component) Component {
	return Func(func(ctx context.Context, w io.Writer) error { return stream.Timeout(ctx, w, d, child) })
}

// Blocking prints child, and nothing of the page leaves before child is done, parts
// included: an error in it can still set the status of the answer, or make it another
// page. Everything else renders on meanwhile. It is of use only while nothing can have
// left: not inside an [Async] that is not in a Blocking itself, and not after a [Flush].
func Blocking(child Component) Component {
	return Func(func(ctx context.Context, w io.Writer) error { return stream.Blocking(ctx, w, child) })
}

// Flush prints nothing. It hints that what stands before it should leave soon, as far
// as it is ready. A page leaves by itself whenever it has to wait for a part, so this
// is for a component that takes long in its own Render.
func Flush() Component { return Func(stream.Flush) }
