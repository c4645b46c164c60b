package stream_test

import (
	"context"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/ropewalk/ropewalk/stream"
)

// What a page costs while it waits for a slow part, with all its goroutines but the one
// that called Render, which a server has anyway.
func TestIdleStreamsAreSmall(t *testing.T) {
	if raceEnabled || testing.CoverMode() != "" {
		t.Skip("memory is another thing under the race detector and with coverage")
	}
	streams := cases(10_000)
	idle := func(each int, run func(started func(), gate <-chan struct{})) (bytes int) {
		gate := make(chan struct{})
		var waiting, ended sync.WaitGroup
		waiting.Add(streams * each)
		before := inUse()
		for range streams {
			ended.Go(func() { run(waiting.Done, gate) })
		}
		waiting.Wait()
		bytes = (int(inUse()) - int(before)) / streams
		close(gate)
		ended.Wait()
		return bytes
	}
	handlers := idle(1, func(started func(), gate <-chan struct{}) { started(); <-gate })
	head, foot := text(strings.Repeat("head ", 800)), text("<footer>…</footer>")
	for _, test := range []struct {
		name  string
		parts int
		page  func(part rd) rd
		want  int
	}{
		{"one part", 1, func(part rd) rd { return join(head, part, foot) }, 8 << 10},
		{"a group", 1, func(part rd) rd { return join(head, catch(part, sorry), foot) }, 8 << 10},
		{"five parts", 5, func(part rd) rd {
			return join(head, part, text("1"), part, text("2"), part, text("3"), part, text("4"), part, text("5"))
		}, 24 << 10},
	} {
		t.Run(test.name, func(t *testing.T) {
			bytes := idle(1+test.parts, func(started func(), gate <-chan struct{}) {
				part := async(text("a"), fn(func(context.Context, io.Writer) error { started(); <-gate; return nil }))
				if err := stream.Render(context.Background(), &flushOnce{flushed: started}, test.page(part)); err != nil {
					t.Error(err)
				}
			}) - handlers
			t.Logf("%d bytes a stream", bytes)
			if bytes > test.want {
				t.Errorf("more than %d", test.want)
			}
		})
	}
}

// flushOnce is a destination that tells of its first Flush: then the flusher goes to sleep.
type flushOnce struct {
	flushed func()
	seen    bool
}

func (f *flushOnce) Write(p []byte) (int, error) { return len(p), nil }

func (f *flushOnce) Flush() {
	if !f.seen {
		f.flushed()
	}
	f.seen = true
}
