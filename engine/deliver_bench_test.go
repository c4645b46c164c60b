package engine_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/engine"
	"github.com/ropewalk/ropewalk/stream"
)

// cards is a page of n cards, in some parts, that differ as products do.
func cards(n, parts int) []html {
	adjectives := strings.Fields("red quiet heavy folding wooden small bright woollen plain round")
	nouns := strings.Fields("chair lamp table kettle blanket drawer mirror shelf basket clock")
	pieces := make([]html, parts)
	x := uint32(1)
	pick := func(words []string) string {
		x = x*1664525 + 1013904223
		return words[x>>16%uint32(len(words))]
	}
	for i := range n {
		name := pick(adjectives) + " " + pick(nouns)
		pieces[i*parts/n] += html(fmt.Sprintf(
			"<article class=\"card\" id=\"p%d\">\n<h2><a href=\"/product/%d\">The %s</a></h2>\n<p>A %s, %s and %s, beside a %s.</p>\n<p class=\"price\">%d.%02d</p>\n</article>\n",
			i, x>>8, name, name, pick(adjectives), pick(adjectives), pick(nouns), x>>20%400, x>>12%100))
	}
	return pieces
}

// How close does a streamed page come to compressing what it rendered? Both take
// turns, so that what else the machine does hits both. The ratio is that of the
// throughputs; beside it that of an encoder which is given the finished bytes too,
// but flushes where the page does: no page that streams can do better.
func BenchmarkStreamedCards(b *testing.B) {
	for name, tt := range map[string]struct{ cards, parts int }{
		"whole": {1000, -1}, "head first": {1000, 0}, "5 parts": {1000, 5},
		"short, whole": {150, -1}, "short, head first": {150, 0}, "short, 5 parts": {150, 5},
	} {
		b.Run(name, func(b *testing.B) {
			pieces := append([]html{"<!DOCTYPE html><title>Cards</title><main>"}, cards(tt.cards, max(tt.parts, 1))...)
			tree := row{pieces[0]}
			if tt.parts >= 0 {
				tree = append(tree, flush)
			}
			for _, p := range pieces[1:] {
				if tt.parts > 0 {
					tree = append(tree, later(closed(), cardByCard(p)))
				} else {
					tree = append(tree, cardByCard(p))
				}
			}
			app := engine.App{StallTimeout: -1}
			app.Page("/", page(tree))
			r := httptest.NewRequest("GET", "/", nil)
			r.Header.Set("Accept-Encoding", "gzip")
			w := nowhere{make(http.Header)}
			z, _ := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed)
			finished := []byte(strings.Join(asStrings(pieces), ""))

			var streaming, whole, flushed time.Duration
			for b.Loop() {
				began := time.Now()
				clear(w.header)
				app.ServeHTTP(w, r)
				streaming += time.Since(began)

				began = time.Now()
				z.Reset(io.Discard)
				z.Write(finished)
				z.Close()
				whole += time.Since(began)

				began = time.Now()
				z.Reset(io.Discard)
				rest := finished
				for _, p := range pieces {
					z.Write(rest[:len(p)])
					z.Flush()
					rest = rest[len(p):]
				}
				z.Close()
				flushed += time.Since(began)
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(streaming.Microseconds())/float64(b.N), "µs/page")
			b.ReportMetric(float64(whole)/float64(streaming), "ratio")
			b.ReportMetric(float64(flushed)/float64(streaming), "ratio-flushed")
		})
	}
}

// cardByCard writes as a template does: a little at a time.
func cardByCard(piece html) (all row) {
	for card := range strings.SplitAfterSeq(string(piece), "</article>\n") {
		all = append(all, html(card))
	}
	return all
}

func asStrings(pieces []html) (all []string) {
	for _, p := range pieces {
		all = append(all, string(p))
	}
	return all
}

// Five parts that take 20, 100, 50, 10 and 80 ms, over HTTP.
func BenchmarkFiveParts(b *testing.B) {
	after := func(ms time.Duration) component.Component {
		return stream.Func(func(ctx context.Context, w io.Writer) error {
			return stream.Go(ctx, w, stream.Func(func(ctx context.Context, w io.Writer) error {
				time.Sleep(ms * time.Millisecond)
				_, err := fmt.Fprintf(w, "<p>%d</p>", ms)
				return err
			}))
		})
	}
	var app engine.App
	app.Page("/", page(row{html("<head>"), after(20), after(100), after(50), after(10), after(80), html("</html>")}))
	s := httptest.NewServer(&app)
	defer s.Close()
	for _, coding := range []string{"identity", "gzip", "zstd"} {
		b.Run(coding, func(b *testing.B) {
			var first, end time.Duration
			for b.Loop() {
				began := time.Now()
				r, _ := http.NewRequest("GET", s.URL, nil)
				r.Header.Set("Accept-Encoding", coding)
				resp, err := s.Client().Do(r)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := resp.Body.Read(make([]byte, 1)); err != nil {
					b.Fatal(err)
				}
				first += time.Since(began)
				io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
				end += time.Since(began)
			}
			b.ReportMetric(float64(first.Microseconds())/float64(b.N)/1000, "ms/first-byte")
			b.ReportMetric(float64(end.Microseconds())/float64(b.N)/1000, "ms/end")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// What a stream costs that waits for a slow part, over real connections. The
// server's side and a connection of the client's, which is next to nothing, are in
// one process.
func BenchmarkMemoryOfSlowStreams(b *testing.B) {
	const streams = 9000
	for name, header := range map[string]string{"identity": "", "gzip": "Accept-Encoding: gzip\r\n", "zstd": "Accept-Encoding: gzip, zstd\r\n", "bare": ""} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				b.ReportMetric(memoryOfStreams(b, streams, name == "bare", header)/1024, "KB/stream")
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

func memoryOfStreams(b *testing.B, n int, bare bool, header string) float64 {
	release := make(chan struct{})
	tenKB := long[:10_000]
	var app engine.App
	app.Page("/", page(row{tenKB, later(release, html("end"))}))
	var h http.Handler = &app
	if bare { // what net/http takes
		h = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, string(tenKB))
			w.(http.Flusher).Flush()
			<-release
		})
	}
	s := httptest.NewServer(h)
	defer s.Close()
	defer close(release)
	before := memoryInUse()
	var conns sync.Map
	for i := range n {
		conn, err := net.Dial("tcp", s.Listener.Addr().String())
		if err != nil {
			b.Skip(err) // too few files may be open here
		}
		defer conn.Close()
		conns.Store(i, conn)
		fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: x\r\n%s\r\n", header)
		if i%100 == 0 { // let the server keep up
			conn.Read(make([]byte, 1))
		}
	}
	conns.Range(func(_, conn any) bool {
		conn.(net.Conn).Read(make([]byte, 1)) // its page has begun
		return true
	})
	return float64(memoryInUse()-before) / float64(n)
}

func memoryInUse() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}
