package same_test

import (
	"testing"

	"github.com/ropewalk/ropewalk/bench/same"
)

func TestSameDocuments(t *testing.T) {
	for _, test := range []struct{ name, a, b string }{
		{"entities", `<p title="&quot;&#43;">&lt;&amp;&#39;</p>`, `<p title='"+'>&#60;&#38;&apos;</p>`},
		{"quoting and order of attributes", `<p id="a" class="b">`, `<p class=b id=a>`},
		{"doctype", `<!DOCTYPE html><p>a`, `<!doctype html><p>a</p>`},
		{"white space between elements", "<ul><li>a</li><li>b</li></ul>", "<ul>\n\t<li>a</li>\n\t<li> b</li>\n</ul>"},
		{"white space in text", "<p>a  b</p>", "<p>a\nb</p>"},
		{"percent-encoding", `<a href="/s?q=a+b&amp;r=%C3%A9">x</a>`, `<a href="/s?q=a%20b&amp;r=%c3%a9">x</a>`},
		{"escapes in scripts", `<script>f("\u003ca\/\x27", 1 )</script>`, `<script>f( '<a/\'',1)</script>`},
		{"escapes in handlers", `<b onclick="f(&#34;\u0026&#34;)">x</b>`, `<b onclick='f("&amp;")'>x</b>`},
		{"styles", `<b style="color: red; width: 1px;">x</b>`, `<b style="color:red;width:1px">x</b>`},
	} {
		if err := same.Documents([]byte(test.a), []byte(test.b)); err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

func TestOtherDocuments(t *testing.T) {
	for _, test := range []struct{ name, a, b string }{
		{"text", "<p>a</p>", "<p>b</p>"},
		{"a space beside an element", "<p>a <b>b</b></p>", "<p>a<b>b</b></p>"},
		{"a missing element", "<ul><li>a</li><li>b</li></ul>", "<ul><li>a</li></ul>"},
		{"attribute", `<p id="a">`, `<p id="b">`},
		{"escaped twice", "<p>&amp;lt;</p>", "<p>&lt;</p>"},
		{"URL", `<a href="/s?q=a%26b">x</a>`, `<a href="/s?q=a&amp;b">x</a>`},
		{"string in a script", `<script>f("a")</script>`, `<script>f("b")</script>`},
		{"names in a script", `<script>var a</script>`, `<script>vara</script>`},
		{"style", `<b style="color:red">x</b>`, `<b style="color:blue">x</b>`},
		{"nesting", "<p><b>a</b></p>", "<p><b></b>a</p>"},
	} {
		if same.Documents([]byte(test.a), []byte(test.b)) == nil {
			t.Errorf("%s: a difference goes unseen", test.name)
		}
	}
}
