package stream_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/stream"
)

// redirect is an error that is an answer.
type redirect struct{ to string }

func (r *redirect) Error() string { return "redirect to " + r.to }

var errRedirect = &redirect{"/login"}

// answers is a Renderer as an engine makes it.
func answers(t *testing.T, l stream.Renderer) *stream.Renderer {
	l.Answer = func(err error) bool {
		return errors.Is(err, http.ErrAbortHandler) || isA[*redirect](err) && !isA[*stream.PanicError](err)
	}
	l.Caught = func(_ context.Context, err error) {
		if isA[*redirect](err) && !isA[*stream.PanicError](err) {
			t.Errorf("told of %v", err)
		}
	}
	return &l
}

// goes is a component that answers.
func goes() rd { return fail(fmt.Errorf("not logged in: %w", errRedirect)) }

// What an answer becomes depends on its place alone: whatever else is slow, quick, spilled
// or at its limit.
func TestAnswerDependsOnItsPlace(t *testing.T) {
	after := func(d time.Duration) rd { return async(wait(d), text("x")) }
	none := func(error) rd { return text("caught") }
	caught, misplaced, given := "caught", "misplaced", "given"
	for _, test := range []struct {
		name string
		page rd
		want string
	}{
		{"root", goes(), given},
		{"root, after text", join(text("a"), goes()), given},
		{"root, in a Catch", join(text("a"), catch(goes(), none)), given},
		{"root, in a Timeout", timeout(time.Hour, goes()), given},
		{"root, in both", catch(timeout(time.Hour, catch(goes(), none)), none), given},
		{"root, in a Blocking", blocking(goes()), given},
		{"root, in a fallback", catch(fail(errBad), func(error) rd { return goes() }), given},
		{"root, in a wrapper", wrapped(propagating, text("a"), goes()), given},
		{"root, caught in a wrapper", wrapped(buffering, text("a"), catch(goes(), none)), given},

		{"root, after a part", join(after(ms), goes()), misplaced},
		{"root, after a part, in a Catch", join(after(ms), catch(goes(), none)), caught},
		{"root, after a flush", join(text("a"), flush, goes()), misplaced},
		{"root, after a Blocking with a part", join(blocking(after(ms)), goes()), misplaced},
		{"part", async(goes()), misplaced},
		{"part that is slow", join(after(ms), async(wait(5*ms), goes())), misplaced},
		{"part, in a Catch", catch(async(goes()), none), caught},
		{"part, caught in it", async(catch(goes(), none)), caught},
		{"part, in a Timeout", async(timeout(time.Hour, goes())), misplaced},
		{"part, in a part", async(async(wait(ms), goes())), misplaced},
		{"part, in a Blocking of its own", async(blocking(goes())), misplaced},
		{"part, in a Blocking of its own, in a Catch", async(catch(blocking(goes()), none)), caught},
		{"part, through a wrapper", wrapped(propagating, text("a"), async(goes())), misplaced},
		{"fallback of a part", join(after(9*ms), catch(async(wait(ms), fail(errBad)), func(error) rd { return goes() })), misplaced},

		{"Blocking after a part", join(after(ms), blocking(goes())), given},
		{"Blocking after a part, in a Catch", join(after(ms), catch(blocking(goes()), none)), given},
		{"Blocking after a part, in a Timeout", join(after(ms), timeout(time.Hour, blocking(join(wait(5*ms), goes())))), given},
		{"part in a Blocking", join(after(ms), blocking(async(wait(5*ms), goes()))), given},
		{"part in a Blocking in a Catch", join(after(ms), catch(blocking(async(wait(5*ms), goes())), none)), given},
		{"caught in a Blocking", join(after(ms), blocking(catch(async(wait(5*ms), goes()), none))), given},
		{"part in a part in a Blocking", join(after(ms), blocking(async(wait(ms), async(wait(ms), goes())))), given},
		{"Blocking in a Blocking", blocking(async(wait(ms), blocking(goes()))), given},
		{"fallback in a Blocking", join(after(ms), blocking(catch(async(wait(ms), fail(errBad)), func(error) rd { return goes() }))), given},
		{"flush in a Blocking", blocking(join(text("a"), flush, text("b"), async(wait(ms), goes()))), given},
		{"Blocking after a flush in a part", join(after(50*ms), async(text("a"), flush), blocking(goes())), given},
		{"Blocking after a spill in a part", join(after(50*ms), async(text(strings.Repeat("x", 70_000))), blocking(goes())), given},
		{"Blocking after a flush", join(text("a"), flush, blocking(goes())), misplaced},
		{"Blocking after a flush that another Blocking held", join(blocking(async(wait(5*ms))), text("a"), flush, blocking(async(wait(ms), goes()))), misplaced},
	} {
		for habits, l := range map[string]stream.Renderer{
			"": {}, ", small": {Concurrency: 1}, ", no parts": {Shared: &stream.Budget{Concurrency: 1, Pending: 10}},
			", as a whole": {Flush: stream.FlushNone}, ", bounded": {Pending: 100_000},
		} {
			for _, d := range []time.Duration{0, 3 * ms, 20 * ms} {
				t.Run(fmt.Sprintf("%s%s, %v", test.name, habits, d), func(t *testing.T) {
					bubble(t, func(t *testing.T) {
						var out strings.Builder
						page := test.page
						if d > 0 { // something that makes the page slow, or lets it leave late
							page = join(page, async(wait(d)))
						}
						err := answers(t, l).Render(t.Context(), &out, page)
						var wrong *stream.MisplacedError
						got := ""
						switch {
						case err == nil && strings.Contains(out.String(), "caught"):
							got = caught
						case errors.As(err, &wrong) && !isA[*redirect](err):
							got = misplaced
							is.New(t).True(errors.Is(wrong.Err, errRedirect))
						case isA[*redirect](err):
							got = given
							is.New(t).Equal(out.String(), "")
						}
						if got != test.want {
							t.Errorf("%s, want %s: %q %v", got, test.want, out.String(), err)
						}
					})
				})
			}
		}
	}
}

// A root that spills, flushes each part or has written much has let the page go, whether or
// not anything has left.
func TestBlockingAfterThePageWasLetGo(t *testing.T) {
	long := text(strings.Repeat("x", 200))
	many := fn(func(ctx context.Context, w io.Writer) error {
		for range 100 {
			if err := join(async(wait(ms)), long).Render(ctx, w); err != nil {
				return err
			}
		}
		return nil
	})
	for _, test := range []struct {
		name string
		l    stream.Renderer
		page rd
	}{
		{"spill", stream.Renderer{Spill: 100}, join(async(wait(ms)), long)},
		{"each", stream.Renderer{Flush: stream.FlushEach}, async(wait(ms))},
		{"much", stream.Renderer{Pending: 8000}, many},
	} {
		for _, slow := range []rd{text(""), async(wait(time.Minute)), blocking(async(wait(time.Minute)))} {
			bubble(t, func(t *testing.T) {
				err := answers(t, test.l).Render(t.Context(), io.Discard, join(slow, test.page, blocking(goes())))
				if !isA[*stream.MisplacedError](err) {
					t.Errorf("%s: %v", test.name, err)
				}
			})
		}
	}
}

// A panic that is an answer ends the page from anywhere, and no Catch catches it.
func TestAbortThroughACatch(t *testing.T) {
	abort := fn(func(context.Context, io.Writer) error { panic(http.ErrAbortHandler) })
	for name, page := range map[string]rd{
		"root": catch(abort, sorry), "part": catch(async(abort), sorry), "inside": async(catch(abort, sorry)),
		"late": join(text("a"), flush, catch(async(wait(ms), abort), sorry)),
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				err := answers(t, stream.Renderer{}).Render(t.Context(), io.Discard, page)
				is.New(t).True(errors.Is(err, http.ErrAbortHandler))
			})
		})
	}
	bubble(t, func(t *testing.T) { // but a panic is not an answer by what it is with
		boom := fn(func(context.Context, io.Writer) error { panic(errRedirect) })
		is.New(t).NoErr(answers(t, stream.Renderer{}).Render(t.Context(), io.Discard, catch(async(boom), func(error) rd { return nil })))
	})
}

// The error says where the answer was given, and what to do.
func TestMisplacedErrorNamesThePart(t *testing.T) {
	for _, test := range []struct {
		page rd
		want string
	}{
		{fn(func(ctx context.Context, w io.Writer) error { return stream.Named(ctx, w, "reviews", async(goes())) }), "the part reviews was"},
		{join(async(text("a")), goes()), "the page after its first part"},
		{async(goes()), "the part github.com/ropewalk/ropewalk/stream_test."},
	} {
		for _, concurrency := range []int{0, 1} {
			bubble(t, func(t *testing.T) {
				l := answers(t, stream.Renderer{Concurrency: concurrency})
				err := l.Render(t.Context(), io.Discard, join(async(wait(ms)), test.page))
				is.New(t).True(isA[*stream.MisplacedError](err))
				is.New(t).True(strings.Contains(err.Error(), test.want))
				is.New(t).True(strings.Contains(err.Error(), "redirect to /login"))
				is.New(t).True(strings.Contains(err.Error(), "Blocking"))
			})
		}
	}
}

// A panic of Answer itself is as if it had said no.
func TestAnswerThatPanics(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var out strings.Builder
		l := stream.Renderer{Answer: func(error) bool { panic("no") }}
		is.New(t).NoErr(l.Render(t.Context(), &out, catch(async(fail(errBad)), sorry)))
		is.New(t).Equal(out.String(), "[bad]")
	})
}
