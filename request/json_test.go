package request_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/request"
)

type product struct {
	Name  string
	Price struct{ Amount int }
}

func TestJSON(t *testing.T) { // B5.1
	is := is.New(t)
	for _, kind := range []string{"application/json", "Application/JSON; charset=utf-8", "application/problem+json"} {
		p, err := request.JSON[product](post(kind, ` {"name":"rope","price":{"amount":3},"more":1} `))
		is.NoErr(err)
		is.Equal(p.Name, "rope")
		is.Equal(p.Price.Amount, 3)
	}
	n, err := request.JSON[[]int](post("application/json", "[1,2]"))
	is.NoErr(err)
	is.Equal(n, []int{1, 2})
}

func TestJSONErrors(t *testing.T) {
	for _, test := range []struct {
		kind, body string
		code       int
		want       string
	}{
		{"text/plain", `{}`, 415, `request: JSON: the Content-Type is "text/plain": send application/json`},
		{"", `{}`, 415, `request: JSON: the Content-Type is "": send application/json`},
		{"image/svg+json", `{}`, 415, `request: JSON: the Content-Type is "image/svg+json": send application/json`},
		{"application/json", ``, 400, "request: JSON: the body is empty: send a JSON value"},
		{"application/json", ` `, 400, "request: JSON: the body is empty: send a JSON value"},
		{"application/json", `{"name":`, 400, "request: JSON: the body ends within the value: unexpected EOF"},
		{"application/json", `{"name":x}`, 400, "request: JSON: byte 9: invalid character 'x' looking for beginning of value"},
		{"application/json", `{"price":{"amount":"1"}}`, 422, "request: JSON: byte 22: Price.Amount: a JSON string does not fit into int"},
		{"application/json", `{} {}`, 400, "request: JSON: byte 4: there is more after the value: send one"},
		{"application/json", `{}]`, 400, "request: JSON: byte 2: there is more after the value: send one"},
		{"application/json", `{"name":"` + strings.Repeat("x", 1<<20) + `"}`, 413, "request: JSON: the body has more than 1048576 bytes: raise Limits.Body if that is meant"},
		{"application/json", strings.Repeat("[", 20000), 413, "request: JSON: byte 32 is more than 32 objects and arrays deep: raise Limits.Depth if that is meant"},
	} {
		t.Run(test.want, func(t *testing.T) {
			is := is.New(t)
			_, err := request.JSON[product](post(test.kind, test.body))
			var e *request.Error
			is.True(errors.As(err, &e))
			is.Equal(e.Status(), test.code)
			if test.want != "" {
				is.Equal(err.Error(), test.want)
			}
		})
	}
}

func TestJSONLimits(t *testing.T) { // B5.10
	is := is.New(t)
	_, err := request.JSON[product](post("application/json", `{"nam":"x"}`), request.Limits{Strict: true})
	is.Equal(status(err), 422)
	is.True(strings.Contains(err.Error(), `"nam"`))

	unknownLength := func(body io.Reader) *http.Request {
		r := httptest.NewRequest("POST", "/", body)
		r.ContentLength = -1
		r.Header.Set("Content-Type", "application/json")
		return r
	}
	_, err = request.JSON[product](unknownLength(io.MultiReader(strings.NewReader(`{"name":"`), endlessReader{})))
	is.Equal(status(err), 413)
	_, err = request.JSON[product](unknownLength(strings.NewReader(`{}`+strings.Repeat(" ", 2000))), request.Limits{Body: 1000})
	is.Equal(status(err), 413) // also behind the value
	_, err = request.JSON[product](unknownLength(io.MultiReader(strings.NewReader(`{} `), iotest.ErrReader(io.ErrUnexpectedEOF))))
	is.True(errors.Is(err, io.ErrUnexpectedEOF)) // and not about a second value
	_, err = request.JSON[product](&http.Request{Header: http.Header{"Content-Type": {"application/json"}}})
	is.Equal(status(err), 400)
}

func FuzzJSON(f *testing.F) {
	for _, s := range []string{`{"name":"x"}`, `{"price":{"amount":1e400}}`, `[`, `{}{}`, "null", "\xff", `{"name":"\ud800"}`} {
		f.Add("application/json", s)
	}
	f.Fuzz(func(t *testing.T, kind, body string) {
		if _, err := request.JSON[product](post(kind, body)); err != nil && status(err) == 0 {
			t.Fatalf("no status: %v", err)
		}
		if _, err := request.JSON[map[string]any](post(kind, body), request.Limits{Strict: true, Body: 100}); err != nil && status(err) == 0 {
			t.Fatalf("no status: %v", err)
		}
	})
}
