package engine_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/cookie"
	"github.com/ropewalk/ropewalk/engine"
	"github.com/ropewalk/ropewalk/response"
	"github.com/ropewalk/ropewalk/stream"
)

var seen = cookie.Cookie[int]{Name: "seen"}

func TestSynchronousPage(t *testing.T) { // B1.5, B1.13, B2.1
	a := get(t, engine.PageFunc(func(p *response.Context) (component.Component, error) {
		p.SetStatus(http.StatusAccepted)
		p.Header().Set("Cache-Control", "private")
		p.Header().Set("Content-Length", "1") // could only be wrong
		seen.Set(p.Cookies(), 7)
		return row{html("<h1>"), html("ä</h1>")}, nil
	}), "/")
	a.expect(t, 202, "<h1>ä</h1>")
	a.expectHeader(t, "Content-Type", "text/html; charset=utf-8")
	a.expectHeader(t, "X-Content-Type-Options", "nosniff")
	a.expectHeader(t, "Cache-Control", "private")
	a.expectHeader(t, "Content-Length", "11")
	a.expectHeader(t, "Set-Cookie", "seen=7; Path=/; HttpOnly; Secure; SameSite=Lax")
	if a.TransferEncoding != nil {
		t.Errorf("Transfer-Encoding: %v", a.TransferEncoding)
	}
}

func TestEmptyPage(t *testing.T) { // B1.9
	for _, c := range []component.Component{nil, html(""), row{}} {
		a := get(t, page(c), "/")
		a.expect(t, 200, "")
		a.expectHeader(t, "Content-Length", "0")
		a.expectHeader(t, "Content-Type", "text/html; charset=utf-8")
	}
	a := get(t, engine.PageFunc(func(p *response.Context) (component.Component, error) {
		return later(closed(), html("")), p.SetStatus(201)
	}), "/")
	a.expect(t, 201, "")
}

func TestComponentsSetTheHeadBeforeTheLock(t *testing.T) { // B1.14
	a := get(t, page(row{
		html("a"),
		does(func(ctx context.Context) error {
			p := response.From(ctx)
			return errors.Join(p.SetStatus(201), p.Header().Set("X-Layout", "1"), p.Header().Set("Content-Type", "text/plain"), seen.Set(p.Cookies(), 1))
		}),
		later(closed(), html("b")),
	}), "/")
	a.expect(t, 201, "ab")
	a.expectHeader(t, "X-Layout", "1")
	a.expectHeader(t, "Content-Type", "text/plain")
	a.expectHeader(t, "Set-Cookie", "seen=1; Path=/; HttpOnly; Secure; SameSite=Lax")
}

func closed() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}

func TestPartsArriveInOrderAsTheyComplete(t *testing.T) { // B1.1, B1.2, B1.3
	for name, serve := range map[string]func(*testing.T, http.Handler) *httptest.Server{"HTTP1": start, "HTTP2": startHTTP2} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			first, second := make(chan struct{}), make(chan struct{})
			s := serve(t, engine.PageFunc(func(p *response.Context) (component.Component, error) {
				p.Header().Set("X-Early", "1")
				return row{html("<head>"), later(first, html("[1]")), html("-"), later(second, html("[2]")), html("</html>")}, nil
			}))
			resp, err := s.Client().Get(s.URL)
			is.NoErr(err) // the head is here while both parts wait
			defer resp.Body.Close()
			is.Equal(resp.Header.Get("X-Early"), "1")
			is.Equal(resp.ContentLength, int64(-1))
			expectNext(t, resp.Body, "<head>")
			close(first)
			expectNext(t, resp.Body, "[1]-")
			close(second)
			expectNext(t, resp.Body, "[2]</html>")
			rest, err := io.ReadAll(resp.Body)
			is.NoErr(err)
			is.Equal(len(rest), 0)
		})
	}
}

// expectNext reads exactly as many bytes as it wants: more than those that could
// have been sent would block.
func expectNext(t *testing.T, r io.Reader, want string) {
	t.Helper()
	got := make([]byte, len(want))
	if _, err := io.ReadFull(r, got); err != nil || string(got) != want {
		t.Fatalf("got %q, %v; want %q", got, err, want)
	}
}

func TestALaterPartIsReadyFirst(t *testing.T) { // B1.4
	first := make(chan struct{})
	get(t, page(row{
		later(first, html("[1]")),
		later(closed(), row{html("[2]"), does(func(context.Context) error { close(first); return nil })}),
	}), "/").expect(t, 200, "[1][2]")
}

func TestALateChangeIsAnErrorThatNamesItsLine(t *testing.T) { // B2.5
	is := is.New(t)
	var j journal
	app := engine.App{Logger: j.logger()}
	var errs []error
	var line int
	app.Page("/", func(*response.Context) (component.Component, error) {
		return row{html("a"), later(closed(), does(func(ctx context.Context) error {
			_, _, line, _ = runtime.Caller(0)
			errs = append(errs, response.From(ctx).Header().Set("Cache-Control", "x"))
			return nil
		})), html("b")}, nil
	})
	s := start(t, &app)
	for range 3 {
		a := ask(t, s, "GET", "/")
		a.expect(t, 200, "ab")
		a.expectHeader(t, "Cache-Control", "")
	}
	is.Equal(len(errs), 3)
	want := fmt.Sprintf(`response: Header.Set("Cache-Control") at page_test.go:%d: the response has started`, line+1)
	for _, err := range errs {
		is.True(errors.Is(err, response.ErrLocked))
		is.True(strings.HasPrefix(err.Error(), want))
	}
	logged := j.entries(slog.LevelError) // once for the line, not for each request
	is.Equal(len(logged), 1)
	is.True(strings.HasPrefix(logged[0]["msg"].(string), want))
	is.Equal(logged[0]["path"], "/")
}

func TestTheLockFallsAtAFlush(t *testing.T) {
	var early, late error
	app := engine.App{Logger: slog.New(slog.DiscardHandler)}
	app.Page("/", page(row{
		html("a"), does(func(ctx context.Context) error { early = response.From(ctx).SetStatus(201); return nil }),
		flush, does(func(ctx context.Context) error { late = response.From(ctx).SetStatus(202); return nil }),
	}))
	get(t, &app, "/").expect(t, 201, "a")
	if early != nil || !errors.Is(late, response.ErrLocked) {
		t.Errorf("before the flush: %v; after it: %v", early, late)
	}
}

// Who prints a context of the engine learns nothing of the visitor.
func TestPrintedContext(t *testing.T) {
	is := is.New(t)
	secret := engine.Key[string]{Name: "secret"}
	r := httptest.NewRequest("GET", "/?secret", nil)
	r.Header.Set("Cookie", "session=secret")
	engine.PageFunc(func(p *response.Context) (component.Component, error) {
		ctx := p.Request.Context()
		is.NoErr(secret.Set(ctx, "secret"))
		is.Equal(fmt.Sprint(ctx), "engine.exchange")
		is.Equal(fmt.Sprint(response.With(ctx, p)), "response.With")
		return nil, nil
	}).ServeHTTP(httptest.NewRecorder(), r)
}

func TestHead(t *testing.T) { // B1.25
	started, stopped := make(chan struct{}), make(chan error, 1)
	mux := http.NewServeMux()
	mux.Handle("/sync", page(html("four")))
	mux.Handle("/async", page(row{html("a"), stream.Func(func(ctx context.Context, w io.Writer) error {
		return stream.Go(ctx, w, does(func(ctx context.Context) error {
			close(started)
			<-ctx.Done() // for ever, unless the work is stopped
			stopped <- context.Cause(ctx)
			return nil
		}))
	}), does(func(context.Context) error { <-started; return nil })}))
	mux.Handle("/missing", pageError(response.NotFound()))
	s := start(t, mux)

	a := ask(t, s, "HEAD", "/sync")
	a.expect(t, 200, "")
	a.expectHeader(t, "Content-Length", "4")
	a.expectHeader(t, "Content-Type", "text/html; charset=utf-8")

	a = ask(t, s, "HEAD", "/async")
	a.expect(t, 200, "")
	a.expectHeader(t, "Content-Type", "text/html; charset=utf-8")
	if err := <-stopped; err == nil {
		t.Error("the part was not cancelled")
	}
	ask(t, s, "HEAD", "/missing").expect(t, 404, "")
}

func TestStatusesWithoutABody(t *testing.T) {
	for status, length := range map[int]string{204: "", 205: "0", 304: ""} {
		a := get(t, engine.PageFunc(func(p *response.Context) (component.Component, error) {
			return html("never sent"), p.SetStatus(status)
		}), "/")
		a.expect(t, status, "")
		a.expectHeader(t, "Content-Type", "")
		a.expectHeader(t, "Content-Length", length)
	}
}

func TestPageFuncInABareMux(t *testing.T) {
	mux := http.NewServeMux()
	mux.Handle("/p/{id}", engine.PageFunc(func(p *response.Context) (component.Component, error) {
		if response.From(p.Request.Context()) != p {
			return nil, errors.New("the request's context does not lead to the page")
		}
		return html(p.Request.Method + " " + p.Request.PathValue("id")), nil
	}))
	s := start(t, mux)
	ask(t, s, "GET", "/p/7").expect(t, 200, "GET 7")
	ask(t, s, "POST", "/p/a%2Fb").expect(t, 200, "POST a/b") // the router decides on methods; B5.4
}

func TestRenderFromAnyHandler(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Handler", "1")
		engine.Render(w, r, row{html("a"), later(closed(), html("b"))})
	})
	mux.HandleFunc("/teapot", func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(418)
		engine.Render(w, r, html("short"))
	})
	mux.HandleFunc("/missing", func(w http.ResponseWriter, r *http.Request) {
		engine.Render(w, r, fails(response.NotFound()))
	})
	s := start(t, mux)
	a := ask(t, s, "GET", "/")
	a.expect(t, 200, "ab")
	a.expectHeader(t, "X-Handler", "1")
	ask(t, s, "GET", "/teapot").expect(t, 418, "short")
	ask(t, s, "GET", "/missing").expect(t, 404, "404 Not Found\n")
}

func TestAPageInsideAPageHasAResponseOfItsOwn(t *testing.T) {
	inner := engine.PageFunc(func(p *response.Context) (component.Component, error) {
		return html("inner"), p.Header().Set("X-Inner", "1")
	})
	a := get(t, engine.PageFunc(func(p *response.Context) (component.Component, error) {
		rec := httptest.NewRecorder()
		inner.ServeHTTP(rec, p.Request)
		return html("outer+" + rec.Body.String() + rec.Header().Get("X-Inner")), nil
	}), "/")
	a.expect(t, 200, "outer+inner1")
	a.expectHeader(t, "X-Inner", "")
}

// unflushable hides everything but the three methods of an http.ResponseWriter.
type unflushable struct{ w http.ResponseWriter }

func (u unflushable) Header() http.Header         { return u.w.Header() }
func (u unflushable) Write(p []byte) (int, error) { return u.w.Write(p) }
func (u unflushable) WriteHeader(status int)      { u.w.WriteHeader(status) }

func TestAWriterThatCannotFlush(t *testing.T) {
	get(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		engine.Render(unflushable{w}, r, row{html("a"), flush, later(closed(), html("b"))})
	}), "/").expect(t, 200, "ab")
}

func TestHangUp(t *testing.T) { // B1.23
	for name, serve := range map[string]func(*testing.T, http.Handler) *httptest.Server{"HTTP1": start, "HTTP2": startHTTP2} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			var j journal
			app := engine.App{Logger: j.logger()}
			app.Error(0, func(*response.Context, error) (component.Component, error) {
				t.Error("an error page for a client that is gone")
				return nil, nil
			})
			partStarted, partEnded, returned := make(chan struct{}), make(chan error, 1), make(chan any, 1)
			app.Page("/", page(row{html("a"), stream.Func(func(ctx context.Context, w io.Writer) error {
				return stream.Go(ctx, w, does(func(ctx context.Context) error {
					close(partStarted)
					<-ctx.Done()
					partEnded <- ctx.Err()
					return ctx.Err()
				}))
			})}))
			s := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				defer func() { returned <- recover() }()
				app.ServeHTTP(w, r)
			}))

			ctx, hangUp := context.WithCancel(t.Context())
			r, err := http.NewRequestWithContext(ctx, "GET", s.URL, nil)
			is.NoErr(err)
			resp, err := s.Client().Do(r)
			is.NoErr(err)
			expectNext(t, resp.Body, "a")
			<-partStarted
			hangUp()
			resp.Body.Close()

			is.Equal(<-partEnded, context.Canceled)
			is.Equal(<-returned, http.ErrAbortHandler) // Render joins its parts: no goroutine is left
			is.Equal(len(j.entries(slog.LevelError)), 0)
		})
	}
}
