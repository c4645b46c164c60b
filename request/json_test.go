package request_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
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

// 1 MB of {}, took 123 MB of memory, and a hundred such requests the machine.
func TestJSONIsBoundedBeforeItIsDecoded(t *testing.T) { // B5.10
	list := func(n int, element string) string {
		return "[" + strings.TrimSuffix(strings.Repeat(element+" ,", n), ",") + "]"
	}
	for _, test := range []struct {
		name, body string
		limits     request.Limits
		code       int
	}{
		{"many", list(300_000, "{}"), request.Limits{}, 413},
		{"just enough", list(9_999, "{}"), request.Limits{}, 0},
		{"one more", list(10_000, "{}"), request.Limits{}, 413},
		{"raised", list(10_000, "{}"), request.Limits{Values: 10_001}, 0},
		{"commas in text", list(1, `"`+strings.Repeat(`,[{\"`, 20_000)+`"`), request.Limits{}, 0},
		{"members", `{"a":1,"b":[2,3],"c":{}}`, request.Limits{Values: 6}, 0},
		{"members, one more", `{"a":1,"b":[2,3],"c":{}}`, request.Limits{Values: 5}, 413},
		{"one value", ` 1 `, request.Limits{Values: 1}, 0},
		{"empty", "[ \n]", request.Limits{Values: 1}, 0},
		{"deep", strings.Repeat("[", 32) + strings.Repeat("]", 32), request.Limits{}, 0},
		{"too deep", strings.Repeat("[", 33) + strings.Repeat("]", 33), request.Limits{}, 413},
		{"too deep in between", strings.Repeat(`{"a":`, 33) + "1" + strings.Repeat("}", 33), request.Limits{}, 413},
		{"beside one another", list(100, "[[]]"), request.Limits{Depth: 3}, 0},
		{"text that does not end", `["` + strings.Repeat("[", 100) + `\`, request.Limits{}, 400},
		{"no UTF-8", "\"\xff\"", request.Limits{}, 400},
	} {
		t.Run(test.name, func(t *testing.T) {
			is := is.New(t)
			_, err := request.JSON[any](post("application/json", test.body), test.limits)
			is.Equal(status(err), test.code)
			is.Equal(err != nil, test.code != 0)
			if test.code == 413 {
				is.True(strings.Contains(err.Error(), "raise Limits."))
			}
		})
	}
}

// A body whose framing breaks says nothing about what the type takes: 400.
func TestBrokenBodies(t *testing.T) { // with a real server, which reads the chunks
	for _, sent := range []struct {
		name, head, body string
		code             int
	}{
		{"chunk size", "Transfer-Encoding: chunked", "zz\r\n{}\r\n", 400},
		{"chunk end", "Transfer-Encoding: chunked", "2\r\n{}xx0\r\n\r\n", 400},
		{"last chunk", "Transfer-Encoding: chunked", "2\r\n{}\r\n", 400},
		{"too short", "Content-Length: 100", "{}", 400},
		{"whole", "Transfer-Encoding: chunked", "2\r\n{}\r\n0\r\n\r\n", 200},
	} {
		for _, kind := range []string{"application/json", urlencoded, "multipart/form-data; boundary=b"} {
			t.Run(sent.name+" "+kind, func(t *testing.T) {
				is := is.New(t)
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					var err error
					if kind == "application/json" {
						_, err = request.JSON[product](r)
					} else {
						_, err = request.Form[order](r)
					}
					w.Header().Set("Connection", "close")
					w.WriteHeader(max(status(err), 200))
				}))
				defer server.Close()
				conn, err := net.Dial("tcp", server.Listener.Addr().String())
				is.NoErr(err)
				defer conn.Close()
				fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\n%s\r\n\r\n%s", kind, sent.head, sent.body)
				is.NoErr(conn.(*net.TCPConn).CloseWrite())
				res, err := http.ReadResponse(bufio.NewReader(conn), nil)
				is.NoErr(err)
				res.Body.Close()
				code := sent.code
				if strings.HasPrefix(kind, "multipart") {
					code = 400 // {} is no multipart form, however it comes
				}
				is.Equal(res.StatusCode, code)
			})
		}
	}
}

// Whoever sends too slowly meets the server's deadline.
func TestSlowBodies(t *testing.T) {
	is := is.New(t)
	slow := func(kind, text string) *http.Request {
		r := httptest.NewRequest("POST", "/", io.MultiReader(strings.NewReader(text), iotest.ErrReader(os.ErrDeadlineExceeded)))
		r.ContentLength = 100
		r.Header.Set("Content-Type", kind)
		return r
	}
	_, err := request.JSON[product](slow("application/json", "{"))
	is.Equal(status(err), 408)
	_, err = request.Form[order](slow(urlencoded, "id="))
	is.Equal(status(err), 408)
	_, err = request.Form[order](slow("multipart/form-data; boundary=b", "--b\r\n"))
	is.Equal(status(err), 408)
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

// FuzzJSONLimits compares what is counted before decoding with what is decoded.
func FuzzJSONLimits(f *testing.F) {
	for _, s := range []string{`{"a":[1,2,{}],"b":"],["}`, `[[],[ ],{"x":[]}]`, `"\\"`, `[1,`, `[[[[[[`, "1 2", `["\\\"",1]`} {
		f.Add(s, 4, 2)
	}
	f.Fuzz(func(t *testing.T, body string, values, depth int) {
		if values <= 0 || depth <= 0 {
			return
		}
		limits := request.Limits{Values: values, Depth: depth}
		if _, err := request.JSON[any](post("application/json", body), limits); err != nil && status(err) == 0 {
			t.Fatalf("no status: %v", err)
		}
		var tree any
		if json.Unmarshal([]byte(body), &tree) != nil {
			return
		}
		n, d := size(tree)
		for _, indent := range []string{"", "\t"} { // written anew, since of two members of one name the tree has one
			text, err := json.MarshalIndent(tree, indent, indent)
			if err != nil {
				t.Fatal(err)
			}
			_, err = request.JSON[any](post("application/json", string(text)), limits)
			if fits := n <= values && d <= depth; fits != (err == nil) {
				t.Fatalf("%s: %d values, %d deep; allowed %d and %d: %v", text, n, d, values, depth, err)
			}
		}
	})
}

// size counts the values in a tree and how deep it is.
func size(tree any) (values, depth int) {
	values = 1
	each := func(v any) {
		n, d := size(v)
		values, depth = values+n, max(depth, d)
	}
	switch tree := tree.(type) {
	case []any:
		for _, v := range tree {
			each(v)
		}
		depth++
	case map[string]any:
		for _, v := range tree {
			each(v)
		}
		depth++
	}
	return values, depth
}
