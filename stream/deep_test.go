package stream_test

import (
	"context"
	"io"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ropewalk/ropewalk/stream"
)

// deep are trees that nest to a depth, each in its own way. Everywhere a level looks at its
// context and writes before and after the next.
var deep = map[string]func(inner rd) rd{
	"parts":              func(inner rd) rd { return async(inner) },
	"Catch":              func(inner rd) rd { return catch(inner, sorry) },
	"Timeout":            func(inner rd) rd { return timeout(time.Hour, inner) },
	"Blocking":           func(inner rd) rd { return blocking(inner) },
	"parts in Catch":     func(inner rd) rd { return catch(async(inner), sorry) },
	"parts in Timeout":   func(inner rd) rd { return timeout(time.Hour, async(inner)) },
	"Catch beside parts": func(inner rd) rd { return catch(join(async(text("x")), inner, async(text("x"))), sorry) },
}

// nested is a tree of n levels. bottom is inside the last.
func nested(n int, wrap func(rd) rd, bottom rd) rd {
	if n == 0 {
		return bottom
	}
	return fn(func(ctx context.Context, w io.Writer) error {
		if ctx.Err() != nil || ctx.Value(n) != nil {
			return context.Cause(ctx)
		}
		io.WriteString(w, "(")
		err := wrap(nested(n-1, wrap, bottom)).Render(ctx, w)
		if err != nil {
			return err
		}
		_, err = io.WriteString(w, ")")
		return err
	})
}

// The time for a level must not grow with the number of levels.
func BenchmarkDeep(b *testing.B) {
	for name, wrap := range deep {
		for _, levels := range []int{1000, 10_000} {
			b.Run(name+"/"+map[int]string{1000: "1000", 10_000: "10000"}[levels], func(b *testing.B) {
				page := nested(levels, wrap, text("x"))
				for b.Loop() {
					if err := stream.Render(context.Background(), io.Discard, page); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*levels), "ns/level")
			})
		}
	}
}

// Nor must that for a part grow with the number of parts.
func BenchmarkWide(b *testing.B) {
	for _, parts := range []int{1000, 100_000} {
		b.Run(map[int]string{1000: "1000", 100_000: "100000"}[parts], func(b *testing.B) {
			part := text(line)
			page := fn(func(ctx context.Context, w io.Writer) error {
				for range parts {
					if err := stream.Go(ctx, w, part); err != nil {
						return err
					}
				}
				return nil
			})
			for b.Loop() {
				if err := stream.Render(context.Background(), io.Discard, page); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*parts), "ns/part")
		})
	}
}

// steps is a context at the bottom of all others that notes how many of them asked one
// another on the way to it.
type steps struct {
	context.Context
	most *atomic.Int64
}

func (s steps) Value(key any) any { s.note("Value"); return s.Context.Value(key) }
func (s steps) Err() error        { s.note("Err"); return s.Context.Err() }

func (s steps) note(method string) {
	pcs := make([]uintptr, 4096)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	n, more := int64(0), true
	for more {
		var f runtime.Frame
		if f, more = frames.Next(); strings.HasSuffix(f.Function, "."+method) || strings.HasSuffix(f.Function, ".value") {
			n++
		}
	}
	for {
		most := s.most.Load()
		if n <= most || s.most.CompareAndSwap(most, n) {
			return
		}
	}
}

// What is asked of a context does not go through one for each level, and a level takes as
// much memory in a deep tree as in a flat one.
func TestDeepTreesCostNoMoreForALevel(t *testing.T) {
	const levels = 150
	for name, wrap := range deep {
		t.Run(name, func(t *testing.T) {
			ctx := steps{t.Context(), new(atomic.Int64)}
			look := fn(func(ctx context.Context, w io.Writer) error {
				inner, cancel := context.WithTimeout(ctx, time.Hour)
				defer cancel()
				inner.Value("key")
				return inner.Err()
			})
			if err := stream.Render(ctx, io.Discard, nested(levels, wrap, look)); err != nil {
				t.Fatal(err)
			}
			if n := ctx.most.Load(); n > 30 {
				t.Errorf("%d contexts were asked one after the other", n)
			}
			if raceEnabled {
				return
			}
			few, many := allocated(nested(2*levels, wrap, look))/2, allocated(nested(8*levels, wrap, look))/8
			if many > 2*few {
				t.Errorf("%d levels of %d take %d bytes, of %d %d", levels, 2*levels, few, 8*levels, many)
			}
		})
	}
}

// allocated returns how many bytes are allocated for a page, without those for stacks.
func allocated(page rd) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	stream.Render(context.Background(), io.Discard, page)
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
