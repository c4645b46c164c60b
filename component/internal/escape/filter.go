package escape

import (
	"strings"
	"sync"
)

// filter is a function that judges a whole string. The predicates below hold only for strings that the function
// certainly leaves as they are; the function itself decides about all others.
type filter uint8

const (
	noFilter filter = iota
	urlFilter
	callFilter // urlFilter, but for telephone numbers
	cssValueFilter
	nameFilter
	srcsetFilter
)

func (f filter) leaves(s string) bool {
	switch f {
	case urlFilter:
		return plainURL(s)
	case callFilter:
		return plainURL(s) || isCall(s)
	case cssValueFilter:
		return plainCSSValue(s)
	case nameFilter:
		return plainName(s)
	case srcsetFilter:
		return plainSrcset(s)
	}
	return true
}

// plainURL holds for relative references and the three schemes that need no second look, in lower case.
func plainURL(s string) bool {
	for i := range len(s) {
		switch s[i] {
		case '/':
			return true
		case ':':
			switch s[:i] {
			case "http", "https", "mailto":
				return true
			}
			return false
		}
	}
	return true
}

// isCall holds for URLs that dial a number or write a message to it.
func isCall(s string) bool {
	return len(s) >= len("tel:") && (strings.EqualFold(s[:4], "tel:") || strings.EqualFold(s[:4], "sms:"))
}

// Marks of a byte in a CSS value.
const (
	cssUnsafe = 1 << iota
	cssN
	cssI
	cssO
)

// Bytes that may stand in a plain CSS value. The three letters occur in both words that the function looks for,
// "expression" and "mozbinding"; it skips other bytes between the letters of a word, so only a letter's absence is proof.
var cssMarks = func() (marks [256]uint8) {
	for c := range marks {
		marks[c] = cssUnsafe
	}
	for _, c := range []byte("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -_.,#%!") {
		marks[c] = 0
	}
	marks['n'], marks['N'] = cssN, cssN
	marks['i'], marks['I'] = cssI, cssI
	marks['o'], marks['O'] = cssO, cssO
	return marks
}()

func plainCSSValue(s string) bool {
	var seen uint8
	var last byte
	for i := range len(s) {
		c := s[i]
		seen |= cssMarks[c]
		if c == '-' && last == '-' {
			return false
		}
		last = c
	}
	return seen&cssUnsafe == 0 && (seen != cssN|cssI|cssO || len(s) < len("expression"))
}

// plainNames holds the attributes that appear without a value, as far as the real function leaves them.
var plainNames = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	std, err := standardOf([]string{prefix + "htmlnamefilter"})
	if err != nil {
		return names
	}
	for _, name := range []string{"allowfullscreen", "async", "autofocus", "autoplay", "checked", "controls", "default", "defer",
		"disabled", "hidden", "inert", "ismap", "loop", "multiple", "muted", "novalidate", "open", "playsinline", "readonly",
		"required", "reversed", "selected"} {
		if out, err := std.value(name); err == nil && out == name {
			names[name] = true
		}
	}
	return names
})

func plainName(s string) bool { return plainNames()[s] }

// plainSrcset holds for comma-separated pairs of a plain URL, of bytes that need no percent sign, and a word of letters
// and digits.
func plainSrcset(s string) bool {
	for i := 0; ; i++ {
		for i < len(s) && s[i] == ' ' {
			i++
		}
		start := i
		for i < len(s) && (alnum(s[i]) || urlMark(s[i])) {
			i++
		}
		if !plainURL(s[start:i]) {
			return false
		}
		if i < len(s) && s[i] == ' ' {
			for i < len(s) && (alnum(s[i]) || s[i] == ' ') {
				i++
			}
		}
		if i == len(s) {
			return true
		}
		if s[i] != ',' {
			return false
		}
	}
}

func alnum(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

func urlMark(c byte) bool {
	switch c {
	case '-', '.', '_', '~', '/', ':', '?', '=', '&', ';', '#', '@':
		return true
	}
	return false
}

func hexDigit(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}
