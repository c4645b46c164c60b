package stream_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/stream"
)

// B1.1 B1.2 B1.3 B1.4
func TestSiblingsRunTogetherAndLeaveInOrder(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := record()
		err := stream.Render(t.Context(), r, join(
			text("<"),
			async(wait(20*ms), text("1")), async(wait(100*ms), text("2")), async(wait(50*ms), text("3")),
			async(wait(10*ms), text("4")), async(wait(80*ms), text("5")),
			text(">"),
		))
		is.New(t).NoErr(err)
		r.want(t, "0 lock", "0 write <", "0 flush", "20 write 1", "20 flush", "100 write 2345>")
	})
}

// B1.5
func TestSyncPageIsOneWrite(t *testing.T) {
	bubble(t, syncPageIsOneWrite)
}

func syncPageIsOneWrite(t *testing.T) {
	is := is.New(t)
	r := record()
	before := goroutines()
	body := join(text("<p>"), catch(text("a"), sorry), timeout(time.Hour, text("b")), blocking(text("c")),
		fn(func(context.Context, io.Writer) error {
			for id := range goroutines() {
				is.True(before[id]) // a synchronous page starts no goroutine
			}
			return nil
		}), text("</p>"))
	is.NoErr(stream.Render(t.Context(), r, body))
	r.want(t, "0 lock", "0 whole <p>abc</p>")
}

// goroutines are the numbers of those there are. Those of earlier tests may still be
// ending.
func goroutines() map[string]bool {
	dump := make([]byte, 1<<20)
	dump = dump[:runtime.Stack(dump, true)]
	ids := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^goroutine (\d+) `).FindAllSubmatch(dump, -1) {
		ids[string(m[1])] = true
	}
	return ids
}

func TestSyncPageAllocatesItsContextAlone(t *testing.T) {
	if raceEnabled || testing.CoverMode() != "" {
		t.Skip("allocations are others under the race detector and with coverage")
	}
	is := is.New(t)
	page := fn(func(_ context.Context, w io.Writer) error {
		_, err := w.(*stream.Writer).WriteString("<p>hello</p>")
		return err
	})
	n := testing.AllocsPerRun(1000, func() { stream.Render(context.Background(), io.Discard, page) })
	is.Equal(n, 1.0)
}

// A part costs its goroutine and one allocation.
func TestForkAllocations(t *testing.T) {
	if raceEnabled || testing.CoverMode() != "" {
		t.Skip("allocations are others under the race detector and with coverage")
	}
	const parts = 100
	part := text("x")
	page := fn(func(ctx context.Context, w io.Writer) error {
		for range parts {
			stream.Go(ctx, w, part)
		}
		return nil
	})
	n := testing.AllocsPerRun(100, func() { stream.Render(context.Background(), io.Discard, page) })
	is.New(t).True(n < 2.5*parts)
}

func TestEmptyPages(t *testing.T) {
	for name, page := range map[string]rd{"nil": nil, "nothing": join(), "nil part": fn(func(ctx context.Context, w io.Writer) error {
		return stream.Go(ctx, w, nil)
	})} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				r := record()
				is.New(t).NoErr(stream.Render(t.Context(), r, page))
				r.want(t, "0 lock", "0 whole ")
			})
		})
	}
	// A plain writer has nothing to learn from an empty Write.
	is.New(t).NoErr(stream.Render(t.Context(), writerFunc(func([]byte) (int, error) { panic("written") }), nil))
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func TestPartsThatAreReadyAtOnceAreStillWhole(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := record()
		gate := make(chan struct{})
		err := stream.Render(t.Context(), r, join(text("a"),
			async(fn(func(context.Context, io.Writer) error { close(gate); return nil }), text("b")),
			fn(func(context.Context, io.Writer) error { <-gate; time.Sleep(ms); return nil }), text("c")))
		is.New(t).NoErr(err)
		r.want(t, "0 lock", "1 whole abc")
	})
}

// B1.6: a child of a part starts when its parent gets to it.
func TestChildrenOfAPart(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := record()
		err := stream.Render(t.Context(), r, join(
			async(text("a"), wait(10*ms), async(wait(10*ms), text("b")), text("c"), async(wait(5*ms), text("d"))),
			text("e")))
		is.New(t).NoErr(err)
		r.want(t, "0 lock", "10 write a", "10 flush", "20 write bcde")
	})
}

func TestNestedAHundredDeep(t *testing.T) {
	bubble(t, func(t *testing.T) {
		is := is.New(t)
		page := text("x")
		for range 100 {
			page = join(text("("), async(wait(ms), page), text(")"))
		}
		var out strings.Builder
		start := time.Now()
		is.NoErr(stream.Render(t.Context(), &out, page))
		is.Equal(out.String(), strings.Repeat("(", 100)+"x"+strings.Repeat(")", 100))
		is.Equal(time.Since(start), 100*ms)
	})
}

func TestAThousandParts(t *testing.T) {
	bubble(t, func(t *testing.T) {
		is := is.New(t)
		var want strings.Builder
		page := fn(func(ctx context.Context, w io.Writer) error {
			for i := range 1000 {
				s := fmt.Sprintf("%d;", i)
				want.WriteString(s)
				if err := async(wait(10*ms), text(s)).Render(ctx, w); err != nil {
					return err
				}
			}
			return nil
		})
		var out strings.Builder
		start := time.Now()
		is.NoErr(stream.Render(t.Context(), &out, page))
		is.Equal(out.String(), want.String())
		is.Equal(time.Since(start), 10*ms)
	})
}

func TestConcurrencyOfOneDoesNotDeadlock(t *testing.T) {
	bubble(t, func(t *testing.T) {
		is := is.New(t)
		page := text("x")
		for i := range 5 {
			page = join(text("("), async(wait(ms), page), async(wait(ms), text(fmt.Sprint(i))), text(")"))
		}
		var out strings.Builder
		r := stream.Renderer{Concurrency: 1}
		is.NoErr(r.Render(t.Context(), &out, page))
		is.Equal(out.String(), "(((((x0)1)2)3)4)")
	})
}

func TestConcurrencyIsBounded(t *testing.T) {
	bubble(t, func(t *testing.T) {
		is := is.New(t)
		r := stream.Renderer{Concurrency: 2}
		start := time.Now()
		is.NoErr(r.Render(t.Context(), io.Discard, join(async(wait(10*ms)), async(wait(10*ms)), async(wait(11*ms)),
			async(wait(10*ms)), async(wait(10*ms)), async(wait(11*ms)))))
		is.Equal(time.Since(start), 22*ms) // two parts and the root
	})
}

func TestSpill(t *testing.T) {
	t.Run("in the root", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			r := record()
			l := stream.Renderer{Spill: 4}
			is.New(t).NoErr(l.Render(t.Context(), r, join(text("abc"), text("def"), text("gh"))))
			r.want(t, "0 lock", "0 write abcdef", "0 write gh")
		})
	})
	t.Run("in a part at the head", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			r := record()
			l := stream.Renderer{Spill: 4}
			err := l.Render(t.Context(), r, join(
				async(text("abc"), wait(ms), text("def"), wait(ms), text("ghi"), wait(ms)), text("!")))
			is.New(t).NoErr(err)
			r.want(t, "0 lock", "1 write abcdef", "1 flush", "3 write ghi!")
		})
	})
	t.Run("behind the head", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			r := record()
			l := stream.Renderer{Spill: 4}
			err := l.Render(t.Context(), r, join(async(wait(5*ms), text("0")),
				async(text("abcd"), wait(ms), text("efgh"), wait(10*ms)), text("!")))
			is.New(t).NoErr(err)
			r.want(t, "0 lock", "5 write 0", "5 write abcd", "5 write efgh", "5 flush", "11 write !")
		})
	})
	t.Run("not past a Catch", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			r := record()
			l := stream.Renderer{Spill: 4}
			err := l.Render(t.Context(), r, join(text("<"),
				catch(join(text("abcdef"), text("ghijkl"), fail(io.EOF)), sorry), text(">")))
			is.New(t).NoErr(err)
			r.want(t, "0 lock", "0 write <", "0 write [EOF]", "0 write >")
		})
	})
	t.Run("what was lent", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			r := record()
			l := stream.Renderer{Spill: 4}
			err := l.Render(t.Context(), r, fn(func(_ context.Context, w io.Writer) error {
				sw := w.(*stream.Writer)
				for range 3 {
					if err := sw.Give(append(sw.Take(), "abc"...)); err != nil {
						return err
					}
				}
				return nil
			}))
			is.New(t).NoErr(err)
			r.want(t, "0 lock", "0 write abcabc", "0 write abc")
		})
	})
}

func TestFlush(t *testing.T) {
	t.Run("in the root", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			r := record()
			err := stream.Render(t.Context(), r, join(text("head"), flush, wait(5*ms), text("body")))
			is.New(t).NoErr(err)
			r.want(t, "0 lock", "0 write head", "0 flush", "5 write body")
		})
	})
	t.Run("before anything is written", func(t *testing.T) { // B1.16
		bubble(t, func(t *testing.T) {
			r := record()
			err := stream.Render(t.Context(), r, join(flush, wait(5*ms), text("body")))
			is.New(t).NoErr(err)
			r.want(t, "0 lock", "0 flush", "5 write body")
		})
	})
	t.Run("in a part", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			r := record()
			err := stream.Render(t.Context(), r, join(text("<"),
				async(text("a"), flush, wait(5*ms), text("b"), flush, wait(5*ms), text("c")), text(">"), wait(ms)))
			is.New(t).NoErr(err)
			r.want(t, "0 lock", "1 write <a", "1 flush", "5 write b", "5 flush", "10 write c>")
		})
	})
	t.Run("in a Catch", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			r := record()
			err := stream.Render(t.Context(), r, join(text("<"),
				catch(join(text("a"), flush, wait(5*ms), fail(io.EOF)), sorry), text(">")))
			is.New(t).NoErr(err)
			r.want(t, "0 lock", "0 write <", "0 flush", "5 write [EOF]>")
		})
	})
	t.Run("with no render", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			r := record()
			is.New(t).NoErr(stream.Flush(t.Context(), r))
			is.New(t).NoErr(stream.Flush(t.Context(), new(bytes.Buffer)))
			r.want(t, "0 flush")
		})
	})
}

// The lock falls before the first part runs, and not at all when the root fails before.
func TestLock(t *testing.T) {
	bubble(t, func(t *testing.T) {
		is := is.New(t)
		r := record()
		is.NoErr(stream.Render(t.Context(), r, join(text("a"), wait(ms), async(wait(ms)), wait(5*ms))))
		r.want(t, "1 lock", "6 whole a")

		r = record()
		is.Equal(stream.Render(t.Context(), r, join(text("a"), fail(io.EOF))), io.EOF)
		r.want(t)
	})
}
