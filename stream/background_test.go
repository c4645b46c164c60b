package stream_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/stream"
)

// What runs beside its caller is waited for, unless it ignores the end of its context.
func TestAwait(t *testing.T) {
	boom := errors.New("boom")
	sleeps := func(d time.Duration, err error) func(context.Context) error {
		return func(context.Context) error { time.Sleep(d); return err }
	}
	for name, tt := range map[string]struct {
		f     func(context.Context) error
		limit int
		want  error
		left  int
		took  time.Duration
	}{
		"in time":             {sleeps(time.Millisecond, boom), 0, boom, 0, time.Millisecond},
		"heeds its context":   {func(ctx context.Context) error { <-ctx.Done(); return boom }, 0, boom, 0, time.Second},
		"deaf":                {sleeps(time.Hour, boom), 0, context.DeadlineExceeded, 1, time.Second + 10*time.Millisecond},
		"deaf, and no room":   {sleeps(time.Hour, boom), -1, boom, 0, time.Hour},
		"deaf, but not quite": {sleeps(time.Second+5*time.Millisecond, boom), 0, boom, 0, time.Second + 5*time.Millisecond},
		"panics":              {func(context.Context) error { panic(boom) }, 0, boom, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				is := is.New(t)
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				abandoned := &stream.Abandoned{Limit: tt.limit}
				var left []string
				l := stream.Renderer{Abandoned: abandoned, Left: func(_ context.Context, parts []string) { left = parts }}
				began := time.Now()
				err := l.Await(ctx, "the page", func() error { return tt.f(ctx) })
				is.True(errors.Is(err, tt.want))
				is.Equal(time.Since(began), tt.took)
				is.Equal(abandoned.Running(), tt.left)
				is.Equal(len(left), tt.left)
				is.NoErr(abandoned.Wait(t.Context()))
				is.Equal(abandoned.Running(), 0)
			})
		})
	}
}

func TestAwaitOfAGoexit(t *testing.T) {
	err := new(stream.Renderer).Await(t.Context(), "x", func() error { runtime.Goexit(); return nil })
	if err == nil {
		t.Error("who has vanished has not succeeded")
	}
}
