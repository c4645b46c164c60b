package main

import (
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/engine"
	"github.com/ropewalk/ropewalk/response"
)

const (
	ada      = `<a href="/account">Ada`
	stranger = `<a href="/login">Sign in</a>`
)

func TestEveryPageShowsItsVisitor(t *testing.T) {
	b := visit(t)
	paths := map[string]int{
		"/": 200, "/product/1": 200, "/search?q=rope": 200, "/cart": 200, "/login": 200, "/nowhere": 404, "/product/rope": 404,
	}
	for path, status := range paths {
		a := b.get(path)
		wants(t, a, status, stranger)
		if strings.Contains(a.body, `class="count"`) {
			t.Errorf("%s counts an empty cart", path)
		}
	}
	b.login()
	b.post("/cart", "product", "5", "quantity", "3")
	paths["/account"] = 200
	for path, status := range paths {
		a := b.get(path)
		wants(t, a, status, ada, `class="count">3<`)
		if strings.Contains(a.body, stranger) {
			t.Errorf("%s asks Ada to sign in", path)
		}
	}
	wants(t, b.post("/login", "email", "x"), 422, ada, `class="count">3<`)
	wants(t, b.post("/cart/5", "quantity", "-1"), 422, ada, `class="count">3<`)

	b.store.Close()
	wants(t, b.get("/"), 500, ada, `class="count">3<`)
}

// The page's function and its props know nothing of a visitor. Its cookies are those of
// the answer, which the function may change before the layout asks for them.
func TestPageThatKnowsNothingOfItsVisitor(t *testing.T) {
	b := visit(t)
	b.login()
	shop, err := newShop(t.Context(), b.store)
	if err != nil {
		t.Fatal(err)
	}
	app := new(engine.App)
	app.Middleware(shop.inside)
	app.Page("/{$}", func(*response.Context) (component.Component, error) { return homePage(nil), nil })
	app.Page("/fill", func(page *response.Context) (component.Component, error) {
		return homePage(nil), shop.cart.Set(page.Cookies(), Cart{{Product: 1, Quantity: 7}})
	})
	server := httptest.NewServer(app)
	defer server.Close()

	b.url = server.URL // the same host, so the cookies are sent
	wants(t, b.get("/"), 200, ada, `<a href="/cart">Cart</a>`)
	wants(t, b.get("/fill"), 200, ada, `class="count">7<`)
	b.Jar, _ = cookiejar.New(nil)
	wants(t, b.get("/"), 200, stranger)
}

func TestForgedVisitorIsAStranger(t *testing.T) {
	b := visit(t)
	r, err := http.NewRequest("GET", b.url+"/", nil)
	if err == nil {
		r.AddCookie(&http.Cookie{Name: "user", Value: "Ada"})
	}
	wants(t, b.do(r, err), 200, stranger)
}

func TestPageOutsideTheShopHasNoVisitor(t *testing.T) {
	var page strings.Builder
	if err := component.Render(t.Context(), &page, homePage(nil)); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(page.String(), stranger) || strings.Contains(page.String(), `class="count"`) {
		t.Error(page.String())
	}
}
