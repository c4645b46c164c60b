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
	"testing"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/engine"
	"github.com/ropewalk/ropewalk/response"
)

func buffered(c component.Component) engine.PageFunc {
	return func(p *response.Context) (component.Component, error) { return c, p.SetBuffered(true) }
}

func TestABufferedPageIsSentWhole(t *testing.T) { // B1.24
	for version, serve := range servers {
		t.Run(version, func(t *testing.T) {
			is := is.New(t)
			app := engine.App{Logger: slog.New(slog.DiscardHandler)}
			app.Page("/", buffered(row{html("a"), flush, later(closed(), html("b")), html("c")}))
			app.Page("/long", buffered(row{html("a"), flush, later(closed(), long)}))
			app.Page("/empty", buffered(row{flush, later(closed(), html(""))}))
			s := serve(t, &app)
			a := ask(t, s, "GET", "/")
			a.expect(t, 200, "abc")
			a.expectHeader(t, "Content-Length", "3")
			a.expectHeader(t, "X-Accel-Buffering", "")
			a.expectHeader(t, "Content-Type", "text/html; charset=utf-8")
			a = ask(t, s, "GET", "/empty")
			a.expect(t, 200, "")
			a.expectHeader(t, "Content-Length", "0")

			resp := request(t, s, "GET", "/long", "Accept-Encoding", "gzip")
			is.Equal(resp.Header.Get("Content-Encoding"), "gzip")
			text, n := readBody(t, resp)
			is.True(text == "a"+string(long))
			is.Equal(resp.ContentLength, int64(n))

			a = ask(t, s, "HEAD", "/") // is what GET is
			a.expect(t, 200, "")
			a.expectHeader(t, "Content-Length", "3")
		})
	}
}

func TestErrorsAnywhereInABufferedPageKeepTheirStatus(t *testing.T) { // B1.24
	part := func(err error) component.Component { return later(closed(), fails(err)) }
	for name, tt := range map[string]struct {
		part   component.Component
		status int
		body   string
	}{
		"error":                {part(errSecret), 500, "sorry: 500 Internal Server Error"},
		"an error's status":    {part(statusHint{}), 422, "sorry: 422 Unprocessable Entity"},
		"out of time":          {part(context.DeadlineExceeded), 503, "sorry: 503 Service Unavailable"},
		"an answer, misplaced": {part(response.NotFound()), 500, "sorry: 500 Internal Server Error"}, // as in a page that is streamed
	} {
		t.Run(name, func(t *testing.T) {
			var j journal
			f := buffered(row{html("a"), flush, tt.part, html("c")})
			s := start(t, errorApp(&j, f))
			ask(t, s, "GET", "/").expect(t, tt.status, tt.body)
			ask(t, s, "HEAD", "/").expect(t, tt.status, "")
		})
	}
	var j journal
	get(t, errorApp(&j, buffered(row{html("a"), flush, later(closed(), panics("part"))})), "/").
		expect(t, 500, "sorry: 500 Internal Server Error")
}

func TestWhoGetsPagesWhole(t *testing.T) {
	const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
	const google = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
	streams := func(app *engine.App, userAgent string, decide func(*response.Context) error) bool {
		app.Page("/", func(p *response.Context) (component.Component, error) {
			return row{html("a"), flush, later(closed(), html("b"))}, decide(p)
		})
		resp := request(t, start(t, app), "GET", "/", "User-Agent", userAgent)
		if text, _ := readBody(t, resp); text != "ab" {
			t.Errorf("got %q", text)
		}
		return resp.Header.Get("X-Accel-Buffering") == "no"
	}
	undecided := func(*response.Context) error { return nil }
	set := func(on bool) func(*response.Context) error {
		return func(p *response.Context) error { return p.SetBuffered(on) }
	}
	everybody := func(*http.Request) bool { return true }
	nobody := func(*http.Request) bool { return false }

	is := is.New(t)
	is.True(streams(new(engine.App), firefox, undecided))
	is.True(!streams(new(engine.App), google, undecided))
	is.True(!streams(new(engine.App), firefox, set(true)))
	is.True(streams(new(engine.App), google, set(false)))
	is.True(!streams(&engine.App{Buffer: everybody}, firefox, undecided))
	is.True(streams(&engine.App{Buffer: nobody}, google, undecided))
	is.True(streams(&engine.App{Buffer: everybody}, google, set(false)))
	is.True(!streams(&engine.App{Buffer: nobody}, firefox, set(true)))
}

func TestDefaultBuffer(t *testing.T) {
	for userAgent, want := range map[string]bool{
		"": false, "curl/8.5.0": false, "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15": false,
		"Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)": true,
		"facebookexternalhit/1.1": true, "WhatsApp/2.23.20": true, "GPTBot/1.2": true,
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("User-Agent", userAgent)
		if got := engine.DefaultBuffer(r); got != want {
			t.Errorf("%q: got %v", userAgent, got)
		}
	}
}

// The end of a page that is sent to an HTTP/1.0 client is the end of the
// connection: a page that breaks off would look whole.
func TestHTTP10(t *testing.T) {
	for name, tt := range map[string]struct {
		last   component.Component
		status int
		length int64
	}{"whole": {html("b"), 200, 2}, "failing": {fails(errSecret), 500, int64(len("sorry: 500 Internal Server Error"))}} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			var j journal
			s := start(t, errorApp(&j, page(row{html("a"), flush, later(closed(), tt.last)})))
			conn, err := net.Dial("tcp", s.Listener.Addr().String())
			is.NoErr(err)
			defer conn.Close()
			fmt.Fprint(conn, "GET / HTTP/1.0\r\n\r\n")
			resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
			is.NoErr(err)
			is.Equal(resp.StatusCode, tt.status)
			is.Equal(resp.ContentLength, tt.length)
		})
	}
}

// When the lock falls does not depend on who asks.
func TestABufferedPageLocksLikeAStreamedOne(t *testing.T) {
	is := is.New(t)
	var inPart, late error
	app := engine.App{Logger: slog.New(slog.DiscardHandler)}
	app.Page("/", buffered(row{html("a"), later(closed(), does(func(ctx context.Context) error {
		inPart = response.From(ctx).SetStatus(201)
		late = response.From(ctx).SetBuffered(false)
		return nil
	}))}))
	get(t, &app, "/").expect(t, 200, "a")
	is.True(errors.Is(inPart, response.ErrLocked))
	is.True(errors.Is(late, response.ErrLocked))
}

func TestAPanickingBufferOption(t *testing.T) {
	var j journal
	app := errorApp(&j, page(row{html("a"), flush, later(closed(), html("b"))}))
	app.Buffer = func(*http.Request) bool { panic("option") }
	get(t, app, "/").expect(t, 500, "sorry: 500 Internal Server Error")
}

// A page that is far larger than what a pool keeps.
func TestALargeBufferedPage(t *testing.T) {
	is := is.New(t)
	parts := make(row, 100)
	for i := range parts {
		parts[i] = later(closed(), row{long, long, long})
	}
	s := start(t, buffered(parts))
	for range 2 {
		resp := request(t, s, "GET", "/")
		n, err := io.Copy(io.Discard, resp.Body)
		is.NoErr(err)
		is.Equal(n, int64(300*len(long)))
		is.Equal(resp.ContentLength, n)
	}
}
