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

	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/engine"
	"github.com/ropewalk/ropewalk/response"
)

// show prints what a handler answers.
func show(h http.Handler, method, path string) {
	server := httptest.NewServer(h)
	defer server.Close()
	r, _ := http.NewRequest(method, server.URL+path, nil)
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	fmt.Println(resp.StatusCode, resp.Header.Get("Location")+string(body))
}

func Example() {
	var app engine.App
	app.Page("/hello/{name}", func(page *response.Context) (component.Component, error) {
		return component.Text("hello, " + page.Request.PathValue("name")), nil
	})
	show(&app, "GET", "/hello/Ada") // or http.ListenAndServe("127.0.0.1:8080", &app)
	// Output: 200 hello, Ada
}

func ExampleApp_Page() {
	var app engine.App
	app.Page("/cart", func(page *response.Context) (component.Component, error) {
		return component.Text("your cart"), nil
	})
	app.Page("POST /cart", func(page *response.Context) (component.Component, error) {
		return nil, response.Redirect("/cart")
	})
	show(&app, "GET", "/cart")
	show(&app, "POST", "/cart")
	// Output:
	// 200 your cart
	// 303 /cart
}

func ExampleApp_Error() {
	app := engine.App{Logger: slog.New(slog.DiscardHandler)}
	app.Page("/product/{id}", func(page *response.Context) (component.Component, error) {
		if page.Request.PathValue("id") == "7" {
			return nil, errors.New("the database is gone")
		}
		return nil, response.NotFound()
	})
	app.Error(404, func(page *response.Context, err error) (component.Component, error) {
		return component.Text("there is nothing at " + page.Request.URL.Path), nil
	})
	app.Error(0, func(page *response.Context, err error) (component.Component, error) {
		return component.Text("sorry: " + err.Error()), nil
	})
	show(&app, "GET", "/product/1")
	show(&app, "GET", "/product/7")
	show(&app, "GET", "/elsewhere")
	// Output:
	// 404 there is nothing at /product/1
	// 500 sorry: 500 Internal Server Error
	// 404 there is nothing at /elsewhere
}

func ExampleApp_Middleware() {
	var user engine.Key[string]
	var app engine.App
	app.Middleware(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			user.Set(r.Context(), "Ada")
			next.ServeHTTP(w, r)
		})
	})
	app.Page("/", func(page *response.Context) (component.Component, error) {
		name, _ := user.Get(page.Request.Context())
		return component.Text("for " + name), nil
	})
	show(&app, "GET", "/")
	// Output: 200 for Ada
}

func ExamplePageFunc() {
	product := func(page *response.Context) (component.Component, error) {
		return component.Join(
			component.Raw("<h1>Product "), component.Text(page.Request.PathValue("id")), component.Raw("</h1>"),
			component.Async(func(ctx context.Context) (component.Component, error) {
				return component.Raw("<ul>reviews</ul>"), nil // from a slow database
			}),
			component.Raw("<footer></footer>"),
		), nil
	}
	mux := http.NewServeMux() // any router
	mux.Handle("GET /p/{id}", engine.PageFunc(product))
	show(mux, "GET", "/p/7")
	// Output: 200 <h1>Product 7</h1><ul>reviews</ul><footer></footer>
}

func ExampleRender() {
	show(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "private")
		engine.Render(w, r, component.Text("1 < 2"))
	}), "GET", "/")
	// Output: 200 1 &lt; 2
}

func ExampleEncoding() {
	app := engine.App{Encoding: engine.Encoding{MinSize: 10}} // a short page, for once
	app.Page("/", func(page *response.Context) (component.Component, error) {
		return component.Text(strings.Repeat("a page that repeats itself, ", 50)), nil
	})
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Accept-Encoding", "gzip, br;q=0.9")
	rec := httptest.NewRecorder()
	app.ServeHTTP(rec, r)
	fmt.Println(rec.Header()["Content-Encoding"], rec.Header()["Vary"], rec.Body.Len() < 100)
	// Output: [gzip] [Accept-Encoding] true
}

func ExampleApp_Handler() {
	var app engine.App
	app.Error(404, func(page *response.Context, err error) (component.Component, error) {
		return component.Text("our own 404"), nil
	})
	mux := http.NewServeMux() // any router
	mux.Handle("GET /p/{id}", app.Handler(func(page *response.Context) (component.Component, error) {
		return nil, response.NotFound()
	}))
	show(mux, "GET", "/p/7")
	// Output: 404 our own 404
}
