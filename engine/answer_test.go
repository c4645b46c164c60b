package engine_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/engine"
	forms "github.com/ropewalk/ropewalk/request"
	"github.com/ropewalk/ropewalk/response"
	"github.com/ropewalk/ropewalk/stream"
)

// answers are errors that stand for another response, and the status that they give.
var answers = map[int]func() error{
	302: func() error { return response.Redirect("/login") },
	404: response.NotFound,
	503: func() error { return response.Status(503, errSecret) },
	204: func() error { return response.Status(204) },
	200: func() error { return response.JSON(1) },
	201: func() error { return response.Respond(&http.Response{StatusCode: 201}) },
}

// answersWith is a component that answers.
func answersWith(answer func() error) component.Component {
	return does(func(context.Context) error { return answer() })
}

// An answer is no failure: a Catch lets it through, as deep as it may be.
func TestCatchLetsAnswersThrough(t *testing.T) { // B2.10, B4.6
	sorry := func(error) component.Component { return html("sorry") }
	for status, answer := range answers {
		for name, c := range map[string]component.Component{
			"alone":      component.Catch(answersWith(answer), sorry),
			"deep":       component.Catch(row{html("x"), component.Catch(answersWith(answer), sorry)}, sorry),
			"in a limit": component.Catch(component.Timeout(time.Hour, answersWith(answer)), sorry),
			"blocking":   component.Blocking(component.Catch(later(closed(), answersWith(answer)), sorry)),
		} {
			t.Run(fmt.Sprint(status, name), func(t *testing.T) {
				var j journal
				if a := get(t, errorApp(&j, page(row{html("head"), c})), "/"); a.StatusCode != status || a.err != nil {
					t.Errorf("answered with %d %q, %v", a.StatusCode, a.body, a.err)
				}
				if logged := j.entries(slog.LevelWarn); len(logged) != 0 {
					t.Errorf("logged as %v", logged)
				}
			})
		}
	}
}

// http.ErrAbortHandler is no failure either.
func TestCatchLetsAbortThrough(t *testing.T) {
	for name, c := range map[string]component.Component{"panic": panics(http.ErrAbortHandler), "error": fails(http.ErrAbortHandler)} {
		t.Run(name, func(t *testing.T) {
			var j journal
			caught := component.Catch(c, func(error) component.Component { return html("sorry") })
			if a := get(t, errorApp(&j, page(caught)), "/"); a.err == nil {
				t.Errorf("answered with %d %q", a.StatusCode, a.body)
			}
		})
	}
}

// What an answer of a part becomes depends on its place, and neither on who is quicker nor
// on whether something has left.
func TestAnAnswerOfAPartDependsOnItsPlace(t *testing.T) { // B2.10
	type place func(before, answer component.Component) component.Component
	for name, tt := range map[string]struct {
		place place
		given bool
	}{
		"a part":          {func(before, a component.Component) component.Component { return row{before, a} }, false},
		"after a flush":   {func(before, a component.Component) component.Component { return row{html("x"), flush, before, a} }, false},
		"blocking":        {func(before, a component.Component) component.Component { return component.Blocking(row{before, a}) }, true},
		"blocking, alone": {func(before, a component.Component) component.Component { return row{component.Blocking(a), before} }, true},
		"blocking in a try": {func(before, a component.Component) component.Component {
			return component.Catch(component.Blocking(row{before, a}), func(error) component.Component { return nil })
		}, true},
	} {
		for status, answer := range answers {
			for _, whole := range []bool{false, true} {
				t.Run(fmt.Sprint(name, status, whole), func(t *testing.T) {
					outcome := func(d time.Duration) (got string) {
						synctest.Test(t, func(t *testing.T) {
							var j journal
							app := errorApp(&j, page(tt.place(sleepsFor(5*time.Millisecond, html("first")), sleepsFor(d, answersWith(answer)))))
							app.Buffer = func(*http.Request) bool { return whole }
							w := httptest.NewRecorder()
							caught(func() { app.ServeHTTP(w, httptest.NewRequest("GET", "/", nil)) })
							errors := j.entries(slog.LevelError)
							misplaced := len(errors) == 1 && strings.Contains(errors[0]["error"].(string), "Blocking")
							got = fmt.Sprint(w.Code == status && !misplaced, misplaced)
						})
						return got
					}
					want := fmt.Sprint(tt.given, !tt.given)
					for _, d := range []time.Duration{0, time.Millisecond, 10 * time.Millisecond, time.Second} {
						if got := outcome(d); got != want {
							t.Errorf("after %v: given, misplaced: %s; want %s", d, got, want)
						}
					}
				})
			}
		}
	}
}

// sleepsFor is a part that takes so long.
func sleepsFor(d time.Duration, c component.Component) component.Component {
	return component.Async(func(ctx context.Context) (component.Component, error) {
		select {
		case <-time.After(d + 1): // a timer of zero is not for bubbles
			return c, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	})
}

// The body of an answer that is not given is closed.
func TestAMisplacedAnswerIsClosed(t *testing.T) {
	for name, before := range map[string]component.Component{"before the head": nil, "after it": row{html("x"), flush}} {
		t.Run(name, func(t *testing.T) {
			var j journal
			ended := make(chan struct{})
			answer := func() error { return response.Respond(&http.Response{Body: body{strings.NewReader("x"), ended}}) }
			tree := row{later(closed(), answersWith(answer))}
			if before != nil {
				tree = row{before, tree}
			}
			get(t, errorApp(&j, page(tree)), "/")
			<-ended
		})
	}
}

// A part that ignores its context holds neither a fallback nor an error page nor the end
// of a page, and is seen by those who look.
func TestADeafPartHoldsNothing(t *testing.T) {
	part := component.Async(func(context.Context) (component.Component, error) {
		time.Sleep(time.Hour)
		return html("late"), nil
	})
	limited := component.Catch(component.Timeout(50*time.Millisecond, part), func(error) component.Component { return html("no time") })
	for name, tt := range map[string]struct {
		page engine.PageFunc
		want string
		took time.Duration // without grace
	}{
		"in a Timeout": {page(row{html("head "), limited, html(" tail")}), "200 head no time tail", 50 * time.Millisecond},
		"of the page":  {buffered(row{html("head "), part}), "503 sorry: 503 Service Unavailable", time.Second},
		"beside an error": {page(row{component.Blocking(row{part, sleepsFor(time.Millisecond, fails(errSecret))})}),
			"500 sorry: 500 Internal Server Error", time.Millisecond},
		"beside a redirect": {page(row{component.Blocking(row{part, sleepsFor(time.Millisecond, fails(response.Redirect("/")))})}),
			"302 ", time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				is := is.New(t)
				var j journal
				app := timedApp(&j, tt.page)
				w := httptest.NewRecorder()
				began := time.Now()
				app.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
				is.Equal(fmt.Sprint(w.Code, " ", w.Body), tt.want)
				is.True(time.Since(began) <= tt.took+2*grace)
				is.Equal(app.Abandoned().Running(), 1)
				logged := j.entries(slog.LevelWarn)
				last := logged[len(logged)-1]
				is.True(strings.Contains(fmt.Sprint(last["parts"]), "TestADeafPartHoldsNothing"))

				body := w.Body.String()
				is.NoErr(app.Abandoned().Wait(t.Context()))
				is.Equal(w.Body.String(), body) // it does not touch the response
			})
		})
	}
}

// A form that is read inside of a part is read, whatever has left before.
func TestAFormReadInAPart(t *testing.T) {
	for protocol, serve := range bothProtocols {
		t.Run(protocol, func(t *testing.T) {
			flushed := make(chan struct{})
			s := serve(t, engine.PageFunc(func(p *response.Context) (component.Component, error) {
				return row{html("head "), flush, later(flushed, stream.Func(func(_ context.Context, w io.Writer) error {
					form, err := forms.Form[struct{ Name string }](p.Request)
					io.WriteString(w, form.Name)
					return err
				}))}, nil
			}))
			resp, err := s.Client().Post(s.URL, "application/x-www-form-urlencoded", strings.NewReader("Name=Ada"))
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			expectNext(t, resp.Body, "head ")
			close(flushed)
			rest, err := io.ReadAll(resp.Body)
			if err != nil || string(rest) != "Ada" {
				t.Errorf("got %q, %v", rest, err)
			}
		})
	}
}
