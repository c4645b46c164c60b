package response_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/cookie"
	"github.com/ropewalk/ropewalk/response"
)

func newContext() *response.Context {
	return response.New(httptest.NewRequest("GET", "/", nil), response.Options{})
}

func commit(c *response.Context, h http.Header) http.Header {
	if h == nil {
		h = http.Header{}
	}
	response.NewController(c).Commit(h)
	return h
}

func TestHeaderIsMergedIntoTheWriters(t *testing.T) {
	is := is.New(t)
	c := newContext()
	is.NoErr(c.Header().Set("x-set", "page"))
	is.NoErr(c.Header().Add("Vary", "Cookie"))
	is.NoErr(c.Header().Del("X-Gone"))
	is.NoErr(c.Header().Set("X-Both", "old"))
	is.NoErr(c.Header().Add("X-Both", "new"))
	is.Equal(c.Header().Get("X-Set"), "page")
	is.Equal(c.Header().Values("x-both"), []string{"old", "new"})
	is.True(!c.Header().Has("X-Gone"))

	h := commit(c, http.Header{"X-Set": {"middleware"}, "Vary": {"Accept"}, "X-Gone": {"1"}, "X-Other": {"1"}})
	is.Equal(h, http.Header{
		"X-Set": {"page"}, "Vary": {"Accept", "Cookie"}, "X-Both": {"old", "new"}, "X-Other": {"1"},
	})
}

func TestHeaderRefusesWhatHTTPDoesNotAllow(t *testing.T) { // B2.8
	for _, f := range [][2]string{
		{"X", "a\r\nSet-Cookie: b"}, {"X", "a\nb"}, {"X", "a\rb"}, {"X", "a\x00b"}, {"X", "a\x7fb"},
		{"", "v"}, {"a b", "v"}, {"a:", "v"}, {"ä", "v"}, {"a\r\nb", "v"},
	} {
		c := newContext()
		for _, err := range []error{c.Header().Set(f[0], f[1]), c.Header().Add(f[0], f[1])} {
			if err == nil || strings.ContainsAny(err.Error(), "\r\n\x00") {
				t.Errorf("%q: %q: error %q", f[0], f[1], err)
			}
		}
		if h := commit(c, nil); len(h) != 0 {
			t.Errorf("%q: %q: the header holds %v", f[0], f[1], h)
		}
	}
	if err := newContext().Header().Set("X", "tab\t and ü are fine"); err != nil {
		t.Error(err)
	}
}

func TestStatus(t *testing.T) {
	is := is.New(t)
	c := newContext()
	is.Equal(c.Status(), 200)
	is.NoErr(c.SetStatus(404)) // B2.3
	is.Equal(c.Status(), 404)
	for _, code := range []int{-1, 0, 100, 199, 600} {
		is.True(c.SetStatus(code) != nil)
	}
	is.Equal(c.Status(), 404)
}

var seen = cookie.Cookie[int]{Name: "seen"}

func TestLockedErrorNamesTheCallersLine(t *testing.T) { // B2.5, B3.16
	var logged []*response.LockedError
	c := response.New(httptest.NewRequest("GET", "/", nil), response.Options{
		OnLocked: func(e *response.LockedError) { logged = append(logged, e) },
	})
	if c.Locked() {
		t.Fatal("locked from the start")
	}
	response.NewController(c).Lock()
	response.NewController(c).Lock()

	_, file, line, _ := runtime.Caller(0)
	errs := []error{
		c.Header().Set("Cache-Control", "x"),
		c.Header().Add("Vary", "x"),
		c.Header().Del("X-Y"),
		c.SetStatus(404),
		c.OnCommit(func(http.Header) {}),
		seen.Set(c.Cookies(), 1),
		c.Cookies().Set(&http.Cookie{Name: "raw", Value: "v"}),
		c.SetBuffered(true),
		c.SetCompressed(false),
	}
	calls := []string{
		`Header.Set("Cache-Control")`, `Header.Add("Vary")`, `Header.Del("X-Y")`, `SetStatus(404)`,
		`OnCommit()`, `Cookie.Set("seen")`, `Cookies.Set("raw")`, `SetBuffered(true)`, `SetCompressed(false)`,
	}
	if len(logged) != len(errs) {
		t.Errorf("OnLocked saw %d of %d", len(logged), len(errs))
	}
	for i, err := range errs {
		var locked *response.LockedError
		if !errors.As(err, &locked) || !errors.Is(err, response.ErrLocked) {
			t.Fatalf("%s: error %v", calls[i], err)
		}
		want := fmt.Sprintf("response: %s at context_test.go:%d: the response has started", calls[i], line+2+i)
		if first, _, _ := strings.Cut(err.Error(), ";"); first != want {
			t.Errorf("got  %s\nwant %s", first, want)
		}
		if locked.File != file || locked.Caller != fmt.Sprintf("%s:%d", filepath.Base(file), locked.Line) {
			t.Errorf("%s: %+v", calls[i], locked)
		}
	}
	if h := commit(c, nil); len(h) != 0 || c.Status() != 200 {
		t.Errorf("the refused changes came through: %v", h)
	}
}

func TestCommitCompletesTheHeadOnce(t *testing.T) {
	is := is.New(t)
	c := newContext()
	is.NoErr(c.Header().Set("X-A", "1"))
	is.NoErr(seen.Set(c.Cookies(), 7))
	h := http.Header{}
	is.True(response.NewController(c).Commit(h))
	is.True(c.Locked())
	is.Equal(h.Get("X-A"), "1")
	is.True(strings.HasPrefix(h.Get("Set-Cookie"), "seen=7;"))
	is.True(!response.NewController(c).Commit(h))
	is.Equal(len(h["Set-Cookie"]), 1)
}

func TestHooksRunInReverseAndSeeTheWholeHead(t *testing.T) { // B2.6
	is := is.New(t)
	c := newContext()
	var order []string
	is.NoErr(c.OnCommit(func(h http.Header) {
		order = append(order, "first")
		h.Set("X-Last-Word", "first")
		h.Del("X-Writer")
	}))
	is.NoErr(c.OnCommit(func(h http.Header) {
		order = append(order, "second:"+h.Get("X-Page")+h.Get("X-Writer"))
		h.Set("X-Last-Word", "second")
		is.True(strings.HasPrefix(h.Get("Set-Cookie"), "seen=7;"))
		is.True(c.Locked())
		is.Equal(c.Header().Get("X-Page"), "p") // a hook may read the context
	}))
	is.NoErr(c.Header().Set("X-Page", "p"))
	is.NoErr(seen.Set(c.Cookies(), 7))
	h := commit(c, http.Header{"X-Writer": {"w"}})
	is.Equal(order, []string{"second:pw", "first"})
	is.Equal(h.Get("X-Last-Word"), "first")
	is.True(h["X-Writer"] == nil)
	is.True(c.OnCommit(nil) != nil)
}

func TestAPanickingHookLeavesTheHeadAlone(t *testing.T) {
	is := is.New(t)
	c := newContext()
	is.NoErr(c.OnCommit(func(h http.Header) { h.Set("X-Good", "1") }))
	is.NoErr(c.OnCommit(func(h http.Header) { h.Set("X-Bad", "1"); panic("hook") }))
	is.NoErr(c.Header().Set("X-Page", "1"))
	h := http.Header{"X-Writer": {"1"}}
	func() {
		defer func() { is.Equal(recover(), "hook") }()
		response.NewController(c).Commit(h)
	}()
	is.Equal(h, http.Header{"X-Writer": {"1"}})

	next := response.NewController(c).Replace(500, func(string) bool { return false })
	is.Equal(commit(next, h).Get("X-Good"), "1") // the good hook still runs, the bad one does not
}

func TestReplaceBesideAPanickingHook(t *testing.T) {
	c := newContext()
	c.OnCommit(func(http.Header) { panic("hook") })
	var wg sync.WaitGroup
	wg.Go(func() {
		defer func() { recover() }()
		commit(c, nil)
	})
	wg.Go(func() { response.NewController(c).Replace(500, func(string) bool { return true }) })
	wg.Wait()
}

func TestReplaceKeepsWhatItShould(t *testing.T) { // B3.15, B9.3
	is := is.New(t)
	c := newContext()
	is.NoErr(c.SetStatus(201))
	is.NoErr(c.Header().Set("X-Extra", "1"))
	is.NoErr(c.Header().Set("Content-Type", "text/csv"))
	is.NoErr(seen.Set(c.Cookies(), 7))
	is.NoErr(c.OnCommit(func(h http.Header) { h.Set("X-Hook", "1") }))
	response.NewController(c).Lock()

	next := response.NewController(c).Replace(404, func(name string) bool { return name != "Content-Type" })
	is.True(c.Locked())
	is.True(!next.Locked())
	is.True(next.Request == c.Request)
	is.NoErr(next.Header().Add("X-Extra", "2"))
	is.NoErr(next.SetStatus(404))
	is.True(next.SetStatus(200) != nil) // B2.4
	value, err := seen.Get(next.Cookies())
	is.NoErr(err)
	is.Equal(value, 7)

	is.Equal(len(commit(c, nil)), 0) // the old one writes nothing any more
	h := commit(next, nil)
	is.Equal(next.Status(), 404)
	is.Equal(h["X-Extra"], []string{"1", "2"})
	is.Equal(h.Get("Content-Type"), "")
	is.Equal(h.Get("X-Hook"), "1")
	is.Equal(len(h["Set-Cookie"]), 1)
}

func TestFrom(t *testing.T) {
	is := is.New(t)
	c := newContext()
	is.True(response.From(response.With(t.Context(), c)) == c)

	none := response.From(t.Context())
	is.True(none == nil)
	is.True(none.Locked())
	is.Equal(none.Status(), 200)
	is.Equal(none.Header().Get("X"), "")
	is.True(!none.Cookies().Has("seen"))
	for _, err := range []error{
		none.Header().Set("X", "y"), none.SetStatus(404), none.OnCommit(func(http.Header) {}), seen.Set(none.Cookies(), 1),
	} {
		is.True(err != nil)
		is.True(strings.Contains(err.Error(), "there is no response in this context"))
	}
}

// The race detector is the judge; that nothing is lost or let in late, the test.
func TestConcurrentUse(t *testing.T) {
	c := newContext()
	h := http.Header{}
	accepted := make([]bool, 64)
	var wg sync.WaitGroup
	for i := range accepted {
		wg.Go(func() {
			name := fmt.Sprintf("X-%d", i)
			accepted[i] = c.Header().Set(name, "1") == nil
			_ = c.SetStatus(404)
			_ = seen.Set(c.Cookies(), i)
			_ = c.Header().Values(name)
			if i == len(accepted)/2 {
				response.NewController(c).Commit(h)
			}
		})
	}
	wg.Wait()
	for i, ok := range accepted {
		if _, sent := h[fmt.Sprintf("X-%d", i)]; sent != ok {
			t.Errorf("header %d: accepted %v, sent %v", i, ok, sent)
		}
	}
}
