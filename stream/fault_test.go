package stream_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/stream"
)

// busy is a page with everything in it; its Writes and Flushes are many.
func busy() rd {
	return join(text("head"), flush, async(wait(3*ms), text("1"), async(wait(ms), text("2")), text("3")),
		catch(join(text("4"), async(wait(2*ms), text("5"))), sorry), async(text("6"), flush, wait(5*ms), text("7")),
		catch(async(wait(4*ms), fail(errBad)), sorry), timeout(time.Hour, join(text("8"), async(wait(6*ms), text("9")))),
		blocking(async(wait(2*ms))), async(text("long enough to spill"), wait(7*ms), text("long enough to spill")), text("tail"))
}

const busyText = "head1234567[bad]89long enough to spilllong enough to spilltail"

func TestBusyPage(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var out strings.Builder
		l := stream.Renderer{Spill: 8}
		is.New(t).NoErr(l.Render(t.Context(), &out, busy()))
		is.New(t).Equal(out.String(), busyText)
	})
}

// faulty does what fault says at its nth call, and counts those after it.
type faulty struct {
	n, calls, after int
	fault           func(p []byte) (int, error)
	out             bytes.Buffer
}

func (f *faulty) call(p []byte) (int, error) {
	f.calls++
	switch {
	case f.calls == f.n:
		return f.fault(p)
	case f.calls > f.n:
		f.after++
	}
	return f.out.Write(p)
}

func (f *faulty) Write(p []byte) (int, error) { return f.call(p) }

func (f *faulty) FlushError() error {
	_, err := f.call(nil)
	return err
}

func TestDestinationFailsAtEveryCall(t *testing.T) {
	errDisk := errors.New("disk full")
	for name, fault := range map[string]struct {
		do   func(p []byte) (int, error)
		want error
	}{
		"error":  {func([]byte) (int, error) { return 0, errDisk }, errDisk},
		"panic":  {func([]byte) (int, error) { panic(errDisk) }, errDisk},
		"short":  {func(p []byte) (int, error) { return len(p) / 2, nil }, io.ErrShortWrite},
		"closed": {func([]byte) (int, error) { return 0, context.Canceled }, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			for n, more := 1, true; more; n++ {
				bubble(t, func(t *testing.T) {
					f := &faulty{n: n, fault: fault.do}
					l := stream.Renderer{Spill: 8}
					err := l.Render(t.Context(), f, busy())
					more = f.calls >= n
					switch {
					case !more || name == "short" && err == nil: // a flush cannot be short
						is.New(t).Equal(f.out.String(), busyText)
					case !errors.Is(err, fault.want):
						t.Errorf("call %d: %v", n, err)
					case f.after > 0:
						t.Errorf("call %d failed and %d came after it", n, f.after)
					case !strings.HasPrefix(busyText, f.out.String()):
						t.Errorf("call %d: wrote %q", n, &f.out)
					}
				})
			}
		})
	}
}

// flushFails is a destination whose Flush says that it failed.
type flushFails struct{ recorder }

func (f *flushFails) Flush() error { return errBad }

func TestFlushFails(t *testing.T) {
	bubble(t, func(t *testing.T) {
		is := is.New(t)
		var cause error
		f := &flushFails{recorder{start: time.Now()}}
		err := stream.Render(t.Context(), f, join(text("a"), async(fn(func(ctx context.Context, _ io.Writer) error {
			<-ctx.Done()
			cause = context.Cause(ctx)
			return ctx.Err()
		})), wait(ms)))
		is.Equal(err, errBad)
		is.Equal(cause, errBad)
		f.want(t, "0 lock", "1 write a")
	})
}

// The faults of a destination, whatever the habits of the Renderer.
func TestDestinationFailsAtEveryCallOfEveryPolicy(t *testing.T) {
	for name, l := range map[string]stream.Renderer{
		"each": {Flush: stream.FlushEach}, "none": {Flush: stream.FlushNone}, "paced": {MinFlush: 2 * ms, Spill: 8},
		"bounded": {Pending: 10, Spill: 8, Shared: &stream.Budget{Pending: 8, Concurrency: 2}},
	} {
		t.Run(name, func(t *testing.T) {
			for n, more := 1, true; more; n++ {
				bubble(t, func(t *testing.T) {
					f := &faulty{n: n, fault: func([]byte) (int, error) { return 0, errBad }}
					err := l.Render(t.Context(), f, busy())
					more = f.calls >= n
					switch {
					case !more:
						is.New(t).NoErr(err)
						is.New(t).Equal(f.out.String(), busyText)
					case err != errBad:
						t.Errorf("call %d: %v", n, err)
					case f.after > 0:
						t.Errorf("call %d failed and %d came after it", n, f.after)
					}
				})
			}
			if b := l.Shared; b != nil {
				bytes, parts := b.InUse()
				is.New(t).Equal(bytes, int64(0))
				is.New(t).Equal(parts, 0)
			}
		})
	}
}

func TestDestinationThatCannotBeFlushed(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := &faulty{n: 2, fault: func([]byte) (int, error) { return 0, http.ErrNotSupported }}
		is.New(t).NoErr(stream.Render(t.Context(), f, join(text("a"), async(wait(ms), text("b")))))
		is.New(t).Equal(f.out.String(), "ab")
	})
}

// lockPanics cannot be locked.
type lockPanics struct{ recorder }

func (*lockPanics) Lock() { panic("no") }

func TestLockPanics(t *testing.T) {
	r := &lockPanics{}
	err := stream.Render(t.Context(), r, text("a"))
	is.New(t).True(isA[*stream.PanicError](err))
	is.New(t).Equal(len(r.events), 0)
}

// B1.23
func TestCancelAtEveryPoint(t *testing.T) {
	for at := time.Duration(0); at <= 10*ms; at += ms / 2 {
		bubble(t, func(t *testing.T) {
			is := is.New(t)
			ctx, cancel := context.WithCancelCause(t.Context())
			var out strings.Builder
			start := time.Now()
			w := writerFunc(func(p []byte) (int, error) {
				is.True(time.Since(start) <= at) // nothing is written after the client has gone
				return out.Write(p)
			})
			time.AfterFunc(at, func() { cancel(errBad) })
			l := stream.Renderer{Spill: 8}
			err := l.Render(ctx, w, join(busy(), wait(6*(at%ms)))) // at half a ms, while the root runs
			if time.Since(start) < at {
				is.NoErr(err)
				is.Equal(out.String(), busyText)
				time.Sleep(at)
				return
			}
			if err != nil { // when both come at the same moment either may
				is.Equal(err, errBad)
				is.Equal(time.Since(start), at)
			}
			is.True(strings.HasPrefix(busyText, out.String()))
		})
	}
}

func TestCancelledBeforeItBegins(t *testing.T) { bubble(t, cancelledBeforeItBegins) }

func cancelledBeforeItBegins(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errBad)
	r := record()
	is.New(t).Equal(stream.Render(ctx, r, fn(func(context.Context, io.Writer) error { t.Error("rendered"); return nil })), errBad)
	r.want(t)
}

func TestCancelledSyncPageIsNotWritten(t *testing.T) { bubble(t, cancelledSyncPage) }

func cancelledSyncPage(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	r := record()
	err := stream.Render(ctx, r, join(text("a"), fn(func(context.Context, io.Writer) error { cancel(errBad); return nil })))
	is.New(t).Equal(err, errBad)
	r.want(t)
}

// Nothing leaves after that, so nothing is kept either, though a component does not look.
func TestCarelessComponentAfterTheEnd(t *testing.T) {
	line := strings.Repeat("x", 1000)
	long := func(end func()) rd {
		return fn(func(_ context.Context, w io.Writer) error {
			io.WriteString(w, line)
			end()
			for range 1000 {
				io.WriteString(w, line)
			}
			sw := w.(*stream.Writer)
			held := sw.Take()
			if n := len(held); n > 100_000 {
				t.Errorf("%d bytes are kept", n)
			}
			return sw.Give(held)
		})
	}
	bubble(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		is.New(t).Equal(stream.Render(ctx, io.Discard, long(func() { cancel(errBad) })), errBad)
	})
	bubble(t, func(t *testing.T) {
		broken := writerFunc(func([]byte) (int, error) { return 0, errBad })
		is.New(t).Equal(stream.Render(t.Context(), broken, long(func() {})), errBad)
	})
	bubble(t, func(t *testing.T) {
		var out strings.Builder
		part := async(wait(ms), fail(errBad))
		is.New(t).NoErr(stream.Render(t.Context(), &out, catch(join(part, long(func() { time.Sleep(2 * ms) })), sorry)))
		is.New(t).Equal(out.String(), "[bad]")
	})
}

func TestNothingStartsAfterCancellation(t *testing.T) {
	bubble(t, func(t *testing.T) {
		is := is.New(t)
		ctx, cancel := context.WithCancelCause(t.Context())
		err := stream.Render(ctx, io.Discard, fn(func(ctx context.Context, w io.Writer) error {
			cancel(errBad)
			started := fn(func(context.Context, io.Writer) error { t.Error("started"); return nil })
			is.Equal(stream.Go(ctx, w, started), errBad)
			is.Equal(stream.Timeout(ctx, w, time.Hour, started), errBad)
			// Nor with a context of its own.
			is.Equal(stream.Go(context.Background(), w, started), errBad)
			is.Equal(stream.Flush(context.Background(), w), errBad)
			return nil
		}))
		is.Equal(err, errBad)
	})
}

func TestFirstErrorInDocumentOrder(t *testing.T) {
	errLate := errors.New("late")
	for _, test := range []struct {
		name string
		page rd
		want error
	}{
		{"the only one", join(async(wait(time.Hour)), async(wait(ms), fail(errBad)), async(wait(time.Hour))), errBad},
		{"an earlier place, later", join(async(stubborn(5*ms), fail(errLate)), async(wait(ms), fail(errBad))), errLate},
		{"a later place, later", join(async(wait(ms), fail(errBad)), async(stubborn(5*ms), fail(errLate))), errBad},
		{"the root last", join(async(wait(ms), fail(errBad)), stubborn(5*ms), fail(errLate)), errBad},
		{"the root first", join(async(wait(time.Hour)), wait(ms), fail(errBad)), errBad},
		{"a part in a part", join(async(async(stubborn(5*ms), fail(errLate)), wait(time.Hour)), async(wait(ms), fail(errBad))), errLate},
		{"its own cancellation", join(async(fail(context.Canceled)), wait(ms)), context.Canceled},
		{"in a group", join(timeout(time.Hour, async(stubborn(5*ms), fail(errLate))), async(wait(ms), fail(errBad))), errLate},
		{"not one that was dropped", join(catch(async(wait(ms), fail(errLate)), sorry), async(wait(5*ms), fail(errBad))), errBad},
		{"of a fallback", join(catch(async(wait(ms), fail(errLate)), func(error) rd { return join(wait(ms), fail(errBad)) })), errBad},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				r := record()
				is.New(t).Equal(stream.Render(t.Context(), r, test.page), test.want)
			})
		})
	}
}

func TestAFailureCancelsTheOthersWithItsCause(t *testing.T) {
	bubble(t, func(t *testing.T) {
		is := is.New(t)
		var cause error
		err := stream.Render(t.Context(), io.Discard, join(
			async(fn(func(ctx context.Context, _ io.Writer) error {
				ctx, cancel := context.WithCancel(context.WithValue(ctx, is, 1)) // a derived context learns of it too
				defer cancel()
				<-ctx.Done()
				cause = context.Cause(ctx)
				return ctx.Err()
			})),
			async(wait(5*ms), fail(errBad))))
		is.Equal(err, errBad)
		is.Equal(cause, errBad)
	})
}

// An error has the same effect at the limit, where the part renders in place, even if the
// component that made the part does not look at it.
func TestErrorOfAPartAtTheLimit(t *testing.T) {
	boom := fn(func(context.Context, io.Writer) error { panic(errBad) })
	for name, part := range map[string]rd{"error": join(text("lost"), fail(errBad)), "panic": join(text("lost"), boom)} {
		careless := fn(func(ctx context.Context, w io.Writer) error {
			stream.Go(ctx, w, part)
			_, err := io.WriteString(w, "lost")
			return err
		})
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				is := is.New(t)
				l := stream.Renderer{Concurrency: 1}
				var out strings.Builder
				err := l.Render(t.Context(), &out, join(async(wait(ms), text("a")), careless))
				is.True(errors.Is(err, errBad))
				is.Equal(out.String(), "")

				for range 2 {
					out.Reset()
					is.NoErr(l.Render(t.Context(), &out, join(async(wait(ms), text("a")),
						catch(careless, func(error) rd { return text("b") }), text("c"))))
					is.Equal(out.String(), "abc")
					l.Concurrency = 0
				}
			})
		})
	}
}

func TestPanics(t *testing.T) {
	boom := func(v any) rd { return fn(func(context.Context, io.Writer) error { panic(v) }) }
	for name, page := range map[string]func(v any) rd{
		"root":                      boom,
		"part":                      func(v any) rd { return async(wait(ms), boom(v)) },
		"part, while the root runs": func(v any) rd { return join(async(boom(v)), wait(5*ms)) },
		"timeout":                   func(v any) rd { return timeout(time.Hour, boom(v)) },
		"blocking":                  func(v any) rd { return blocking(async(boom(v))) },
		"fallback":                  func(v any) rd { return catch(fail(errBad), func(error) rd { panic(v) }) },
		"fallback of a part":        func(v any) rd { return catch(async(fail(errBad)), func(error) rd { panic(v) }) },
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				is := is.New(t)
				r := record()
				err := stream.Render(t.Context(), r, join(async(wait(time.Hour)), page(http.ErrAbortHandler)))
				var p *stream.PanicError
				is.True(errors.As(err, &p))
				is.True(errors.Is(err, http.ErrAbortHandler))
				is.True(bytes.Contains(p.Stack, []byte("fault_test.go"))) // where it was
				is.Equal(p.Error(), "stream: panic: net/http: abort Handler")
				is.Equal(r.out.String(), "")
			})
		})
	}
	is.New(t).Equal((&stream.PanicError{Value: "no error"}).Unwrap(), nil)
}

func TestGoexit(t *testing.T) {
	exit := fn(func(context.Context, io.Writer) error { runtime.Goexit(); return nil })
	for name, part := range map[string]rd{
		"part": async(wait(ms), exit), "in a Timeout": async(timeout(time.Hour, join(text("a"), exit))),
		"in a Timeout, forked": async(timeout(time.Hour, join(async(stubborn(5*ms)), exit))),
		"in a Catch":           async(catch(join(async(wait(time.Hour)), exit), sorry)),
		"in a Blocking":        async(blocking(exit)),
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				err := stream.Render(t.Context(), io.Discard, join(part, async(wait(time.Hour))))
				is.New(t).True(err != nil && strings.Contains(err.Error(), "Goexit"))
			})
		})
	}
	t.Run("root", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var ended, joined atomic.Bool
			go func() {
				defer ended.Store(true)
				stream.Render(t.Context(), io.Discard, join(async(wait(time.Hour), fn(func(context.Context, io.Writer) error { return nil })),
					async(fn(func(ctx context.Context, _ io.Writer) error { <-ctx.Done(); joined.Store(!ended.Load()); return nil })), wait(ms), exit))
				t.Error("Render returned")
			}()
			time.Sleep(2 * ms)
			is.New(t).True(ended.Load())
			is.New(t).True(joined.Load())
		})
	})
}

// What a component keeps after it has returned is dead, and says so.
func TestKeptWriterAndContext(t *testing.T) {
	bubble(t, func(t *testing.T) {
		is := is.New(t)
		var w *stream.Writer
		var early, late context.Context
		keep := fn(func(ctx context.Context, to io.Writer) error {
			w, early, late = to.(*stream.Writer), ctx, ctx
			return nil
		})
		for _, page := range []rd{keep, async(keep), catch(keep, sorry)} {
			is.NoErr(stream.Render(t.Context(), io.Discard, join(text("a"), page)))
			_, err := w.Write([]byte("x"))
			is.True(err != nil)
			_, err = w.WriteString("x")
			is.True(err != nil)
			is.True(w.Give(append(w.Take(), 'x')) != nil)
			is.True(stream.Go(context.Background(), w, text("x")) != nil)
			is.True(stream.Catch(context.Background(), w, text("x"), nil) != nil)
			is.True(stream.Flush(context.Background(), w) != nil)
			is.Equal(early.Err(), context.Canceled)
			<-late.Done()
		}
		is.True(!strings.Contains(fmt.Sprint(late), "0x")) // printing a context must not read its insides
	})
}

func TestRenderInARender(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := record()
		err := stream.Render(t.Context(), r, join(text("<"), fn(func(ctx context.Context, w io.Writer) error {
			return stream.Render(ctx, w, join(text("a"), async(wait(ms), text("b"))))
		}), text(">")))
		is.New(t).NoErr(err)
		r.want(t, "0 lock", "0 write <a", "0 flush", "1 write b>")
	})
}
