package response_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/response"
)

func TestRedirect(t *testing.T) {
	for _, tt := range []struct {
		url, location string
		method        string
		status        []int
		code          int
	}{
		{"/cart", "/cart", "GET", nil, 302}, // B4.1
		{"/cart", "/cart", "HEAD", nil, 302},
		{"/cart", "/cart", "POST", nil, 303},
		{"/cart", "/cart", "PUT", nil, 303},
		{"/cart", "/cart", "PATCH", nil, 303},
		{"/cart", "/cart", "DELETE", nil, 303},
		{"/cart", "/cart", "POST", []int{307}, 307},
		{"/p?q=1#x", "/p?q=1#x", "GET", []int{301}, 301},
		{"/größe a%20b", "/gr%C3%B6%C3%9Fe%20a%20b", "GET", []int{308}, 308}, // B4.3
		{"https://example.org/", "https://example.org/", "GET", []int{303}, 303},
		{"/\xff", "/%FF", "GET", []int{302}, 302},
	} {
		var redirect *response.RedirectError
		if err := response.Redirect(tt.url, tt.status...); !errors.As(err, &redirect) {
			t.Errorf("%q %v: %v", tt.url, tt.status, err)
			continue
		}
		if redirect.URL != tt.location || redirect.StatusFor(tt.method) != tt.code {
			t.Errorf("%s %q %v: got %q, %d", tt.method, tt.url, tt.status, redirect.URL, redirect.StatusFor(tt.method))
		}
	}
}

func TestRedirectRefuses(t *testing.T) { // B4.2, B4.3
	for _, err := range []error{
		response.Redirect("/x", 200), response.Redirect("/x", 300), response.Redirect("/x", 304), response.Redirect("/x", 404),
		response.Redirect("/a\r\nX: y"), response.Redirect("/a\x00"), response.Redirect("/a\tb"), response.Redirect(""),
	} {
		var redirect *response.RedirectError
		if err == nil || errors.As(err, &redirect) || !strings.HasPrefix(err.Error(), "response: Redirect") {
			t.Errorf("got %v", err)
		}
	}
}

func TestLocalOnly(t *testing.T) { // B4.3
	for _, local := range []string{"/", "/cart", "/a//b", "/a?next=//evil.example", "/ü#x", "/a\\b"} {
		if got, err := response.LocalOnly(local); err != nil || got != local {
			t.Errorf("%q: %q, %v", local, got, err)
		}
	}
	for _, foreign := range []string{
		"", "cart", "//evil.example", `/\evil.example`, `\\evil.example`, "https://evil.example/", "javascript:alert(1)",
		"/\t/evil.example", "/\n/evil.example", "\t//evil.example", "/a\tb", "/a\x00", " //evil.example",
	} {
		if got, err := response.LocalOnly(foreign); err == nil || got != "" {
			t.Errorf("%q: %q, %v", foreign, got, err)
		}
	}
}

func FuzzLocalOnly(f *testing.F) {
	for _, s := range []string{"/a", "//b", "/\\b", "/\t/b", "/a/../..//b", "/%2f/b"} {
		f.Add(s)
	}
	here, _ := url.Parse("https://here.example/login")
	f.Fuzz(func(t *testing.T, s string) {
		local, err := response.LocalOnly(s)
		if err != nil {
			return
		}
		// As browsers read it: backslashes are slashes; tabs and line ends are dropped.
		seen := strings.NewReplacer("\\", "/", "\t", "", "\r", "", "\n", "").Replace(local)
		if u, err := here.Parse(seen); err == nil && (u.Host != here.Host || u.Scheme != here.Scheme) {
			t.Errorf("%q leads to %s", s, u)
		}
		var redirect *response.RedirectError
		if !errors.As(response.Redirect(local), &redirect) {
			t.Errorf("%q cannot be redirected to", s)
		} else if strings.ContainsFunc(redirect.URL, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
			t.Errorf("%q became %q", s, redirect.URL)
		}
	})
}

func TestStatusErrorKeepsItsCauseToItself(t *testing.T) {
	is := is.New(t)
	cause := errors.New("pq: no rows in secret_table")
	err := fmt.Errorf("product 7: %w", response.Status(http.StatusGone, cause))
	var status *response.StatusError
	is.True(errors.As(err, &status))
	is.Equal(status.Code, 410)
	is.Equal(status.Error(), "410 Gone")
	is.True(errors.Is(err, cause))
	is.Equal(response.NotFound().Error(), "404 Not Found")
	is.Equal(response.Status(599).Error(), "status 599")
	for _, code := range []int{0, 100, 199, 600} {
		is.True(!errors.As(response.Status(code), &status))
	}
}

func TestRespond(t *testing.T) {
	is := is.New(t)
	r := &http.Response{StatusCode: 418}
	var complete *response.ResponseError
	is.True(errors.As(response.Respond(r), &complete))
	is.True(complete.Response == r)
	is.True(!complete.Merge)
	for _, err := range []error{
		response.Respond(nil), response.Respond(&http.Response{StatusCode: 101}), response.Bytes("", nil, 1000),
		response.Bytes("text/plain\r\n", nil), response.JSON(func() {}),
	} {
		is.True(err != nil)
		is.True(!errors.As(err, &complete))
	}
}

func TestJSON(t *testing.T) { // B8.10
	is := is.New(t)
	var complete *response.ResponseError
	is.True(errors.As(response.JSON(map[string]int{"id": 7}, 201), &complete))
	body, err := io.ReadAll(complete.Response.Body)
	is.NoErr(err)
	is.Equal(string(body), `{"id":7}`)
	is.Equal(complete.Response.StatusCode, 201)
	is.Equal(complete.Response.ContentLength, int64(len(body)))
	is.Equal(complete.Response.Header.Get("Content-Type"), "application/json")
	is.True(errors.As(response.Bytes("", []byte("x")), &complete))
	is.Equal(complete.Response.Header.Get("Content-Type"), "application/octet-stream")
}

// What net/http would mend or drop is refused, and so is what belongs to a connection.
func TestRespondRefusesFields(t *testing.T) {
	for name, header := range map[string]http.Header{
		"Connection":        {"Connection": {"close"}},
		"in any case":       {"transfer-encoding": {"chunked"}},
		"Keep-Alive":        {"Keep-Alive": {"timeout=5"}},
		"Upgrade":           {"Upgrade": {"h2c"}},
		"Trailer":           {"Trailer": {"X"}},
		"a name":            {"X Y": {"1"}},
		"no name":           {"": {"1"}},
		"a value":           {"X": {"ok", "a\r\nY: b"}},
		"two lengths":       {"Content-Length": {"1", "1"}},
		"a negative length": {"Content-Length": {"-1"}},
		"no length":         {"Content-Length": {"many"}},
	} {
		t.Run(name, func(t *testing.T) {
			err := response.Respond(&http.Response{Header: header})
			var taken *response.ResponseError
			if err == nil || errors.As(err, &taken) || !strings.HasPrefix(err.Error(), "response: Respond") {
				t.Errorf("got %v", err)
			}
		})
	}
	fine := http.Header{"Content-Length": {"3"}, "X": {"ö", ""}, "Set-Cookie": {"a=b", "c=d"}}
	var taken *response.ResponseError
	if err := response.Respond(&http.Response{Header: fine}); !errors.As(err, &taken) {
		t.Errorf("got %v", err)
	}
}
