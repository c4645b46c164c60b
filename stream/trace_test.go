package stream_test

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/stream"
)

// tracing is a context whose Trace notes everything. What happens at the same moment is
// sorted: the goroutines race.
func tracing(t *testing.T) (ctx context.Context, seen func() string) {
	var mu sync.Mutex
	var events []string
	start := time.Now()
	note := func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		events = append(events, fmt.Sprintf("%d ", time.Since(start)/ms)+fmt.Sprintf(format, args...))
	}
	ctx = stream.WithTrace(t.Context(), &stream.Trace{
		PartStarted: func(_ context.Context, part stream.PartInfo) context.Context {
			note("%d started by %d", part.Number, part.Parent)
			return nil
		},
		PartReady:  func(_ context.Context, part int, err error) { note("%d ready %v", part, err) },
		PartWaited: func(part int, d time.Duration) { note("%d waited %v", part, d) },
		HeadWaited: func(part int, d time.Duration) {
			if d > 0 { // at the same moment it may or may not have slept
				note("head %d waited %v", part, d)
			}
		},
		Written: func(bytes int, err error) { note("written %d %v", bytes, err) },
		Flushed: func(bytes int, err error) { note("flushed %d %v", bytes, err) },
	})
	return ctx, func() string {
		slices.Sort(events)
		return strings.Join(events, "\n")
	}
}

func TestTrace(t *testing.T) {
	bubble(t, func(t *testing.T) {
		is := is.New(t)
		ctx, seen := tracing(t)
		is.NoErr(stream.Render(ctx, record(), join(text("head"),
			async(wait(2*ms), text("a"), async(wait(3*ms), text("bc"))),
			fn(func(ctx context.Context, w io.Writer) error { time.Sleep(ms); return async(wait(8*ms)).Render(ctx, w) }), text(">"))))
		is.Equal(seen(), strings.Join([]string{
			"0 1 started by 0",
			"1 2 started by 0",
			"1 flushed 4 <nil>",
			"1 written 4 <nil>",
			"2 1 ready <nil>",
			"2 3 started by 1",
			"2 flushed 1 <nil>",
			"2 head 1 waited 1ms",
			"2 written 1 <nil>",
			"5 3 ready <nil>",
			"5 flushed 2 <nil>",
			"5 head 3 waited 3ms",
			"5 written 2 <nil>",
			"9 2 ready <nil>",
			"9 head 2 waited 4ms",
			"9 written 1 <nil>",
		}, "\n"))
	})
}

func TestTraceOfFailures(t *testing.T) {
	bubble(t, func(t *testing.T) {
		is := is.New(t)
		ctx, seen := tracing(t)
		is.NoErr(stream.Render(ctx, io.Discard, catch(async(wait(ms), fail(errBad)), sorry)))
		is.Equal(seen(), strings.Join([]string{
			"0 1 started by 0",
			"1 1 ready bad",
			"1 2 ready <nil>",
			"1 2 started by 0",
			"1 head 0 waited 1ms",
			"1 written 5 <nil>",
		}, "\n"))
	})
	bubble(t, func(t *testing.T) {
		ctx, seen := tracing(t)
		stream.Render(ctx, &slowly{failAt: 1}, text("abc"))
		is.New(t).Equal(seen(), "0 written 1 broken pipe")
	})
}

func TestTraceOfWaitingForQuota(t *testing.T) {
	bubble(t, func(t *testing.T) {
		ctx, seen := tracing(t)
		l := stream.Renderer{Pending: 1000}
		page := join(async(wait(5*ms)), async(wait(ms), text(strings.Repeat("x", 900)), text(strings.Repeat("x", 900))))
		is.New(t).NoErr(l.Render(ctx, io.Discard, page))
		is.New(t).True(strings.Contains(seen(), "5 2 waited 4ms"))
	})
}

// A test's Fatal in another goroutine is that.
func TestTraceThatEndsItsGoroutine(t *testing.T) {
	bubble(t, func(t *testing.T) {
		is := is.New(t)
		ctx := stream.WithTrace(t.Context(), &stream.Trace{PartReady: func(context.Context, int, error) { runtime.Goexit() }})
		var out strings.Builder
		is.NoErr(stream.Render(ctx, &out, busy()))
		is.Equal(out.String(), busyText)
	})
}

// What a Trace does cannot break a page.
func TestTraceThatPanics(t *testing.T) {
	bubble(t, func(t *testing.T) {
		is := is.New(t)
		ctx := stream.WithTrace(t.Context(), &stream.Trace{
			PartStarted: func(context.Context, stream.PartInfo) context.Context { panic("no") },
			PartReady:   func(context.Context, int, error) { panic("no") },
			PartWaited:  func(int, time.Duration) { panic("no") },
			HeadWaited:  func(int, time.Duration) { panic("no") },
			Written:     func(int, error) { panic("no") },
			Flushed:     func(int, error) { panic("no") },
		})
		var out strings.Builder
		l := stream.Renderer{Pending: 10, Spill: 8}
		is.NoErr(l.Render(ctx, &out, busy()))
		is.Equal(out.String(), busyText)
		is.NoErr(l.Render(stream.WithTrace(t.Context(), nil), io.Discard, busy()))
		is.NoErr(l.Render(stream.WithTrace(t.Context(), &stream.Trace{}), io.Discard, busy()))
	})
}
