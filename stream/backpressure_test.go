package stream_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/stream"
)

// What is at the head of a page, and endless, is no further than some tens of KB before its
// reader, though much more may wait of what a slow part holds up.
func TestTheHeadWaitsForItsReader(t *testing.T) {
	const budget = 110 << 10
	for _, size := range []int{1, 100, 5000, 60_000} {
		for _, flushes := range []bool{true, false} {
			for name, around := range map[string]func(endless rd) rd{
				"part":            func(endless rd) rd { return async(endless) },
				"part in a part":  func(endless rd) rd { return async(text("a"), async(endless), text("b")) },
				"after a part":    func(endless rd) rd { return async(async(wait(ms)), wait(ms), endless) },
				"after a Catch":   func(endless rd) rd { return async(catch(async(fail(errBad)), sorry), endless) },
				"beside a Catch":  func(endless rd) rd { return join(async(endless), catch(async(wait(time.Hour)), sorry)) },
				"fallback":        func(endless rd) rd { return catch(async(fail(errBad)), func(error) rd { return endless }) },
				"after Blocking":  func(endless rd) rd { return join(async(endless), blocking(async(wait(5*ms)))) },
				"between the two": func(endless rd) rd { return join(async(wait(ms)), async(endless), async(wait(time.Hour))) },
			} {
				t.Run(fmt.Sprintf("%s, %d bytes, %v", name, size, flushes), func(t *testing.T) {
					bubble(t, func(t *testing.T) {
						written, read := 0, new(atomic.Int64)
						ctx, cancel := context.WithCancelCause(t.Context())
						piece := strings.Repeat("x", size)
						endless := fn(func(ctx context.Context, w io.Writer) error {
							time.Sleep(10 * ms) // until the root and the Blocking have ended
							for {
								if _, err := io.WriteString(w, piece); err != nil {
									return err
								}
								written += size
								if ahead := written - int(read.Load()); ahead > budget {
									t.Errorf("%d bytes ahead of the reader", ahead)
									cancel(io.EOF)
									return io.EOF
								}
								if flushes {
									if err := stream.Flush(ctx, w); err != nil {
										return err
									}
								}
							}
						})
						slow := writerFunc(func(p []byte) (int, error) {
							time.Sleep(time.Duration(len(p)) * ms) // 1 KB/s
							if n := read.Add(int64(len(p))); n > 300_000 || size == 1 && n > 5000 {
								cancel(errBad)
							}
							return len(p), nil
						})
						is.New(t).Equal(stream.Render(ctx, slow, around(endless)), errBad)
					})
				})
			}
		}
	}
}

// A part that is not at the head may go on up to what may wait, and goes on when it gets
// there.
func TestWhatIsBehindTheHeadDoesNotWaitForTheReader(t *testing.T) {
	bubble(t, func(t *testing.T) {
		is := is.New(t)
		long := text(strings.Repeat("x", 200_000))
		var ready time.Duration
		start := time.Now()
		slow := writerFunc(func(p []byte) (int, error) { time.Sleep(ms); return len(p), nil })
		is.NoErr(stream.Render(t.Context(), slow, join(async(wait(time.Hour)), async(long, long, fn(func(context.Context, io.Writer) error {
			ready = time.Since(start)
			return nil
		})))))
		is.Equal(ready, time.Duration(0))
	})
}

// Nor does any part while the root still renders: nothing could leave for it.
func TestPartsGoOnWhileTheRootRenders(t *testing.T) {
	bubble(t, func(t *testing.T) {
		is := is.New(t)
		done := make(chan struct{})
		long := text(strings.Repeat("x", 200_000))
		is.NoErr(stream.Render(t.Context(), io.Discard, join(
			async(long, long, fn(func(context.Context, io.Writer) error { close(done); return nil })),
			fn(func(context.Context, io.Writer) error { <-done; return nil }))))
	})
}
