package engine_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/engine"
	"github.com/ropewalk/ropewalk/response"
)

// A middleware sees what was answered, after next or while a panic passes.
func TestMiddlewareSeesTheOutcome(t *testing.T) {
	var outcome response.Outcome
	app := &engine.App{Logger: slog.New(slog.DiscardHandler)}
	app.Middleware(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			defer func() { outcome = response.From(r.Context()).Outcome() }()
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), outcomeKey{}, 1)))
		})
	})
	file := strings.Repeat("f", 5000)
	app.Page("/page/{id}", page(html("four")))
	app.Page("/stream", page(row{html("a"), later(closed(), html("b"))}))
	app.Page("/redirect", pageError(response.Redirect("/")))
	app.Page("/json", func(*response.Context) (component.Component, error) { return nil, response.JSON(1) })
	app.Page("/error", pageError(errSecret))
	app.Page("/gone", pageError(response.Status(410)))
	app.Page("/half", page(halfway))
	app.Page("/misplaced", page(row{flush, later(closed(), fails(response.NotFound()))}))
	app.Handle("POST /handler", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(201)
		io.WriteString(w, "made")
	}))
	app.Handle("/file", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(w, bytes.NewReader([]byte(file)))
	}))
	app.Handle("/nothing", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	app.Error(0, func(*response.Context, error) (component.Component, error) { return html("sorry"), nil })

	for name, want := range map[string]struct {
		response.Outcome
		failed string
	}{
		"GET /page/7":    {response.Outcome{Status: 200, Bytes: 4, Route: "GET /page/{id}"}, ""},
		"HEAD /page/7":   {response.Outcome{Status: 200, Bytes: 0, Route: "GET /page/{id}"}, ""},
		"GET /stream":    {response.Outcome{Status: 200, Bytes: 2, Route: "GET /stream"}, ""},
		"GET /redirect":  {response.Outcome{Status: 302, Bytes: 0, Route: "GET /redirect"}, ""},
		"GET /json":      {response.Outcome{Status: 200, Bytes: 1, Route: "GET /json"}, ""},
		"GET /error":     {response.Outcome{Status: 500, Bytes: 5, Route: "GET /error"}, errSecret.Error()},
		"GET /gone":      {response.Outcome{Status: 410, Bytes: 5, Route: "GET /gone"}, "410 Gone"},
		"GET /half":      {response.Outcome{Status: 200, Bytes: 14, Route: "GET /half"}, "broken"},
		"GET /misplaced": {response.Outcome{Status: 200, Bytes: 0, Route: "GET /misplaced"}, "Blocking"},
		"GET /none":      {response.Outcome{Status: 404, Bytes: 5}, "404 Not Found"},
		"DELETE /json":   {response.Outcome{Status: 405, Bytes: 5}, "405 Method Not Allowed"},
		"POST /handler":  {response.Outcome{Status: 201, Bytes: 4, Route: "POST /handler"}, ""},
		"GET /file":      {response.Outcome{Status: 200, Bytes: 5000, Route: "/file"}, ""},
		"GET /nothing":   {response.Outcome{Status: 0, Bytes: 0, Route: "/nothing"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			s := start(t, app)
			method, path, _ := strings.Cut(name, " ")
			ask(t, s, method, path, "Accept-Encoding", "identity")
			s.Close() // waits for the handler
			got := outcome
			failed := ""
			if got.Err != nil {
				failed = fmt.Sprint(got.Err, errors.Unwrap(got.Err))
			}
			is.True(strings.Contains(failed, want.failed))
			is.Equal(got.Err == nil, want.failed == "")
			got.Err = nil
			is.Equal(got, want.Outcome)
		})
	}
}

type outcomeKey struct{}

// Outside of a request there is no outcome.
func TestNoOutcome(t *testing.T) {
	is := is.New(t)
	is.Equal(response.From(t.Context()).Outcome(), response.Outcome{})
	is.Equal(response.New(nil, response.Options{}).Outcome(), response.Outcome{})
}
