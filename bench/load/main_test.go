package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestPiecesAreWhatComesTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		body, server := io.Pipe()
		go func() {
			io.WriteString(server, "<head>")
			io.WriteString(server, "<body>")
			time.Sleep(20 * time.Millisecond)
			io.WriteString(server, "<p>part</p>")
			time.Sleep(80 * time.Millisecond)
			io.WriteString(server, "</body>")
			server.Close()
		}()
		p, err := read(body, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		want := []time.Duration{0, 20 * time.Millisecond, 100 * time.Millisecond}
		if len(p.pieces) != 3 || p.pieces[0] != want[0] || p.pieces[1] != want[1] || p.pieces[2] != want[2] || p.sizes[0] != 12 {
			t.Errorf("pieces at %v of %v bytes, want at %v", p.pieces, p.sizes, want)
		}
		if p.first != 0 || p.last != 100*time.Millisecond || p.bytes != 30 {
			t.Errorf("got %+v", p)
		}
	})
}

// Of ten requests the slowest is more than 90 % of them see, and no fewer.
func TestRank(t *testing.T) {
	for _, test := range []struct {
		part float64
		n    int
		want int
	}{{0, 10, 0}, {0.5, 10, 4}, {0.5, 3, 1}, {0.9, 10, 8}, {0.99, 10, 9}, {0.99, 200, 197}, {0.9, 3, 2}, {1, 10, 9}, {1, 1, 0}} {
		if got := rank(test.part, test.n); got != test.want {
			t.Errorf("%v of %d: got %d, want %d", test.part, test.n, got, test.want)
		}
	}
}

func TestRun(t *testing.T) {
	var encoding string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		encoding = r.Header.Get("Accept-Encoding")
		io.WriteString(w, "<h1>one</h1>")
		http.NewResponseController(w).Flush()
		io.WriteString(w, "<p>two</p>")
	}))
	defer server.Close()
	var out strings.Builder
	if err := run(context.Background(), []string{"-n", "5", "-for", "1m", "-encoding", "zstd", server.URL}, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{server.URL, "HTTP/1.1", "requests    5, 0 failed", "22 B", "first byte", "last byte", "the page in the middle"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, out.String())
		}
	}
	if encoding != "zstd" {
		t.Errorf("asked for %q", encoding)
	}
}

func TestRunRefuses(t *testing.T) {
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(503) }))
	defer broken.Close()
	half := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "<h1>half")
		http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}))
	defer half.Close()
	for _, test := range []struct {
		args []string
		want string
	}{
		{nil, "one URL"},
		{[]string{"-c", "0", broken.URL}, "more than nothing"},
		{[]string{"-n", "2", broken.URL}, "503"},
		{[]string{"-n", "2", half.URL}, "EOF"},
		{[]string{"ftp://example/"}, "begins with http"},
		{[]string{"localhost:8080/cart"}, "begins with http"},
		{[]string{"127.0.0.1:8080"}, "begins with http"},
	} {
		if err := run(context.Background(), test.args, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v: got %v, want %q in it", test.args, err, test.want)
		}
	}
}

// A server that only fails is not asked a million times.
func TestRunGivesUp(t *testing.T) {
	var asked atomic.Int64
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		w.WriteHeader(503)
	}))
	defer broken.Close()
	err := run(context.Background(), []string{"-c", "4", "-n", "500", "-for", "1m", broken.URL}, io.Discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "503") || asked.Load() > 20 {
		t.Errorf("got %v after %d requests", err, asked.Load())
	}
}
