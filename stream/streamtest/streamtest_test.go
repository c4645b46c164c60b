package streamtest_test

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

	"github.com/ropewalk/ropewalk/stream"
	"github.com/ropewalk/ropewalk/stream/streamtest"
)

// part prints s when it is the turn of thing i.
func part(order streamtest.Order, i int, s string) stream.Renderable {
	return stream.Func(func(ctx context.Context, w io.Writer) error {
		return stream.Go(ctx, w, stream.Func(func(ctx context.Context, w io.Writer) error {
			if err := order.Wait(ctx, i); err != nil {
				return err
			}
			_, err := io.WriteString(w, s)
			return err
		}))
	})
}

func join(list ...stream.Renderable) stream.Renderable {
	return stream.Func(func(ctx context.Context, w io.Writer) error {
		for _, c := range list {
			if err := c.Render(ctx, w); err != nil {
				return err
			}
		}
		return nil
	})
}

func text(s string) stream.Renderable {
	return stream.Func(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	})
}

func TestRun(t *testing.T) {
	times := 0
	got := streamtest.Run(t, 4, func(order streamtest.Order) stream.Renderable {
		times++
		return join(text("<"), part(order, 0, "a"), part(order, 1, "b"), part(order, 2, "c"), part(order, 3, "d"), text(">"))
	})
	is.New(t).Equal(got, "<abcd>")
	is.New(t).Equal(times, 24)
}

func TestRecorder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		rec := streamtest.NewRecorder()
		is.Equal(rec.Locked, time.Duration(-1))
		order := streamtest.Order{2, 0, 1}
		is.NoErr(stream.Render(t.Context(), rec, join(text("<"), part(order, 0, "a"), part(order, 1, "b"), part(order, 2, "c"), text(">"))))
		is.Equal(rec.String(), "0s \"<\"\n2ms \"a\"\n3ms \"bc>\"\n")
		is.Equal(rec.Text(), "<abc>")
		is.Equal(rec.Whole, false)
		is.Equal(rec.Locked, time.Duration(0))
		last := rec.Chunks()[2]
		is.Equal(last, streamtest.Chunk{At: 3 * time.Millisecond, Text: "bc>", Writes: 1})
		is.True(rec.Chunks()[1].Flushed)
	})
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		for _, s := range []string{"all", ""} {
			rec := streamtest.NewRecorder()
			is.NoErr(stream.Render(t.Context(), rec, text(s)))
			is.True(rec.Whole)
			is.Equal(rec.Text(), s)
		}
	})
	// A flush of nothing is no chunk; Writes up to a flush are one.
	rec := streamtest.NewRecorder()
	rec.Flush()
	io.WriteString(rec, "a")
	io.WriteString(rec, "b")
	rec.Flush()
	rec.Flush()
	is.New(t).Equal(len(rec.Chunks()), 1)
	is.New(t).Equal(rec.Chunks()[0].Writes, 2)
}

func TestOrders(t *testing.T) {
	is := is.New(t)
	var all []string
	for order := range streamtest.Orders(3) {
		all = append(all, fmt.Sprint(order))
	}
	is.Equal(strings.Join(all, ""), "[0 1 2][0 2 1][1 0 2][1 2 0][2 0 1][2 1 0]")
	for n, want := range map[int]int{0: 1, 1: 1, 2: 2, 4: 24, 5: 120, 6: 120, 50: 120} {
		seen := map[string]bool{}
		count := 0
		for order := range streamtest.Orders(n) {
			count++
			seen[fmt.Sprint(order)] = true
			slices.Sort(order) // it is the caller's
			for i := range n {
				is.Equal(order[i], i)
			}
		}
		is.Equal(count, want)
		is.True(n > 5 || len(seen) == want)
		for range streamtest.Orders(n) {
			break
		}
	}
}

func TestWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		errGone := errors.New("gone")
		ctx, cancel := context.WithCancelCause(t.Context())
		order := streamtest.Order{1, 0}
		start := time.Now()
		is.NoErr(order.Wait(ctx, 0))
		is.Equal(time.Since(start), 2*streamtest.Step)
		is.Equal(order.Delay(7), time.Duration(0))
		is.NoErr(order.Wait(ctx, 7))
		cancel(errGone)
		is.Equal(order.Wait(ctx, 0), errGone)
	})
}
