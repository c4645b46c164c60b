package escape

import (
	"encoding/binary"
	"strings"
)

// What text and quoted attributes escape; every other byte stays, part of valid UTF-8 or not.
var htmlReplacements = map[byte]string{
	0:    "\uFFFD",
	'"':  "&#34;",
	'&':  "&amp;",
	'\'': "&#39;",
	'+':  "&#43;",
	'<':  "&lt;",
	'>':  "&gt;",
}

var htmlClass, htmlShort = func() (class [256]uint8, short [256]replacement) {
	for c, r := range htmlReplacements {
		class[c], short[c] = replaced, makeReplacement(r)
	}
	return class, short
}()

// HTML appends s as html/template writes a string in text, in a textarea or title, and in a quoted attribute. It is
// [table.append] on a table that has only clean and replaced bytes.
func HTML(b []byte, s string) []byte {
	if len(s) > longString {
		return longHTML(b, s)
	}
	start, i := 0, 0
	for {
		for len(s)-i >= 8 {
			p := s[i : i+8]
			if htmlClass[p[0]]|htmlClass[p[1]]|htmlClass[p[2]]|htmlClass[p[3]]|
				htmlClass[p[4]]|htmlClass[p[5]]|htmlClass[p[6]]|htmlClass[p[7]] != clean {
				break
			}
			i += 8
		}
		for i < len(s) && htmlClass[s[i]] == clean {
			i++
		}
		if i >= len(s) {
			return append(b, s[start:]...)
		}
		b = append(b, s[start:i]...)
		r := &htmlShort[s[i]]
		n := len(b) + int(r.n)
		b = binary.LittleEndian.AppendUint64(b, r.word)[:n]
		i++
		start = i
	}
}

// Attr appends s as html/template writes a string in a quoted attribute, which is how it writes it in text.
func Attr(b []byte, s string) []byte { return HTML(b, s) }

// Above longString bytes, a chunk without a byte to replace is a sign that IndexByte, which reads 32 bytes at a time
// but needs a pass for each byte it looks for, gets further.
const (
	longString = 512
	chunk      = 256
)

func longHTML(b []byte, s string) []byte {
	for len(s) > chunk {
		n := len(b)
		b = HTML(b, s[:chunk])
		s = s[chunk:]
		if len(b)-n == chunk {
			n = cleanHTML(s)
			b = append(b, s[:n]...)
			s = s[n:]
		}
	}
	return HTML(b, s)
}

// cleanHTML returns the length of a clean beginning of s, of all of it up to the last few hundred bytes.
func cleanHTML(s string) int {
	const block = 2048
	total := 0
	for len(s) >= chunk {
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
