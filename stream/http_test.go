package stream_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/stream"
)

// B1.3: over a real connection, what is ready is with the reader while a part waits.
func TestHTTPReaderHasTheHeadWhileAPartWaits(t *testing.T) {
	is := is.New(t)
	gate := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := stream.Render(r.Context(), w, join(text("head\n"),
			async(fn(func(context.Context, io.Writer) error { <-gate; return nil }), text("part\n")), text("foot\n")))
		if err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	res, err := http.Get(server.URL)
	is.NoErr(err)
	defer res.Body.Close()
	lines := bufio.NewReader(res.Body)
	line, err := lines.ReadString('\n')
	is.NoErr(err)
	is.Equal(line, "head\n")
	close(gate)
	rest, err := io.ReadAll(lines)
	is.NoErr(err)
	is.Equal(string(rest), "part\nfoot\n")
}

// B1.23
func TestHTTPReaderGoes(t *testing.T) {
	is := is.New(t)
	result := make(chan error, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		result <- stream.Render(r.Context(), w, join(text("head\n"),
			async(fn(func(ctx context.Context, _ io.Writer) error { <-ctx.Done(); return ctx.Err() }))))
	}))
	defer server.Close()
	ctx, leave := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, "GET", server.URL, nil)
	is.NoErr(err)
	res, err := http.DefaultClient.Do(req)
	is.NoErr(err)
	leave()
	res.Body.Close()
	is.Equal(<-result, context.Canceled)
}

// A context derived from a part's is linked to it by package context itself.
func TestDerivedContextsNeedNoGoroutine(t *testing.T) {
	bubble(t, func(t *testing.T) {
		is := is.New(t)
		derive := fn(func(ctx context.Context, _ io.Writer) error {
			before := goroutines()
			_, cancel := context.WithCancel(context.WithValue(ctx, is, 1))
			defer cancel()
			for id := range goroutines() {
				is.True(before[id])
			}
			return nil
		})
		is.NoErr(stream.Render(t.Context(), io.Discard, derive))
		is.NoErr(stream.Render(t.Context(), io.Discard, catch(derive, sorry)))
		is.NoErr(stream.Render(t.Context(), io.Discard, join(async(wait(ms), derive), wait(5*ms))))
	})
}
