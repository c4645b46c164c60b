package engine_test

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/engine"
	"github.com/ropewalk/ropewalk/response"
)

// recovers is a middleware that swallows every panic, http.ErrAbortHandler too, and
// tries to say that it is sorry.
func recovers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if recover() != nil {
				http.Error(w, "sorry", 500)
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// gzipWriter is what a middleware that compresses everything puts in w's place.
type gzipWriter struct {
	http.ResponseWriter
	to *gzip.Writer
}

func (w gzipWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
func (w gzipWriter) Write(p []byte) (int, error) { return w.to.Write(p) }
func (w gzipWriter) WriteHeader(status int) {
	w.Header().Del("Content-Length")
	w.ResponseWriter.WriteHeader(status)
}
func (w gzipWriter) FlushError() error {
	w.to.Flush()
	return http.NewResponseController(w.ResponseWriter).Flush()
}

func gzips(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		to := gzip.NewWriter(w)
		defer to.Close()
		next.ServeHTTP(gzipWriter{w, to}, r)
	})
}

var (
	bothProtocols = map[string]func(*testing.T, http.Handler) *httptest.Server{"HTTP/1.1": start, "HTTP/2": startHTTP2}
	halfway       = row{html("the first half"), flush, fails(errors.New("broken"))}
)

// A client learns that a page broke off even if a middleware recovers from every panic.
func TestABrokenPageIsNotWholeBehindARecovery(t *testing.T) { // B1.19
	appOf := func(h http.Handler, around ...func(http.Handler) http.Handler) *engine.App {
		app := &engine.App{Logger: slog.New(slog.DiscardHandler)}
		app.Handle("/", h)
		app.Middleware(around...)
		return app
	}
	half := page(halfway)
	inner := appOf(half)
	for name, h := range map[string]http.Handler{
		"app":                  recovers(appOf(half)),
		"page":                 recovers(half),
		"page below gzip":      recovers(gzips(half)),
		"page above gzip":      gzips(recovers(half)),
		"inside":               appOf(half, recovers),
		"inside, twice":        appOf(half, recovers, recovers),
		"inside and outside":   recovers(appOf(half, recovers)),
		"an app inside an app": recovers(appOf(inner, recovers)),
		"an app inside two":    appOf(recovers(appOf(inner, recovers)), recovers),
		"behind a wrapper":     appOf(wraps(half), recovers),
		"behind an opaque one": appOf(hides(half), recovers),
		"a handler of the app": recovers(appOf(http.HandlerFunc(handledHalf))),
		"an error page": recovers(func() http.Handler {
			app := appOf(pageError(errSecret))
			app.Error(0, func(*response.Context, error) (component.Component, error) { return halfway, nil })
			return app
		}()),
	} {
		for protocol, serve := range bothProtocols {
			for _, coding := range []string{"identity", "gzip"} {
				t.Run(fmt.Sprint(name, ", ", protocol, ", ", coding), func(t *testing.T) {
					t.Parallel()
					a := ask(t, serve(t, h), "GET", "/", "Accept-Encoding", coding)
					if a.err == nil {
						t.Errorf("half a page arrives as a whole one: %d %q", a.StatusCode, a.body)
					}
				})
			}
		}
	}
}

func handledHalf(w http.ResponseWriter, _ *http.Request) {
	io.WriteString(w, "the first half")
	http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

func wraps(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(wrapper{w}, r) })
}

func hides(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(unflushable{w}, r) })
}

// A recovery may answer as long as nothing was sent, and go on with other pages.
func TestARecoveryAnswersForAPageThatHasSentNothing(t *testing.T) {
	mail := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		func() {
			defer func() { recover() }()
			page(halfway).ServeHTTP(rec, r)
		}()
		io.WriteString(w, "sent "+rec.Body.String())
	})
	for name, h := range map[string]http.Handler{
		"500 sorry\n":             recovers(page(panics(http.ErrAbortHandler))),
		"200 sent the first half": mail,
	} {
		t.Run(name, func(t *testing.T) {
			app := &engine.App{Logger: slog.New(slog.DiscardHandler)}
			app.Handle("/", h)
			a := ask(t, start(t, app), "GET", "/", "Accept-Encoding", "identity")
			if got := fmt.Sprint(a.StatusCode, " ", a.body); got != name || a.err != nil {
				t.Errorf("got %q, %v", got, a.err)
			}
		})
	}
}
