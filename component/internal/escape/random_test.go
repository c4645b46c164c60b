package escape

import (
	"flag"
	"math/rand/v2"
	"strings"
	"testing"
)

var random = flag.Int("random", 100_000, "values that TestRandom makes")

var pieces = []string{
	"a", "x ", "on", "O'Neil", "é", "日本", "😀", "（", "“", "\u00a0", "\u2028", "\u2029", "\u2027", "\ufdcf", "\ufdd0", "\ufdef", "\ufdf0", "\uffef", "\ufff0", "\ufffd", "\uffff", "\ufeff",
	"\x00", "\x01", "\x7f", "\t", "\n", "\f", "\r", "\x80", "\xc3", "\xe2", "\xe2\x80", "\xef\xb7", "\xf0\x9f", "\xed\xa0\x80", "\xff",
	"<", ">", "&", "\"", "'", "`", "+", "=", "/", "\\", "$", "{", "}", "(", ")", "[", "]", "|", "^", "*", "?", ".", "-", "--", ",", ";", "@", "!", "~", "_", "%", "%4", "%41", "%aF", "%g1", "%%",
	"http:", "https://", "HTTP:", "http\u017f:", "mailto:", "tel:", "data:", "javascript:", "//", ":", " ", "#", "1x", "2.5x", " 100w", "12px", "3em", "url(",
	"expr", "ession", "EXPRESSION", "moz", "binding", "-moz-", "\\65", "\\9 ", "\\A", "inion", "0", "9f", "a1", "<b>", "</b>", "<a title='x>'>", "<script>", "</script>", "<!--", "-->", "&lt;", "&#34;", "]]>",
	"clean text of some length to pass ", strings.Repeat("long clean text ", 40),
}

// Strings put together from pieces that mean something to one escaper or another, of every type, through every chain.
func TestRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(1, uint64(*random)))
	chains := allChains()
	for range *random {
		var b strings.Builder
		for range r.IntN(6) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		c := chains[r.IntN(len(chains))]
		if r.IntN(4) == 0 {
			same(t, c, generated(uint8(r.Uint32()), b.String(), r.Int64()>>r.IntN(64), (r.Float64()-0.5)*[]float64{1, 1e-7, 1e9, 1e25}[r.IntN(4)]))
			continue
		}
		typ := Plain
		if r.IntN(3) == 0 {
			typ = Type(r.IntN(int(numTypes)))
		}
		sameString(t, c, typ, b.String())
	}
}
