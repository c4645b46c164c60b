package escape_test

import (
	"fmt"
	"html/template"

	"github.com/ropewalk/ropewalk/component/internal/escape"
)

func ExampleFor() {
	href, ok := escape.For([]string{"_html_template_urlfilter", "_html_template_urlnormalizer", "_html_template_attrescaper"})
	fmt.Println(ok)
	fmt.Printf("%s\n", href.String(nil, "/search?q=a b&c"))
	fmt.Printf("%s\n", href.String(nil, "javascript:alert(1)"))
	// Output:
	// true
	// /search?q=a%20b&amp;c
	// #ZgotmplZ
}

func ExampleChain_Any() {
	text, _ := escape.For([]string{"_html_template_htmlescaper"})
	b, _ := text.Any(nil, map[string]int{"<a>": 1})
	b = append(b, ' ')
	b, _ = text.Any(b, template.HTML("<b>"))
	fmt.Printf("%s\n", b)
	// Output: map[&lt;a&gt;:1] <b>
}

func ExampleHTML() {
	fmt.Printf("%s\n", escape.HTML([]byte("<p>"), "Tom & Jerry's"))
	// Output: <p>Tom &amp; Jerry&#39;s
}
