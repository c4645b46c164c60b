package danger

import (
	"html"
	"slices"
	"strings"
	"text/template/parse"
)

// A url is what is known of the scheme of a value, if that is a URL.
type url struct {
	scheme scheme
	text   string            // what has decided nothing yet, behind the last action if there is one
	last   *parse.ActionNode // the last action that may be part of the scheme
}

type scheme uint8

const (
	openScheme   scheme = iota // what has been read decides nothing
	plainScheme                // data can be no script
	scriptScheme               // data is code
	dataScheme                 // it is a data: URL whose type is not complete
	unknownScheme
)

// longestURL bounds the text that a scheme is looked for in.
const longestURL = 256

// urlText moves a URL through text.
func (w *walker) urlText(s *state, text string) {
	u := &s.url
	if u.scheme != openScheme && u.scheme != dataScheme {
		return
	}
	if u.text += text; len(u.text) > longestURL {
		*u = url{scheme: unknownScheme}
		return
	}
	name, rest, end := cutScheme(u.text)
	switch {
	case end == 0:
	case end != ':':
		*u = url{scheme: plainScheme}
	case u.last != nil: // the data before is checked together with this
		w.place(u.last).follow(name)
		*u = url{scheme: plainScheme}
	case name == "data":
		u.scheme = dataScheme
		if mime, _, complete := strings.Cut(rest, ","); complete {
			*u = url{scheme: scriptScheme}
			if plainData(mime, s.tag.element) {
				u.scheme = plainScheme
			}
		}
	case isScriptScheme(name):
		*u = url{scheme: scriptScheme}
	default:
		*u = url{scheme: plainScheme}
	}
}

// urlAction moves a URL past an action.
func (s *state) urlAction(n *parse.ActionNode, p *Place) {
	u := &s.url
	switch u.scheme {
	case scriptScheme, dataScheme:
		p.refuseURL(dangerScript)
	case unknownScheme:
		p.refuseURL(dangerUnknown)
	case openScheme:
		// The filter of html/template judges the first piece if nothing is before it.
		p.scheme = p.scheme || u.last != nil || cleanURL(u.text) != ""
		u.last, u.text = n, ""
	}
}

// cutScheme parts a URL at the first byte that is not of a scheme, as browsers read it:
// in lower case, without character references, without space before it and line ends
// and tabs in it. end is that byte, or 0 if there is none yet.
func cutScheme(text string) (name, rest string, end byte) {
	text = strings.TrimLeftFunc(html.UnescapeString(text), func(r rune) bool { return r <= ' ' })
	text = strings.ToLower(inURL.Replace(text))
	for i := range len(text) {
		switch c := text[i]; {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == '+', c == '-', c == '.':
		case c == '&' && entityBegun.MatchString(text[i:]):
			return "", "", 0
		default:
			return text[:i], text[i+1:], c
		}
	}
	return "", "", 0
}

// inURL removes what browsers remove from within URLs.
var inURL = strings.NewReplacer("\t", "", "\n", "", "\r", "")

// cleanURL is a text without character references and all that browsers skip somewhere in a URL.
func cleanURL(text string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if r <= ' ' {
			return -1
		}
		return r
	}, html.UnescapeString(text)))
}

// isScriptScheme reports whether what is behind a scheme may be run.
func isScriptScheme(name string) bool {
	return slices.Contains([]string{"javascript", "vbscript", "data"}, name)
}

// plainData reports whether a data: URL of a type runs nothing, wherever it stands in
// the element.
func plainData(mime, element string) bool {
	mime, _, _ = strings.Cut(mime, ";")
	kind, sub, _ := strings.Cut(mime, "/")
	switch {
	case element == "script":
		return false
	case mime == "image/svg+xml":
		return slices.Contains([]string{"img", "input", "source", "image", "video", "link"}, element)
	case slices.Contains([]string{"image", "audio", "video", "font"}, kind):
		return sub != ""
	}
	return slices.Contains([]string{"text/plain", "text/csv", "text/calendar", "text/css", "application/json", "application/pdf", "application/octet-stream"}, mime)
}
