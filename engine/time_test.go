package engine_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/engine"
	"github.com/ropewalk/ropewalk/response"
	"github.com/ropewalk/ropewalk/stream"
)

// grace is how long what heeds its context may take to return.
const grace = 10 * time.Millisecond

// timedApp has a page and a second for it.
func timedApp(j *journal, p engine.PageFunc) *engine.App {
	app := errorApp(j, p)
	app.Stream.Timeout = time.Second
	return app
}

// The time for a page covers its function, whether that heeds its context or not, and the
// answer does not wait for it.
func TestTimeoutCoversThePageFunction(t *testing.T) {
	sleeps := func(d time.Duration) engine.PageFunc {
		return func(*response.Context) (component.Component, error) { time.Sleep(d); return html("page"), nil }
	}
	for name, tt := range map[string]struct {
		page engine.PageFunc
		want string
		took time.Duration
	}{
		"in time": {sleeps(900 * time.Millisecond), "200 page", 900 * time.Millisecond},
		"deaf":    {sleeps(time.Hour), "503 sorry: 503 Service Unavailable", time.Second + grace},
		"heeds its context": {func(p *response.Context) (component.Component, error) {
			<-p.Request.Context().Done()
			return nil, fmt.Errorf("query: %w", p.Request.Context().Err())
		}, "503 sorry: 503 Service Unavailable", time.Second},
		"its tree has the rest": {func(*response.Context) (component.Component, error) {
			time.Sleep(900 * time.Millisecond)
			return row{does(func(ctx context.Context) error { <-ctx.Done(); return context.Cause(ctx) })}, nil
		}, "503 sorry: 503 Service Unavailable", time.Second},
		"panics":   {func(*response.Context) (component.Component, error) { panic("x") }, "500 sorry: 500 Internal Server Error", 0},
		"vanishes": {func(*response.Context) (component.Component, error) { runtime.Goexit(); return nil, nil }, "500 sorry: 500 Internal Server Error", 0},
		"answers":  {pageError(response.NotFound()), "404 sorry: 404 Not Found", 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var j journal
				began := time.Now()
				w := httptest.NewRecorder()
				app := timedApp(&j, tt.page)
				app.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
				took := time.Since(began)
				if got := fmt.Sprint(w.Code, " ", w.Body); got != tt.want || took != tt.took {
					t.Errorf("got %q after %v, want %q after %v", got, took, tt.want, tt.took)
				}
				if err := app.Abandoned().Wait(t.Context()); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// What a page function does when its time is over changes nothing, and it can know.
func TestAPageFunctionThatIsLeftBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var j journal
		late, cause := make(chan error, 1), make(chan error, 1)
		app := timedApp(&j, func(p *response.Context) (component.Component, error) {
			time.Sleep(time.Minute)
			cause <- context.Cause(p.Request.Context())
			late <- p.Header().Set("X-Late", "1")
			return html("late"), nil
		})
		w := httptest.NewRecorder()
		app.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		is.Equal(w.Code, 503)
		is.True(errors.Is(<-late, response.ErrLocked))
		var timeout *stream.TimeoutError
		is.True(errors.As(<-cause, &timeout) && timeout.After == time.Second)
		is.Equal(w.Header().Get("X-Late"), "")
		is.Equal(w.Body.String(), "sorry: 503 Service Unavailable")
		logged := j.entries(slog.LevelWarn)
		is.Equal(len(logged), 1)
		is.True(strings.Contains(fmt.Sprint(logged[0]["parts"]), "TestAPageFunctionThatIsLeftBehind"))
	})
}

// An error page has as much time as a page.
func TestTimeoutOfAnErrorPage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var j journal
		app := &engine.App{Logger: j.logger(), Stream: stream.Renderer{Timeout: time.Second}}
		app.Page("/", pageError(errSecret))
		app.Error(0, func(*response.Context, error) (component.Component, error) { time.Sleep(time.Hour); return nil, nil })
		began := time.Now()
		w := httptest.NewRecorder()
		app.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		is.Equal(time.Since(began), time.Second+grace)
		is.Equal(w.Code, 500)
		is.Equal(w.Body.String(), "500 Internal Server Error\n")
		is.Equal(app.Abandoned().Running(), 1)
		is.NoErr(app.Abandoned().Wait(t.Context()))
	})
}

// Running out of time is no mistake of the program: 503, unless the page says otherwise.
func TestWhatRanOutOfTimeIsUnavailable(t *testing.T) {
	for name, tt := range map[string]struct {
		err  error
		want int
	}{
		"a query":         {fmt.Errorf("query: %w", context.DeadlineExceeded), 503},
		"a connection":    {&net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}, 503},
		"a component":     {&stream.TimeoutError{After: time.Second}, 503},
		"upstream's time": {response.Status(504, context.DeadlineExceeded), 504},
		"around it":       {fmt.Errorf("user: %w", response.Status(404, context.DeadlineExceeded)), 404},
		"a panic":         {&stream.PanicError{Value: context.DeadlineExceeded}, 500},
		"cancelled":       {context.Canceled, 500}, // not the request: something of the page's own
	} {
		t.Run(name, func(t *testing.T) {
			var j journal
			for _, p := range []engine.PageFunc{pageError(tt.err), page(fails(tt.err)), page(component.Blocking(later(closed(), fails(tt.err))))} {
				a := get(t, errorApp(&j, p), "/")
				if a.StatusCode != tt.want || a.err != nil {
					t.Errorf("answered with %d, %v", a.StatusCode, a.err)
				}
			}
		})
	}
}

// lasting is a page that takes its time after it has begun.
func lasting(set func(*response.Context) error) engine.PageFunc {
	return func(p *response.Context) (component.Component, error) {
		return row{html("head"), hourly}, set(p)
	}
}

// A page may take longer than the server's WriteTimeout if it says so.
func TestAPageCanTakeLongerThanTheServer(t *testing.T) {
	for name, tt := range map[string]struct {
		set  func(*response.Context) error
		want string
	}{
		"no word":         {func(*response.Context) error { return nil }, "cut"},
		"no end":          {func(p *response.Context) error { return p.SetWriteDeadline(time.Time{}) }, "headpart"},
		"a later end":     {func(p *response.Context) error { return p.SetWriteDeadline(time.Now().Add(2 * time.Hour)) }, "headpart"},
		"an earlier end":  {func(p *response.Context) error { return p.SetWriteDeadline(time.Now().Add(time.Second)) }, "cut"},
		"stalling is not": {func(p *response.Context) error { return p.SetStallTimeout(-1) }, "cut"},
	} {
		t.Run(name, func(t *testing.T) {
			virtual(t, &http.Server{WriteTimeout: time.Minute}, lasting(tt.set), func(t *testing.T, l *pipes, took <-chan time.Duration) {
				client := http.Client{Transport: &http.Transport{DialContext: l.dial, DisableKeepAlives: true}}
				resp, err := client.Get("http://x/")
				if err != nil {
					t.Fatal(err)
				}
				defer resp.Body.Close()
				body, err := io.ReadAll(resp.Body)
				got := string(body)
				if err != nil {
					got = "cut"
				}
				<-took
				if got != tt.want {
					t.Errorf("got %q, %v", body, err)
				}
			})
			synctest.Test(t, func(t *testing.T) { // as HTTP/2 does it
				w := &firing{ResponseRecorder: httptest.NewRecorder(), timer: time.NewTimer(time.Minute)}
				ctx := context.WithValue(t.Context(), http.ServerContextKey, &http.Server{WriteTimeout: time.Minute})
				r := httptest.NewRequest("GET", "/", nil).WithContext(ctx)
				r.ProtoMajor, r.ProtoMinor = 2, 0
				w.SetWriteDeadline(time.Now().Add(time.Minute))
				lasting(tt.set).ServeHTTP(w, r)
				if cut := w.fired.Load(); cut != (tt.want == "cut") {
					t.Errorf("the stream was ended: %v", cut)
				}
				w.timer.Stop()
			})
		})
	}
}

// Deadlines are decided like all else: before the response has started, and where there
// are any.
func TestSettingDeadlines(t *testing.T) {
	is := is.New(t)
	w := httptest.NewRecorder()
	var late error
	engine.PageFunc(func(p *response.Context) (component.Component, error) {
		is.True(errors.Is(p.SetWriteDeadline(time.Now()), http.ErrNotSupported))
		return row{flush, does(func(ctx context.Context) error {
			late = errors.Join(response.From(ctx).SetWriteDeadline(time.Time{}))
			is.True(errors.Is(response.From(ctx).SetStallTimeout(time.Hour), response.ErrLocked))
			return nil
		})}, nil
	}).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	is.True(errors.Is(late, response.ErrLocked))
}

// A page has its own StallTimeout, or none.
func TestAPageHasItsOwnStallTimeout(t *testing.T) {
	for own, want := range map[time.Duration]time.Duration{time.Minute: time.Minute, 5 * time.Second: 5 * time.Second, 0: 30 * time.Second, -1: time.Hour} {
		t.Run(own.String(), func(t *testing.T) {
			p := engine.PageFunc(func(p *response.Context) (component.Component, error) { return endless, p.SetStallTimeout(own) })
			virtual(t, &http.Server{WriteTimeout: time.Hour}, p, func(t *testing.T, l *pipes, took <-chan time.Duration) {
				l.hello(t, "")
				if got := <-took; !about(got, want) {
					t.Errorf("the client was cut off after %v, want %v", got, want)
				}
			})
		})
	}
}

// A client at the floor of a kibibyte a second gets its page, whatever the StallTimeout.
func TestTheFloorIsTheSameForEveryStallTimeout(t *testing.T) {
	body := strings.Repeat(string(long), 3)
	for _, limit := range []time.Duration{2 * time.Second, 10 * time.Second, 30 * time.Second, time.Hour} {
		t.Run(limit.String(), func(t *testing.T) {
			app := with(new(engine.App), limit)
			app.Page("/", page(row{html(body), flush, html(body)}))
			virtual(t, new(http.Server), app, func(t *testing.T, l *pipes, took <-chan time.Duration) {
				conn := l.hello(t, "Connection: close\r\n")
				if all := drain(conn, 1024, time.Second); all < 2*len(body) {
					t.Errorf("got %d bytes of %d", all, 2*len(body))
				}
				<-took
			})
		})
	}
}

// drain reads so much each time, and returns how much that was in the end.
func drain(r io.Reader, bytes int64, each time.Duration) (all int) {
	for {
		n, err := io.CopyN(io.Discard, r, bytes)
		all += int(n)
		if err != nil {
			return all
		}
		time.Sleep(each)
	}
}

// Nor does it if the client has left, when there is no other response in its place.
func TestAPageFunctionThatItsClientLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var j journal
		late := make(chan error, 1)
		app := timedApp(&j, func(p *response.Context) (component.Component, error) {
			time.Sleep(time.Minute)
			late <- p.SetWriteDeadline(time.Time{})
			return html("late"), nil
		})
		ctx, leave := context.WithCancel(t.Context())
		time.AfterFunc(time.Millisecond, leave)
		began := time.Now()
		caught(func() { app.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/", nil)) })
		is.Equal(time.Since(began), time.Millisecond+grace)
		is.True(errors.Is(<-late, response.ErrLocked))
		is.NoErr(app.Abandoned().Wait(t.Context()))
	})
}
