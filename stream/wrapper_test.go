package stream_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/stream"
)

// passing is a buffer that flushes what is under it, as templ's does.
type passing struct{ *bufio.Writer }

type underlying struct {
	passing
	w io.Writer
}

func (u underlying) Flush() error {
	if err := u.Writer.Flush(); err != nil {
		return err
	}
	if f, ok := u.w.(interface{ Flush() }); ok {
		f.Flush()
	}
	return nil
}

func wrapped(wrap func(io.Writer) io.Writer, list ...rd) rd {
	return fn(func(ctx context.Context, w io.Writer) error {
		ww := wrap(w)
		if err := join(list...).Render(ctx, ww); err != nil {
			return err
		}
		if b, ok := ww.(interface{ Flush() error }); ok {
			return b.Flush()
		}
		return nil
	})
}

var (
	propagating = func(w io.Writer) io.Writer { return underlying{passing{bufio.NewWriter(w)}, w} }
	buffering   = func(w io.Writer) io.Writer { return bufio.NewWriter(w) }
	plain       = func(w io.Writer) io.Writer { return struct{ io.Writer }{w} }
	broken      = func(w io.Writer) io.Writer { return brokenFlush{w} }
)

type brokenFlush struct{ io.Writer }

func (brokenFlush) FlushError() error { return errors.New("cannot") }

func TestWrappers(t *testing.T) {
	for _, test := range []struct {
		name  string
		wrap  func(io.Writer) io.Writer
		takes time.Duration
	}{
		{"passes a flush on", propagating, 20 * ms},
		{"keeps a flush to itself", buffering, 30 * ms},
		{"has none", plain, 30 * ms},
		{"fails to flush", broken, 30 * ms},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				is := is.New(t)
				var out strings.Builder
				start := time.Now()
				is.NoErr(stream.Render(t.Context(), &out, join(text("<"), wrapped(test.wrap, text("a"),
					async(wait(10*ms), text("b")), text("c"),
					catch(join(text("lost"), async(wait(20*ms), fail(errBad)), text("lost")), sorry), text("d"),
					timeout(time.Hour, text("e")), blocking(text("f")),
				), text(">"))))
				is.Equal(out.String(), "<abc[bad]def>")
				is.Equal(time.Since(start), test.takes)
			})
		})
	}
}

// A probe is no flush, and a flush through a wrapper is one.
func TestProbeDoesNotFlush(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := record()
		is.New(t).NoErr(stream.Render(t.Context(), r, wrapped(propagating, text("a"), catch(text("b"), sorry), wait(ms),
			flush, wait(ms), text("c"))))
		r.want(t, "1 lock", "1 write ab", "1 flush", "2 write c", "2 flush")
	})
}

// With no render around there is nothing to fork: everything is in order, in place.
func TestWithoutARender(t *testing.T) {
	bubble(t, func(t *testing.T) {
		is := is.New(t)
		var out bytes.Buffer
		is.NoErr(join(text("a"), async(wait(ms), text("b")), catch(join(text("lost"), fail(errBad)), sorry),
			catch(text("c"), sorry), catch(timeout(ms, wait(time.Hour)), sorry), timeout(ms, text("d")), blocking(text("e"))).Render(t.Context(), &out))
		is.Equal(out.String(), "ab[bad]c[stream: not done within 1ms]de")

		panicking := fn(func(context.Context, io.Writer) error { panic("boom") })
		out.Reset()
		is.NoErr(catch(panicking, sorry).Render(t.Context(), &out))
		is.Equal(out.String(), "[stream: panic: boom]")

		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errBad)
		is.Equal(async(text("x")).Render(ctx, &out), errBad)
		is.Equal(catch(wait(time.Hour), sorry).Render(ctx, &out).Error(), "waiting: bad")
	})
}

// What a component keeps of that is not another's.
func TestKeptBufferWithoutARender(t *testing.T) {
	var kept io.Writer = io.Discard
	for range 100 {
		var out strings.Builder
		catch(fn(func(_ context.Context, w io.Writer) error {
			io.WriteString(kept, "leaked")
			kept = w
			_, err := io.WriteString(w, "page")
			return err
		}), sorry).Render(t.Context(), &out)
		is.New(t).Equal(out.String(), "page")
	}
}

// unflushable has the method of a ResponseWriter, behind which there is none.
type unflushable struct{ strings.Builder }

func (*unflushable) FlushError() error { return http.ErrNotSupported }

func TestFlushOfWhatCannotBeFlushed(t *testing.T) {
	is := is.New(t)
	var out unflushable
	is.NoErr(join(text("a"), flush).Render(t.Context(), &out))
	is.Equal(out.String(), "a")
}

// Goroutines of a component's own may render to their own buffers with its context.
func TestOwnBuffersInOwnGoroutines(t *testing.T) {
	is := is.New(t)
	var out strings.Builder
	is.NoErr(stream.Render(t.Context(), &out, fn(func(ctx context.Context, w io.Writer) error {
		var bufs [8]bytes.Buffer
		var wg sync.WaitGroup
		for i := range bufs {
			wg.Go(func() {
				wrapped(propagating, async(text("a")), catch(async(text("b")), sorry), text("c")).Render(ctx, &bufs[i])
			})
		}
		wg.Wait()
		for i := range bufs {
			bufs[i].WriteTo(w)
		}
		return nil
	})))
	is.Equal(out.String(), strings.Repeat("abc", 8))
}

// meddled is a buffer of which somebody else's Flush comes in between.
type meddled struct {
	bytes.Buffer
	flush func()
}

func (m *meddled) Flush() { m.flush() }

func TestFlushWhileAnotherGoroutineAsks(t *testing.T) {
	is := is.New(t)
	asked, flushed := make(chan bool), make(chan bool)
	other := &meddled{flush: func() { asked <- true; <-flushed }}
	var out strings.Builder
	is.NoErr(stream.Render(t.Context(), &out, fn(func(ctx context.Context, w io.Writer) error {
		done := make(chan error)
		go func() { done <- catch(text("elsewhere"), sorry).Render(ctx, other) }()
		<-asked
		w.(*stream.Writer).Flush()
		close(flushed)
		return <-done
	})))
	is.Equal(other.String(), "elsewhere")
	is.Equal(out.String(), "")
}

// A wrapper that flushes when it is done, as templ's does at the end of every component,
// does not keep a page that is rendered in one go from leaving whole.
func TestFlushOfAWrapperIsAHint(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := record()
		is.New(t).NoErr(stream.Render(t.Context(), r, join(text("<"), wrapped(propagating, text("a"), catch(wrapped(propagating, text("b")), sorry)), text(">"))))
		r.want(t, "0 lock", "0 whole <ab>")
	})
	bubble(t, func(t *testing.T) { // with parts it is one
		r := record()
		is.New(t).NoErr(stream.Render(t.Context(), r, join(async(text("a")), wait(ms), wrapped(propagating, text("b")), wait(ms), text("c"))))
		r.want(t, "0 lock", "1 write ab", "1 flush", "2 write c")
	})
}
