package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/matryer/is"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

// browser is a client of a shop of its own, with cookies. It follows no redirects.
type browser struct {
	t     *testing.T
	store *Store
	url   string
	http.Client
}

func visit(t *testing.T) *browser {
	t.Helper()
	return visitWith(t, filepath.Join(t.TempDir(), "shop.db"), new(cookieJar))
}

type cookieJar struct{ http.CookieJar }

func visitWith(t *testing.T, file string, jar *cookieJar) *browser {
	t.Helper()
	store, err := Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	shop, err := newShop(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(shop.Handler())
	t.Cleanup(server.Close)
	if jar.CookieJar == nil {
		jar.CookieJar, _ = cookiejar.New(nil)
	}
	b := &browser{t: t, store: store, url: server.URL}
	b.Jar = jar
	b.Transport = &http.Transport{DisableCompression: true} // so that lengths are those of the pages
	t.Cleanup(b.CloseIdleConnections)
	b.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return b
}

// answer is a response whose body was read.
type answer struct {
	*http.Response
	body string
}

func (b *browser) do(r *http.Request, err error) answer {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	resp, err := b.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{resp, string(body)}
}

func (b *browser) get(path string) answer {
	b.t.Helper()
	return b.do(http.NewRequest("GET", b.url+path, nil))
}

// post sends a form given as names and values in turn.
func (b *browser) post(path string, fields ...string) answer {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	r, err := http.NewRequest("POST", b.url+path, strings.NewReader(form.Encode()))
	if err == nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	return b.do(r, err)
}

func (b *browser) login() answer {
	b.t.Helper()
	return b.post("/login", "email", "ada@example.com", "password", "bowline", "next", "/cart")
}

func wants(t *testing.T, a answer, status int, texts ...string) {
	t.Helper()
	if a.StatusCode != status {
		t.Errorf("%s %s: status %d, want %d", a.Request.Method, a.Request.URL.Path, a.StatusCode, status)
	}
	for _, text := range texts {
		if !strings.Contains(a.body, text) {
			t.Errorf("%s %s: no %q in\n%s", a.Request.Method, a.Request.URL.Path, text, a.body)
		}
	}
}

func redirects(t *testing.T, a answer, to string) {
	t.Helper()
	if got := a.Header.Get("Location"); a.StatusCode != http.StatusSeeOther || got != to {
		t.Errorf("%s %s: %d to %q, want 303 to %q", a.Request.Method, a.Request.URL.Path, a.StatusCode, got, to)
	}
}

func TestPages(t *testing.T) {
	b := visit(t)

	home := b.get("/")
	wants(t, home, 200, "<title>The Ropewalk</title>", `href="/product/12"`, "Storm lantern", "€48.50", "<svg", "Sign in")
	if home.ContentLength != int64(len(home.body)) {
		t.Errorf("a page without slow parts has Content-Length %d, want %d", home.ContentLength, len(home.body))
	}
	wants(t, b.get("/product/1"), 200, "<title>Manila rope · The Ropewalk</title>",
		"Smells like a harbour", "2 March 2026", "4 of 5 stars", "★★★★☆", "Often bought together", "Ash block")
	wants(t, b.get("/cart"), 200, "It is empty")
	wants(t, b.get("/login"), 200, `name="password"`)
	wants(t, b.get("/static/style.css"), 200, ":root")
	wants(t, b.get("/static/icon.svg"), 200, "<svg")

	for _, a := range []answer{home, b.get("/product/2"), b.get("/search?q=rope"), b.get("/nowhere")} {
		if strings.Contains(a.body, "http://") || strings.Contains(a.body, "https://") {
			t.Errorf("%s loads or links something from elsewhere", a.Request.URL.Path)
		}
		if got := a.Header.Get("Content-Type"); got != "text/html; charset=utf-8" {
			t.Errorf("%s: Content-Type %q", a.Request.URL.Path, got)
		}
		if !strings.HasPrefix(a.body, "<!doctype html>") || strings.Count(a.body, "</html>") != 1 {
			t.Errorf("%s is not one whole document", a.Request.URL.Path)
		}
	}
}

func TestEveryProductHasItsPage(t *testing.T) {
	b := visit(t)
	products, err := b.store.Products(t.Context())
	if err != nil || len(products) != len(seedProducts) {
		t.Fatalf("%d products, %v", len(products), err)
	}
	for _, p := range products {
		if p.Picture == nil {
			t.Errorf("%s has no picture", p.Name)
		}
	}
	for _, id := range []string{"4", "10", "12"} {
		wants(t, b.get("/product/"+id), 200, "Add to cart", "stars")
	}
}

func TestStaticFilesAreCached(t *testing.T) {
	b := visit(t)
	first := b.get("/static/style.css")
	r, err := http.NewRequest("GET", b.url+"/static/style.css", nil)
	if err == nil {
		r.Header.Set("If-None-Match", first.Header.Get("ETag"))
	}
	wants(t, b.do(r, err), http.StatusNotModified)
	wants(t, b.get("/static/nothing.css"), 404)
}

func TestSearch(t *testing.T) {
	b := visit(t)
	wants(t, b.get("/search?q=BRASS+bell"), 200, "1 thing for “BRASS bell”", "Ship&#39;s bell", `value="BRASS bell"`)
	wants(t, b.get("/search?q=twine"), 200, "Whipping twine")
	wants(t, b.get("/search?q=%3Cscript%3E"), 200, "0 things for “&lt;script&gt;”", "Try")
	wants(t, b.get("/search?q=100%25"), 200, "0 things")
	wants(t, b.get("/search"), 200, "What are you looking for?")
}

// A search for more words than the database takes is no fault of the shop.
func TestSearchForTooMuch(t *testing.T) {
	b := visit(t)
	wants(t, b.get("/search?q="+strings.Repeat("rope+", 2000)), 200, "things for “rope rope")
	wants(t, b.get("/search?q="+strings.Repeat("rope+", 40_000)), 200, "things for “rope rope")
}

func TestErrors(t *testing.T) {
	b := visit(t)
	for _, path := range []string{"/nowhere", "/product/999", "/product/rope", "/product/-1", "/product/1/2"} {
		wants(t, b.get(path), 404, "This line leads nowhere", "The Ropewalk")
	}
	wants(t, b.post("/cart", "product", "999", "quantity", "1"), 404, "This line leads nowhere")
	wants(t, b.post("/cart", "product", "one", "quantity", "1"), 422, "Unprocessable Entity")

	wrongMethod := b.post("/product/1")
	wants(t, wrongMethod, 405, "Method Not Allowed")
	if got := wrongMethod.Header.Get("Allow"); got != "GET, HEAD" {
		t.Errorf("Allow: %q", got)
	}

	b.store.Close()
	for _, path := range []string{"/", "/product/1"} {
		a := b.get(path)
		wants(t, a, 500, "Something parted")
		if strings.Contains(a.body, "sql") {
			t.Errorf("%s tells strangers of the database: %s", path, a.body)
		}
	}
}

func TestCrossSitePostIsRefused(t *testing.T) {
	b := visit(t)
	r, err := http.NewRequest("POST", b.url+"/cart", strings.NewReader("product=1&quantity=1"))
	if err == nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
	}
	wants(t, b.do(r, err), http.StatusForbidden)
	wants(t, b.get("/cart"), 200, "It is empty")
}

func TestLogin(t *testing.T) {
	b := visit(t)
	wants(t, b.get("/login?next=/cart"), 200, `value="/cart"`)
	wrong := b.post("/login", "email", "ada@example.com", "password", "granny", "next", "/cart")
	wants(t, wrong, 422, "This is not the password of that address.", `value="ada@example.com"`,
		`aria-describedby="password-error"`, `value="/cart"`)
	if strings.Contains(wrong.body, "granny") || len(wrong.Cookies()) > 0 {
		t.Error("a failed login sends the password back, or a cookie")
	}
	wants(t, b.post("/login", "email", "nobody@example.com", "password", "bowline"), 422, "This is not the password")
	wants(t, b.post("/login", "password", "bowline", "next", "/cart"), 422, `id="email-error"`, `value="/cart"`)

	done := b.login()
	redirects(t, done, "/cart")
	if c := done.Cookies(); len(c) != 1 || !c[0].HttpOnly || c[0].SameSite != http.SameSiteLaxMode || strings.Contains(c[0].Value, "Ada") {
		t.Errorf("cookies: %v", c)
	}
	wants(t, b.get("/account"), 200, "Hello, Ada")

	redirects(t, b.post("/logout"), "/")
	wants(t, b.get("/"), 200, "Sign in")
	if a := b.get("/account"); a.StatusCode != 302 || a.Header.Get("Location") != "/login?next=/account" {
		t.Errorf("account of a stranger: %d %s", a.StatusCode, a.Header.Get("Location"))
	}
}

// Whoever copied the cookie is signed out with its owner.
func TestSessionEndsOnTheServer(t *testing.T) {
	b := visit(t)
	stolen := b.login().Cookies()[0]
	b.post("/cart", "product", "1", "quantity", "1")
	with := func(method, path string) answer {
		r, err := http.NewRequest(method, b.url+path, nil)
		if err == nil {
			r.AddCookie(&http.Cookie{Name: stolen.Name, Value: stolen.Value})
			r.Header.Set("Sec-Fetch-Site", "same-origin")
		}
		return b.do(r, err)
	}
	wants(t, with("GET", "/account"), 200, "Hello, Ada")
	redirects(t, b.post("/logout"), "/")
	if a := with("GET", "/account"); a.Header.Get("Location") != "/login?next=/account" {
		t.Errorf("account after signing out: %d %s", a.StatusCode, a.Header.Get("Location"))
	}
	redirects(t, with("POST", "/order"), "/login?next=/cart")
	b.login()
	wants(t, b.get("/account"), 200, "Hello, Ada")
}

func TestLoginStaysOnThisSite(t *testing.T) {
	b := visit(t)
	for _, next := range []string{"", "//example.com", `/\example.com`, "https://example.com/", "javascript:alert(1)"} {
		redirects(t, b.post("/login", "email", "Ada@Example.com", "password", "bowline", "next", next), "/account")
	}
}

func TestCart(t *testing.T) {
	b := visit(t)
	redirects(t, b.post("/cart", "product", "5", "quantity", "2"), "/cart")
	redirects(t, b.post("/cart", "product", "9", "quantity", "1"), "/cart")
	redirects(t, b.post("/cart", "product", "5", "quantity", "1"), "/cart")
	wants(t, b.get("/cart"), 200, "Whipping twine", `value="3"`, "€20.40", "Horn cleat", "€38.00", `class="count">4<`)

	redirects(t, b.post("/cart/5", "quantity", "1"), "/cart")
	wants(t, b.get("/cart"), 200, "€24.40")
	redirects(t, b.post("/cart/9/remove"), "/cart")
	redirects(t, b.post("/cart/7", "quantity", "5"), "/cart") // which is not in it
	if a := b.get("/cart"); strings.Contains(a.body, "Horn cleat") || strings.Contains(a.body, "Ash block") {
		t.Error("what was removed, or was never there, is in the cart")
	}
	redirects(t, b.post("/cart/5", "quantity", "1000000"), "/cart")
	wants(t, b.get("/cart"), 200, `value="99"`)
	redirects(t, b.post("/cart/5", "quantity", "0"), "/cart")
	wants(t, b.get("/cart"), 200, "It is empty")
}

// What was typed comes back, with what is wrong beside it, on the page it came
// from.
func TestWrongQuantityIsToldBesideItsField(t *testing.T) {
	b := visit(t)
	for typed, message := range map[string]string{
		"two": "The quantity must be a whole number.", "": "The quantity is required.", "-1": "The quantity must not be negative.", "99999999999999999999": "The quantity is too large.",
	} {
		wants(t, b.post("/cart", "product", "5", "quantity", typed), 422, "Whipping twine</h1>", message, `value="`+typed+`" required aria-invalid="true" aria-describedby="quantity-error"`)
	}
	redirects(t, b.post("/cart", "product", "5", "quantity", "2"), "/cart")
	redirects(t, b.post("/cart", "product", "9", "quantity", "1"), "/cart")
	a := b.post("/cart/5", "quantity", "two")
	wants(t, a, 422, "Your cart", "The quantity must be a whole number.", `value="two" required aria-invalid="true" aria-describedby="quantity-5-error"`, `value="1" required>`)
	if strings.Count(a.body, "aria-invalid") != 1 {
		t.Error("more than one line is marked as wrong")
	}
	wants(t, b.get("/cart"), 200, `value="2" required>`)
}

// Neither Safari nor curl keeps a Secure cookie from http://localhost; who is
// behind https says so.
func TestCookiesAreSecureBehindHTTPS(t *testing.T) {
	store, err := Open(t.Context(), filepath.Join(t.TempDir(), "shop.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	shop, err := newShop(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	for _, secure := range []bool{false, true} {
		if secure {
			shop.behindHTTPS()
		}
		r := httptest.NewRequest("POST", "/cart", strings.NewReader("product=5&quantity=2"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		shop.Handler().ServeHTTP(w, r)
		if c := w.Result().Cookies(); len(c) != 1 || c[0].Secure != secure {
			t.Errorf("behind https %v: cookies %v", secure, c)
		}
	}
}

// More than an int can hold is too much, and not less than nothing.
func TestCartOfTooMuch(t *testing.T) {
	b := visit(t)
	redirects(t, b.post("/cart", "product", "5", "quantity", "2"), "/cart")
	redirects(t, b.post("/cart", "product", "5", "quantity", "9223372036854775807"), "/cart")
	wants(t, b.get("/cart"), 200, "Whipping twine", `value="99"`)
}

func TestForgedCartIsEmpty(t *testing.T) {
	b := visit(t)
	r, err := http.NewRequest("GET", b.url+"/cart", nil)
	if err == nil {
		r.AddCookie(&http.Cookie{Name: "cart", Value: url.QueryEscape(`[{"p":1,"q":1}]`)})
	}
	wants(t, b.do(r, err), 200, "It is empty")
}

func TestOrder(t *testing.T) {
	b := visit(t)
	b.post("/cart", "product", "11", "quantity", "2")
	redirects(t, b.post("/order"), "/login?next=/cart")
	b.login()
	redirects(t, b.post("/order"), "/account")
	wants(t, b.get("/account"), 200, "<td>2</td><td>€238.00</td>")
	wants(t, b.get("/cart"), 200, "It is empty")
	redirects(t, b.post("/order"), "/cart") // there is nothing to order
}

func TestDatabaseKeepsItsData(t *testing.T) {
	is := is.New(t)
	file, jar := filepath.Join(t.TempDir(), "a shop?.db"), new(cookieJar)

	first := visitWith(t, file, jar)
	first.login()
	first.post("/cart", "product", "1", "quantity", "1")
	first.post("/order")
	before, err := first.store.Secret(t.Context())
	is.NoErr(err)
	is.NoErr(first.store.Close())

	second := visitWith(t, file, jar) // on the same host, so the cookies are sent
	after, err := second.store.Secret(t.Context())
	is.NoErr(err)
	is.Equal(before, after)
	wants(t, second.get("/account"), 200, "Hello, Ada", "€48.50")
	products, err := second.store.Products(t.Context())
	is.NoErr(err)
	is.Equal(len(products), len(seedProducts)) // seeded once
	is.NoErr(second.store.Close())

	_, err = os.Stat(file)
	is.NoErr(err) // the file has the name that was asked for
}

// The head and the product are there while both queries wait; then each part
// comes as soon as it can.
func TestProductStreams(t *testing.T) { // B1.1, B1.2, B1.5
	t.Run("reviews first", func(t *testing.T) {
		b := visit(t)
		gate := newGate(b.store)
		page := openPage(t, b, "/product/1")
		page.until("<title>Manila rope", "Add to cart", "Looking for reviews…")
		gate.reached(t, 2) // side by side

		gate.open("reviews")
		page.until("Smells like a harbour", "Looking through the orders…")
		gate.open("recommended")
		page.until("Ash block", "</html>")
	})
	t.Run("recommendations first", func(t *testing.T) {
		b := visit(t)
		gate := newGate(b.store)
		page := openPage(t, b, "/product/1")
		page.until("Looking for reviews…")
		gate.reached(t, 2)

		gate.open("recommended")
		gate.open("reviews")
		page.until("Smells like a harbour", "Often bought together", "Ash block", "</html>")
	})
}

func TestPartThatFailsIsReplaced(t *testing.T) { // B1.20
	b := visit(t)
	b.store.Slow = func(ctx context.Context, query string) error {
		if query == "reviews" {
			return errors.New("no reviews today")
		}
		return nil
	}
	a := b.get("/product/1")
	wants(t, a, 200, "The reviews cannot be shown right now.", "Ash block", "</html>")
	if strings.Contains(a.body, "no reviews today") {
		t.Error("the page shows the error itself")
	}
}

func TestQueriesStopWhenTheVisitorLeaves(t *testing.T) { // B1.23
	b := visit(t)
	started, stopped := make(chan bool, 2), make(chan bool, 2)
	b.store.Slow = func(ctx context.Context, query string) error {
		started <- true
		<-ctx.Done()
		stopped <- true
		return context.Cause(ctx)
	}
	ctx, leave := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, "GET", b.url+"/product/1", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := b.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	<-started
	<-started
	leave()
	<-stopped
	<-stopped
}

func TestRun(t *testing.T) {
	is := is.New(t)
	ctx, stop := context.WithCancel(t.Context())
	out, in := io.Pipe()
	done := make(chan error, 1)
	go func() {
		defer in.Close()
		done <- run(ctx, []string{"-addr", "127.0.0.1:0", "-delay", "1ns"}, in)
	}()
	lines := bufio.NewScanner(out)
	is.True(lines.Scan()) // the first line is the address
	address := lines.Text()
	is.True(strings.HasPrefix(address, "http://127.0.0.1:"))
	is.True(lines.Scan())
	resp, err := http.Get(address + "/product/2")
	is.NoErr(err)
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	is.NoErr(err)
	is.True(strings.Contains(string(body), "As it was when I was a boy"))
	stop()
	is.NoErr(<-done)
}

// gate holds the slow queries back until they are let through.
type gate struct {
	waiting chan string
	ways    map[string]chan struct{}
}

func newGate(store *Store) *gate {
	g := &gate{
		waiting: make(chan string, 2),
		ways:    map[string]chan struct{}{"reviews": make(chan struct{}), "recommended": make(chan struct{})},
	}
	store.Slow = func(ctx context.Context, query string) error {
		g.waiting <- query
		select {
		case <-g.ways[query]:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return g
}

func (g *gate) open(query string) { close(g.ways[query]) }

// reached returns when n different queries wait at the same time.
func (g *gate) reached(t *testing.T, n int) {
	t.Helper()
	seen := map[string]bool{}
	for range n {
		seen[<-g.waiting] = true
	}
	if len(seen) != n {
		t.Fatalf("queries that wait: %v", seen)
	}
}

// opened is a page that is still arriving.
type opened struct {
	t    *testing.T
	body io.Reader
	text string
}

func openPage(t *testing.T, b *browser, path string) *opened {
	t.Helper()
	resp, err := b.Get(b.url + path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	if resp.StatusCode != 200 {
		t.Fatalf("status %d", resp.StatusCode)
	}
	return &opened{t: t, body: resp.Body}
}

// until reads no further than it must to see the texts, in this order.
func (p *opened) until(texts ...string) {
	p.t.Helper()
	for _, text := range texts {
		for !strings.Contains(p.text, text) {
			chunk := make([]byte, 4096)
			n, err := p.body.Read(chunk)
			p.text += string(chunk[:n])
			if err != nil && !strings.Contains(p.text, text) {
				p.t.Fatalf("no %q before %v in\n%s", text, err, p.text)
			}
		}
		_, p.text, _ = strings.Cut(p.text, text)
	}
}
