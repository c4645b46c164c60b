package escape

import (
	"errors"
	"fmt"
	"strings"
	"sync"
)

// commonChains are the sequences that html/template writes most.
var commonChains = [][]string{
	{"htmlescaper"}, {"attrescaper"}, {"rcdataescaper"}, {"nospaceescaper"}, {"commentescaper"}, {"htmlnamefilter"},
	{"urlfilter", "attrescaper"}, {"urlfilter", "urlnormalizer", "attrescaper"}, {"urlfilter", "urlnormalizer", "nospaceescaper"},
	{"urlnormalizer", "attrescaper"}, {"urlescaper", "attrescaper"}, {"urlescaper", "nospaceescaper"},
	{"srcsetescaper", "attrescaper"}, {"jsvalescaper"}, {"jsvalescaper", "attrescaper"}, {"jsvalescaper", "nospaceescaper"},
	{"jsstrescaper"}, {"jsstrescaper", "nospaceescaper"}, {"jstmpllitescaper"}, {"jsregexpescaper"},
	{"cssvaluefilter"}, {"cssvaluefilter", "attrescaper"}, {"cssescaper"}, {"urlfilter", "cssescaper"},
}

// probeStrings are strings on which a change to a standard function, or a mistake about it, would show.
var probeStrings = []string{
	"", "a", "Zażółć 日本語", "<b title='x'>&amp;+\"`=</b>", "\x00\t\n\v\f\r \x7f", "a\xffb\xe2\x80", "\u2028\u2029\ufdd0\ufffd\uffff",
	"javascript:alert(1)", " javascript:a", "JavaScript:a", "data:text/html,x", "tel:1", "mailto:a@b", "HTTPS://x/?a=b c#d", "//x/%41%4g%",
	"/a:b", "é:b", "http\u017f:x", "/a.png 1x, http://b/c,d.png 200w", "x:y 1x", "/a 1.5x", "10px", "--x", "exp/**/ression", "-moz-binding", "e-x-p-r-e-s-s-i-o-n",
	`\65xpression(`, `</script><!--]]>`, "${a}", "onclick", "checked", "Checked", "title", "a-b", "😀\u00a0",
}

// Check compares the chains that html/template writes most with the standard library's own functions. It fails on a Go
// release whose html/template cannot be reached any more or behaves in a way that this package does not foresee. It
// does its work once, in about ten milliseconds.
func Check() error { return check() }

var check = sync.OnceValue(func() error {
	for _, short := range commonChains {
		names := make([]string, len(short))
		for i, name := range short {
			names[i] = prefix + name
		}
		if err := checkChain(names); err != nil {
			return err
		}
	}
	for _, name := range []string{"html", "js", "urlquery", "_eval_args_"} {
		if err := checkChain([]string{name}); err != nil {
			return err
		}
	}
	return checkReal()
})

func checkChain(names []string) error {
	std, err := standardOf(names)
	if err != nil {
		return err
	}
	if _, err := std.value("x"); err != nil {
		if errors.Is(err, errUnreplaced) {
			return errUnreplaced
		}
		return err
	}
	c, ok := For(names)
	if !ok {
		return fmt.Errorf("escape: no chain for %s", strings.Join(names, " "))
	}
	if c.plain.kind == byStandard {
		return fmt.Errorf("escape: %s no longer works byte by byte in this Go release", strings.Join(names, " "))
	}
	for _, s := range probeStrings {
		for typ := range numTypes {
			if typ != Plain && typ != propertiesOf[names[0]].trusts && typ != propertiesOf[names[0]].rewrites {
				continue // as Plain: a matter of this package's tests
			}
			want, err := std.value(typ.value(s))
			if err != nil {
				return err
			}
			if got := string(c.Typed(nil, typ, s)); got != want {
				return fmt.Errorf("escape: %s of %T(%q) is %q here and %q in this Go release's html/template",
					strings.Join(names, " "), typ.value(s), s, got, want)
			}
		}
	}
	return nil
}

// checkReal holds the functions reached against what they are known to do, lest both sides of the comparison be wrong.
func checkReal() error {
	for name, want := range map[string]string{
		"htmlescaper": "&lt;a b=&#34;c&#34;&gt;", "nospaceescaper": "&lt;a&#32;b&#61;&#34;c&#34;&gt;",
		"urlnormalizer": "%3ca%20b=%22c%22%3e", "jsstrescaper": `\u003ca b=\u0022c\u0022\u003e`, "cssescaper": `\3c a b=\22 c\22\3e `,
	} {
		std, err := standardOf([]string{prefix + name})
		if err != nil {
			return err
		}
		if got, err := std.value(`<a b="c">`); err != nil || got != want {
			return fmt.Errorf("escape: html/template's %s%s gave %q, not %q: %v", prefix, name, got, want, err)
		}
	}
	return nil
}
