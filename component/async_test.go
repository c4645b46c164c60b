package component_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/component"
)

const ms = time.Millisecond

// chunks notes what leaves, and when.
type chunks struct {
	start time.Time
	list  []string
}

func (c *chunks) Write(p []byte) (int, error) {
	c.list = append(c.list, fmt.Sprintf("%d:%s", time.Since(c.start)/ms, p))
	return len(p), nil
}

// leaves renders c in virtual time; every goroutine must have ended after it.
func leaves(t *testing.T, c component.Component) (list []string, took time.Duration, err error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &chunks{start: time.Now()}
		err = component.Render(t.Context(), w, c)
		list, took = w.list, time.Since(w.start)
	})
	return list, took, err
}

// after loads s for a while.
func after(d time.Duration, s string) component.Component {
	return component.Load(func(ctx context.Context) (string, error) {
		select {
		case <-time.After(d):
			return s, nil
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}, component.Text)
}

// B1.2 B1.4
func TestLoadsRunSideBySide(t *testing.T) {
	list, took, err := leaves(t, component.Join(component.Raw("<"),
		after(20*ms, "1"), after(100*ms, "2"), after(50*ms, "3"), after(10*ms, "4"), after(80*ms, "5"), component.Raw(">")))
	is.New(t).NoErr(err)
	is.New(t).Equal(list, []string{"0:<", "20:1", "100:2345>"})
	is.New(t).Equal(took, 100*ms)
}

// B1.8: slices in parallel, sequences item by item.
func TestEachAndSeq(t *testing.T) {
	is := is.New(t)
	items := []int{1, 2, 3}
	list, took, err := leaves(t, component.Each(items, func(n int) component.Component { return after(time.Duration(13-n)*ms, fmt.Sprint(n)) }))
	is.NoErr(err)
	is.Equal(strings.Join(list, " "), "12:123")
	is.Equal(took, 12*ms)

	slow := func(yield func(int) bool) {
		for n := range slices.Values(items) {
			time.Sleep(10 * ms)
			if !yield(n) {
				return
			}
		}
	}
	list, _, err = leaves(t, component.Join(component.Text("<"),
		component.Seq(slow, func(n int) component.Component { return component.Text(fmt.Sprint(n)) }), component.Text(">")))
	is.NoErr(err)
	is.Equal(strings.Join(list, " "), "0:&lt; 10:1 20:2 30:3&gt;")
}

func TestEndlessSeqEndsWithThePage(t *testing.T) {
	endless := func(yield func(int) bool) {
		for n := 0; yield(n); n++ {
		}
	}
	_, took, err := leaves(t, component.Join(
		component.Seq(endless, func(int) component.Component { time.Sleep(ms); return component.Text("x") }),
		component.Async(func(context.Context) (component.Component, error) { time.Sleep(10 * ms); return nil, errBad })))
	is.New(t).Equal(err, errBad)
	is.New(t).True(took <= 11*ms)
}

// Outside of a Render there is nothing but the context.
func TestEndlessSeqEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	endless := func(yield func(int) bool) {
		for i := 0; yield(i); i++ {
			switch i {
			case 5:
				cancel()
			case 50:
				t.Fatal("it goes on")
			}
		}
	}
	err := component.Seq(endless, func(int) component.Component { return nil }).Render(ctx, io.Discard)
	is.New(t).Equal(err, context.Canceled)
}

func TestSeqStopsAtAnError(t *testing.T) {
	stopped := false
	seq := func(yield func(int) bool) { stopped = yield(1) && !yield(2) }
	_, _, err := leaves(t, component.Seq(seq, func(n int) component.Component {
		if n == 2 {
			return failing(errBad)
		}
		return nil
	}))
	is.New(t).Equal(err, errBad)
	is.New(t).True(stopped)
}

func TestAsync(t *testing.T) {
	for _, test := range []struct {
		name string
		c    component.Component
		want string
	}{
		{"component", component.Async(func(context.Context) (component.Component, error) { return component.Text("a"), nil }), "a"},
		{"nil", component.Async(func(context.Context) (component.Component, error) { return nil, nil }), ""},
		{"in an async", component.Async(func(context.Context) (component.Component, error) { return after(ms, "b"), nil }), "b"},
		{"view to nil", component.Load(func(context.Context) (int, error) { return 1, nil }, func(int) component.Component { return nil }), ""},
		{"error", component.Catch(component.Async(func(context.Context) (component.Component, error) { return component.Text("lost"), errBad }),
			func(err error) component.Component { return component.Text(err.Error()) }), "bad"},
		{"error of a fetch", component.Catch(component.Load(func(context.Context) (string, error) { return "lost", errBad }, component.Text),
			func(err error) component.Component { return component.Text(err.Error()) }), "bad"},
		{"error of a view", component.Catch(component.Load(func(context.Context) (error, error) { return errBad, nil }, failing),
			func(err error) component.Component { return component.Text(err.Error()) }), "bad"},
		{"panic", component.Catch(component.Async(func(context.Context) (component.Component, error) { panic("boom") }),
			func(err error) component.Component { return component.Text(err.Error()) }), "stream: panic: boom"},
	} {
		t.Run(test.name, func(t *testing.T) {
			for range 2 { // a component may be rendered again
				synctest.Test(t, func(t *testing.T) { is.New(t).Equal(rendered(t, test.c), test.want) })
			}
			synctest.Test(t, func(t *testing.T) { is.New(t).Equal(inPlace(t, test.c), test.want) })
		})
	}
}

// B1.20
func TestBoundaries(t *testing.T) {
	is := is.New(t)
	sorry := func(err error) component.Component { return component.Text("[" + err.Error() + "]") }

	list, took, err := leaves(t, component.Join(component.Text("a"),
		component.Catch(component.Timeout(10*ms, component.Join(component.Text("lost"), after(time.Hour, "lost"))), sorry),
		after(20*ms, "b")))
	is.NoErr(err)
	is.Equal(list, []string{"0:a", "10:[stream: not done within 10ms]", "20:b"})
	is.Equal(took, 20*ms)

	_, _, err = leaves(t, component.Timeout(10*ms, after(time.Hour, "")))
	var late *component.TimeoutError
	is.True(errors.As(err, &late))
	is.Equal(late.After, 10*ms)

	list, _, err = leaves(t, component.Join(component.Text("a"), after(ms, "b"), component.Blocking(after(10*ms, "c")), after(20*ms, "d")))
	is.NoErr(err)
	is.Equal(list, []string{"10:abc", "20:d"})

	list, _, err = leaves(t, component.Join(component.Text("a"), after(ms, "b"), component.Blocking(component.Join(after(10*ms, "c"), failing(errBad)))))
	is.Equal(err, errBad)
	is.Equal(len(list), 0)
}

func TestFlush(t *testing.T) {
	wait := component.Func(func(context.Context, io.Writer) error { time.Sleep(10 * ms); return nil })
	list, _, err := leaves(t, component.Join(component.Text("a"), component.Flush(), wait, component.Text("b")))
	is.New(t).NoErr(err)
	is.New(t).Equal(list, []string{"0:a", "10:b"})
}
