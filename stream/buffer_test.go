package stream

import (
	"context"
	"errors"
	"io"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"
	"github.com/valyala/bytebufferpool"
)

func TestBuffers(t *testing.T) {
	is := is.New(t)
	var pool buffers
	pool.put(nil, 64<<10)
	for _, test := range []struct {
		size int
		kept bool
	}{{1, true}, {4 << 10, true}, {4<<10 + 1, false}, {firstSlab, true}, {256 << 10, true}, {256<<10 + 1, false}} {
		b := &bytebufferpool.ByteBuffer{B: make([]byte, 1, test.size)}
		pool.put(b, 64<<10)
		is.Equal(len(b.B) == 0, test.kept) // what is taken is reset
	}
	for n := 1; n < 200<<10; n += n/7 + 1 {
		if n > maxSmall {
			is.Equal(cap(pool.fit(n).B), capacity(n))
		}
	}
	is.True(cap(pool.slab().B) >= firstSlab)
}

// Whatever becomes of a page, its segments give their buffers back.
func TestSegmentsGiveTheirBuffersBack(t *testing.T) {
	var mu sync.Mutex
	var seen []*segment
	write := func(ctx context.Context, w io.Writer) error {
		sw := w.(*Writer)
		io.WriteString(sw, "text")
		mu.Lock()
		seen = append(seen, sw.seg)
		mu.Unlock()
		return ctx.Err()
	}
	part := Func(func(ctx context.Context, w io.Writer) error {
		write(ctx, w)
		Go(ctx, w, Func(write))
		time.Sleep(time.Second)
		return write(ctx, w)
	})
	fork := Func(func(ctx context.Context, w io.Writer) error {
		write(ctx, w)
		Go(ctx, w, part)
		Flush(ctx, w)
		return write(ctx, w)
	})
	bad := errors.New("bad")
	failing := Func(func(ctx context.Context, w io.Writer) error {
		fork(ctx, w)
		return Go(ctx, w, Func(func(ctx context.Context, w io.Writer) error {
			write(ctx, w)
			time.Sleep(time.Millisecond)
			return bad
		}))
	})
	fallback := func(error) Renderable { return fork }
	inTime := func(ctx context.Context, w io.Writer) error { return Timeout(ctx, w, time.Millisecond, fork) }
	for name, page := range map[string]Func{
		"well":     fork,
		"failed":   failing,
		"late":     inTime,
		"caught":   func(ctx context.Context, w io.Writer) error { return Catch(ctx, w, failing, fallback) },
		"too late": func(ctx context.Context, w io.Writer) error { return Catch(ctx, w, Func(inTime), fallback) },
		"caught, and failed": func(ctx context.Context, w io.Writer) error {
			return Catch(ctx, w, failing, func(error) Renderable { return failing })
		},
		"caught in what failed": func(ctx context.Context, w io.Writer) error {
			return Timeout(ctx, w, 5*time.Millisecond, Func(func(ctx context.Context, w io.Writer) error {
				return Catch(ctx, w, failing, fallback)
			}))
		},
		"panic": func(ctx context.Context, w io.Writer) error { fork(ctx, w); panic(bad) },
	} {
		for habits, l := range map[string]Renderer{
			"": {}, ", no quota": {Pending: 1, Shared: new(Budget)}, ", as a whole": {Flush: FlushNone}, ", too large": {Held: 5, Shared: new(Budget)},
		} {
			t.Run(name+habits, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					seen = nil
					l.Abandoned = new(Abandoned)
					l.Render(t.Context(), io.Discard, page)
					is.New(t).NoErr(l.Abandoned.Wait(t.Context()))
					for i, s := range seen {
						if s.buf != nil {
							t.Errorf("segment %d of %d still holds %q", i, len(seen), s.buf.B)
						}
					}
					if l.Shared != nil {
						bytes, parts := l.Shared.InUse()
						is.New(t).Equal(bytes, int64(0))
						is.New(t).Equal(parts, 0)
					}
				})
			})
		}
	}
}

// A page that goes on and on does not keep what it has dropped.
func TestDroppedGroupsAreRecycled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		text := func(ctx context.Context, w io.Writer) error { _, err := io.WriteString(w, "some text"); return err }
		failing := Func(func(ctx context.Context, w io.Writer) error {
			text(ctx, w)
			Go(ctx, w, Func(text))
			Go(ctx, w, Func(func(ctx context.Context, w io.Writer) error {
				text(ctx, w)
				time.Sleep(time.Millisecond)
				return io.EOF
			}))
			return text(ctx, w)
		})
		b, r := new(Budget), new(render)
		l := Renderer{Shared: b}
		page := Func(func(ctx context.Context, w io.Writer) error {
			for range 1000 {
				Catch(ctx, w, failing, func(error) Renderable { return nil })
				time.Sleep(2 * time.Millisecond)
				Flush(ctx, w)
				bytes, _ := b.InUse()
				is.True(bytes < 2000)
			}
			r = w.(*Writer).r
			return nil
		})
		is.NoErr(l.Render(t.Context(), io.Discard, Func(func(ctx context.Context, w io.Writer) error { return Go(ctx, w, page) })))
		is.True(len(r.dropped) < 3)
	})
}

// Nor does it keep every error that a Catch has dealt with.
func TestCaughtErrorsAreForgotten(t *testing.T) {
	is := is.New(t)
	told := 0
	l := Renderer{Caught: func(context.Context, error) { told++ }}
	is.NoErr(l.Render(t.Context(), io.Discard, Func(func(ctx context.Context, w io.Writer) error {
		for range 1000 {
			bad := errors.New("bad")
			Catch(ctx, w, Func(func(context.Context, io.Writer) error { return bad }), nil)
		}
		is.True(len(w.(*Writer).r.caught) <= manyCaught)
		return nil
	})))
	is.Equal(told, 1000)
}
