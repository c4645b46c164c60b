package engine_test

import (
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

// responds is a page that answers with what r makes.
func responds(r func() *http.Response) engine.PageFunc {
	return func(*response.Context) (component.Component, error) { return nil, response.Respond(r()) }
}

// pieces is a body whose reads give one piece each, and then err.
type pieces struct {
	list []string
	err  error
}

func (p *pieces) Close() error { return nil }

func (p *pieces) Read(b []byte) (int, error) {
	if len(p.list) == 0 {
		return 0, p.err
	}
	n := copy(b, p.list[0])
	p.list = p.list[1:]
	return n, nil
}

// A body of unknown length is flushed as it comes, whichever way it says so.
func TestRespondFlushesWhatComes(t *testing.T) { // B8.9
	for _, length := range []int64{-1, 0} {
		for protocol, serve := range bothProtocols {
			t.Run(fmt.Sprint(length, protocol), func(t *testing.T) {
				read, write := io.Pipe()
				s := serve(t, responds(func() *http.Response { return &http.Response{Body: read, ContentLength: length} }))
				go io.WriteString(write, "one")
				resp := request(t, s, "GET", "/")
				expectNext(t, resp.Body, "one")
				io.WriteString(write, "two")
				expectNext(t, resp.Body, "two")
				write.Close()
				expectNext(t, resp.Body, "")
			})
		}
	}
}

// The body is closed when the client leaves, even if it never ends and is never read.
func TestRespondClosesTheBodyOfAClientThatLeaves(t *testing.T) {
	for name, first := range map[string]string{"before its first byte": "", "half-way": "x"} {
		t.Run(name, func(t *testing.T) {
			is := is.New(t)
			var j journal
			read, write := io.Pipe()
			asked := make(chan struct{})
			app := errorApp(&j, func(*response.Context) (component.Component, error) {
				close(asked)
				return nil, response.Respond(&http.Response{Body: read})
			})
			s := start(t, app)
			ctx, leave := context.WithCancel(t.Context())
			r, err := http.NewRequestWithContext(ctx, "GET", s.URL, nil)
			is.NoErr(err)
			answered := make(chan struct{})
			go func() {
				defer close(answered)
				if resp, err := s.Client().Do(r); err == nil {
					defer resp.Body.Close()
					io.ReadAll(resp.Body)
				}
			}()
			<-asked
			if first != "" {
				io.WriteString(write, first)
			}
			leave()
			<-answered
			for err == nil { // until the reader's end is closed
				_, err = io.WriteString(write, "more")
			}
			is.Equal(err, io.ErrClosedPipe)
			s.Close()
			is.Equal(len(j.entries(slog.LevelError)), 0)
		})
	}
}

// A body that fails before its first byte is an error page.
func TestRespondWithABodyThatFails(t *testing.T) {
	late := fmt.Errorf("upstream: %w", context.DeadlineExceeded)
	for name, tt := range map[string]struct {
		resp   http.Response
		status int
		logged string
	}{
		"at once":           {http.Response{Body: &pieces{nil, errSecret}}, 500, errSecret.Error()},
		"of a known length": {http.Response{Body: &pieces{nil, errSecret}, ContentLength: 3}, 500, errSecret.Error()},
		"out of time":       {http.Response{Body: &pieces{nil, late}}, 503, "deadline"},
		"too short":         {http.Response{Body: &pieces{nil, io.EOF}, ContentLength: 3}, 500, "ends after 0 of the 3 bytes"},
		"too long at once":  {http.Response{Body: &pieces{[]string{"abcd"}, io.EOF}, ContentLength: 3}, 500, "longer than the 3 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			var j journal
			get(t, errorApp(&j, responds(func() *http.Response { return &tt.resp })), "/").
				expect(t, tt.status, fmt.Sprintf("sorry: %d %s", tt.status, http.StatusText(tt.status)))
			j.expectOne(t, "answered with an error", tt.logged)
		})
	}
}

// A body that is not as long as it says is told to the log, and to the client where that
// can see it.
func TestRespondWithAnotherLength(t *testing.T) {
	for name, tt := range map[string]struct {
		resp   http.Response
		begin  string
		logged string
	}{
		"short":             {http.Response{Body: &pieces{[]string{"ab"}, io.EOF}, ContentLength: 3}, "ab", "ends after 2 of the 3 bytes"},
		"by its header":     {http.Response{Body: &pieces{[]string{"ab"}, io.EOF}, Header: http.Header{"Content-Length": {"3"}}}, "ab", "ends after 2 of the 3"},
		"long":              {http.Response{Body: &pieces{[]string{"ab", "cd"}, io.EOF}, ContentLength: 3}, "ab", "longer than the 3 bytes"},
		"broken half-way":   {http.Response{Body: &pieces{[]string{"ab"}, errors.New("broken")}, ContentLength: 3}, "ab", "broken"},
		"unknown, half-way": {http.Response{Body: &pieces{[]string{"ab"}, errors.New("broken")}}, "ab", "broken"},
	} {
		for protocol, serve := range bothProtocols {
			t.Run(name+protocol, func(t *testing.T) {
				var j journal
				resp := tt.resp
				list := *resp.Body.(*pieces)
				resp.Body = &list
				s := serve(t, errorApp(&j, responds(func() *http.Response { return &resp })))
				a := ask(t, s, "GET", "/")
				if a.err == nil || !strings.HasPrefix(tt.begin, a.body) {
					t.Errorf("got %q, %v; want a response cut off after %q", a.body, a.err, tt.begin)
				}
				s.Close()
				j.expectOne(t, "cut off", tt.logged)
			})
		}
	}
	var j journal
	get(t, errorApp(&j, func(*response.Context) (component.Component, error) {
		return nil, &response.ResponseError{Response: &http.Response{Body: &pieces{[]string{"[1]"}, io.EOF}, ContentLength: 9}, Merge: true}
	}), "/").expect(t, 500, "sorry: 500 Internal Server Error")
	j.expectOne(t, "answered with an error", "ends after 3 of the 9 bytes")
}

// A response made by hand is refused as Respond refuses it.
func TestAResponseErrorMadeByHand(t *testing.T) {
	for name, h := range map[string]http.Header{"connection": {"Connection": {"x"}}, "value": {"X": {"a\nb"}}} {
		t.Run(name, func(t *testing.T) {
			var j journal
			get(t, errorApp(&j, pageError(&response.ResponseError{Response: &http.Response{Header: h}})), "/").
				expect(t, 500, "sorry: 500 Internal Server Error")
			j.expectOne(t, "answered with an error", "response: Respond")
		})
	}
}

// A Close that panics ends neither the process nor the answer.
func TestABodyWhoseClosePanics(t *testing.T) {
	var j journal
	app := errorApp(&j, responds(func() *http.Response {
		return &http.Response{Body: closePanics{strings.NewReader("body")}}
	}))
	get(t, app, "/").expect(t, 200, "body")
	j.expectOne(t, "closing the body", "boom")
}

type closePanics struct{ io.Reader }

func (closePanics) Close() error { panic("boom") }

// An error page that fails is an error in the log, whatever status it is for.
func TestAFailingErrorPageIsLogged(t *testing.T) { // B9.2
	for _, status := range []int{404, 500} {
		var j journal
		app := &engine.App{Logger: j.logger()}
		app.Page("/", pageError(response.Status(status)))
		app.Error(0, func(*response.Context, error) (component.Component, error) { return nil, errSecret })
		get(t, app, "/").expect(t, status, fmt.Sprintf("%d %s\n", status, http.StatusText(status)))
		logged := j.entries(slog.LevelError)
		if last := logged[len(logged)-1]; last["msg"] != "engine: the error page failed" || last["error"] != errSecret.Error() {
			t.Errorf("%d: logged %v", status, logged)
		}
	}
}
