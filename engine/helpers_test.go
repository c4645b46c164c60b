package engine_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/engine"
	"github.com/ropewalk/ropewalk/response"
	"github.com/ropewalk/ropewalk/stream"
)

// html is a component that writes itself.
type html string

func (h html) Render(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, string(h))
	return err
}

// row renders its components one after the other.
type row []component.Component

func (r row) Render(ctx context.Context, w io.Writer) error {
	for _, c := range r {
		if err := c.Render(ctx, w); err != nil {
			return err
		}
	}
	return nil
}

// does is a component that runs a function and writes nothing.
func does(f func(ctx context.Context) error) component.Component {
	return stream.Func(func(ctx context.Context, _ io.Writer) error { return f(ctx) })
}

func fails(err error) component.Component {
	return does(func(context.Context) error { return err })
}

func panics(v any) component.Component {
	return does(func(context.Context) error { panic(v) })
}

// later renders c in a part of its own, when ready is closed.
func later(ready <-chan struct{}, c component.Component) component.Component {
	return stream.Func(func(ctx context.Context, w io.Writer) error {
		return stream.Go(ctx, w, stream.Func(func(ctx context.Context, w io.Writer) error {
			select {
			case <-ready:
				return c.Render(ctx, w)
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}))
	})
}

// tells is a component that tells when, and why, its page is given up.
func tells(ended chan<- error) component.Component {
	return does(func(ctx context.Context) error {
		context.AfterFunc(ctx, func() { ended <- context.Cause(ctx) })
		return nil
	})
}

var flush = stream.Func(stream.Flush)

func page(c component.Component) engine.PageFunc {
	return func(*response.Context) (component.Component, error) { return c, nil }
}

func pageError(err error) engine.PageFunc {
	return func(*response.Context) (component.Component, error) { return nil, err }
}

// answer is a response read to its end.
type answer struct {
	*http.Response
	body string
	err  error // of reading the body
}

func start(t *testing.T, h http.Handler) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

func startHTTP2(t *testing.T, h http.Handler) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.EnableHTTP2 = true
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

// ask sends a request, with some header fields, and follows no redirect.
func ask(t *testing.T, s *httptest.Server, method, path string, header ...string) answer {
	t.Helper()
	client := *s.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := client.Do(r)
	if err != nil {
		return answer{err: err}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return answer{resp, string(body), err}
}

// get asks a server made for this one request.
func get(t *testing.T, h http.Handler, path string) answer {
	t.Helper()
	return ask(t, start(t, h), "GET", path)
}

func (a answer) expect(t *testing.T, status int, body string) {
	t.Helper()
	if a.err != nil {
		t.Fatalf("the response is broken: %v", a.err)
	}
	if a.StatusCode != status || a.body != body {
		t.Fatalf("got  %d %q\nwant %d %q", a.StatusCode, a.body, status, body)
	}
}

func (a answer) expectHeader(t *testing.T, name, value string) {
	t.Helper()
	if got := strings.Join(a.Header[name], "|"); got != value {
		t.Errorf("%s: got %q, want %q", name, got, value)
	}
}

// expectCut wants a response that began and did not end.
func (a answer) expectCut(t *testing.T, begin string) {
	t.Helper()
	if a.Response == nil || a.err == nil {
		t.Fatalf("got %q, %v; want a response cut off after its begin", a.body, a.err)
	}
	if a.body != begin {
		t.Errorf("got %q before the cut, want %q", a.body, begin)
	}
}

// journal is a logger that remembers.
type journal struct {
	mu   sync.Mutex
	text strings.Builder
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) logger() *slog.Logger {
	return slog.New(slog.NewJSONHandler(j, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// entries returns what was logged at a level.
func (j *journal) entries(level slog.Level) []map[string]any {
	j.mu.Lock()
	defer j.mu.Unlock()
	var all []map[string]any
	for line := range strings.Lines(j.text.String()) {
		var entry map[string]any
		if json.Unmarshal([]byte(line), &entry) == nil && entry["level"] == level.String() {
			all = append(all, entry)
		}
	}
	return all
}

// expectOne wants exactly one error in the log.
func (j *journal) expectOne(t *testing.T, message, text string) map[string]any {
	t.Helper()
	entries := j.entries(slog.LevelError)
	if len(entries) != 1 {
		t.Fatalf("got %d errors in the log, want one: %v", len(entries), entries)
	}
	got, _ := entries[0]["error"].(string)
	if !strings.Contains(entries[0]["msg"].(string), message) || !strings.Contains(got, text) {
		t.Errorf("got %v, want %q about %q", entries[0], message, text)
	}
	return entries[0]
}
