package cookie

import (
	"net/url"
	"strings"
)

// escape percent-encodes what the cookie grammar forbids in a value, and the
// percent sign, so that unescape gives back the same bytes.
func escape(s string) string {
	const hex = "0123456789ABCDEF"
	n := 0
	for i := range len(s) {
		if !plain(s[i]) {
			n++
		}
	}
	if n == 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 2*n)
	for i := range len(s) {
		if c := s[i]; plain(c) {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}

func plain(c byte) bool {
	switch c {
	case '"', '%', ',', ';', '\\':
		return false
	}
	return c > ' ' && c < 0x7f
}

// unescape percent-decodes s, or returns it as it is if it cannot be decoded:
// others set cookies too.
func unescape(s string) string {
	if text, err := url.PathUnescape(s); err == nil {
		return text
	}
	return s
}
