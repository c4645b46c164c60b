package stream_test

import (
	"bytes"
	"context"
	"io"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ropewalk/ropewalk/stream"
)

// cards is a synchronous page of about 29 KB, written in pieces as a component of
// hand-written Go would.
var cards = stream.Func(func(ctx context.Context, w io.Writer) error {
	sw := w.(io.StringWriter)
	for range 240 {
		sw.WriteString(`<article class="card"><h2>`)
		sw.WriteString("A name of some length")
		sw.WriteString(`</h2><p>`)
		sw.WriteString(line)
		sw.WriteString(`</p></article>`)
	}
	return nil
})

var line = strings.Repeat("lorem ", 9)

// appended is the same page as a compiled template writes it.
var appended = stream.Func(func(ctx context.Context, w io.Writer) error {
	sw := w.(interface {
		Take() []byte
		Give([]byte) error
	})
	b := sw.Take()
	for range 240 {
		b = append(b, `<article class="card"><h2>`...)
		b = append(b, "A name of some length"...)
		b = append(b, `</h2><p>`...)
		b = append(b, line...)
		b = append(b, `</p></article>`...)
	}
	return sw.Give(b)
})

// bareWriter is the least a render can write to: one buffer, kept.
type bareWriter struct{ b []byte }

func (w *bareWriter) Write(p []byte) (int, error)       { w.b = append(w.b, p...); return len(p), nil }
func (w *bareWriter) WriteString(s string) (int, error) { w.b = append(w.b, s...); return len(s), nil }
func (w *bareWriter) Take() []byte                      { return w.b }
func (w *bareWriter) Give(b []byte) error               { w.b = b; return nil }

// The ratio to look at is stream/bare.
func BenchmarkSyncPage(b *testing.B) {
	for _, page := range []struct {
		name string
		page stream.Renderable
	}{{"written", cards}, {"appended", appended}} {
		b.Run(page.name+"/bare", func(b *testing.B) {
			b.ReportAllocs()
			w := new(bareWriter)
			for b.Loop() {
				w.b = w.b[:0]
				page.page.Render(context.Background(), w)
				io.Discard.Write(w.b)
			}
		})
		b.Run(page.name+"/stream", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				stream.Render(context.Background(), io.Discard, page.page)
			}
		})
	}
	b.Run("empty/stream", func(b *testing.B) {
		b.ReportAllocs()
		empty := stream.Func(func(context.Context, io.Writer) error { return nil })
		for b.Loop() {
			stream.Render(context.Background(), io.Discard, empty)
		}
	})
}

// escaped is a page of the same size that takes more than 10 µs, as one with real work to
// do for its text does.
var escaped = stream.Func(func(ctx context.Context, w io.Writer) error {
	sw := w.(interface {
		Take() []byte
		Give([]byte) error
	})
	b := sw.Take()
	for i := range 240 {
		b = append(b, `<article class="card"><h2>`...)
		b = strconv.AppendInt(b, int64(i), 10)
		b = append(b, `</h2><p>`...)
		for _, c := range []byte(line) {
			if c == '<' {
				b = append(b, "&lt;"...)
				continue
			}
			b = append(b, c)
		}
		b = append(b, `</p></article>`...)
	}
	return sw.Give(b)
})

// The ratio of a page of 10 µs and more rendered by stream to its bare render, taken in
// turns in one run.
func BenchmarkSyncPageRatio(b *testing.B) {
	const turn = 200
	w := new(bareWriter)
	var bare, streamed time.Duration
	for b.Loop() {
		start := time.Now()
		for range turn {
			w.b = w.b[:0]
			escaped.Render(context.Background(), w)
			io.Discard.Write(w.b)
		}
		half := time.Now()
		for range turn {
			stream.Render(context.Background(), io.Discard, escaped)
		}
		bare += half.Sub(start)
		streamed += time.Since(half)
	}
	b.ReportMetric(float64(bare.Nanoseconds())/float64(b.N*turn), "ns/bare")
	b.ReportMetric(float64(streamed.Nanoseconds())/float64(b.N*turn), "ns/stream")
	b.ReportMetric(float64(streamed)/float64(bare), "stream/bare")
}

// What a part costs beyond the goroutine that runs it: fork less goroutine, by the part.
func BenchmarkFork(b *testing.B) {
	const parts = 100
	b.Run("goroutine", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var wg sync.WaitGroup
			var out [parts]bytes.Buffer
			for i := range parts {
				wg.Add(1)
				go func() {
					defer wg.Done()
					out[i].WriteString(line)
				}()
			}
			wg.Wait()
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*parts), "ns/part")
	})
	b.Run("fork", func(b *testing.B) {
		b.ReportAllocs()
		part := stream.Func(func(ctx context.Context, w io.Writer) error {
			_, err := io.WriteString(w, line)
			return err
		})
		page := stream.Func(func(ctx context.Context, w io.Writer) error {
			for range parts {
				stream.Go(ctx, w, part)
			}
			return nil
		})
		for b.Loop() {
			stream.Render(context.Background(), io.Discard, page)
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*parts), "ns/part")
	})
}
