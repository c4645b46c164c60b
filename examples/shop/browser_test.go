package main

import (
	"context"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// chromium opens a tab, or skips the test where there is no browser.
func chromium(t *testing.T) context.Context {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatal("CI needs Debian's package chromium: ", err)
	}
	if err != nil {
		t.Skip("no Chromium here: ", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute) // a hung browser fails the test
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx,
		chromedp.ExecPath(program),
		chromedp.Headless,
		chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
	)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	return ctx
}

// tab is a page in Chromium.
type tab struct {
	t   *testing.T
	ctx context.Context
}

func (b tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// until waits for a JavaScript expression to be true, and looks once a frame.
// While one page gives way to the next there may be nothing to ask.
func (b tab) until(expression string) {
	b.t.Helper()
	look := chromedp.Evaluate[bool](
		`new Promise(done => requestAnimationFrame(() => done(Boolean(`+expression+`))))`, chromedp.EvalAwaitPromise)
	var err error
	for seen := false; !seen; {
		if b.ctx.Err() != nil {
			b.t.Fatalf("%s: %v (last: %v)", expression, b.ctx.Err(), err)
		}
		seen, err = chromedp.Run(b.ctx, look)
	}
}

const ready = `document.readyState === "complete"`

func TestInBrowser(t *testing.T) {
	ctx := chromium(t)
	store, err := Open(t.Context(), filepath.Join(t.TempDir(), "shop.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	shop, err := newShop(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(shop.Handler())
	defer server.Close()
	gate := newGate(store)
	page := tab{t, ctx}

	// Navigate would wait for the whole page, which waits for this test.
	page.do(chromedp.Navigate("about:blank"))
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[any](`location.href = "`+server.URL+`/product/1"; null`)); err != nil {
		t.Fatal(err)
	}
	page.until(`document.title === "Manila rope · The Ropewalk"`)
	page.until(`document.querySelector("h1")?.checkVisibility()`)
	page.until(`document.querySelector(".reviews .pending")?.checkVisibility()`)
	page.until(`document.readyState === "loading" && !document.querySelector(".recommended")`)
	page.until(`getComputedStyle(document.querySelector(".skip")).position === "absolute"`) // the style sheet is there

	gate.open("reviews")
	page.until(`document.querySelectorAll(".reviews ol > li").length === 3`)
	page.until(`!document.querySelector(".reviews .pending").checkVisibility()`)
	page.until(`document.querySelector(".recommended .pending")?.checkVisibility()`)

	gate.open("recommended")
	page.until(ready + ` && document.querySelectorAll(".recommended .card").length === 4`)
	page.until(`!document.querySelector(".recommended .pending").checkVisibility()`)

	page.do(chromedp.Submit(chromedp.CSS(`form[action="/cart"]`)))
	page.until(`location.pathname === "/cart" && ` + ready)
	page.until(`document.querySelector(".count").firstChild.textContent === "1"`)

	page.do(chromedp.Click(chromedp.CSS(`form[action="/order"] button`)))
	page.until(`location.pathname === "/login" && ` + ready)
	page.do(
		chromedp.SendKeys(chromedp.CSS(`#email`), "ada@example.com"),
		chromedp.SendKeys(chromedp.CSS(`#password`), "granny"),
		chromedp.Click(chromedp.CSS(`form.narrow button`)),
	)
	page.until(ready + ` && document.querySelector("#password-error")?.checkVisibility()`)
	page.until(`document.querySelector("#email").value === "ada@example.com"`)
	page.do(
		chromedp.SendKeys(chromedp.CSS(`#password`), "bowline"),
		chromedp.Click(chromedp.CSS(`form.narrow button`)),
	)
	page.until(`location.pathname === "/cart" && ` + ready)
	page.do(chromedp.Click(chromedp.CSS(`form[action="/order"] button`)))
	page.until(`location.pathname === "/account" && ` + ready)
	page.until(`document.querySelector("td:last-child").textContent === "€48.50"`)
}
