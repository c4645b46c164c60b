package danger

import (
	"strings"
	"testing"
)

// In each script § is an action. What it is to the script stands behind the arrow, one
// letter for each: value, string, template literal, regexp, comment, unknown.
var scripts = []string{
	"§ → v", `"§" '§' → ss`, "`§${§}§` → tvt", "/§/ → r", "/* § */ // § → cc", "x = /[/]§/ → r", "/[§]/ → ?",
	// behind what divides
	"a/§/b → v", "a()/§/b → v", "a[0]/§ → v", "`a`/§/b → v", "`${a}`/§ → v", "/a/g/§ → v", `"a"/§ → v`, "this/§ → v", "1./§ → v", "1e3/§ → v", "a.return/§ → v", "a.#if(b)/§ → v",
	// behind what begins a regexp
	"return /§/ → r", "typeof /§/ → r", "a=/§/ → r", "f(/§/) → r", "[/§/] → r", "a?/§/:/§/ → rr", "if(a)/§/ → r", "while(a)/§/ → r", "=>/§/ → r", ";/§/ → r", "else /§/ → r", "in/§/ → r",
	"a.b;/§/ → r", "if(a){}/§/ → r", "if(a){b}else{c}/§/ → r",
	// behind what only a parser knows
	"a++/§ → ?", "({})/§ → v", "x={}/§ → ?", "f=function(){}/§ → ?", "await/§ → ?", "yield/§ → ?", "await(a)/§ → ?", "for await(a of b)/§ → ?", "class{}/§ → ?", "§/§ → v?", "x=§/§ → vv", "of/§ → ?",
	// what is around
	"`${ {a:{}} }§` → t", "`${`${§}`}§` → vt", "`${ \"}\" }§` → t", "`\\${§ → t", "`$§ → t", "`\\`§` → t", `"\"§" → s`, "'\\\\'+§ → v", "a)§ → ?", "(]§ → ?", "\"\n§ → ?", "\\u0061 § → ?",
	"/*/§*/§ → cv", "/**/§ → v", "a/* */§ → v", "//\u2028§ → v", "\ufeff/§/ → r", "é/§ → v", "a\u00a0/§ → v", "<!--§ → ?", "-->§ → ?", "a--§ → v", "a-- >§ → v", "#!§ → ?",
}

func TestScript(t *testing.T) {
	letters := map[hole]byte{valueHole: 'v', stringHole: 's', templateHole: 't', regexpHole: 'r', commentHole: 'c', doubtHole: '?'}
	for _, test := range scripts {
		text, want, _ := strings.Cut(test, " → ")
		var s script
		var got []byte
		for i, piece := range strings.Split(text, "§") {
			if i > 0 {
				got = append(got, letters[s.action()])
			}
			s.text(piece)
		}
		if string(got) != want {
			t.Errorf("%s: %s, not %s", text, got, want)
		}
	}
}

// However a script is parted into pieces of text, the same is known of it.
func FuzzScript(f *testing.F) {
	for _, test := range scripts {
		text, _, _ := strings.Cut(test, " → ")
		f.Add(text, 3)
	}
	f.Fuzz(func(t *testing.T, text string, at int) {
		text = strings.ToValidUTF8(text, "")
		for at = max(0, min(at, len(text))); at > 0 && at < len(text) && text[at]&0xC0 == 0x80; {
			at--
		}
		var whole, parts script
		whole.text(text)
		parts.text(text[:at])
		parts.text(text[at:])
		if whole != parts {
			t.Errorf("%q at %d: %+v and %+v", text, at, whole, parts)
		}
	})
}
