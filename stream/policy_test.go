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

func TestFlushEach(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := record()
		l := stream.Renderer{Flush: stream.FlushEach}
		err := l.Render(t.Context(), r, join(text("<"), async(wait(ms/2), text("1")), text("a"), async(wait(5*ms), text("2")),
			wait(ms), text("b"), async(wait(ms), text("3")), async(wait(9*ms), text("4")), text(">")))
		is.New(t).NoErr(err)
		r.want(t, "0 lock", "0 write <", "0 flush", "1 write 1", "1 flush", "1 write a", "1 flush",
			"5 write 2", "5 flush", "5 write b", "5 flush", "5 write 3", "5 flush", "10 write 4", "10 flush", "10 write >")
	})
	t.Run("sync", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			r := record()
			l := stream.Renderer{Flush: stream.FlushEach}
			is.New(t).NoErr(l.Render(t.Context(), r, join(text("a"), text("b"))))
			r.want(t, "0 lock", "0 whole ab")
		})
	})
	t.Run("not into a group", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			r := record()
			l := stream.Renderer{Flush: stream.FlushEach}
			err := l.Render(t.Context(), r, join(text("<"), catch(join(text("lost"), async(text("lost")), wait(ms), fail(errBad)), sorry), text(">")))
			is.New(t).NoErr(err)
			r.want(t, "0 lock", "0 write <", "0 flush", "1 write [bad]>")
		})
	})
}

func TestFlushNone(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := record()
		l := stream.Renderer{Flush: stream.FlushNone, Spill: 4, Pending: 8, MinFlush: ms}
		is.New(t).NoErr(l.Render(t.Context(), r, busy()))
		r.want(t, "0 lock", "16 whole "+busyText)
	})
	t.Run("an error comes before the first byte", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			r := record()
			l := stream.Renderer{Flush: stream.FlushNone, Spill: 4}
			is.New(t).Equal(l.Render(t.Context(), r, join(busy(), async(wait(20*ms), fail(errBad)))), errBad)
			r.want(t, "0 lock")
		})
	})
	t.Run("sync", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			r := record()
			l := stream.Renderer{Flush: stream.FlushNone, Spill: 4}
			is.New(t).NoErr(l.Render(t.Context(), r, join(text("abc"), flush, text("def"), text("ghi"))))
			r.want(t, "0 lock", "0 whole abcdefghi")
		})
	})
	t.Run("what was abandoned does not hold it", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			r := record()
			l := stream.Renderer{Flush: stream.FlushNone}
			is.New(t).NoErr(l.Render(t.Context(), r, join(text("a"), catch(timeout(ms, async(stubborn(time.Hour))), func(error) rd { return text("b") }))))
			r.want(t, "0 lock", "1 whole ab", "1 flush")
		})
	})
}

// A thousand quick parts, one after the other, are not a thousand packets.
func TestMinFlush(t *testing.T) {
	bubble(t, func(t *testing.T) {
		is := is.New(t)
		r := record()
		l := stream.Renderer{MinFlush: 50 * ms}
		is.NoErr(l.Render(t.Context(), r, fn(func(ctx context.Context, w io.Writer) error {
			io.WriteString(w, "head")
			for i := range 999 {
				if err := async(wait(time.Duration(i+1)*ms), text("x")).Render(ctx, w); err != nil {
					return err
				}
			}
			return nil
		})))
		is.Equal(r.out.String(), "head"+strings.Repeat("x", 999))
		var flushes []string
		for _, e := range r.events {
			if strings.HasSuffix(e, "flush") {
				flushes = append(flushes, e)
			}
		}
		is.Equal(len(flushes), 20)
		is.Equal(strings.Join(flushes[:3], ","), "0 flush,50 flush,100 flush") // the first at once
	})
	t.Run("what waits for a flush has it when it is due", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			r := record()
			l := stream.Renderer{MinFlush: 50 * ms}
			is.New(t).NoErr(l.Render(t.Context(), r, join(text("a"), async(wait(ms), text("b")), async(wait(time.Second), text("c")))))
			r.want(t, "0 lock", "0 write a", "0 flush", "1 write b", "50 flush", "1000 write c")
		})
	})
	t.Run("the root's own is not delayed", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			r := record()
			l := stream.Renderer{MinFlush: 50 * ms}
			is.New(t).NoErr(l.Render(t.Context(), r, join(text("a"), flush, wait(ms), text("b"), flush, wait(time.Second))))
			r.want(t, "0 lock", "0 write a", "0 flush", "1 write b", "1 flush")
		})
	})
	t.Run("a failure does not wait", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			start := time.Now()
			l := stream.Renderer{MinFlush: time.Hour}
			err := l.Render(t.Context(), record(), join(text("a"), async(wait(ms), text("b")), async(wait(2*ms), fail(errBad))))
			is.New(t).Equal(err, errBad)
			is.New(t).Equal(time.Since(start), 2*ms)
		})
	})
}

func TestFlushPolicyNames(t *testing.T) {
	is.New(t).Equal(fmt.Sprint(stream.FlushAdaptive, stream.FlushEach, stream.FlushNone, stream.FlushPolicy(9)), "adaptive each none invalid")
}

func TestTimeoutOfThePage(t *testing.T) {
	for name, page := range map[string]rd{
		"root": join(text("a"), wait(time.Hour)), "part": join(text("a"), async(wait(time.Hour))),
		"in a Catch":            catch(async(wait(time.Hour)), func(error) rd { t.Error("fallback rendered"); return nil }),
		"in a longer Timeout":   timeout(time.Hour, async(wait(time.Hour))),
		"root, looking away":    join(text("a"), stubborn(10*ms+1)),
		"part, with a late own": async(stubborn(10*ms+1), fail(errBad)),
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				is := is.New(t)
				l := stream.Renderer{Timeout: 10 * ms}
				start := time.Now()
				var late *stream.TimeoutError
				err := l.Render(t.Context(), io.Discard, page)
				is.True(errors.As(err, &late))
				is.Equal(late.After, 10*ms)
				is.Equal(time.Since(start).Round(ms), 10*ms)
			})
		})
	}
	t.Run("in time", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			l := stream.Renderer{Timeout: 10 * ms}
			is.New(t).NoErr(l.Render(t.Context(), io.Discard, async(wait(9*ms))))
		})
	})
	t.Run("after all has left", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			l := stream.Renderer{Timeout: 10 * ms}
			r := record()
			abandoned := timeout(ms, async(stubborn(20*ms), flush, text("lost")))
			is.New(t).NoErr(l.Render(t.Context(), r, catch(abandoned, func(error) rd { return text("a") })))
			r.want(t, "0 lock", "1 whole a", "1 flush")
		})
	})
	t.Run("an inner one is caught", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			l := stream.Renderer{Timeout: 10 * ms}
			var out strings.Builder
			is.New(t).NoErr(l.Render(t.Context(), &out, catch(timeout(5*ms, async(wait(time.Hour))), sorry)))
			is.New(t).Equal(out.String(), "[stream: not done within 5ms]")
		})
	})
	t.Run("the cause is seen", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var cause error
			l := stream.Renderer{Timeout: 10 * ms}
			l.Render(t.Context(), io.Discard, async(fn(func(ctx context.Context, _ io.Writer) error {
				<-ctx.Done()
				cause = context.Cause(ctx)
				return nil
			})))
			is.New(t).True(isA[*stream.TimeoutError](cause))
		})
	})
}

// The errors that Render does not return are there for the log.
func TestOthers(t *testing.T) {
	err1, err2, err3 := errors.New("1"), errors.New("2"), errors.New("3")
	boom := fn(func(context.Context, io.Writer) error { panic("boom") })
	for _, test := range []struct {
		name   string
		page   rd
		want   string
		others string
	}{
		{"none", async(wait(ms), fail(err1)), "1", ""},
		{"in document order", join(async(stubborn(3*ms), fail(err1)), async(wait(ms), fail(err2)), async(stubborn(2*ms), fail(err3))), "1", "2 3"},
		{"not what follows from the first", join(async(wait(time.Hour)), async(wait(ms), fail(err2)), async(stubborn(2*ms), fail(context.Canceled))), "2", ""},
		{"a panic", join(async(stubborn(3*ms), fail(err1)), async(wait(ms), boom)), "1", "stream: panic: boom"},
		{"of the root", join(async(wait(ms), fail(err1)), stubborn(2*ms), fail(err2)), "1", "2"},
		{"once each", join(timeout(ms, async(wait(time.Hour))), async(stubborn(2*ms), fail(err2))), "stream: not done within 1ms", "2"},
		{"not those that were caught", join(catch(async(fail(err1)), sorry), async(wait(ms), fail(err2))), "2", ""},
		{"inside a part", async(async(stubborn(2*ms), fail(err1)), async(wait(ms), fail(err2)), wait(time.Hour)), "1", "2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				var others []string
				l := stream.Renderer{Others: func(_ context.Context, errs []error) {
					for _, err := range errs {
						others = append(others, err.Error())
					}
				}}
				err := l.Render(t.Context(), io.Discard, test.page)
				is.New(t).Equal(err.Error(), test.want)
				is.New(t).Equal(strings.Join(others, " "), test.others)
			})
		})
	}
	t.Run("after the reader has gone", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var others []error
			l := stream.Renderer{Others: func(_ context.Context, errs []error) { others = errs }}
			ctx, cancel := context.WithCancelCause(t.Context())
			time.AfterFunc(ms, func() { cancel(err1) })
			is.New(t).Equal(l.Render(ctx, io.Discard, join(async(wait(time.Hour)), async(stubborn(2*ms), fail(err2)))), err1)
			is.New(t).Equal(others, []error{err2})
		})
	})
	t.Run("its panic does no harm", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			l := stream.Renderer{Others: func(context.Context, []error) { panic("boom") }}
			is.New(t).Equal(l.Render(t.Context(), io.Discard, join(async(stubborn(2*ms), fail(err1)), async(wait(ms), fail(err2)))), err1)
		})
	})
}

// A destination may want the document as a whole. It is asked after the lock.
func TestDestinationThatTakesTheWhole(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := choosy{record(), true}
		is.New(t).NoErr(stream.Render(t.Context(), r, join(text("a"), flush, async(wait(ms), text("b")), text("c"))))
		r.want(t, "0 lock", "0 asked", "1 whole abc")
	})
	bubble(t, func(t *testing.T) {
		r := choosy{record(), false}
		is.New(t).NoErr(stream.Render(t.Context(), r, join(text("a"), async(wait(ms), text("b")))))
		r.want(t, "0 lock", "0 asked", "0 write a", "0 flush", "1 write b")
	})
	bubble(t, func(t *testing.T) { // whatever the Renderer's policy is
		r := choosy{record(), true}
		l := stream.Renderer{Flush: stream.FlushEach}
		is.New(t).NoErr(l.Render(t.Context(), r, join(text("a"), async(wait(ms), text("b")), text("c"))))
		r.want(t, "0 lock", "0 asked", "1 whole abc")
	})
	bubble(t, func(t *testing.T) { // it does not matter
		r := choosy{record(), false}
		is.New(t).NoErr(stream.Render(t.Context(), r, text("a")))
		r.want(t, "0 lock", "0 whole a")
	})
}

type choosy struct {
	*recorder
	whole bool
}

func (c choosy) Whole() bool { c.note("asked"); return c.whole }

// What a Catch catches is told, once for each error.
func TestCaught(t *testing.T) {
	again := func(err error) rd { return fail(err) }
	for _, test := range []struct {
		name string
		page rd
		want string
	}{
		{"nothing", catch(text("a"), sorry), ""},
		{"a body", catch(fail(errBad), sorry), "bad"},
		{"a part", catch(async(wait(ms), fail(errBad)), sorry), "bad"},
		{"a Timeout", catch(timeout(ms, async(wait(time.Hour))), sorry), "stream: not done within 1ms"},
		{"once", catch(catch(async(fail(errBad)), again), sorry), "bad"},
		{"a fallback that fails otherwise", catch(catch(fail(errBad), func(error) rd { return async(fail(io.EOF)) }), sorry), "bad EOF"},
		{"in a wrapper that buffers", wrapped(buffering, catch(fail(errBad), sorry)), "bad"},
		{"a panic", catch(async(fn(func(context.Context, io.Writer) error { panic("boom") })), sorry), "stream: panic: boom"},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				var told []string
				l := stream.Renderer{Caught: func(_ context.Context, err error) { told = append(told, err.Error()); panic("no harm") }}
				is.New(t).NoErr(l.Render(t.Context(), io.Discard, test.page))
				is.New(t).Equal(strings.Join(told, " "), test.want)
			})
		})
	}
	bubble(t, func(t *testing.T) { // the end of the page is not caught
		l := stream.Renderer{Caught: func(context.Context, error) { t.Error("told") }}
		ctx, cancel := context.WithTimeout(t.Context(), ms)
		defer cancel()
		is.New(t).True(l.Render(ctx, io.Discard, catch(async(wait(time.Hour)), sorry)) != nil)
	})
}
