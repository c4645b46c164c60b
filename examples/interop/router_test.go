package interop

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/cookie"
	"github.com/ropewalk/ropewalk/engine"
	"github.com/ropewalk/ropewalk/request"
	"github.com/ropewalk/ropewalk/response"
)

var seen = cookie.Cookie[int]{Name: "seen", Insecure: true}

type productPath struct {
	ID int `path:"id"`
}

// product is a page that knows nothing of its router.
func product(page *response.Context) (component.Component, error) {
	path, err := request.Path[productPath](page.Request)
	if err != nil {
		return nil, err
	}
	if path.ID > 100 {
		return nil, response.Redirect("/product/100")
	}
	seen.Set(page.Cookies(), path.ID)
	page.Header().Set("X-Raw-Id", page.Request.PathValue("id"))
	return component.Text("product " + page.Request.PathValue("id")), nil
}

// site serves the page twice, alone and in an App below /app/.
func site(handle func(pattern string, h http.Handler)) {
	handle("/product/{id}", engine.PageFunc(product))
	var app engine.App
	app.Page("/app/product/{id}", product)
	app.Error(404, func(page *response.Context, err error) (component.Component, error) {
		return component.Text("not here"), nil
	})
	handle("/app/*", &app)
}

func TestRouters(t *testing.T) {
	router := chi.NewRouter()
	site(func(pattern string, h http.Handler) { router.Method("GET", pattern, h) })

	mux := http.NewServeMux()
	site(func(pattern string, h http.Handler) {
		if pattern == "/app/*" {
			pattern = "/app/"
		}
		mux.Handle("GET "+pattern, h)
	})

	t.Run("chi", func(t *testing.T) { testSite(t, router) })
	t.Run("ServeMux", func(t *testing.T) { testSite(t, mux) })
}

func testSite(t *testing.T, h http.Handler) {
	server := httptest.NewServer(h)
	defer server.Close()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	get := func(path string) (*http.Response, string) {
		t.Helper()
		resp, err := client.Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp, string(body)
	}

	for _, prefix := range []string{"", "/app"} {
		is := is.New(t)
		resp, body := get(prefix + "/product/42")
		is.Equal(resp.StatusCode, 200)
		is.Equal(body, "product 42")
		is.Equal(resp.Header.Get("X-Raw-Id"), "42")
		is.Equal(resp.Header.Get("Content-Type"), "text/html; charset=utf-8")
		is.Equal(resp.Cookies()[0].Value, "42")
		is.Equal(resp.ContentLength, int64(len(body)))

		resp, _ = get(prefix + "/product/rope") // not a number, so no such page
		is.Equal(resp.StatusCode, 404)

		resp, _ = get(prefix + "/product/101")
		is.Equal(resp.StatusCode, 302)
		is.Equal(resp.Header.Get("Location"), "/product/100")
	}

	is := is.New(t)
	_, body := get("/app/product/rope")
	is.Equal(body, "not here") // the App's own error page
	resp, body := get("/app/nothing")
	is.Equal(resp.StatusCode, 404)
	is.Equal(body, "not here")
}
