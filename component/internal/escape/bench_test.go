package escape

import (
	"fmt"
	"html"
	"html/template"
	"strings"
	"testing"
)

// texts are inputs by length: without a byte to escape, with one in about eighty bytes, with one in about nine, Japanese.
func texts(n int) map[string]string {
	cut := func(s string) string { return strings.Repeat(s, n/len(s)+1)[:n] }
	return map[string]string{
		"clean":    cut("The quick brown fox jumps over the lazy dog, again and again. "),
		"sparse":   cut("It's the quick brown fox that jumps over the lazy dog, then sleeps for a while, "),
		"dense":    cut("Tom & Jerry's <b>quick</b> brown fox jumps over \"lazy\" dogs, twice a week "),
		"japanese": cut("素早い茶色の狐はのろまな犬を飛び越える。"),
	}
}

var kinds = []string{"clean", "sparse", "dense", "japanese"}

func BenchmarkHTML(b *testing.B) {
	peers := []struct {
		name string
		f    func([]byte, string) []byte
	}{
		{"escape.HTML", HTML},
		{"template.HTMLEscapeString", func(b []byte, s string) []byte { return append(b, template.HTMLEscapeString(s)...) }},
		{"html.EscapeString", func(b []byte, s string) []byte { return append(b, html.EscapeString(s)...) }},
		{"copy", func(b []byte, s string) []byte { return append(b, s...) }},
	}
	for _, n := range []int{5, 12, 40, 120, 1000, 50_000} {
		for _, kind := range kinds {
			s := texts(n)[kind]
			for _, peer := range peers {
				buf := make([]byte, 0, 6*n+64)
				b.Run(fmt.Sprintf("%d/%s/%s", n, kind, peer.name), func(b *testing.B) {
					b.ReportAllocs()
					for b.Loop() {
						buf = peer.f(buf[:0], s)
					}
				})
			}
		}
	}
}

// BenchmarkChains compares each chain with html/template's own functions. Those are called through a template, which is
// how html/template calls them too.
func BenchmarkChains(b *testing.B) {
	inputs := map[string]string{
		"url": "/products/12345?color=dark blue&size=4", "name": "checked", "css": "12px solid #ffcc00", "srcset": "/img/a.png 1x, /img/b.png 2x",
		"text": "The quick brown fox's \"jump\" & run",
	}
	for _, c := range allChains() {
		input := inputs["text"]
		for _, key := range []string{"url", "name", "css", "srcset"} {
			if strings.Contains(c.String(), key) {
				input = inputs[key]
				break
			}
		}
		buf := make([]byte, 0, 1024)
		b.Run(c.String()+"/chain", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				buf = c.c.String(buf[:0], input)
			}
		})
		b.Run(c.String()+"/standard", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				out, _ := c.std.value(input)
				buf = append(buf[:0], out...)
			}
		})
	}
}

func BenchmarkValues(b *testing.B) {
	buf := make([]byte, 0, 1024)
	for _, names := range [][]string{{prefix + "htmlescaper"}, {prefix + "jsvalescaper", prefix + "attrescaper"}} {
		c, _ := For(names)
		for _, v := range []any{"a title", 12345, true, 12.5, template.HTML("<b>x</b>"), nil, at("pointer"), name("named"), shout("stringer"), at(shout("pointer"))} {
			b.Run(fmt.Sprintf("%s/%T", chain{names: names}, v), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					buf, _ = c.Any(buf[:0], v)
				}
			})
		}
	}
}

func BenchmarkFor(b *testing.B) {
	names := []string{prefix + "urlfilter", prefix + "urlnormalizer", prefix + "attrescaper"}
	b.Run("memoised", func(b *testing.B) {
		for b.Loop() {
			For(names)
		}
	})
	b.Run("probed", func(b *testing.B) {
		for b.Loop() {
			newProgram(names, Plain)
		}
	})
}
