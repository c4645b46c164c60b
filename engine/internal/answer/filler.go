package answer

import (
	"bytes"
	"mime"
	"net/http"
	"strings"
)

// WebKit shows nothing of a page before it has so many bytes of it, decoded: 512 in
// some versions, 1,024 in others; and then nothing before it has met more than so many
// characters or 32 by 32 pixels of content, unless the page has come to its end.
const (
	seenBytes = 1024
	seenText  = 200
)

// invisible is content of more than 32 by 32 pixels that takes no room and does nothing.
// It may stand wherever text may.
const invisible = `<canvas width="33" height="33" aria-hidden="true" style="position:absolute;width:0;height:0"></canvas>`

// filler lengthens the beginning of a page that is flushed while it is short, for
// browsers that would show nothing of it. It puts white space before the doctype, where
// that is valid and means nothing, whatever is open in the document where the flush falls;
// and an invisible element behind the rest, where the rest ends in text.
type filler struct {
	kept   []byte // the beginning of the page, while it is short
	done   bool   // it has left
	styles bool   // no policy forbids a style attribute
}

// newFiller returns a filler for the answer to r, with the header h, or nil if that
// needs none. The methods of a nil one do nothing.
func newFiller(r *http.Request, h http.Header) *filler {
	if isWebKit(r.UserAgent()) && !isFetch(r) && isHTML(h.Get("Content-Type")) {
		return &filler{styles: len(h["Content-Security-Policy"]) == 0}
	}
	return nil
}

// keeps takes b if the beginning of the page is still short with it.
func (f *filler) keeps(b []byte) bool {
	if f == nil || f.done || len(f.kept)+len(b) >= seenBytes {
		return false
	}
	f.kept = append(f.kept, b...)
	return true
}

// take returns what was kept, filled up if it is flushed. Nothing is kept after that.
func (f *filler) take(flushed bool) []byte {
	if f == nil || f.done || flushed && len(f.kept) == 0 {
		return nil // or the head is flushed alone
	}
	kept := f.kept
	f.kept, f.done = nil, true
	if flushed && isDocument(kept) {
		return f.fill(kept)
	}
	return kept
}

func (f *filler) fill(page []byte) []byte {
	if s := sketchOf(string(page)); f.styles && s.shown <= seenText && s.takesPhrase() {
		page = append(page, invisible...)
	}
	return append(bytes.Repeat([]byte{'\n'}, max(0, seenBytes-len(page))), page...)
}

// isDocument tells whole documents from fragments.
func isDocument(beginning []byte) bool {
	b := bytes.TrimLeft(beginning, " \t\r\n\f")
	for _, tag := range []string{"<!doctype html", "<html"} {
		if len(b) >= len(tag) && strings.EqualFold(string(b[:len(tag)]), tag) {
			return true
		}
	}
	return false
}

// isWebKit knows WebKit in all browsers for iOS, in Safari and GNOME's; Chromium, which
// says that it is WebKit too, does not wait.
func isWebKit(userAgent string) bool {
	return strings.Contains(userAgent, "AppleWebKit/") && !strings.Contains(userAgent, "Chrome/") &&
		!strings.Contains(userAgent, "Chromium/") && !IsBot(userAgent)
}

// isFetch reports whether a script asks, and no navigation. Browsers tell where the
// connection is secure.
func isFetch(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Dest") {
	case "", "document", "iframe", "frame":
		return false
	}
	return true
}

// isHTML reports whether a body is HTML whose encoding the header tells: a browser
// looks for a <meta charset> in the first 1,024 bytes only.
func isHTML(contentType string) bool {
	media, params, err := mime.ParseMediaType(contentType)
	return err == nil && media == "text/html" && params["charset"] != ""
}
