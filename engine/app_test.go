package engine_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/engine"
	"github.com/ropewalk/ropewalk/response"
)

func TestPagesByMethodAndPattern(t *testing.T) { // B5.3, B8.4
	var app engine.App
	app.Page("/", page(html("any path")))
	app.Page("/product/{id}", func(p *response.Context) (component.Component, error) {
		return html(p.Request.PathValue("id") + " " + p.Request.Pattern), nil
	})
	app.Page("POST /cart", page(html("added")))
	s := start(t, &app)
	ask(t, s, "GET", "/x").expect(t, 200, "any path")
	ask(t, s, "GET", "/product/7").expect(t, 200, "7 GET /product/{id}")
	ask(t, s, "HEAD", "/product/7").expect(t, 200, "")
	ask(t, s, "POST", "/cart").expect(t, 200, "added")

	a := ask(t, s, "POST", "/product/7")
	a.expect(t, 405, "405 Method Not Allowed\n")
	a.expectHeader(t, "Allow", "GET, HEAD")
	a.expectHeader(t, "X-Content-Type-Options", "nosniff")
}

func TestUnmatchedPaths(t *testing.T) { // B9.1, B9.5, B8.4
	var app engine.App
	app.Page("/known", page(html("known")))
	app.Error(404, func(p *response.Context, err error) (component.Component, error) {
		return html("no " + p.Request.URL.Path), nil
	})
	app.Error(405, func(p *response.Context, err error) (component.Component, error) {
		return html("not with " + p.Request.Method), nil
	})
	s := start(t, &app)
	a := ask(t, s, "GET", "/unknown")
	a.expect(t, 404, "no /unknown")
	a.expectHeader(t, "Content-Type", "text/html; charset=utf-8")
	a = ask(t, s, "DELETE", "/known")
	a.expect(t, 405, "not with DELETE")
	a.expectHeader(t, "Allow", "GET, HEAD")
	get(t, new(engine.App), "/").expect(t, 404, "404 Not Found\n")
}

func TestMiddleware(t *testing.T) { // B7.3, B7.4, B7.5
	mark := func(name string) func(http.Handler) http.Handler {
		return func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Add("X-Order", name)
				next.ServeHTTP(w, r)
			})
		}
	}
	var app engine.App
	app.Page("/page", page(html("page")))
	app.Handle("/endpoint", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "endpoint") }))
	app.Middleware(mark("a"), nil, mark("b"))
	app.Middleware(mark("c"))
	app.Middleware(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/short" {
				w.WriteHeader(402)
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	s := start(t, &app)
	for path, want := range map[string]int{"/page": 200, "/endpoint": 200, "/unknown": 404, "/short": 402} {
		a := ask(t, s, "GET", path)
		if a.StatusCode != want {
			t.Errorf("%s: %d", path, a.StatusCode)
		}
		a.expectHeader(t, "X-Order", "a|b|c")
	}
}

func TestMiddlewareThatDropsTheContext(t *testing.T) {
	var app engine.App
	app.Page("/page", func(p *response.Context) (component.Component, error) {
		return html("page"), p.Header().Set("X-Page", "1")
	})
	app.Error(404, func(p *response.Context, err error) (component.Component, error) {
		return html("404"), p.Header().Set("X-Page", "1")
	})
	app.Middleware(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(context.Background()))
		})
	})
	s := start(t, &app)
	for path, status := range map[string]int{"/page": 200, "/404": 404} {
		a := ask(t, s, "GET", path)
		a.expect(t, status, path[1:])
		a.expectHeader(t, "X-Page", "1")
	}
}

func TestMiddlewareWrapsOnce(t *testing.T) {
	var app engine.App
	made := 0
	app.Middleware(func(next http.Handler) http.Handler { made++; return next })
	s := start(t, &app)
	for range 3 {
		ask(t, s, "GET", "/")
	}
	if made != 1 {
		t.Errorf("the middleware was made %d times", made)
	}
}

// What a middleware sets through the context reaches every kind of answer.
func TestMiddlewareReachesTheResponse(t *testing.T) { // B2.6, B3.15
	is := is.New(t)
	var user engine.Key[string]
	app := engine.App{Logger: slog.New(slog.DiscardHandler)}
	app.Middleware(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			p := response.From(r.Context())
			is.NoErr(p.OnCommit(func(h http.Header) { h.Set("X-Last", "set with "+h.Get("X-Early")) }))
			is.NoErr(p.Header().Set("X-Early", "1"))
			is.NoErr(seen.Set(p.Cookies(), 7))
			is.NoErr(user.Set(r.Context(), "Ada")) // B5.11
			next.ServeHTTP(w, r)
		})
	})
	app.Page("/page", func(p *response.Context) (component.Component, error) {
		name, _ := user.Get(p.Request.Context())
		return html(name), nil
	})
	app.Page("/stream", page(row{html("a"), later(closed(), html("b"))}))
	app.Page("/redirect", pageError(response.Redirect("/")))
	app.Page("/error", pageError(errSecret))
	app.Page("/json", pageError(response.JSON(1)))
	app.Handle("/endpoint", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "x") }))
	app.Handle("/flush", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.(http.Flusher).Flush() }))
	app.Handle("/nothing", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {}))
	app.Handle("/panic", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { panic("x") }))
	app.Handle("/status", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusTeapot)
	}))
	app.Error(0, func(p *response.Context, err error) (component.Component, error) {
		name, _ := user.Get(p.Request.Context())
		return html(name), nil
	})
	s := start(t, &app)
	for path, want := range map[string]string{
		"/page": "200 Ada", "/stream": "200 ab", "/redirect": "302 ", "/error": "500 Ada", "/json": "200 1", "/endpoint": "200 x",
		"/flush": "200 ", "/nothing": "200 ", "/panic": "500 Ada", "/status": "418 ", "/unknown": "404 Ada",
	} {
		t.Run(path, func(t *testing.T) {
			a := ask(t, s, "GET", path)
			if got := fmt.Sprint(a.StatusCode, " ", a.body); got != want || a.err != nil {
				t.Errorf("got %q, %v", got, a.err)
			}
			a.expectHeader(t, "X-Last", "set with 1")
			a.expectHeader(t, "Set-Cookie", "seen=7; Path=/; HttpOnly; Secure; SameSite=Lax")
		})
	}
}

func TestEndpointsAnswerAsTheyWant(t *testing.T) { // B8.6, B8.3
	var app engine.App
	app.Error(0, func(*response.Context, error) (component.Component, error) { return html("error page"), nil })
	app.Handle("GET /gone", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(410) }))
	app.Handle("/broken", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Error(w, "mine", 500) }))
	app.Handle("/dir/", http.StripPrefix("/dir/", http.HandlerFunc(http.NotFound)))
	s := start(t, &app)
	ask(t, s, "GET", "/gone").expect(t, 410, "")
	ask(t, s, "HEAD", "/gone").expect(t, 410, "")
	ask(t, s, "PUT", "/broken").expect(t, 500, "mine\n")
	ask(t, s, "GET", "/dir/x").expect(t, 404, "404 page not found\n")
}

func TestPanicsOfHandlersAndMiddleware(t *testing.T) { // B7.5, B11.16
	var j journal
	app := engine.App{Logger: j.logger()}
	app.Error(500, func(*response.Context, error) (component.Component, error) { return html("sorry"), nil })
	app.Middleware(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/middleware" {
				panic("middleware")
			}
			next.ServeHTTP(w, r)
		})
	})
	app.Handle("/before", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", "1000")
		panic("before")
	}))
	app.Handle("/after", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "begin")
		w.(http.Flusher).Flush()
		panic("after")
	}))
	s := start(t, &app)
	ask(t, s, "GET", "/middleware").expect(t, 500, "sorry")
	a := ask(t, s, "GET", "/before")
	a.expect(t, 500, "sorry")
	a.expectHeader(t, "Content-Type", "text/html; charset=utf-8")
	ask(t, s, "GET", "/after").expectCut(t, "begin")
	s.Close()
	if logged := j.entries(slog.LevelError); len(logged) != 3 {
		t.Errorf("got %d errors in the log: %v", len(logged), logged)
	}
}

func TestPathsAreCleanedBeforeMiddleware(t *testing.T) { // B5.7
	var app engine.App
	app.Page("/", page(html("served")))
	app.Middleware(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasPrefix(r.URL.Path, "/public/") {
				w.WriteHeader(403)
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	s := start(t, &app)
	for path, location := range map[string]string{
		"//public/x": "/public/x", "/public//x?q=1": "/public/x?q=1", "/public/../admin": "/admin", "/a/./b": "/a/b", "/a/..": "/",
	} {
		a := ask(t, s, "GET", path)
		if a.StatusCode != 307 && a.StatusCode != 301 {
			t.Errorf("%s: %d", path, a.StatusCode)
		}
		a.expectHeader(t, "Location", location)
	}
	for path, want := range map[string]int{"/public/x": 200, "/admin": 403, "/.hidden": 403, "/public/.well-known": 200, "/public/a%2F%2Fb": 200} {
		if a := ask(t, s, "GET", path); a.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, a.StatusCode, want)
		}
	}
}

func TestSlashRedirect(t *testing.T) { // B10.4
	var app engine.App
	app.Page("/dyn/{rest...}", page(html("x")))
	a := ask(t, start(t, &app), "GET", "/dyn?q=1")
	a.expectHeader(t, "Location", "/dyn/?q=1")
	if a.StatusCode != 307 && a.StatusCode != 301 {
		t.Errorf("status %d", a.StatusCode)
	}
}

func TestAnAppInsideAnApp(t *testing.T) {
	var inner, outer engine.App
	inner.Page("/in/page", func(p *response.Context) (component.Component, error) {
		return html("inner"), seen.Set(p.Cookies(), 2)
	})
	inner.Error(404, func(*response.Context, error) (component.Component, error) { return html("inner 404"), nil })
	outer.Handle("/in/", &inner)
	outer.Middleware(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			response.From(r.Context()).Header().Set("X-Outer", "1")
			next.ServeHTTP(w, r)
		})
	})
	s := start(t, &outer)
	a := ask(t, s, "GET", "/in/page")
	a.expect(t, 200, "inner")
	a.expectHeader(t, "X-Outer", "1")
	a.expectHeader(t, "Set-Cookie", "seen=2; Path=/; HttpOnly; Secure; SameSite=Lax")
	ask(t, s, "GET", "/in/x").expect(t, 404, "inner 404")
	ask(t, s, "GET", "/x").expect(t, 404, "404 Not Found\n")
}

func TestAPageInsideTimeoutHandler(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	app := engine.App{Logger: slog.New(slog.DiscardHandler)}
	app.Page("/slow", func(*response.Context) (component.Component, error) {
		<-release // heeding no context: else the page might answer first
		return html("x"), nil
	})
	app.Page("/quick", page(row{html("x"), later(closed(), html("y"))}))
	app.Middleware(func(next http.Handler) http.Handler {
		long, short := http.TimeoutHandler(next, time.Hour, ""), http.TimeoutHandler(next, time.Nanosecond, "too slow")
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/slow" {
				short.ServeHTTP(w, r)
				return
			}
			long.ServeHTTP(w, r)
		})
	})
	s := start(t, &app)
	ask(t, s, "GET", "/quick").expect(t, 200, "xy")
	ask(t, s, "GET", "/slow").expect(t, 503, "too slow")
}

// What a page does in TimeoutHandler's goroutine is no race with its middleware.
func TestAMiddlewareGoesOnBesideItsPage(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	defer close(release)
	app := engine.App{Logger: slog.New(slog.DiscardHandler)}
	app.Page("/", func(*response.Context) (component.Component, error) {
		close(entered)
		<-release
		return nil, nil
	})
	app.Middleware(func(next http.Handler) http.Handler {
		impatient := http.TimeoutHandler(next, time.Millisecond, "too slow")
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			impatient.ServeHTTP(w, r)
			page := response.From(r.Context())
			page.Cookies().Has("x")
			if err := page.Header().Set("X-Late", "1"); !errors.Is(err, response.ErrLocked) {
				t.Errorf("got %v, want an ErrLocked", err)
			}
		})
	})
	get(t, &app, "/").expect(t, 503, "too slow")
	<-entered
}

func TestHandlersReachTheConnection(t *testing.T) {
	is := is.New(t)
	file := filepath.Join(t.TempDir(), "file.txt")
	is.NoErr(os.WriteFile(file, []byte("file"), 0o600))
	var app engine.App
	app.Handle("/file", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Hour)); err != nil {
			t.Error(err)
		}
		http.ServeFile(w, r, file)
	}))
	app.Handle("/hijack", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		io.WriteString(conn, "HTTP/1.1 299 Mine\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
	}))
	s := start(t, &app)
	ask(t, s, "GET", "/file").expect(t, 200, "file")
	ask(t, s, "GET", "/hijack").expect(t, 299, "")
}

func TestRegistrationMistakesNameBothCalls(t *testing.T) { // B10.9
	line := func() int { _, _, line, _ := runtime.Caller(1); return line }
	some := page(html(""))
	failing := func(*response.Context, error) (component.Component, error) { return nil, nil }

	var app engine.App
	app.Page("/a/{x}", some)
	app.Error(404, failing)
	first := line() - 2
	for _, tt := range []struct {
		do   func()
		want []string
	}{
		{func() { app.Page("/a/{y}", some) }, []string{`Page("/a/{y}")`, fmt.Sprintf(`"GET /a/{x}" (registered at app_test.go:%d)`, first)}},
		{func() { app.Page("/a/{x}", some) }, []string{fmt.Sprintf(`"GET /a/{x}" (registered at app_test.go:%d)`, first)}},
		{func() { app.Handle("GET /a/{x}", some) }, []string{`Handle("GET /a/{x}")`}},
		{func() { app.Page("no-slash", some) }, []string{`Page("no-slash")`}},
		{func() { app.Page("", some) }, []string{`Page("")`}},
		{func() { app.Page("/x/{", some) }, []string{`Page("/x/{")`}},
		{func() { app.Page("/x", nil) }, []string{`Page("/x"): the page function is nil`}},
		{func() { app.Handle("/x", nil) }, []string{`Handle("/x"): the handler is nil`}},
		{func() { app.Error(200, failing) }, []string{"Error(200)", "400 to 599"}},
		{func() { app.Error(500, nil) }, []string{"Error(500): the page function is nil"}},
		{func() { app.Error(404, failing) }, []string{"Error(404)", fmt.Sprintf("from app_test.go:%d", first+1)}},
	} {
		message := caught(tt.do)
		for _, want := range append(tt.want, "engine: app_test.go:") {
			if !strings.Contains(message, want) {
				t.Errorf("got %q, which lacks %q", message, want)
			}
		}
	}
	app.Page("/x", some) // none of them did harm
	get(t, &app, "/x").expect(t, 200, "")
}

func caught(do func()) (message string) {
	defer func() { message = fmt.Sprint(recover()) }()
	do()
	return ""
}

func TestMalformedRequests(t *testing.T) { // B10.13
	var app engine.App
	app.Page("/", page(html("x")))
	s := start(t, &app)
	for path, want := range map[string]int{"/%zz": 400, "*": 400} {
		conn, err := net.Dial("tcp", s.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", path)
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil || resp.StatusCode != want {
			t.Errorf("%s: %v %v", path, resp, err)
		}
	}
}

func TestRecorder(t *testing.T) {
	var app engine.App
	app.Page("/", page(row{html("a"), later(closed(), html("b"))}))
	rec := httptest.NewRecorder()
	app.ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	if rec.Code != 200 || rec.Body.String() != "ab" {
		t.Errorf("got %d %q", rec.Code, rec.Body)
	}
}
