package encode

import (
	"net/http"
	"strings"
)

// Worth reports whether a body with this header and status may be compressed and
// gets smaller by it: it is a whole one of a type that is text, no coding is
// applied to it yet, and nobody has forbidden it.
func Worth(r *http.Request, h http.Header, status int) bool {
	switch {
	case len(h["Content-Encoding"]) > 0, len(h["Content-Range"]) > 0, status == http.StatusPartialContent, len(r.Header["Range"]) > 0:
		return false
	}
	types := h["Content-Type"]
	return len(types) > 0 && compressible(types[0]) && !noTransform(h) && !noTransform(r.Header)
}

func noTransform(h http.Header) bool { return lists(h["Cache-Control"], "no-transform") }

// compressible knows the types that are text. Events are left alone, as they are
// tiny and their readers many and old.
func compressible(contentType string) bool {
	media, _, _ := strings.Cut(contentType, ";")
	media = strings.ToLower(strings.TrimSpace(media))
	kind, name, _ := strings.Cut(media, "/")
	switch kind {
	case "text":
		return name != "event-stream"
	case "application":
		switch name {
		case "json", "xml", "javascript", "x-javascript", "ecmascript", "wasm", "x-ndjson", "rtf":
			return true
		}
	case "image":
		switch name {
		case "bmp", "x-icon", "vnd.microsoft.icon":
			return true
		}
	case "font":
		return name == "ttf" || name == "otf"
	}
	return strings.HasSuffix(name, "+json") || strings.HasSuffix(name, "+xml")
}

// Varies reports whether h says that the body depends on the client's codings.
func Varies(h http.Header) bool { return lists(h["Vary"], "accept-encoding") }

// Vary says in h that the body depends on the client's codings.
func Vary(h http.Header) {
	if !Varies(h) && !lists(h["Vary"], "*") {
		h["Vary"] = append(h["Vary"], "Accept-Encoding")
	}
}

// Weaken makes an ETag weak: the codings of a body are equal in meaning and
// differ in their bytes.
func Weaken(h http.Header) {
	if etag := h.Get("Etag"); strings.HasPrefix(etag, `"`) {
		h.Set("Etag", "W/"+etag)
	}
}

// Mark says in h that the body is encoded.
func Mark(h http.Header, c Coding) {
	h.Set("Content-Encoding", string(c))
	Weaken(h)
	h.Del("Content-Length")
	h.Del("Accept-Ranges") // those were of the plain bytes
}

// lists reports whether a comma-separated header has an element.
func lists(lines []string, element string) bool {
	for _, line := range lines {
		for line != "" {
			var e string
			e, line, _ = strings.Cut(line, ",")
			if strings.EqualFold(strings.Trim(e, " \t"), element) {
				return true
			}
		}
	}
	return false
}
