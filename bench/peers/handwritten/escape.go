package handwritten

import (
	"fmt"
	"strings"
)

// A table has a replacement for each byte that does not stay. The loop is the
// one of ropewalk: bytes are looked up eight at a time.
type table struct {
	class [256]uint8
	with  [256]string
}

const (
	stays    = iota
	replaced // by what with says
	percent  // stays before two hexadecimal digits
	e2       // may begin U+2028 or U+2029
)

func (t *table) append(b []byte, s string) []byte {
	start, i := 0, 0
	class := &t.class
	for {
		for len(s)-i >= 8 {
			p := s[i : i+8]
			if class[p[0]]|class[p[1]]|class[p[2]]|class[p[3]]|class[p[4]]|class[p[5]]|class[p[6]]|class[p[7]] != stays {
				break
			}
			i += 8
		}
		for i < len(s) && class[s[i]] == stays {
			i++
		}
		if i >= len(s) {
			return append(b, s[start:]...)
		}
		with, width := t.with[s[i]], 1
		switch class[s[i]] {
		case percent:
			if len(s)-i > 2 && isHex(s[i+1]) && isHex(s[i+2]) {
				i++
				continue
			}
		case e2:
			rest := s[i:]
			if !strings.HasPrefix(rest, "\u2028") && !strings.HasPrefix(rest, "\u2029") {
				i++
				continue
			}
			with, width = fmt.Sprintf(`\u%04x`, []rune(rest[:3])[0]), 3
		}
		b = append(append(b, s[start:i]...), with...)
		i += width
		start = i
	}
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}

func newTable(with map[byte]string) *table {
	t := &table{}
	for c, r := range with {
		t.class[c], t.with[c] = replaced, r
	}
	return t
}

var (
	text = newTable(map[byte]string{0: "\uFFFD", '"': "&#34;", '&': "&amp;", '\'': "&#39;", '+': "&#43;", '<': "&lt;", '>': "&gt;"})

	unquoted = newTable(map[byte]string{
		0: "&#xfffd;", '\t': "&#9;", '\n': "&#10;", '\v': "&#11;", '\f': "&#12;", '\r': "&#13;", ' ': "&#32;", '"': "&#34;",
		'&': "&amp;", '\'': "&#39;", '+': "&#43;", '<': "&lt;", '=': "&#61;", '>': "&gt;", '`': "&#96;",
	})

	// In a script a value is JSON. In an attribute the quotes and what text
	// escapes come on top of it.
	value   = newScriptTable("&<>", map[byte]string{'"': `\"`, '\\': `\\`, '\b': `\b`})
	handler = newScriptTable("&<>", map[byte]string{'"': `\&#34;`, '\'': "&#39;", '+': "&#43;", '\\': `\\`, '\b': `\b`})
	script  = newScriptTable("\"&'+<>`", map[byte]string{'/': `\/`, '\\': `\\`}) // inside of a string

	// URLs stand in attributes, so the tables also do what text does.
	wholeURL = newURLTable("!#$*,/:;=?@[]-._~", map[byte]string{'&': "&amp;", '+': "&#43;"})
	queryURL = newURLTable("-._~", nil)
)

func newScriptTable(coded string, with map[byte]string) *table {
	t := newTable(map[byte]string{'\t': `\t`, '\n': `\n`, '\f': `\f`, '\r': `\r`})
	for c, r := range with {
		t.class[c], t.with[c] = replaced, r
	}
	for c := range byte(0x80) {
		if t.class[c] == stays && (c < ' ' || strings.IndexByte(coded, c) >= 0) {
			t.class[c], t.with[c] = replaced, fmt.Sprintf(`\u%04x`, c)
		}
	}
	t.class[0xE2] = e2
	return t
}

func newURLTable(stay string, with map[byte]string) *table {
	t := newTable(with)
	for c := range 256 {
		plain := '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' && c < 0x80
		if t.class[c] == stays && !plain && (c >= 0x80 || strings.IndexByte(stay, byte(c)) < 0) {
			t.class[c], t.with[c] = replaced, fmt.Sprintf("%%%02x", c)
		}
	}
	if with != nil {
		t.class['%'] = percent
	}
	return t
}

// appendText is for text, a title's text, and quoted attributes.
func appendText(b []byte, s string) []byte {
	if len(s) > 512 {
		return appendLong(b, s)
	}
	return text.append(b, s)
}

// appendLong looks for the next byte to escape with IndexByte where there is
// none for a while, as ropewalk does.
func appendLong(b []byte, s string) []byte {
	const chunk = 256
	for len(s) > chunk {
		n := len(b)
		b = text.append(b, s[:chunk])
		s = s[chunk:]
		if len(b)-n == chunk {
			n = cleanLength(s)
			b = append(b, s[:n]...)
			s = s[n:]
		}
	}
	return text.append(b, s)
}

func cleanLength(s string) int {
	const least, block = 256, 1024
	total := 0
	for len(s) >= least {
		n := min(len(s), block)
		size := n
		for _, c := range [...]byte{'\'', '"', '&', '+', '<', '>', 0} {
			if i := strings.IndexByte(s[:n], c); i >= 0 {
				n = i
			}
		}
		total += n
		if n < size {
			break
		}
		s = s[n:]
	}
	return total
}

// appendUnquoted is for attributes without quotes. It does not know the
// noncharacters that html/template also replaces there.
func appendUnquoted(b []byte, s string) []byte {
	if s == "" {
		return append(b, "ZgotmplZ"...)
	}
	return unquoted.append(b, s)
}

// appendURL is for a whole URL in an attribute.
func appendURL(b []byte, s string) []byte {
	if scheme, _, ok := strings.Cut(s, ":"); ok && !strings.Contains(scheme, "/") &&
		!strings.EqualFold(scheme, "https") && !strings.EqualFold(scheme, "http") && !strings.EqualFold(scheme, "mailto") {
		return append(b, "#ZgotmplZ"...)
	}
	return wholeURL.append(b, s)
}

// appendStyle is for a style's value that is a color, a length or a word. What
// it refuses html/template refuses too, and some more: escapes, comments.
func appendStyle(b []byte, s string) []byte {
	for _, c := range []byte(s) {
		if c == 0 || c == '\\' || strings.IndexByte(`"'()/;@[]`+"`{}<>", c) >= 0 {
			return append(b, "ZgotmplZ"...)
		}
	}
	if len(s) >= len("expression") && (strings.Contains(strings.ToLower(s), "expression") || strings.Contains(strings.ToLower(s), "-moz-binding")) {
		return append(b, "ZgotmplZ"...)
	}
	return append(b, s...)
}
