package handwritten

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"
	"strings"
)

// A table has a replacement for each byte that does not stay. Bytes are looked up
// as ropewalk does it: sixteen at a time where the processor can, else eight.
type table struct {
	class [256]uint8
	with  [256]string
	short [256]struct { // the same, if it is not longer than eight bytes
		word uint64
		n    int
	}
	dirty *byteSet
}

const (
	stays    = iota
	replaced // by what with says
	percent  // stays before two hexadecimal digits
	e2       // may begin U+2028 or U+2029
)

func (t *table) append(b []byte, s string) []byte {
	if n := len(b); haveBlocks && len(s) >= 4 && cap(b)-n >= len(s) {
		clean, found := copyClean(b[n:cap(b)], s, t.dirty)
		if b = b[:n+clean]; found == 0 {
			return b
		}
		return t.appendFrom(clean, b, s)
	}
	return t.appendFrom(0, b, s)
}

func (t *table) appendFrom(i int, b []byte, s string) []byte {
	if haveBlocks && len(s)-i >= 16 {
		b, i = t.appendBlocks(b, s, i)
	}
	start := i
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

// appendBlocks goes on while there are whole blocks and replacements of up to
// eight bytes.
func (t *table) appendBlocks(b []byte, s string, i int) ([]byte, int) {
	for len(s)-i >= 16 {
		n := len(b)
		b = slices.Grow(b, len(s)-i+16*8)
		clean, found := copyClean(b[n:cap(b)], s[i:], t.dirty)
		b = b[:n+clean]
		i += clean
		for block := i; found != 0; found &= found - 1 {
			at := block + bits.TrailingZeros32(found)
			if n := len(b); len(s)-i >= 16 {
				copy(b[n:n+16], s[i:i+16])
				b = b[:n+at-i]
			} else {
				b = append(b, s[i:at]...)
			}
			i = at
			r := &t.short[s[i]]
			if t.class[s[i]] != replaced || r.n == 0 {
				return b, i
			}
			b = binary.LittleEndian.AppendUint64(b, r.word)[:len(b)+r.n]
			i++
		}
	}
	return b, i
}

// A byteSet is a set of bytes for copyClean: c is in it if low[c&15]&high[c>>4]
// is not zero.
type byteSet struct{ low, high [16]uint8 }

func (t *table) seal() {
	t.dirty = &byteSet{}
	rows := map[uint16]uint8{}
	for c := range 256 {
		if n := len(t.with[c]); 0 < n && n <= 8 {
			var word [8]byte
			copy(word[:], t.with[c])
			t.short[c].word, t.short[c].n = binary.LittleEndian.Uint64(word[:]), n
		}
	}
	for row := range 16 {
		var in uint16
		for column := range 16 {
			if t.class[row<<4|column] != stays {
				in |= 1 << column
			}
		}
		if in == 0 {
			continue
		}
		if rows[in] == 0 {
			rows[in] = 1 << len(rows)
		}
		t.dirty.high[row] = rows[in]
		for column := range 16 {
			if in&(1<<column) != 0 {
				t.dirty.low[column] |= rows[in]
			}
		}
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
	t.seal()
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
	t.seal()
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
	t.seal()
	return t
}

// appendText is for text, a title's text, and quoted attributes.
func appendText(b []byte, s string) []byte { return text.append(b, s) }

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
