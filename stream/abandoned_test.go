package stream_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/stream"
)

// deaf is a part that ignores the end of its context, and then does what it was up to.
func deaf(name string, d time.Duration, then ...rd) rd {
	return fn(func(ctx context.Context, w io.Writer) error {
		return stream.Named(ctx, w, name, async(append([]rd{text("lost"), stubborn(d)}, then...)...))
	})
}

// A page is complete some milliseconds after its time limit, or after it has failed, whatever
// its parts do. What they do later is not seen.
func TestDeafPartsDoNotHoldThePage(t *testing.T) {
	late := []rd{text("late"), flush, async(text("late")), catch(fail(errBad), sorry), blocking(text("late")), fail(io.EOF)}
	slow := deaf("slow", time.Hour, late...)
	other := func(error) rd { return text("b") }
	for _, test := range []struct {
		name  string
		page  rd
		limit time.Duration
		want  string
		takes time.Duration
		left  string
	}{
		{"Timeout", join(text("a"), catch(timeout(50*ms, slow), other), text("c")), 0, "abc", 50*ms + grace, "slow"},
		{"Timeout around more than it", catch(timeout(50*ms, join(text("a"), slow, async(wait(time.Hour)), slow)), other), 0, "b", 50*ms + grace, "slow slow"},
		{"Timeout inside a part", join(text("a"), async(wait(ms), catch(timeout(50*ms, slow), other)), text("c")), 0, "abc", 51*ms + grace, "slow"},
		{"Timeout of the page", join(text("a"), slow), 50 * ms, "stream: not done within 50ms", 50*ms + grace, "slow"},
		{"the page fails", join(slow, async(wait(50*ms), fail(errBad))), 0, "bad", 50*ms + grace, "slow"},
		{"a sibling fails and is caught", catch(join(slow, async(wait(50*ms), fail(errBad))), sorry), 0, "[bad]", 50*ms + grace, "slow"},
		{"the body fails and is caught", catch(join(text("x"), slow, wait(ms), fail(errBad)), sorry), 0, "[bad]", ms + grace, "slow"},
		{"a part in a part", catch(timeout(50*ms, async(deaf("inner", time.Hour, late...), wait(time.Hour))), other), 0, "b", 50*ms + grace, "inner"},
		{"in document order", join(deaf("1", 3*time.Hour), async(deaf("2", time.Hour), wait(ms)), deaf("3", 2*time.Hour), wait(ms), fail(errBad)), 0, "bad", ms + grace, "1 2 3"},
		{"in a group that is done in part", join(timeout(time.Hour, join(async(wait(ms)), slow, async(wait(ms)))), async(wait(50*ms), fail(errBad))), 0, "bad", 50*ms + grace, "slow"},
		{"dropped twice", catch(join(catch(timeout(10*ms, slow), func(error) rd { return slow }), async(wait(50*ms), fail(errBad))), sorry), 0, "[bad]", 50*ms + grace, "slow slow"},
		{"in a Blocking", catch(timeout(50*ms, blocking(slow)), other), 0, "b", 50*ms + grace, "slow"},
		{"just in time", join(text("a"), catch(timeout(50*ms, deaf("slow", 50*ms+grace-1)), other)), 0, "ab", 50*ms + grace - 1, ""},
		{"in the root", catch(timeout(50*ms, stubborn(time.Second)), other), 0, "b", time.Second, ""},
		{"nothing failed", deaf("slow", time.Hour), 0, "lost", time.Hour, ""},
	} {
		for habits, l := range map[string]stream.Renderer{"": {}, ", small": {Spill: 3, Pending: 5000}, ", as a whole": {Flush: stream.FlushNone}} {
			t.Run(test.name+habits, func(t *testing.T) {
				bubble(t, func(t *testing.T) {
					is := is.New(t)
					budget := &stream.Budget{}
					l.Timeout, l.Shared, l.Abandoned = test.limit, budget, new(stream.Abandoned)
					told := 0
					left := ""
					l.Left = func(_ context.Context, parts []string) { told++; left = strings.Join(parts, " "); panic("no harm") }
					var out strings.Builder
					start := time.Now()
					err := l.Render(t.Context(), &out, test.page)
					is.Equal(time.Since(start), test.takes)
					got := out.String()
					if err != nil {
						got = err.Error()
					}
					is.Equal(got, test.want)
					is.Equal(left, test.left)
					is.Equal(l.Abandoned.Running(), len(strings.Fields(left)))
					is.Equal(told, min(1, len(left)))

					sent := out.String()
					is.NoErr(l.Abandoned.Wait(t.Context()))
					is.Equal(l.Abandoned.Running(), 0)
					is.Equal(out.String(), sent)
					bytes, parts := budget.InUse()
					is.Equal(bytes, int64(0))
					is.Equal(parts, 0)
				})
			})
		}
	}
}

// An ordinary page that fails waits for all of its parts: they heed their context.
func TestWhatHeedsItsContextIsNotAbandoned(t *testing.T) {
	bubble(t, func(t *testing.T) {
		is := is.New(t)
		l := stream.Renderer{Abandoned: new(stream.Abandoned), Left: func(context.Context, []string) { t.Error("told") }}
		ended := 0
		page := join(async(async(wait(time.Hour)), wait(time.Hour)), async(wait(ms), fail(errBad)))
		is.Equal(l.Render(t.Context(), io.Discard, join(page, fn(func(ctx context.Context, w io.Writer) error {
			return stream.Go(ctx, w, fn(func(ctx context.Context, _ io.Writer) error {
				<-ctx.Done()
				time.Sleep(grace / 2)
				ended++
				return nil
			}))
		}))), errBad)
		is.Equal(ended, 1)
		is.Equal(l.Abandoned.Running(), 0)
	})
}

// At the bound a Render waits for its parts.
func TestAbandonedIsBounded(t *testing.T) {
	for _, test := range []struct{ limit, deaf, abandoned int }{{0, 5, 5}, {5, 5, 5}, {4, 5, 0}, {-1, 1, 0}} {
		t.Run(fmt.Sprint(test), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				is := is.New(t)
				l := stream.Renderer{Abandoned: &stream.Abandoned{Limit: test.limit}}
				page := join(wait(ms), fail(errBad))
				for range test.deaf {
					page = join(deaf("slow", time.Hour), page)
				}
				start := time.Now()
				is.Equal(l.Render(t.Context(), io.Discard, page), errBad)
				is.Equal(l.Abandoned.Running(), test.abandoned)
				is.Equal(time.Since(start) < time.Hour, test.abandoned > 0)
				is.NoErr(l.Abandoned.Wait(t.Context()))
			})
		})
	}
}

func TestWaitForAbandonedEndsWithItsContext(t *testing.T) {
	bubble(t, func(t *testing.T) {
		is := is.New(t)
		l := stream.Renderer{Abandoned: new(stream.Abandoned)}
		is.NoErr(l.Abandoned.Wait(t.Context()))
		l.Render(t.Context(), io.Discard, join(deaf("slow", time.Hour), wait(ms), fail(errBad)))
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, errBad)
		defer cancel()
		is.Equal(l.Abandoned.Wait(ctx), errBad)
		is.NoErr(l.Abandoned.Wait(t.Context()))
	})
}

// A deaf part that panics, or ends its goroutine, long after its page does no harm.
func TestPanicOfAnAbandonedPart(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := stream.Renderer{Abandoned: new(stream.Abandoned)}
		boom := fn(func(context.Context, io.Writer) error { panic("boom") })
		err := l.Render(t.Context(), io.Discard, join(deaf("slow", time.Hour, boom), wait(ms), fail(errBad)))
		is.New(t).Equal(err, errBad)
		is.New(t).NoErr(l.Abandoned.Wait(t.Context()))
	})
}

// What a page returns is still the first error in document order of those that are known.
func TestErrorsBesideADeafPart(t *testing.T) {
	bubble(t, func(t *testing.T) {
		is := is.New(t)
		first, second := errors.New("first"), errors.New("second")
		var others []error
		l := stream.Renderer{Others: func(_ context.Context, errs []error) { others = errs }}
		is.Equal(l.Render(t.Context(), io.Discard, join(deaf("1", time.Hour), async(stubborn(5*ms), fail(first)),
			async(deaf("2", time.Hour), wait(ms), fail(second)), deaf("3", time.Hour, fail(io.EOF)))), first)
		is.Equal(others, []error{second})
	})
}
