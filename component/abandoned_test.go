package component_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/stream"
)

func reviews(context.Context) (string, error) { time.Sleep(time.Hour); return "late", nil }

func loads(context.Context) (component.Component, error) { time.Sleep(time.Hour); return nil, nil }

// A part that ignores its context does not hold the page beyond the Timeout around it, and is
// told of by its name: that of the function it loads with, or the one it was given.
func TestDeafLoadDoesNotHoldThePage(t *testing.T) {
	for _, test := range []struct {
		part component.Component
		name string
	}{
		{component.Load(reviews, component.Text), "github.com/ropewalk/ropewalk/component_test.reviews"},
		{component.Async(loads), "github.com/ropewalk/ropewalk/component_test.loads"},
		{component.Named("reviews", component.Load(reviews, component.Text)), "reviews"},
		{component.Named("outer", component.Join(component.Text("x"), component.Named("inner", component.Async(loads)))), "inner"},
		{component.Named("outer", component.Catch(component.Async(loads), nil)), "outer"},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				is := is.New(t)
				var left []string
				r := stream.Renderer{Abandoned: new(stream.Abandoned), Left: func(_ context.Context, parts []string) { left = parts }}
				defer r.Abandoned.Wait(t.Context())
				var out strings.Builder
				start := time.Now()
				is.NoErr(r.Render(t.Context(), &out, component.Join(component.Text("head "),
					component.Catch(component.Timeout(50*ms, test.part), func(error) component.Component { return component.Text("no time") }),
					component.Text(" tail"))))
				is.Equal(out.String(), "head no time tail")
				is.True(time.Since(start) < 100*ms)
				is.Equal(left, []string{test.name})
				is.Equal(r.Abandoned.Running(), 1)
			})
		})
	}
}

func TestNamedOfNothing(t *testing.T) {
	var out strings.Builder
	is.New(t).NoErr(component.Render(t.Context(), &out, component.Join(component.Named("x", nil), component.Named("y", component.Text("a")))))
	is.New(t).Equal(out.String(), "a")
}

// An answer passes a Catch where it can be given; a part that gives one too late is named.
func TestAnswersAndCatch(t *testing.T) {
	errMoved := errors.New("moved")
	moved := func(context.Context) (component.Component, error) { return nil, fmt.Errorf("item: %w", errMoved) }
	r := stream.Renderer{Answer: func(err error) bool { return errors.Is(err, errMoved) }}
	sorry := func(err error) component.Component { return component.Text(err.Error()) }
	render := func(c component.Component) (string, error) {
		var out strings.Builder
		err := r.Render(t.Context(), &out, c)
		return out.String(), err
	}
	is := is.New(t)
	_, err := render(component.Catch(component.Func(func(context.Context, io.Writer) error { return errMoved }), sorry))
	is.Equal(err, errMoved)
	_, err = render(component.Blocking(component.Catch(component.Async(moved), sorry)))
	is.True(errors.Is(err, errMoved))
	out, err := render(component.Catch(component.Named("item", component.Async(moved)), sorry))
	is.NoErr(err)
	is.True(strings.Contains(out, "the part item was answered"))
}
