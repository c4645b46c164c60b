package bench_test

import (
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ropewalk/ropewalk/bench/bench"
	"github.com/ropewalk/ropewalk/component"
)

// Tests measure a few rounds; benchmarks as long as they are told.
func TestMain(m *testing.M) {
	flag.Parse()
	if flag.Lookup("test.bench").Value.String() == "" {
		if err := flag.Set("test.benchtime", "20x"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

var text = component.Text(strings.Repeat("fish & chips ", 100))

// page has two parts; the second is held up until the head has been sent.
func page(head <-chan struct{}) component.Component {
	wait := func(ctx context.Context) (component.Component, error) {
		select {
		case <-head:
			return text, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return component.Join(component.Raw("<h1>"), component.Async(wait), component.Raw("</h1>"))
}

func BenchmarkComponent(b *testing.B) { bench.Component(b, text) }

func BenchmarkStream(b *testing.B) {
	open := make(chan struct{})
	close(open)
	bench.Stream(b, page(open))
}

func TestComponentReportsBytesAndAllocations(t *testing.T) {
	var keep []byte
	r := testing.Benchmark(func(b *testing.B) {
		bench.Component(b, component.Func(func(_ context.Context, w io.Writer) error {
			keep = make([]byte, 3000)
			_, err := w.Write(keep)
			return err
		}))
	})
	if r.N == 0 || r.Bytes != 3000 || r.AllocsPerOp() != 1 || r.AllocedBytesPerOp() < 3000 {
		t.Errorf("got %+v", r)
	}
}

func TestStreamReportsWritesAndFlushes(t *testing.T) {
	r := testing.Benchmark(func(b *testing.B) { bench.Stream(b, text) })
	if r.N == 0 || r.Extra["writes/op"] != 1 || r.Extra["flushes/op"] != 0 || r.Extra["first-byte-ns/op"] <= 0 {
		t.Errorf("a page without parts: got %+v", r)
	}
	slow := component.Join(text, component.Flush(), text)
	r = testing.Benchmark(func(b *testing.B) { bench.Stream(b, slow) })
	if r.N == 0 || r.Extra["writes/op"] != 2 || r.Extra["flushes/op"] != 1 {
		t.Errorf("a page that is flushed: got %+v", r)
	}
	if first, whole := r.Extra["first-byte-ns/op"], float64(r.T.Nanoseconds())/float64(r.N); first > whole {
		t.Errorf("the first byte after %v ns, the page after %v", first, whole)
	}
}

// More than a connection keeps leaves when it is written, whoever flushes.
func TestAFullBufferLeavesWithoutAFlush(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		long := component.Text(strings.Repeat("fish & chips ", 10_000))
		wait := component.Func(func(context.Context, io.Writer) error {
			time.Sleep(time.Second)
			return nil
		})
		r := testing.Benchmark(func(b *testing.B) { bench.Stream(b, component.Join(long, wait, text)) })
		if first := r.Extra["first-byte-ns/op"]; r.Extra["writes/op"] < 2 || first != 0 {
			t.Errorf("the first byte leaves after %v ns in %v writes, want 0: it was written before the wait", first, r.Extra["writes/op"])
		}
		r = testing.Benchmark(func(b *testing.B) { bench.Stream(b, component.Join(text, wait, text)) })
		if first := r.Extra["first-byte-ns/op"]; first != 1e9 {
			t.Errorf("the first byte leaves after %v ns, want a second: it waits in a buffer", first)
		}
	})
}

func TestFailuresFailTheBenchmark(t *testing.T) {
	failing := component.Func(func(context.Context, io.Writer) error { return errors.New("broken") })
	for name, c := range map[string]component.Component{"failing": failing, "empty": component.Text("")} {
		for _, measure := range []func(*testing.B, component.Component){bench.Component, bench.Stream} {
			if r := testing.Benchmark(func(b *testing.B) { measure(b, c) }); r.N > 0 {
				t.Errorf("%s: got %+v", name, r)
			}
		}
	}
}
