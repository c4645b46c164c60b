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
	short [256]replacement // of a clean byte: itself

	dirty *byteSet // the bytes that are not clean; nil if it cannot say which those are

	long    map[byte]string // replacements of more than maxReplacement bytes
	percent bool            // a percent sign before two hexadecimal digits stays
	space   string          // set off after a replacement in spaced, at the end or before a hexadecimal digit or a CSS space
	spaced  [128]bool

	// valid takes over at the first non-ASCII byte if the rest is valid UTF-8: set where invalid bytes do not stay.
	valid *table
}

// maxReplacement is how many bytes fit into a replacement.
const maxReplacement = 8

// replacement is a few bytes that are stored with one write.
type replacement struct {
	word uint64
	n    uint64
}

func makeReplacement(s string) replacement {
	var w [8]byte
	n := copy(w[:], s)
	return replacement{binary.LittleEndian.Uint64(w[:]), uint64(n)}
}

func (r *replacement) append(b []byte) []byte {
	n := len(b) + int(r.n)
	return binary.LittleEndian.AppendUint64(b, r.word)[:n]
}

// append appends what becomes of s. It reports false, and appends nothing, where the standard functions must decide.
func (t *table) append(b []byte, s string) ([]byte, bool) {
	if n := len(b); haveBlocks && len(s) >= shortest && cap(b)-n >= len(s) && t.dirty != nil {
		clean, found := copyClean(b[n:cap(b)], s, t.dirty)
		if b = b[:n+clean]; found == 0 {
			return b, true
		}
		return t.appendRest(b, s, clean, found)
	}
	return t.appendFrom(0, b, s)
}

// appendRest is append for a b that has s[:i] already, with what copyClean found there.
func (t *table) appendRest(b []byte, s string, i int, found uint32) ([]byte, bool) {
	length := len(b) - i
	b, i = t.appendBlocks(b, s, i, found)
	if i == len(s) {
		return b, true
	}
	b, ok := t.appendFrom(i, b, s)
	if !ok {
		b = b[:length]
	}
	return b, ok
}

// appendFrom is append for a b that has what becomes of s[:i] already. Where it reports false it returns that b.
func (t *table) appendFrom(i int, b []byte, s string) ([]byte, bool) {
	length := len(b)
	class := &t.class
	start := i // b has what becomes of s[:start], and all up to i stays
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
		switch {
		case class[c] == replaced:
			b = t.short[c].append(append(b, s[start:i]...))
			i++
			start = i
			continue
		case class[c] == foreign:
			return b[:length], false
		case c >= utf8.RuneSelf && t.valid != nil:
			if !utf8.ValidString(s[i:]) {
				return b[:length], false
			}
			t = t.valid
			class = &t.class
		case c >= utf8.RuneSelf:
			if rareRune(s[i:]) {
				return b[:length], false
			}
			i++
		case t.percent && c == '%' && len(s)-i > 2 && hexDigit(s[i+1]) && hexDigit(s[i+2]):
			i++
		default:
			b = t.appendSpecial(append(b, s[start:i]...), s, i)
			i++
			start = i
		}
		if haveBlocks && len(s)-i >= blockSize && t.dirty != nil {
			var found uint32
			b, i, found = t.copyOn(append(b, s[start:i]...), s, i)
			b, i = t.appendBlocks(b, s, i, found)
			start = i
		}
	}
}

// appendSpecial appends the replacement of s[i], whatever its length is and with a space behind it if that is needed.
func (t *table) appendSpecial(b []byte, s string, i int) []byte {
	c := s[i]
	if long, ok := t.long[c]; ok {
		b = append(b, long...)
	} else {
		b = t.short[c].append(b)
	}
	if i++; t.spaced[c] && (i == len(s) || hexDigit(s[i]) || cssSpace(s[i])) {
		b = append(b, t.space...)
	}
	return b
}

// seal is called when the classes have been decided.
func (t *table) seal() {
	t.dirty = newByteSet(func(c byte) bool { return t.class[c] != clean })
	for c := range t.class {
		if t.class[c] == clean {
			t.short[c] = replacement{uint64(c), 1}
		}
	}
}

// set makes r the replacement of c.
func (t *table) set(c byte, r string) {
	switch {
	case r == string([]byte{c}):
		t.class[c] = clean
	case len(r) <= maxReplacement:
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
