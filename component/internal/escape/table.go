package escape

import (
	"encoding/binary"
	"unicode/utf8"
)

// Classes of bytes.
const (
	clean    = iota // stays
	replaced        // becomes its replacement
	special         // depends on its neighbours, or its replacement is long
	foreign         // only the standard functions know
)

// table says what becomes of each byte.
type table struct {
	class [256]uint8
	short [256]replacement

	long    map[byte]string // replacements of more than eight bytes
	percent bool            // a percent sign before two hexadecimal digits stays
	space   string          // set off after a replacement in spaced, at the end or before a hexadecimal digit or a CSS space
	spaced  [128]bool

	// valid takes over at the first non-ASCII byte if the rest is valid UTF-8: set where invalid bytes do not stay.
	valid *table
}

// replacement is up to eight bytes, stored with one write.
type replacement struct {
	word uint64
	n    uint64
}

func makeReplacement(s string) replacement {
	var w [8]byte
	n := copy(w[:], s)
	return replacement{binary.LittleEndian.Uint64(w[:]), uint64(n)}
}

// append appends what becomes of s. It reports false, and appends nothing, where the standard functions must decide.
func (t *table) append(b []byte, s string) ([]byte, bool) {
	length := len(b)
	class := &t.class
	start, i := 0, 0
	for {
		for len(s)-i >= 8 {
			p := s[i : i+8]
			if class[p[0]]|class[p[1]]|class[p[2]]|class[p[3]]|class[p[4]]|class[p[5]]|class[p[6]]|class[p[7]] != clean {
				break
			}
			i += 8
		}
		for i < len(s) && class[s[i]] == clean {
			i++
		}
		if i >= len(s) {
			return append(b, s[start:]...), true
		}
		c := s[i]
		if class[c] == replaced {
			b = append(b, s[start:i]...)
			r := &t.short[c]
			n := len(b) + int(r.n)
			b = binary.LittleEndian.AppendUint64(b, r.word)[:n]
			i++
			start = i
			continue
		}
		if class[c] == foreign {
			return b[:length], false
		}
		if c >= utf8.RuneSelf {
			if t.valid != nil {
				if !utf8.ValidString(s[i:]) {
					return b[:length], false
				}
				t = t.valid
				class = &t.class
			} else if rareRune(s[i:]) {
				return b[:length], false
			} else {
				i++
			}
			continue
		}
		if t.percent && c == '%' && len(s)-i > 2 && hexDigit(s[i+1]) && hexDigit(s[i+2]) {
			i++
			continue
		}
		b = append(b, s[start:i]...)
		b = t.appendSpecial(b, c)
		i++
		start = i
		if t.spaced[c] && (i == len(s) || hexDigit(s[i]) || cssSpace(s[i])) {
			b = append(b, t.space...)
		}
	}
}

func (t *table) appendSpecial(b []byte, c byte) []byte {
	if long, ok := t.long[c]; ok {
		return append(b, long...)
	}
	r := &t.short[c]
	n := len(b) + int(r.n)
	return binary.LittleEndian.AppendUint64(b, r.word)[:n]
}

// set makes r the replacement of c.
func (t *table) set(c byte, r string) {
	switch {
	case r == string([]byte{c}):
		t.class[c] = clean
	case len(r) <= 8:
		t.class[c] = replaced
	default:
		t.class[c] = special
		if t.long == nil {
			t.long = map[byte]string{}
		}
		t.long[c] = r
	}
	t.short[c] = makeReplacement(r)
}

// rareRune reports whether s begins with one of the runes that some escaper treats in its own way: U+2028 and U+2029,
// and the ranges U+FDD0 to U+FDEF and U+FFF0 to U+FFFF.
func rareRune(s string) bool {
	if len(s) < 3 {
		return false
	}
	switch s[0] {
	case 0xE2:
		return s[1] == 0x80 && s[2]|1 == 0xA9
	case 0xEF:
		return s[1] == 0xB7 && 0x90 <= s[2] && s[2] <= 0xAF || s[1] == 0xBF && 0xB0 <= s[2]
	}
	return false
}

func cssSpace(c byte) bool {
	switch c {
	case '\t', '\n', '\f', '\r', ' ':
		return true
	}
	return false
}
