package encode

import (
	"net/http"
	"strings"
	"testing"
)

func TestWorth(t *testing.T) {
	html := http.Header{"Content-Type": {"text/html; charset=utf-8"}}
	with := func(name, value string) http.Header {
		h := html.Clone()
		h.Set(name, value)
		return h
	}
	for _, tt := range []struct {
		name     string
		request  http.Header
		response http.Header
		status   int
		want     bool
	}{
		{"a page", nil, html, 200, true},
		{"an error page", nil, html, 404, true},
		{"encoded", nil, with("Content-Encoding", "br"), 200, false},
		{"encoded in words", nil, with("Content-Encoding", "identity"), 200, false},
		{"a part", nil, with("Content-Range", "bytes 0-1/10"), 200, false},
		{"a part by its status", nil, html, 206, false},
		{"who asks for a part", http.Header{"Range": {"bytes=0-1"}}, html, 200, false},
		{"no-transform", nil, with("Cache-Control", "private, No-Transform"), 200, false},
		{"no-transform asked for", http.Header{"Cache-Control": {"no-cache", "no-transform"}}, html, 200, false},
		{"no-transform in another word", nil, with("Cache-Control", "x-no-transform"), 200, true},
		{"no type", nil, http.Header{}, 200, false},
	} {
		r := &http.Request{Header: tt.request}
		if got := Worth(r, tt.response, tt.status); got != tt.want {
			t.Errorf("%s: got %v", tt.name, got)
		}
	}
}

func TestTypesWorthIt(t *testing.T) {
	for contentType, want := range map[string]bool{
		"text/html": true, "TEXT/HTML": true, " text/css ; charset=utf-8": true, "application/json": true, "application/ld+json": true,
		"image/svg+xml": true, "application/atom+xml": true, "application/wasm": true, "text/plain": true, "font/ttf": true,
		"image/x-icon": true, "image/png": false, "image/jpeg": false, "video/mp4": false, "application/zip": false,
		"application/octet-stream": false, "font/woff2": false, "text/event-stream": false, "": false, "nonsense": false,
	} {
		if got := compressible(contentType); got != want {
			t.Errorf("%q: got %v", contentType, got)
		}
	}
}

func TestVary(t *testing.T) {
	for before, want := range map[string]string{
		"":                        "Accept-Encoding",
		"Cookie":                  "Cookie|Accept-Encoding",
		"Cookie, accept-encoding": "Cookie, accept-encoding",
		"*":                       "*",
		"X-Accept-Encoding":       "X-Accept-Encoding|Accept-Encoding",
	} {
		h := http.Header{}
		if before != "" {
			h.Set("Vary", before)
		}
		Vary(h)
		Vary(h)
		if got := strings.Join(h["Vary"], "|"); got != want {
			t.Errorf("%q: got %q", before, got)
		}
	}
}

func TestMark(t *testing.T) {
	for before, want := range map[string]string{`"1"`: `W/"1"`, `W/"1"`: `W/"1"`, "": "", "odd": "odd"} {
		h := http.Header{"Content-Length": {"1"}, "Accept-Ranges": {"bytes"}}
		if before != "" {
			h.Set("ETag", before)
		}
		Mark(h, Gzip)
		if h.Get("Etag") != want || h.Get("Content-Encoding") != "gzip" || h.Get("Content-Length") != "" || h.Get("Accept-Ranges") != "" {
			t.Errorf("%q: got %v", before, h)
		}
	}
}
