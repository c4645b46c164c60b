package stream_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/stream"
)

var bounds = flag.Int("bounds", cases(200), "random trees to try under random bounds")

// swell makes some of the texts in a tree long.
func (n *node) swell(rnd *rand.Rand) {
	if n.text != "" && rnd.IntN(2) == 0 {
		n.text = strings.Repeat(n.text, 1+rnd.IntN(400))
	}
	for _, k := range n.kids {
		k.swell(rnd)
	}
}

// choice draws one of several values.
func choice[T any](rnd *rand.Rand, of ...T) T { return of[rnd.IntN(len(of))] }

func randomLimits(rnd *rand.Rand) (stream.Renderer, *stream.Budget) {
	budget := &stream.Budget{Pending: choice[int64](rnd, 1, 10, 300, 5000, 0), Concurrency: choice(rnd, 1, 2, 10, 0)}
	return stream.Renderer{
		Spill:       choice(rnd, 1, 3, 100, 5000, 0),
		Concurrency: choice(rnd, 1, 2, 10, 0),
		Pending:     choice(rnd, 1, 2, 10, 300, 2000, 0, -1),
		Shared:      choice(rnd, budget, budget, nil),
		Flush:       choice(rnd, stream.FlushAdaptive, stream.FlushAdaptive, stream.FlushEach, stream.FlushNone),
		MinFlush:    choice(rnd, 0, 0, time.Microsecond, ms),
	}, budget
}

// slowly is a destination whose Writes take a while, and of which one may fail.
type slowly struct {
	takes  time.Duration
	failAt int // counted from 1
	calls  int
	out    bytes.Buffer
}

func (s *slowly) Write(p []byte) (int, error) {
	time.Sleep(s.takes)
	if s.calls++; s.calls == s.failAt {
		return len(p) / 2, errBroken
	}
	return s.out.Write(p)
}

func (s *slowly) Flush() { time.Sleep(s.takes) }

var errBroken = errors.New("broken pipe")

// Whatever the bounds, down to a byte and a part, a page comes to its end, with the bytes
// of the sequential rendering, and leaves nothing charged to a Budget.
func TestAnyTreeAnyBounds(t *testing.T) {
	const orders = 8
	for seed := *firstTree; seed < *firstTree+*bounds; seed++ {
		fails := seed%4 == 3
		tree := &node{kind: "join"}
		rnd := rand.New(rand.NewPCG(uint64(seed), 1))
		for range 6 {
			tree.kids = append(tree.kids, grow(rnd, 4, fails))
		}
		tree.swell(rnd)
		want, ok := tree.want()
		for order := range orders {
			rnd := rand.New(rand.NewPCG(uint64(seed), uint64(order)))
			limits, budget := randomLimits(rnd)
			page := tree.rd(rnd)
			dest := &slowly{takes: choice(rnd, 0, time.Nanosecond, time.Microsecond)}
			if order%4 == 3 {
				dest.failAt = 1 + rnd.IntN(10)
			}
			name := fmt.Sprintf("-first=%d order %d %+v %+v", seed, order, limits, dest)
			bubble(t, func(t *testing.T) {
				err := limits.Render(t.Context(), dest, page)
				got := dest.out.String()
				failed := dest.failAt > 0 && dest.calls >= dest.failAt
				switch {
				case failed && err == nil, failed && ok && !errors.Is(err, errBroken):
					t.Fatalf("%s: %v, want the error of the destination", name, err)
				case !failed && ok && (err != nil || got != want):
					t.Fatalf("%s: %v\n got %.300q\nwant %.300q", name, err, got, want)
				case !ok && err == nil:
					t.Fatalf("%s: rendered %.300q, want an error after %.300q", name, got, want)
				case !strings.HasPrefix(want, got):
					t.Fatalf("%s: %v\n got %.300q\nwant the beginning of %.300q", name, err, got, want)
				}
			})
			if bytes, parts := budget.InUse(); bytes != 0 || parts != 0 {
				t.Fatalf("%s: %d bytes and %d parts are still charged", name, bytes, parts)
			}
		}
	}
}

// Several pages share a budget of next to nothing, each with a reader of its own pace.
func TestPagesShareABudget(t *testing.T) {
	for seed := range uint64(cases(50)) {
		rnd := rand.New(rand.NewPCG(seed, 2))
		limits, budget := randomLimits(rnd)
		limits.Shared = budget
		var trees []*node
		var pages []rd
		for range 5 {
			tree := &node{kind: "join"}
			for range 6 {
				tree.kids = append(tree.kids, grow(rnd, 3, false))
			}
			tree.swell(rnd)
			trees, pages = append(trees, tree), append(pages, tree.rd(rnd))
		}
		bubble(t, func(t *testing.T) {
			var wg sync.WaitGroup
			defer wg.Wait()
			for i, page := range pages {
				wg.Go(func() {
					want, _ := trees[i].want()
					dest := &slowly{takes: time.Duration(i) * 100}
					if err := limits.Render(t.Context(), dest, page); err != nil || dest.out.String() != want {
						t.Errorf("seed %d page %d: %v\n got %.300q\nwant %.300q", seed, i, err, &dest.out, want)
					}
				})
			}
		})
		if bytes, parts := budget.InUse(); bytes != 0 || parts != 0 {
			t.Fatalf("seed %d: %d bytes and %d parts are still charged", seed, bytes, parts)
		}
	}
}

// dripping is a reader of 1 KB/s. It notes how much memory is in use.
type dripping struct {
	bytes, calls int
	most         uint64
}

func (d *dripping) Write(p []byte) (int, error) {
	d.bytes += len(p)
	time.Sleep(time.Duration(len(p)) * time.Second / 1000)
	if d.calls++; d.calls%200 == 1 {
		d.most = max(d.most, inUse())
	}
	return len(p), nil
}

// inUse is without what waits in pools: that takes two collections.
func inUse() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc + m.StackInuse
}

// A page of 100 MiB to a reader of 1 KB/s takes no more than 2 MiB, whoever writes it. What
// is measured is all that the program takes more than at its beginning, so each page is
// rendered in a process of its own: goroutines that have ended leave their stacks to others,
// and who began with those at hand would seem to take less.
func TestLargePageToASlowReader(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector takes memory of its own")
	}
	large := 10 << 20
	if exhaustive {
		large *= 10
	}
	write := func(n int, piece string) rd {
		return fn(func(_ context.Context, w io.Writer) error {
			for range n / len(piece) {
				if _, err := io.WriteString(w, piece); err != nil {
					return err
				}
			}
			return nil
		})
	}
	lend := func(n, piece int) rd {
		return fn(func(_ context.Context, w io.Writer) error {
			sw := w.(*stream.Writer)
			for range n / piece {
				if err := sw.Give(append(sw.Take(), make([]byte, piece)...)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	many := func(n int, part rd) rd {
		return fn(func(ctx context.Context, w io.Writer) error {
			for range n {
				if err := stream.Go(ctx, w, part); err != nil {
					return err
				}
			}
			return nil
		})
	}
	line := strings.Repeat("x", 1<<10)
	head := async(wait(time.Hour))
	for _, test := range []struct {
		name string
		page rd
	}{
		{"root", write(large, line)},
		{"root behind a slow part", join(head, write(large, line))},
		{"one part", async(write(large, line))},
		{"one part behind a slow", join(head, async(write(large, line)))},
		{"one part, at once", async(write(large, strings.Repeat(line, 10<<10)))},
		{"one part, lent", async(lend(large, 4<<10))},
		{"ten parts", many(10, write(large/10, line))},
		{"a hundred parts", join(head, many(100, write(large/100, line)))},
		{"a hundred parts, lent", join(head, many(100, lend(large/100, 4<<10)))},
		{"ten thousand parts", join(head, many(10_000, write(10<<10, line)))},
		{"parts in parts", many(10, join(write(large/20, line), many(10, write(large/200, line))))},
		{"parts and the root", fn(func(ctx context.Context, w io.Writer) error { return interleaved(ctx, w, 1000, large/2000, line) })},
	} {
		t.Run(test.name, func(t *testing.T) {
			if alone(t) {
				return
			}
			bubble(t, func(t *testing.T) {
				is := is.New(t)
				d := &dripping{}
				l := stream.Renderer{Concurrency: 100}
				before := inUse()
				is.NoErr(l.Render(t.Context(), d, test.page))
				t.Logf("%d MiB, at most %d KiB in use", d.bytes>>20, int64(d.most-before)>>10)
				is.True(d.bytes >= large-large/10)
				is.True(int64(d.most-before) < 2<<20)
			})
		})
	}
}

// alone runs the subtest t in a process of its own. It returns false in that process.
func alone(t *testing.T) bool {
	const env = "STREAM_TEST_ALONE"
	if os.Getenv(env) != "" {
		return false
	}
	parent, name, _ := strings.Cut(t.Name(), "/")
	cmd := exec.Command(os.Args[0], "-test.v", "-test.run=^"+parent+"$/^"+regexp.QuoteMeta(name)+"$")
	cmd.Env = append(os.Environ(), env+"=1")
	out, err := cmd.CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("PASS")) {
		t.Errorf("%v\n%s", err, out)
	} else if _, line, ok := bytes.Cut(out, []byte("_test.go:")); ok {
		line, _, _ = bytes.Cut(line, []byte("\n"))
		t.Logf("line %s", line)
	}
	return true
}

// interleaved is n parts, each followed by as much text of the root's.
func interleaved(ctx context.Context, w io.Writer, n, size int, line string) error {
	piece := fn(func(_ context.Context, w io.Writer) error {
		for range size / len(line) {
			if _, err := io.WriteString(w, line); err != nil {
				return err
			}
		}
		return nil
	})
	for range n {
		if err := stream.Go(ctx, w, piece); err != nil {
			return err
		}
		if err := piece.Render(ctx, w); err != nil {
			return err
		}
	}
	return nil
}

// The root starts every part, though the first of them have filled what may wait.
func TestTheRootDoesNotWaitForItsParts(t *testing.T) {
	bubble(t, func(t *testing.T) {
		is := is.New(t)
		var started atomic.Int32
		l := stream.Renderer{Pending: 1000}
		page := fn(func(ctx context.Context, w io.Writer) error {
			for range 50 {
				stream.Go(ctx, w, join(fn(func(context.Context, io.Writer) error { started.Add(1); return nil }), text(strings.Repeat("x", 500))))
			}
			time.Sleep(ms)
			is.Equal(started.Load(), int32(50))
			return nil
		})
		is.NoErr(l.Render(t.Context(), io.Discard, join(async(wait(10*ms)), page)))
	})
}

// A part that waits for quota ends with its context, whatever it is that ends.
func TestWaitForQuotaEndsWithTheContext(t *testing.T) {
	var cause error
	full := fn(func(ctx context.Context, w io.Writer) error {
		for {
			if _, err := io.WriteString(w, strings.Repeat("x", 100)); err != nil {
				cause = context.Cause(ctx)
				return err
			}
		}
	})
	within := fn(func(ctx context.Context, w io.Writer) error {
		ctx, cancel := context.WithTimeoutCause(ctx, 5*ms, errBad)
		time.AfterFunc(time.Hour, cancel)
		return stream.Go(ctx, w, full)
	})
	careless := fn(func(ctx context.Context, w io.Writer) error {
		full.Render(ctx, w)
		return nil
	})
	late := &stream.TimeoutError{After: 5 * ms}
	for _, test := range []struct {
		name   string
		page   rd
		want   string
		err    error
		budget int64
	}{
		{"page", join(async(full), async(wait(4*ms), fail(errBad))), "", errBad, 0},
		{"own context", join(within, async(wait(4*ms))), "", errBad, 0},
		{"in a Timeout", async(catch(timeout(5*ms, full), sorry)), "[" + late.Error() + "]", nil, 0},
		{"in a Timeout, looking away", async(catch(timeout(5*ms, careless), sorry)), "[" + late.Error() + "]", nil, 0},
		{"part in a Timeout", catch(timeout(5*ms, async(full)), sorry), "[" + late.Error() + "]", nil, 0},
		{"of a group", catch(join(async(full), async(wait(5*ms), fail(errBad))), sorry), "[bad]", nil, 0},
		{"of a group, looking away", catch(join(async(careless), async(wait(5*ms), fail(errBad))), sorry), "[bad]", nil, 0},
		{"for a Budget", join(async(full), async(wait(4*ms), fail(errBad))), "", errBad, 300},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				is := is.New(t)
				start := time.Now()
				l := stream.Renderer{Pending: 1000, Shared: &stream.Budget{Pending: test.budget}}
				var out strings.Builder
				err := l.Render(t.Context(), &out, join(async(wait(10*ms)), test.page))
				is.Equal(err, test.err)
				is.Equal(out.String(), test.want)
				is.True(cause != nil)
				is.True(time.Since(start) <= 10*ms)
			})
		})
	}
	t.Run("careless with its own context", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			l := stream.Renderer{Pending: 1000}
			err := l.Render(t.Context(), io.Discard, join(async(wait(10*ms)), fn(func(ctx context.Context, w io.Writer) error {
				ctx, cancel := context.WithTimeoutCause(ctx, 5*ms, errBad)
				time.AfterFunc(time.Hour, cancel)
				return stream.Go(ctx, w, careless)
			})))
			is.New(t).Equal(err, errBad) // and not half a part
		})
	})
	t.Run("the caller's", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeoutCause(t.Context(), 5*ms, errBad)
			defer cancel()
			l := stream.Renderer{Pending: 1000}
			is.New(t).Equal(l.Render(ctx, io.Discard, join(async(stubborn(10*ms)), async(full), stubborn(10*ms))), errBad)
		})
	})
}

// So does one whose component gave it a context of its own.
func TestWaitForQuotaWithAForeignContext(t *testing.T) {
	loose := fn(func(_ context.Context, w io.Writer) error {
		return stream.Go(context.Background(), w, text(strings.Repeat("x", 2000)))
	})
	t.Run("a group fails", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			is := is.New(t)
			l := stream.Renderer{Pending: 1000}
			var out strings.Builder
			is.NoErr(l.Render(t.Context(), &out, join(async(wait(10*ms)), catch(join(loose, async(wait(5*ms), fail(errBad))), sorry))))
			is.Equal(out.String(), "[bad]")
		})
	})
	t.Run("the page ends", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			is := is.New(t)
			ctx, cancel := context.WithTimeoutCause(t.Context(), 5*ms, errBad)
			defer cancel()
			l := stream.Renderer{Pending: 1000}
			is.Equal(l.Render(ctx, io.Discard, join(async(stubborn(10*ms)), loose)), errBad)
		})
	})
}

// A Blocking whose error was dropped holds the page back until its part ends: so that part
// is never the one to wait.
func TestPartThatHoldsThePageNeedNotWait(t *testing.T) {
	careless := fn(func(ctx context.Context, w io.Writer) error {
		blocking(fail(errBad)).Render(ctx, w)
		for range 200 {
			if _, err := io.WriteString(w, strings.Repeat("x", 100)); err != nil {
				return err
			}
		}
		return nil
	})
	for name, page := range map[string]rd{"part": async(careless), "root": join(async(wait(ms)), careless)} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				l := stream.Renderer{Pending: 300, Spill: 100}
				var out strings.Builder
				is.New(t).NoErr(l.Render(t.Context(), &out, page))
				is.New(t).Equal(out.Len(), 20000)
			})
		})
	}
}

// When a Catch has dealt with the error, nothing holds the page and the bounds are what they were.
func TestBoundsAfterABlockingThatWasCaught(t *testing.T) {
	caught := catch(blocking(fail(errBad)), sorry)
	line := strings.Repeat("x", 1000)
	for _, inPart := range []bool{false, true} {
		bubble(t, func(t *testing.T) {
			is := is.New(t)
			b := &stream.Budget{}
			l := stream.Renderer{Pending: 100_000, Shared: b}
			long := join(caught, fn(func(_ context.Context, w io.Writer) error {
				for range 1000 {
					if _, err := io.WriteString(w, line); err != nil {
						return err
					}
					n, _ := b.InUse()
					is.True(n < 300_000)
				}
				return nil
			}))
			if inPart {
				long = async(long)
			}
			is.NoErr(l.Render(t.Context(), io.Discard, join(async(wait(ms)), long)))
		})
	}
}

// What is flushed byte by byte takes more for its segments than for its text.
func TestSmallSegmentsCount(t *testing.T) {
	bubble(t, func(t *testing.T) {
		is := is.New(t)
		ctx, cancel := context.WithCancelCause(t.Context())
		var flushes atomic.Int32
		drip := fn(func(ctx context.Context, w io.Writer) error {
			for {
				if err := join(text("x"), flush).Render(ctx, w); err != nil {
					return err
				}
				flushes.Add(1)
			}
		})
		l := stream.Renderer{Pending: 100_000}
		is.Equal(l.Render(ctx, io.Discard, join(async(wait(ms), fn(func(context.Context, io.Writer) error {
			is.True(flushes.Load() < 2000)
			cancel(errBad)
			return nil
		})), async(drip))), errBad)
	})
}

// The head goes on beyond the bound, in small pieces, and what waits behind it does not move.
func TestHeadGoesOnWhenNothingElseMay(t *testing.T) {
	bubble(t, func(t *testing.T) {
		is := is.New(t)
		l := stream.Renderer{Pending: 300}
		r := record()
		line := strings.Repeat("x", 100)
		is.NoErr(l.Render(t.Context(), r, join(
			async(wait(ms), text(line), wait(ms), text(line), wait(ms), text(strings.Repeat(line, 100))),
			async(text(line), text(line), text(line), text(line)))))
		is.Equal(len(r.out.String()), 10600)
		for _, e := range r.events {
			is.True(len(e) < 6<<10)
		}
	})
}

// So do the heads of many pages that share a Budget, however much is written at once.
func TestLargeWritesBeyondABudget(t *testing.T) {
	bubble(t, func(t *testing.T) {
		const pages = 20
		b := &stream.Budget{Pending: 100_000}
		l := stream.Renderer{Shared: b}
		slow := writerFunc(func(p []byte) (int, error) {
			n, _ := b.InUse()
			if n > b.Pending+pages*4<<10 {
				t.Errorf("%d bytes wait", n)
			}
			time.Sleep(ms)
			return len(p), nil
		})
		page := async(text(strings.Repeat("x", 1<<20)))
		var wg sync.WaitGroup
		for range pages {
			wg.Go(func() {
				if err := l.Render(t.Context(), slow, page); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	})
}

func TestHeldTooLarge(t *testing.T) {
	line := strings.Repeat("x", 60_000)
	tooLarge := &stream.TooLargeError{Limit: 100_000}
	said := func(err error) rd {
		var e *stream.TooLargeError
		if !errors.As(err, &e) || e.Limit != 100_000 {
			return fail(fmt.Errorf("caught %v", err))
		}
		return text("[]")
	}
	lent := fn(func(_ context.Context, w io.Writer) error {
		w.(*stream.Writer).Give(append(w.(*stream.Writer).Take(), line...))
		w.(*stream.Writer).Give(append(w.(*stream.Writer).Take(), line...))
		return w.(*stream.Writer).Give(append(w.(*stream.Writer).Take(), line...))
	})
	careless := fn(func(_ context.Context, w io.Writer) error {
		for range 3 {
			io.WriteString(w, line)
		}
		return nil
	})
	for _, test := range []struct {
		name  string
		page  rd
		want  string
		fails bool
	}{
		{"body", catch(join(text(line), text(line), text(line)), said), "[]", false},
		{"body that looks away", catch(careless, said), "[]", false},
		{"body, lent", catch(lent, said), "[]", false},
		{"part", catch(async(text(line), text(line), text(line)), said), "[]", false},
		{"part that looks away", catch(async(careless), said), "[]", false},
		{"parts", catch(join(async(text(line)), async(text(line)), async(text(line))), said), "[]", false},
		{"small enough", catch(join(text("a"), async(text("b"))), said), "ab", false},
		{"after much", join(text(line), text(line), async(text(line)), catch(text("b"), said)), line + line + line + "b", false},
		{"one after the other", join(catch(text(line), said), async(wait(ms)), catch(async(text(line)), said)), line + line, false},
		{"inner, then a large fallback", catch(catch(careless, func(error) rd { return careless }), said), "[]", false},
		{"timeout", timeout(time.Hour, async(careless)), "", true},
		{"blocking", blocking(join(async(careless), text("a"))), "", true},
		{"in a part", async(wait(ms), catch(careless, said), text("c")), "[]c", false},
	} {
		for _, spill := range []int{10_000, 50_000, 0} {
			t.Run(fmt.Sprintf("%s, spill %d", test.name, spill), func(t *testing.T) {
				bubble(t, func(t *testing.T) {
					is := is.New(t)
					l := stream.Renderer{Held: 100_000, Spill: spill, Pending: 50_000}
					var out strings.Builder
					err := l.Render(t.Context(), &out, test.page)
					if test.fails {
						is.Equal(err, error(tooLarge))
					} else {
						is.NoErr(err)
					}
					is.Equal(out.String(), test.want)
				})
			})
		}
	}
	t.Run("a page that leaves as a whole", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			l := stream.Renderer{Held: 100_000, Flush: stream.FlushNone}
			r := record()
			is.New(t).Equal(l.Render(t.Context(), r, join(async(wait(ms)), text(line), async(wait(ms), text(line)), text("a"))), error(tooLarge))
			r.want(t, "0 lock")
		})
	})
}

func TestBudgetOfParts(t *testing.T) {
	bubble(t, func(t *testing.T) {
		is := is.New(t)
		b := &stream.Budget{Concurrency: 3}
		l := stream.Renderer{Shared: b}
		var most, now atomic.Int32
		part := fn(func(context.Context, io.Writer) error {
			if n := now.Add(1); n > most.Load() {
				most.Store(n)
			}
			time.Sleep(ms)
			now.Add(-1)
			return nil
		})
		page := join(async(part), async(part), async(part), async(part))
		done := make(chan error)
		for range 5 {
			go func() { done <- l.Render(t.Context(), io.Discard, page) }()
		}
		for range 5 {
			is.NoErr(<-done)
		}
		is.True(most.Load() > 3 && most.Load() <= 3+5) // the budget, and each root
		n, parts := b.InUse()
		is.Equal(n, int64(0))
		is.Equal(parts, 0)
	})
}

// What a group has written before the first part is not charged, and is not given back.
func TestBudgetOfWhatWasDroppedBeforeTheFirstPart(t *testing.T) {
	bubble(t, func(t *testing.T) {
		is := is.New(t)
		b := &stream.Budget{}
		l := stream.Renderer{Shared: b}
		dropped := catch(join(text(strings.Repeat("x", 200_000)), fail(errBad)), sorry)
		is.NoErr(l.Render(t.Context(), io.Discard, join(dropped, async(wait(ms)), async(wait(2*ms), fn(func(context.Context, io.Writer) error {
			n, _ := b.InUse()
			is.True(n >= 0)
			return nil
		})))))
	})
}

// The lock does not depend on whether a part was admitted.
func TestLockWhenNoPartIsAdmitted(t *testing.T) {
	bubble(t, func(t *testing.T) {
		is := is.New(t)
		l := stream.Renderer{Shared: &stream.Budget{Concurrency: 1}}
		hold := make(chan struct{})
		busy := make(chan error)
		go func() {
			busy <- l.Render(t.Context(), io.Discard, async(fn(func(context.Context, io.Writer) error { <-hold; return nil })))
		}()
		time.Sleep(ms)
		r := record()
		is.NoErr(l.Render(t.Context(), r, join(text("a"), async(text("b")), wait(ms))))
		r.want(t, "0 lock", "1 whole ab")
		close(hold)
		is.NoErr(<-busy)
	})
}
