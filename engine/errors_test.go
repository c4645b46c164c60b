package engine_test

import (
	"context"
	"errors"
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
	"github.com/ropewalk/ropewalk/stream"
)

var errSecret = errors.New("pq: password of shop_admin is wrong")

// errorApp has a page at / and an error page for everything.
func errorApp(j *journal, p engine.PageFunc) *engine.App {
	app := &engine.App{Logger: j.logger()}
	app.Page("/", p)
	app.Error(0, func(p *response.Context, err error) (component.Component, error) {
		return html(fmt.Sprintf("sorry: %v", err)), nil
	})
	return app
}

func TestAnErrorBeforeTheFirstByteIsAnErrorPage(t *testing.T) { // B1.17, B1.18
	hold := make(chan struct{}) // never closed
	for name, tt := range map[string]struct {
		page   engine.PageFunc
		status int
		logged string
	}{
		"page returns":     {pageError(errSecret), 500, "shop_admin"},
		"page panics":      {func(*response.Context) (component.Component, error) { panic(errSecret) }, 500, "shop_admin"},
		"component fails":  {page(row{html("dropped"), fails(errSecret)}), 500, "shop_admin"},
		"component panics": {page(row{html("dropped"), panics("shop_admin")}), 500, "shop_admin"},
		"fails after a fork": {page(row{html("dropped"), later(hold, html("x")), fails(errSecret)}), 500,
			"shop_admin"},
		"panic with a status":   {page(panics(response.NotFound())), 500, "404"},
		"status from a page":    {pageError(response.Status(503, errSecret)), 503, "shop_admin"},
		"status, wrapped":       {pageError(fmt.Errorf("product: %w", response.Status(502, errSecret))), 502, "shop_admin"},
		"status, component":     {page(row{html("dropped"), fails(response.Status(503, errSecret))}), 503, "shop_admin"},
		"status around panic":   {pageError(response.Status(502, &stream.PanicError{Value: errSecret})), 502, "shop_admin"},
		"a refused redirect":    {pageError(response.Redirect("/", 200)), 500, "not a redirect"},
		"a status made wrong":   {pageError(&response.StatusError{Code: 99, Err: errSecret}), 500, "shop_admin"},
		"a redirect made wrong": {pageError(&response.RedirectError{URL: "/\r\nX: y"}), 500, "redirect"},
	} {
		t.Run(name, func(t *testing.T) {
			var j journal
			a := get(t, errorApp(&j, tt.page), "/")
			a.expect(t, tt.status, fmt.Sprintf("sorry: %d %s", tt.status, http.StatusText(tt.status)))
			a.expectHeader(t, "Content-Type", "text/html; charset=utf-8")
			entry := j.expectOne(t, "answered with an error", tt.logged)
			if entry["path"] != "/" || entry["method"] != "GET" || entry["status"] != float64(tt.status) {
				t.Errorf("got %v in the log", entry)
			}
			if stack, _ := entry["stack"].(string); strings.Contains(name, "panics") && !strings.Contains(stack, "_test.go") {
				t.Errorf("the log has no stack that leads here: %q", stack)
			}
		})
	}
}

func TestErrorsOfTheVisitorAreNotErrorsOfTheServer(t *testing.T) {
	for _, err := range []error{response.NotFound(), response.Status(403, errSecret), &http.MaxBytesError{Limit: 1}, statusHint{}} {
		var j journal
		a := get(t, errorApp(&j, pageError(err)), "/")
		if a.StatusCode < 400 || a.StatusCode > 499 {
			t.Errorf("%v: status %d", err, a.StatusCode)
		}
		if logged := j.entries(slog.LevelError); len(logged) != 0 {
			t.Errorf("%v: logged as %v", err, logged)
		}
	}
}

type statusHint struct{}

func (statusHint) Error() string { return "the form has no name" }
func (statusHint) Status() int   { return 422 }

func TestAnErrorCanSayItsStatus(t *testing.T) {
	get(t, pageError(fmt.Errorf("sign up: %w", statusHint{})), "/").expect(t, 422, "422 Unprocessable Entity\n")
}

func TestAnErrorPageGetsTheCauseIfItAsks(t *testing.T) {
	for name, failing := range map[string]error{
		"status": response.Status(500, errSecret), "plain": errSecret, "wrapped": fmt.Errorf("x: %w", errSecret),
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			var j journal
			app := engine.App{Logger: j.logger()}
			app.Page("/", pageError(failing))
			app.Error(500, func(p *response.Context, err error) (component.Component, error) {
				var status *response.StatusError
				is.True(errors.As(err, &status))
				is.Equal(err.Error(), "500 Internal Server Error")
				is.True(errors.Is(err, errSecret))
				is.Equal(p.Status(), 500)
				is.True(response.From(p.Request.Context()) == p)
				return does(func(ctx context.Context) error {
					is.True(response.From(ctx) == p)
					return nil
				}), nil
			})
			get(t, &app, "/").expect(t, 500, "")
		})
	}
}

func TestAnErrorAfterTheFirstByteCutsTheConnection(t *testing.T) { // B1.19
	for name, last := range map[string]component.Component{
		"error": fails(errSecret), "panic": panics(errSecret), "status": fails(response.Status(503, errSecret)),
		"redirect": fails(response.Redirect("/")),
	} {
		t.Run(name, func(t *testing.T) {
			for version, serve := range map[string]func(*testing.T, http.Handler) *httptest.Server{"HTTP1": start, "HTTP2": startHTTP2} {
				t.Run(version, func(t *testing.T) {
					is := is.New(t)
					var j journal
					received := make(chan struct{})
					s := serve(t, errorApp(&j, page(row{html("begin"), flush, later(received, last), html("never sent")})))
					resp, err := s.Client().Get(s.URL)
					is.NoErr(err)
					defer resp.Body.Close()
					is.Equal(resp.StatusCode, 200)
					expectNext(t, resp.Body, "begin")
					close(received)
					rest, err := io.ReadAll(resp.Body)
					is.Equal(string(rest), "")
					is.True(err != nil)
					s.Close() // waits for the handler
					entry := j.expectOne(t, "cut off", "")
					is.True(name == "redirect" || strings.Contains(entry["error"].(string), "shop_admin"))
					is.True(name != "panic" || strings.Contains(entry["stack"].(string), "_test.go"))
				})
			}
		})
	}
}

// No second answer is appended to one that has begun, whatever it would be.
func TestAnAnswerAfterTheFirstByteCutsTheConnection(t *testing.T) {
	for _, err := range []error{errSecret, response.NotFound(), response.Redirect("/x"), response.JSON(1)} {
		t.Run(err.Error(), func(t *testing.T) {
			var j journal
			app := engine.App{Logger: j.logger()}
			app.Page("/", pageError(err))
			app.Middleware(func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					io.WriteString(w, "begin")
					w.(http.Flusher).Flush()
					next.ServeHTTP(w, r)
				})
			})
			get(t, &app, "/").expectCut(t, "begin")
			j.expectOne(t, "half-way", err.Error())
		})
	}
}

func TestABlockingPartDecidesTheResponse(t *testing.T) {
	load := func(err error) component.Component {
		return component.Async(func(context.Context) (component.Component, error) { return html("x"), err })
	}
	for name, tt := range map[string]struct {
		err    error
		status int
		body   string
	}{
		"not found": {response.NotFound(), 404, "sorry: 404 Not Found"},
		"redirect":  {response.Redirect("/login"), 302, ""},
		"fine":      {nil, 200, "ax"},
	} {
		t.Run(name, func(t *testing.T) {
			var j journal
			get(t, errorApp(&j, page(row{html("a"), component.Blocking(load(tt.err))})), "/").expect(t, tt.status, tt.body)
		})
	}
	caught := component.Catch(load(errSecret), func(error) component.Component { return html("fallback") })
	var j journal
	get(t, errorApp(&j, page(row{html("a"), flush, caught})), "/").expect(t, 200, "afallback")
}

func TestErrAbortHandlerPassesThrough(t *testing.T) {
	for name, h := range map[string]engine.PageFunc{
		"page":      func(*response.Context) (component.Component, error) { panic(http.ErrAbortHandler) },
		"component": page(panics(http.ErrAbortHandler)),
		"part":      page(row{html("x"), later(closed(), panics(http.ErrAbortHandler))}),
	} {
		t.Run(name, func(t *testing.T) {
			var j journal
			if a := get(t, errorApp(&j, h), "/"); a.err == nil {
				t.Errorf("got %d %q", a.StatusCode, a.body)
			}
			if logged := j.entries(slog.LevelError); len(logged) != 0 {
				t.Errorf("logged as %v", logged)
			}
		})
	}
}

func TestRedirects(t *testing.T) { // B4.1, B4.6, B3.15
	set := func(p *response.Context) {
		p.Header().Set("Content-Type", "text/csv")
		p.Header().Set("Cache-Control", "no-store")
		seen.Set(p.Cookies(), 7)
	}
	for name, f := range map[string]engine.PageFunc{
		"page": func(p *response.Context) (component.Component, error) {
			set(p)
			return nil, response.Redirect("/ö")
		},
		"component": func(p *response.Context) (component.Component, error) {
			set(p)
			return row{html("dropped"), fails(response.Redirect("/ö"))}, nil
		},
		"a part that blocks": func(p *response.Context) (component.Component, error) {
			set(p)
			return row{html("dropped"), component.Blocking(later(closed(), fails(response.Redirect("/ö")))), html("x")}, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			var j journal
			s := start(t, errorApp(&j, f))
			a := ask(t, s, "GET", "/")
			a.expect(t, 302, "")
			a.expectHeader(t, "Location", "/%C3%B6")
			a.expectHeader(t, "Set-Cookie", "seen=7; Path=/; HttpOnly; Secure; SameSite=Lax")
			a.expectHeader(t, "Cache-Control", "no-store")
			a.expectHeader(t, "Content-Type", "")
			a.expectHeader(t, "Content-Length", "0")
			ask(t, start(t, f), "POST", "/").expect(t, 303, "")
			if logged := j.entries(slog.LevelError); len(logged) != 0 {
				t.Errorf("logged as %v", logged)
			}
		})
	}
}

func TestAHookSeesTheLocation(t *testing.T) { // B2.6
	hook := func(h http.Header) { h.Set("Location", "/base"+h.Get("Location")) }
	app := engine.App{Logger: slog.New(slog.DiscardHandler)}
	app.Page("/", func(p *response.Context) (component.Component, error) {
		p.OnCommit(hook)
		return nil, response.Redirect("/x")
	})
	s := start(t, &app)
	ask(t, s, "GET", "/").expectHeader(t, "Location", "/base/x")
	hook = func(http.Header) { panic("hook") }
	a := ask(t, s, "GET", "/")
	a.expect(t, 500, "500 Internal Server Error\n")
	a.expectHeader(t, "Location", "")
}

func TestStatusBelow400HasNoPage(t *testing.T) {
	a := get(t, engine.PageFunc(func(p *response.Context) (component.Component, error) {
		p.Header().Set("ETag", `"7"`)
		return nil, response.Status(304)
	}), "/")
	a.expect(t, 304, "")
	a.expectHeader(t, "Etag", `"7"`)
	get(t, pageError(response.Status(204)), "/").expect(t, 204, "")
	get(t, pageError(response.Status(202)), "/").expect(t, 202, "")
}

// body tells when it is closed.
type body struct {
	io.Reader
	closed chan struct{}
}

func (b body) Close() error { close(b.closed); return nil }

func TestRespond(t *testing.T) { // B2.9, B3.15
	ended := make(chan struct{})
	a := get(t, engine.PageFunc(func(p *response.Context) (component.Component, error) {
		p.Header().Set("X-Page", "1")
		seen.Set(p.Cookies(), 7)
		p.OnCommit(func(h http.Header) { h.Set("X-Hook", "1") })
		return nil, response.Respond(&http.Response{
			StatusCode: 404, // B8.6: not turned into the error page
			Header:     http.Header{"Content-Type": {"text/csv"}, "X-Theirs": {"1", "2"}},
			Body:       body{strings.NewReader("a,b"), ended},
		})
	}), "/")
	a.expect(t, 404, "a,b")
	a.expectHeader(t, "Content-Type", "text/csv")
	a.expectHeader(t, "X-Theirs", "1|2")
	a.expectHeader(t, "X-Hook", "1")
	a.expectHeader(t, "X-Page", "")
	a.expectHeader(t, "Set-Cookie", "seen=7; Path=/; HttpOnly; Secure; SameSite=Lax")
	<-ended
}

// A header that several answers are made with stays as it is.
func TestRespondLeavesTheHeaderAlone(t *testing.T) {
	is := is.New(t)
	lines := append(make([]string, 0, 4), "a=1", "b=2")
	shared := http.Header{"Set-Cookie": lines}
	a := get(t, engine.PageFunc(func(p *response.Context) (component.Component, error) {
		is.NoErr(p.Cookies().Set(&http.Cookie{Name: "session", Value: "secret"}))
		is.NoErr(p.OnCommit(func(h http.Header) { h["Set-Cookie"][0] += "; Secure" }))
		return nil, response.Respond(&http.Response{Header: shared})
	}), "/")
	a.expectHeader(t, "Set-Cookie", "a=1; Secure|b=2|session=secret")
	is.Equal(lines[:3], []string{"a=1", "b=2", ""})
}

type closing struct {
	io.Reader
	closed *bool
}

func (c closing) Close() error { *c.closed = true; return nil }

// The body is closed also if it is not sent.
func TestRespondCloses(t *testing.T) {
	respond := func(closed *bool) error {
		return response.Respond(&http.Response{Body: closing{strings.NewReader("x"), closed}})
	}
	for name, p := range map[string]func(hangUp func(), closed *bool) engine.PageFunc{
		"sent": func(_ func(), closed *bool) engine.PageFunc { return pageError(respond(closed)) },
		"late": func(_ func(), closed *bool) engine.PageFunc {
			return page(row{html("x"), flush, fails(respond(closed))})
		},
		"unseen": func(hangUp func(), closed *bool) engine.PageFunc { hangUp(); return pageError(respond(closed)) },
	} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			ctx, hangUp := context.WithCancel(t.Context())
			defer hangUp()
			closed := false
			app := engine.App{Logger: slog.New(slog.DiscardHandler)}
			h := app.Handler(p(hangUp, &closed))
			caught(func() { h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/", nil)) })
			is.True(closed)
		})
	}
}

func TestRespondWithoutABody(t *testing.T) {
	for _, serve := range []func(*testing.T, http.Handler) *httptest.Server{start, startHTTP2} {
		for _, status := range []int{204, 304} {
			a := ask(t, serve(t, pageError(response.JSON("x", status))), "GET", "/")
			a.expect(t, status, "")
			a.expectHeader(t, "Content-Length", "")
		}
	}
}

func TestRespondStreams(t *testing.T) { // B8.9
	is := is.New(t)
	read, write := io.Pipe()
	s := start(t, pageError(response.Respond(&http.Response{Body: read, ContentLength: -1})))
	go func() { io.WriteString(write, "one") }()
	resp, err := s.Client().Get(s.URL)
	is.NoErr(err)
	defer resp.Body.Close()
	expectNext(t, resp.Body, "one")
	write.CloseWithError(errSecret)
	rest, err := io.ReadAll(resp.Body)
	is.Equal(string(rest), "")
	is.True(err != nil) // cut off, not ended
}

func TestJSON(t *testing.T) {
	s := start(t, engine.PageFunc(func(p *response.Context) (component.Component, error) {
		p.Header().Set("Cache-Control", "no-store")
		p.SetStatus(201)
		return nil, response.JSON([]int{1, 2})
	}))
	a := ask(t, s, "GET", "/")
	a.expect(t, 201, "[1,2]")
	a.expectHeader(t, "Content-Type", "application/json")
	a.expectHeader(t, "Cache-Control", "no-store")
	a.expectHeader(t, "Content-Length", "5")
	a = ask(t, s, "HEAD", "/")
	a.expect(t, 201, "")
	a.expectHeader(t, "Content-Length", "5")
}

func TestErrorPagesKeepWhatIsNotAboutTheBody(t *testing.T) { // B9.3, B3.15
	var j journal
	app := engine.App{Logger: j.logger()}
	failing := func(err error) engine.PageFunc {
		return func(p *response.Context) (component.Component, error) {
			p.SetStatus(201)
			for _, name := range []string{"Content-Type", "Content-Length", "Content-Encoding", "ETag", "Cache-Control", "Vary", "X-Extra"} {
				p.Header().Set(name, "1")
			}
			seen.Set(p.Cookies(), 7)
			return nil, err
		}
	}
	app.Page("/500", failing(errSecret))
	app.Page("/404", failing(response.NotFound()))
	app.Error(0, func(p *response.Context, err error) (component.Component, error) {
		p.Header().Add("Vary", "2")
		other := seen
		other.Name = "other"
		return html("x"), other.Set(p.Cookies(), 8)
	})
	s := start(t, &app)
	for path, cache := range map[string]string{"/500": "", "/404": "1"} {
		a := ask(t, s, "GET", path)
		if a.err != nil || a.body != "x" || "/"+fmt.Sprint(a.StatusCode) != path {
			t.Errorf("%s: %d %q %v", path, a.StatusCode, a.body, a.err)
		}
		a.expectHeader(t, "Content-Type", "text/html; charset=utf-8")
		a.expectHeader(t, "Content-Length", "1")
		a.expectHeader(t, "Content-Encoding", "")
		a.expectHeader(t, "Etag", "")
		a.expectHeader(t, "Cache-Control", cache)
		a.expectHeader(t, "Vary", "1|2")
		a.expectHeader(t, "X-Extra", "1")
		a.expectHeader(t, "Set-Cookie", "seen=7; Path=/; HttpOnly; Secure; SameSite=Lax|other=8; Path=/; HttpOnly; Secure; SameSite=Lax")
	}
}

// What a handler says of its body in the ResponseWriter's own header is not true of an error page.
func TestAnErrorPageAfterAHandlersHeader(t *testing.T) { // B9.3
	var j journal
	app := errorApp(&j, page(html("x")))
	app.Handle("GET /report", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, name := range []string{"Content-Type", "Content-Disposition", "Etag", "X-Kept"} {
			w.Header().Set(name, "report")
		}
		engine.Render(w, r, fails(response.NotFound()))
	}))
	a := get(t, app, "/report")
	a.expect(t, 404, "sorry: 404 Not Found")
	a.expectHeader(t, "Content-Type", "text/html; charset=utf-8")
	a.expectHeader(t, "Content-Disposition", "")
	a.expectHeader(t, "Etag", "")
	a.expectHeader(t, "X-Kept", "report")
}

func TestAFailingErrorPageIsPlainText(t *testing.T) { // B9.2, B9.5
	for name, show := range map[string]engine.ErrorFunc{
		"error":     func(*response.Context, error) (component.Component, error) { return nil, errSecret },
		"itself":    func(_ *response.Context, err error) (component.Component, error) { return nil, err },
		"panic":     func(*response.Context, error) (component.Component, error) { panic("x") },
		"component": func(*response.Context, error) (component.Component, error) { return fails(errSecret), nil },
		"not found": func(*response.Context, error) (component.Component, error) { return nil, response.NotFound() },
	} {
		t.Run(name, func(t *testing.T) {
			var j journal
			app := engine.App{Logger: j.logger()}
			app.Page("/", pageError(response.Status(503, errSecret)))
			app.Error(0, show)
			a := get(t, &app, "/")
			a.expect(t, 503, "503 Service Unavailable\n")
			a.expectHeader(t, "Content-Type", "text/plain; charset=utf-8")
		})
	}
}

func TestAnErrorPageThatFailsHalfWayIsCutOff(t *testing.T) {
	var j journal
	app := engine.App{Logger: j.logger()}
	app.Page("/", pageError(errSecret))
	app.Error(0, func(*response.Context, error) (component.Component, error) {
		return row{html("begin"), flush, fails(errors.New("second"))}, nil
	})
	a := get(t, &app, "/")
	a.expectCut(t, "begin")
	if logged := j.entries(slog.LevelError); len(logged) != 2 {
		t.Errorf("got %v", logged)
	}
}

func TestAnErrorPageMayRedirectAndStream(t *testing.T) {
	app := engine.App{}
	app.Page("/private", pageError(response.Status(401)))
	app.Page("/other", pageError(response.Status(403)))
	app.Error(401, func(*response.Context, error) (component.Component, error) {
		return nil, response.Redirect("/login", 303)
	})
	app.Error(0, func(p *response.Context, err error) (component.Component, error) {
		if p.SetStatus(200) == nil { // B2.4
			t.Error("the status of an error page could be changed")
		}
		return row{html("a"), later(closed(), html("b"))}, nil
	})
	s := start(t, &app)
	ask(t, s, "GET", "/private").expect(t, 303, "")
	ask(t, s, "GET", "/other").expect(t, 403, "ab")
}

func TestAPanickingHookIsAnErrorPage(t *testing.T) {
	bad := func(http.Header) { panic("hook") }
	good := func(h http.Header) { h.Set("X-Good", "1") }
	answers := map[string]error{"tree": nil, "redirect": response.Redirect("/"), "json": response.JSON(1), "error": errSecret}
	for name, err := range answers {
		t.Run(name, func(t *testing.T) {
			var j journal
			a := get(t, errorApp(&j, func(p *response.Context) (component.Component, error) {
				p.OnCommit(good)
				p.OnCommit(bad)
				return html("x"), err
			}), "/")
			if a.err != nil || a.StatusCode != 500 {
				t.Fatalf("got %d %q %v", a.StatusCode, a.body, a.err)
			}
			a.expectHeader(t, "X-Good", "1")
			a.expectHeader(t, "Location", "")
		})
	}
}

func TestADeadlineIsAnErrorAndNotAHangUp(t *testing.T) {
	var j journal
	app := errorApp(&j, page(row{html("x"), does(func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	})}))
	app.Middleware(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx, cancel := context.WithDeadline(r.Context(), time.Unix(0, 0))
			defer cancel()
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	})
	get(t, app, "/").expect(t, 503, "sorry: 503 Service Unavailable")
	j.expectOne(t, "answered with an error", "deadline exceeded")
}
