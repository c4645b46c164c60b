package response_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/ropewalk/ropewalk/response"
)

func ExampleContext() {
	page := response.New(httptest.NewRequest("GET", "/", nil), response.Options{})
	page.SetStatus(http.StatusAccepted)
	page.Header().Set("Cache-Control", "private")

	head := http.Header{}
	response.NewController(page).Commit(head) // the engine does this before the first byte
	fmt.Println(page.Status(), head)
	// Output: 202 map[Cache-Control:[private]]
}

func ExampleLockedError() {
	page := response.New(httptest.NewRequest("GET", "/", nil), response.Options{})
	response.NewController(page).Lock() // the engine does this when the first async part starts

	err := page.Header().Set("Cache-Control", "private")
	fmt.Println(errors.Is(err, response.ErrLocked))
	what, _, _ := strings.Cut(err.Error(), " at ")
	fmt.Println(what)
	// Output:
	// true
	// response: Header.Set("Cache-Control")
}

func ExampleContext_OnCommit() {
	page := response.New(httptest.NewRequest("GET", "/", nil), response.Options{})
	page.OnCommit(func(h http.Header) { // a middleware
		if h.Get("Set-Cookie") != "" {
			h.Set("Cache-Control", "no-store")
		}
	})
	page.Cookies().Set(&http.Cookie{Name: "theme", Value: "dark"}) // the page

	head := http.Header{}
	response.NewController(page).Commit(head)
	fmt.Println(head.Get("Cache-Control"))
	// Output: no-store
}

func ExampleRedirect() {
	err := response.Redirect("/größen")
	var redirect *response.RedirectError
	if errors.As(err, &redirect) { // the engine does this
		fmt.Println(redirect.StatusFor("GET"), redirect.StatusFor("POST"), redirect.URL)
	}
	fmt.Println(response.Redirect("/", 200))
	// Output:
	// 302 303 /gr%C3%B6%C3%9Fen
	// response: Redirect("/", 200): 200 is not a redirect: use 301, 302, 303, 307 or 308
}

func ExampleLocalOnly() {
	fmt.Println(response.LocalOnly("/cart?open=1"))
	fmt.Println(response.LocalOnly("//evil.example"))
	// Output:
	// /cart?open=1 <nil>
	//  response: LocalOnly("//evil.example"): want a path on this site that begins with one /
}

func ExampleStatus() {
	err := response.Status(http.StatusServiceUnavailable, errors.New("dial tcp 10.0.0.7: refused"))
	fmt.Println(err)                // for the visitor
	fmt.Println(errors.Unwrap(err)) // for the log
	// Output:
	// 503 Service Unavailable
	// dial tcp 10.0.0.7: refused
}

func ExampleJSON() {
	stock := func(page *response.Context) error {
		return response.JSON(map[string]int{"left": 3})
	}
	err := stock(response.New(httptest.NewRequest("GET", "/stock", nil), response.Options{}))
	var answer *response.ResponseError
	fmt.Println(errors.As(err, &answer), answer.Response.Header.Get("Content-Type"))
	// Output: true application/json
}

func ExampleContext_SetBuffered() {
	report := func(page *response.Context) error {
		// Nobody may take half a report for a whole one, nor cache it.
		return page.SetBuffered(true)
	}
	page := response.New(httptest.NewRequest("GET", "/report", nil), response.Options{})
	fmt.Println(report(page), page.Buffered(func() bool { return false }))
	// Output: <nil> true
}

func ExampleContext_SetCompressed() {
	search := func(page *response.Context) error {
		// The page repeats the question, and its form holds a token.
		return page.SetCompressed(false)
	}
	page := response.New(httptest.NewRequest("GET", "/search?q=rope", nil), response.Options{})
	fmt.Println(search(page), page.Compressed())
	// Output: <nil> false
}
