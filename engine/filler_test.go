package engine_test

import (
	"io"
	"strings"
	"testing"

	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/engine"
	"github.com/ropewalk/ropewalk/response"
)

const (
	safari = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15"
	iPhone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0 Mobile/15E148 Safari/604.1"
	chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
	apple  = "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15 (Applebot/0.1)"
)

// beginning is what arrives of a page before its slow part is ready.
func beginning(t *testing.T, beginning component.Component, set func(*response.Context), header ...string) (first, all string) {
	t.Helper()
	more := make(chan struct{})
	var app engine.App
	app.Page("/", func(p *response.Context) (component.Component, error) {
		if set != nil {
			set(p)
		}
		return row{beginning, later(more, html("the rest"))}, nil
	})
	resp := request(t, start(t, &app), "GET", "/", header...)
	b := make([]byte, 8192)
	n, err := resp.Body.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	close(more)
	rest, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b[:n]), string(b[:n]) + string(rest)
}

// WebKit shows nothing of a page before it has 1,024 bytes and some content of it.
func TestTheBeginningOfAPageIsSeen(t *testing.T) {
	const doc = "<!DOCTYPE html><html><title>x</title><p>loading"
	for name, tt := range map[string]struct {
		page   component.Component
		header []string
	}{
		"Safari":           {html(doc), []string{"User-Agent", safari}},
		"a phone":          {html(doc), []string{"User-Agent", iPhone}},
		"in small writes":  {row{html(doc[:7]), html(doc[7:20]), html(doc[20:])}, []string{"User-Agent", safari}},
		"after a flush":    {row{flush, html(doc)}, []string{"User-Agent", safari}},
		"a navigation":     {html(doc), []string{"User-Agent", safari, "Sec-Fetch-Dest", "document"}},
		"in a tag":         {html(doc + "<p title='"), []string{"User-Agent", safari}},
		"in a title":       {html("<html><title>x"), []string{"User-Agent", safari}},
		"spelt in capital": {html("\n <HTML><title>x"), []string{"User-Agent", safari}},
	} {
		t.Run(name, func(t *testing.T) {
			first, all := beginning(t, tt.page, nil, tt.header...)
			if len(first) < 1024 {
				t.Errorf("%d bytes arrive first", len(first))
			}
			if spaces, _, _ := strings.Cut(strings.ToLower(first), "<"); strings.TrimSpace(spaces) != "" {
				t.Errorf("%q is before the document", spaces)
			}
			bare := strings.TrimLeft(all, "\n ")
			if i := strings.Index(bare, "<canvas"); i >= 0 {
				bare = bare[:i] + bare[i+strings.Index(bare[i:], "</canvas>")+len("</canvas>"):]
				if !strings.HasSuffix(bare[:i], "loading") {
					t.Errorf("%q is filled with an element", bare[:i])
				}
			}
			plain, _ := beginning(t, tt.page, nil)
			if want := strings.TrimLeft(plain, "\n ") + "the rest"; bare != want {
				t.Errorf("got  %q\nwant %q", bare, want)
			}
		})
	}
}

// Whoever does not need it gets the bytes of the page.
func TestWhatIsNotFilled(t *testing.T) {
	const doc = "<!DOCTYPE html><title>x</title><p>loading"
	for name, tt := range map[string]struct {
		page   string
		set    func(*response.Context)
		header []string
	}{
		"another browser": {doc, nil, []string{"User-Agent", chrome}},
		"no browser":      {doc, nil, nil},
		"a crawler":       {doc, func(p *response.Context) { p.SetBuffered(false) }, []string{"User-Agent", apple}},
		"a script asks":   {doc, nil, []string{"User-Agent", safari, "Sec-Fetch-Dest", "empty"}},
		"a fragment":      {"<li>loading", nil, []string{"User-Agent", safari}},
		"text":            {"loading", nil, []string{"User-Agent", safari}},
		"plain text":      {doc, func(p *response.Context) { p.Header().Set("Content-Type", "text/plain; charset=utf-8") }, []string{"User-Agent", safari}},
		"json":            {"[1,", func(p *response.Context) { p.Header().Set("Content-Type", "application/json") }, []string{"User-Agent", safari}},
		"a charset in it": {doc, func(p *response.Context) { p.Header().Set("Content-Type", "text/html") }, []string{"User-Agent", safari}},
		"long enough":     {doc + strings.Repeat("x", 1024), nil, []string{"User-Agent", safari}},
	} {
		t.Run(name, func(t *testing.T) {
			first, all := beginning(t, html(tt.page), tt.set, tt.header...)
			if first != tt.page && !strings.HasPrefix(all, tt.page) || all != tt.page+"the rest" {
				t.Errorf("got %q", all)
			}
		})
	}
}

// A policy that may forbid a style leaves white space alone.
func TestFillingHeedsThePolicy(t *testing.T) {
	first, _ := beginning(t, html("<!DOCTYPE html><p>loading"),
		func(p *response.Context) { p.Header().Set("Content-Security-Policy", "default-src 'self'") }, "User-Agent", safari)
	if len(first) < 1024 || strings.Contains(first, "<canvas") {
		t.Errorf("got %q", first)
	}
}

// A page that is never flushed is what it is.
func TestAWholePageNeedsNoFilling(t *testing.T) {
	s := start(t, page(html("<!DOCTYPE html><p>x")))
	ask(t, s, "GET", "/", "User-Agent", safari).expect(t, 200, "<!DOCTYPE html><p>x")
}
