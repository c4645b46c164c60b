package response

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// RedirectError sends the browser elsewhere: [Redirect] makes it.
type RedirectError struct {
	URL  string // the Location, encoded
	Code int    // 0 lets the request's method decide, see StatusFor
}

// Redirect is the error that answers with a redirect to url. The status is 302,
// or 303 in answer to a POST, PUT, PATCH or DELETE, unless one of 301, 302, 303,
// 307 and 308 is given.
//
// Characters outside ASCII and spaces are percent-encoded. Where the url comes
// from the request, pass it through [LocalOnly].
func Redirect(url string, status ...int) error {
	code := 0
	if len(status) > 0 {
		code = status[0]
		switch code {
		case 301, 302, 303, 307, 308:
		default:
			return fmt.Errorf("response: Redirect(%q, %d): %d is not a redirect: use 301, 302, 303, 307 or 308", url, code, code)
		}
	}
	if url == "" {
		return errors.New("response: Redirect: the url is empty")
	}
	if i := strings.IndexFunc(url, func(r rune) bool { return r < ' ' || r == 0x7f }); i >= 0 {
		return fmt.Errorf("response: Redirect(%q): the url holds the control character %q: escape it with net/url", url, url[i])
	}
	return &RedirectError{URL: encodeLocation(url), Code: code}
}

func (e *RedirectError) Error() string { return "response: redirect to " + e.URL }

// StatusFor returns the status that answers a request of the given method.
func (e *RedirectError) StatusFor(method string) int {
	if e.Code != 0 {
		return e.Code
	}
	switch method {
	case http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete:
		return http.StatusSeeOther
	}
	return http.StatusFound
}

// LocalOnly returns url if it stays on this site, as after a login that sends
// the visitor back: a path such as "/cart?x=1". Everything else is an error,
// above all "//host" and "/\host", which browsers take for another site.
func LocalOnly(url string) (string, error) {
	// Browsers drop tabs and line ends before they look at a URL.
	bare := strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(url)
	if !strings.HasPrefix(bare, "/") || len(bare) > 1 && (bare[1] == '/' || bare[1] == '\\') {
		return "", fmt.Errorf("response: LocalOnly(%q): want a path on this site that begins with one /", url)
	}
	if bare != url || strings.ContainsFunc(url, isControl) {
		return "", fmt.Errorf("response: LocalOnly(%q): the url holds a control character", url)
	}
	return url, nil
}

// encodeLocation percent-encodes what may not stand in a header as it is, and
// nothing else: the url's own escapes and separators mean what they meant.
func encodeLocation(url string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(url) {
		switch c := url[i]; {
		case c == ' ' || c >= 0x80:
			b.WriteString("%" + string(hex[c>>4]) + string(hex[c&15]))
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
