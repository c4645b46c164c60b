package stream_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ropewalk/ropewalk/stream"
)

type (
	fn = stream.Func
	rd = stream.Renderable
)

const ms = time.Millisecond

// grace is how long Render waits for parts that do not heed the end of their context.
const grace = 10 * ms

// exhaustive asks for all cases of the tests that have very many.
var exhaustive = os.Getenv("EXHAUSTIVE") != ""

// cases is how many of n random cases to try: a few unless exhaustive.
func cases(n int) int {
	if exhaustive {
		return n
	}
	return n / 5
}

// bubble runs f in virtual time; it fails when f leaves a goroutine behind, other than a
// part that was abandoned.
func bubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		defer stream.WaitForAbandoned(t.Context())
		f(t)
	})
}

// recorder is a destination that notes what is called on it, and when.
type recorder struct {
	start  time.Time
	events []string
	out    strings.Builder
}

func record() *recorder { return &recorder{start: time.Now()} }

func (r *recorder) note(format string, args ...any) {
	at := time.Since(r.start).Round(ms) / ms
	r.events = append(r.events, fmt.Sprintf("%d %s", at, fmt.Sprintf(format, args...)))
}

func (r *recorder) Write(p []byte) (int, error) {
	r.note("write %s", p)
	return r.out.Write(p)
}

func (r *recorder) WriteWhole(p []byte) (int, error) {
	r.note("whole %s", p)
	return r.out.Write(p)
}

func (r *recorder) Flush() { r.note("flush") }
func (r *recorder) Lock()  { r.note("lock") }

func (r *recorder) want(t *testing.T, events ...string) {
	t.Helper()
	got, want := strings.Join(r.events, "\n"), strings.Join(events, "\n")
	if got != want {
		t.Errorf("destination saw\n%s\nwant\n%s", got, want)
	}
}

func text(s string) rd {
	return fn(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	})
}

func join(list ...rd) rd {
	return fn(func(ctx context.Context, w io.Writer) error {
		for _, c := range list {
			if err := c.Render(ctx, w); err != nil {
				return err
			}
		}
		return nil
	})
}

// wait sleeps, but not after ctx has ended. It never receives from a timer that is due
// already: goroutines of a bubble that do so at a time crash the race detector, up to Go
// 1.26 at least (golang/go#78156).
func wait(d time.Duration) rd {
	return fn(func(ctx context.Context, _ io.Writer) error {
		if d <= 0 {
			runtime.Gosched()
			return ctx.Err()
		}
		select {
		case <-time.After(d):
			return nil
		case <-ctx.Done():
			return fmt.Errorf("waiting: %w", context.Cause(ctx))
		}
	})
}

// stubborn sleeps whatever happens to ctx.
func stubborn(d time.Duration) rd {
	return fn(func(context.Context, io.Writer) error { time.Sleep(d); return nil })
}

func fail(err error) rd { return fn(func(context.Context, io.Writer) error { return err }) }

func async(list ...rd) rd {
	return fn(func(ctx context.Context, w io.Writer) error { return stream.Go(ctx, w, join(list...)) })
}

func catch(body rd, fallback func(error) rd) rd {
	return fn(func(ctx context.Context, w io.Writer) error { return stream.Catch(ctx, w, body, fallback) })
}

// sorry is a fallback that prints the error.
func sorry(err error) rd { return text("[" + err.Error() + "]") }

func timeout(d time.Duration, body rd) rd {
	return fn(func(ctx context.Context, w io.Writer) error { return stream.Timeout(ctx, w, d, body) })
}

func blocking(body rd) rd {
	return fn(func(ctx context.Context, w io.Writer) error { return stream.Blocking(ctx, w, body) })
}

var flush = fn(func(ctx context.Context, w io.Writer) error { return stream.Flush(ctx, w) })

// isA reports whether err is or wraps a T.
func isA[T error](err error) bool {
	var target T
	return errors.As(err, &target)
}
