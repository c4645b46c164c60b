package engine_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/engine"
	"github.com/ropewalk/ropewalk/response"
)

// Whoever stands around the engine, and inside of it, works as around any handler.

func quietApp() *engine.App { return &engine.App{Logger: slog.New(slog.DiscardHandler)} }

// Redirects of the router keep the prefix that was taken from the path, and the path's
// own escapes.
func TestRedirectsStayWhereTheAppIsMounted(t *testing.T) {
	app := quietApp()
	app.Page("/about", page(html("about")))
	app.Page("/docs/{$}", page(html("docs")))
	outer := quietApp()
	outer.Handle("/base/", http.StripPrefix("/base", app))
	inner := http.NewServeMux()
	inner.Handle("/base/", http.StripPrefix("/base", app))
	for name, h := range map[string]http.Handler{
		"StripPrefix": http.StripPrefix("/base", app),
		"a mux":       inner,
		"an app":      outer,
		"twice":       http.StripPrefix("/ba", http.StripPrefix("se", app)),
	} {
		for path, want := range map[string]string{
			"/base/docs": "/base/docs/", "/base/docs?q=a%20b": "/base/docs/?q=a%20b",
		} {
			a := ask(t, start(t, h), "GET", path)
			t.Run(name+path, func(t *testing.T) { a.expectHeader(t, "Location", want) })
		}
	}
	s := start(t, http.StripPrefix("/base", app))
	for path, want := range map[string]string{
		"/base//about":          "/base/about",
		"/base//about/?q=1":     "/base/about/?q=1",
		"/base//a%20b":          "/base/a%20b",
		"/base/x/../a%2Fb":      "/base/a%2Fb",
		"/base//docs":           "/base/docs/",
		"/base//%C3%B6/%7Euser": "/base/%C3%B6/%7Euser",
		"/base/../../etc":       "/base/etc",
		"/base///evil.example/": "/base/evil.example/",
	} {
		t.Run(path, func(t *testing.T) { ask(t, s, "GET", path).expectHeader(t, "Location", want) })
	}
	ask(t, start(t, app), "GET", "//a%20b").expectHeader(t, "Location", "/a%20b")
	ask(t, start(t, app), "GET", "//evil.example//x").expectHeader(t, "Location", "/evil.example/x")
}

// A prefix may be taken away in other ways, and a request made by hand says nothing of it.
func TestRedirectsWithoutAPrefixThatIsKnown(t *testing.T) {
	app := quietApp()
	app.Page("/docs/{$}", page(html("docs")))
	for uri, want := range map[string]string{"": "/docs/", "/quite/another": "/docs/", "http://x/base/docs": "/base/docs/", "\x7f": "/docs/"} {
		r := httptest.NewRequest("GET", "/docs", nil)
		r.RequestURI = uri
		w := httptest.NewRecorder()
		app.ServeHTTP(w, r)
		if to := w.Header().Get("Location"); to != want {
			t.Errorf("%q: redirected to %q, want %q", uri, to, want)
		}
	}
}

// newContext replaces the context of a request, as a middleware does that makes a
// request of its own.
func newContext(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.Background()))
	})
}

// A page keeps its App, its log and its error pages, whatever becomes of the context.
func TestAPageKeepsItsAppWithoutItsContext(t *testing.T) {
	for name, serve := range map[string]func(app *engine.App){
		"page":       func(app *engine.App) { app.Page("/", pageError(errSecret)) },
		"handle":     func(app *engine.App) { app.Handle("/", pageError(errSecret)) },
		"app's page": func(app *engine.App) { app.Handle("/", app.Handler(pageError(errSecret))) },
		"render": func(app *engine.App) {
			app.Handle("/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { engine.Render(w, r, fails(errSecret)) }))
		},
		"wrapped": func(app *engine.App) { app.Handle("/", wraps(pageError(errSecret))) },
	} {
		t.Run(name, func(t *testing.T) {
			var j journal
			app := &engine.App{Logger: j.logger()}
			app.Error(500, func(*response.Context, error) (component.Component, error) { return html("the app's 500"), nil })
			serve(app)
			app.Middleware(newContext)
			get(t, app, "/").expect(t, 500, "the app's 500")
			j.expectOne(t, "answered with an error", errSecret.Error())
		})
	}
}

// An app inside of an app is patient on its own terms.
func TestAnAppInsideAnAppHasItsOwnStallTimeout(t *testing.T) {
	outer := with(new(engine.App), time.Minute)
	outer.Handle("/", with(endlessApp(), 5*time.Second))
	patient := with(new(engine.App), 5*time.Second)
	patient.Handle("/", with(endlessApp(), time.Minute))
	for want, app := range map[time.Duration]*engine.App{5 * time.Second: outer, time.Minute: patient} {
		virtual(t, new(http.Server), app, func(t *testing.T, l *pipes, took <-chan time.Duration) {
			l.hello(t, "")
			if got := <-took; !about(got, want) {
				t.Errorf("the client was cut off after %v, want %v", got, want)
			}
		})
	}
}

// sessionWriter sets its cookie when a head is written, as session managers do.
type sessionWriter struct {
	http.ResponseWriter
	saved bool
}

func (w *sessionWriter) save() {
	if !w.saved {
		w.saved = true
		http.SetCookie(w.ResponseWriter, &http.Cookie{Name: "session", Value: "new"})
	}
}

func (w *sessionWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
func (w *sessionWriter) WriteHeader(status int)      { w.save(); w.ResponseWriter.WriteHeader(status) }

// eagerWriter waits for a write too.
type eagerWriter struct{ sessionWriter }

func (w *eagerWriter) Write(p []byte) (int, error) { w.save(); return w.ResponseWriter.Write(p) }

func TestASessionIsSavedBeforeAnyAnswer(t *testing.T) {
	sessions := func(eager bool) func(http.Handler) http.Handler {
		return func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				s := sessionWriter{ResponseWriter: w}
				if eager {
					next.ServeHTTP(&eagerWriter{s}, r)
					return
				}
				next.ServeHTTP(&s, r)
			})
		}
	}
	for name, p := range map[string]engine.PageFunc{
		"flushed first": page(row{flush, later(closed(), html("x"))}),
		"whole":         page(html("x")),
		"streamed":      page(row{html("x"), later(closed(), html("y"))}),
		"empty":         page(nil),
		"redirect":      pageError(response.Redirect("/")),
		"json":          func(*response.Context) (component.Component, error) { return nil, response.JSON(1) },
		"error":         pageError(errSecret),
	} {
		for _, eager := range []bool{true, false} {
			t.Run(fmt.Sprint(name, eager), func(t *testing.T) {
				app := quietApp()
				app.Page("/", p)
				app.Middleware(sessions(eager))
				for where, h := range map[string]http.Handler{"inside": app, "outside": sessions(eager)(p)} {
					if a := get(t, h, "/"); len(a.Header["Set-Cookie"]) != 1 {
						t.Errorf("%s: the session is not saved: %v", where, a.Header)
					}
				}
			})
		}
	}
	rendered := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		engine.Render(w, r, row{flush, later(closed(), html("x"))})
	})
	if a := get(t, sessions(true)(rendered), "/"); len(a.Header["Set-Cookie"]) != 1 {
		t.Errorf("the session is not saved: %v", a.Header)
	}
}

// lateGzipWriter compresses as echo's middleware does: that it will is not to be seen in
// Content-Encoding before the first write, and Vary is all it says before.
type lateGzipWriter struct {
	http.ResponseWriter
	to     *gzip.Writer
	status int
	began  bool
}

func (w *lateGzipWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *lateGzipWriter) WriteHeader(status int) {
	w.Header().Del("Content-Length")
	w.status = status
}

func (w *lateGzipWriter) Write(p []byte) (int, error) {
	w.begin()
	return w.to.Write(p)
}

func (w *lateGzipWriter) Flush() {
	w.begin()
	w.to.Flush()
	http.NewResponseController(w.ResponseWriter).Flush()
}

func (w *lateGzipWriter) begin() {
	if !w.began {
		w.began = true
		w.Header().Set("Content-Encoding", "gzip")
		w.ResponseWriter.WriteHeader(w.status)
	}
}

func lateGzips(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Accept-Encoding")
		z := &lateGzipWriter{ResponseWriter: w, to: gzip.NewWriter(w), status: 200}
		next.ServeHTTP(z, r)
		if z.began {
			z.to.Close()
		}
	})
}

// What a middleware compresses is readable, and is not compressed twice: the body is what
// Content-Encoding says.
func TestBelowAMiddlewareThatCompresses(t *testing.T) {
	app := quietApp()
	app.Error(0, func(*response.Context, error) (component.Component, error) { return long, nil })
	app.Page("/whole", page(long))
	app.Page("/stream", page(row{long, flush, later(closed(), html("x"))}))
	app.Page("/json", func(*response.Context) (component.Component, error) { return nil, response.JSON(string(long)) })
	app.Page("/page", func(*response.Context) (component.Component, error) { panic("page") })
	app.Handle("/handler", http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("handler") }))
	inside := func(around func(http.Handler) http.Handler) http.Handler {
		outer := quietApp()
		outer.Error(0, func(*response.Context, error) (component.Component, error) { return long, nil })
		outer.Handle("/", app)
		outer.Middleware(around)
		return outer
	}
	for name, h := range map[string]http.Handler{
		"gzip":             gzips(app),
		"gzip, late":       lateGzips(app),
		"inside":           inside(gzips),
		"inside, late":     inside(lateGzips),
		"around a handler": gzips(wraps(app)),
	} {
		s := start(t, h)
		for _, path := range []string{"/whole", "/stream", "/json", "/page", "/handler", "/none"} {
			t.Run(name+path, func(t *testing.T) {
				is := is.New(t)
				a := ask(t, s, "GET", path, "Accept-Encoding", "gzip")
				is.NoErr(a.err)
				is.Equal(a.Header.Get("Content-Encoding"), "gzip")
				z, err := gzip.NewReader(strings.NewReader(a.body))
				is.NoErr(err)
				text, err := io.ReadAll(z)
				is.NoErr(err)
				is.True(bytes.Contains(text, []byte("<li")) || bytes.Contains(text, []byte(`\u003cli`)))
			})
		}
	}
}

// A handler that has said that it compresses, and panics, has not.
func TestAHandlerThatCompressesAndPanics(t *testing.T) {
	app := quietApp()
	app.Handle("/", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		panic("handler")
	}))
	a := ask(t, start(t, app), "GET", "/", "Accept-Encoding", "gzip")
	a.expect(t, 500, "500 Internal Server Error\n")
	a.expectHeader(t, "Content-Encoding", "")
}

// A wrapper that can neither flush nor unwrap turns streaming off, and the log says so
// once for its type.
func TestAWrapperThatCannotFlushIsMentioned(t *testing.T) {
	var j journal
	app := &engine.App{Logger: j.logger()}
	app.Page("/stream", page(row{html("head"), later(closed(), html("tail"))}))
	app.Page("/whole", page(html("whole")))
	app.Middleware(wraps, hides)
	s := start(t, app)
	get := func(path, body string) { ask(t, s, "GET", path).expect(t, 200, body) }
	get("/whole", "whole")
	if logged := j.entries(slog.LevelWarn); len(logged) != 0 {
		t.Errorf("nothing was lost, and the log says %v", logged)
	}
	get("/stream", "headtail")
	get("/stream", "headtail")
	logged := j.entries(slog.LevelWarn)
	if len(logged) != 1 || !strings.Contains(logged[0]["msg"].(string), "engine_test.unflushable") {
		t.Errorf("logged %v", logged)
	}
}
