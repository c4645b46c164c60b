package stream_test

import (
	"context"
	"errors"
	"io"
	"testing"

	"github.com/matryer/is"
	"github.com/ropewalk/ropewalk/stream"
)

// confined is a root that keeps nothing.
type confined struct{ fn }

func (confined) Confined() {}

func TestConfinedPageAllocatesNothing(t *testing.T) {
	if raceEnabled || testing.CoverMode() != "" {
		t.Skip("allocations are others under the race detector and with coverage")
	}
	var page rd = confined{func(_ context.Context, w io.Writer) error {
		_, err := w.(*stream.Writer).WriteString("<p>hello</p>")
		return err
	}}
	n := testing.AllocsPerRun(1000, func() { stream.Render(context.Background(), io.Discard, page) })
	is.New(t).Equal(n, 0.0)
}

// What a confined root has shared is nobody else's afterwards, and what failed is not used again.
func TestConfinedPagesStayApart(t *testing.T) {
	type key struct{}
	is := is.New(t)
	var w *stream.Writer
	var ctx context.Context
	keep := fn(func(c context.Context, to io.Writer) error {
		w, ctx = to.(*stream.Writer), c
		return nil
	})
	roots := map[string]fn{
		"shared": func(ctx context.Context, w io.Writer) error {
			w.(*stream.Writer).Share(keep)
			return keep(ctx, w)
		},
		"forked": func(ctx context.Context, w io.Writer) error {
			keep(ctx, w)
			return stream.Go(ctx, w, text("part"))
		},
		"failed": func(ctx context.Context, w io.Writer) error {
			keep(ctx, w)
			return errors.New("failed")
		},
		"panicked": func(ctx context.Context, w io.Writer) error {
			keep(ctx, w)
			panic("panicked")
		},
	}
	other := confined{func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, "other")
		return err
	}}
	for name, root := range roots {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				stream.Render(context.WithValue(t.Context(), key{}, name), io.Discard, confined{root})
				for range 100 {
					r := record()
					is.NoErr(stream.Render(t.Context(), r, other))
					r.want(t, "0 lock", "0 whole other")
					_, err := w.Write([]byte("kept"))
					is.True(err != nil)
					is.Equal(ctx.Value(key{}), name)
					is.Equal(ctx.Err(), context.Canceled)
				}
			})
		})
	}
}

// To a confined component a root may hand what it has without sharing it.
func TestShareWithConfined(t *testing.T) {
	if raceEnabled || testing.CoverMode() != "" {
		t.Skip("allocations are others under the race detector and with coverage")
	}
	inner := confined{func(_ context.Context, w io.Writer) error {
		_, err := w.(*stream.Writer).WriteString("inner")
		return err
	}}
	var page rd = confined{func(ctx context.Context, w io.Writer) error {
		w.(*stream.Writer).Share(&inner)
		return inner.Render(ctx, w)
	}}
	n := testing.AllocsPerRun(1000, func() { stream.Render(context.Background(), io.Discard, page) })
	is.New(t).Equal(n, 0.0)
}
