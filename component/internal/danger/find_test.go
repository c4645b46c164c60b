package danger

import (
	"slices"
	"strings"
	"testing"
	"text/template/parse"
)

func parseTrees(t testing.TB, text string) map[string]*parse.Tree {
	tree := parse.New("main")
	tree.Mode = parse.SkipFuncCheck
	trees := map[string]*parse.Tree{}
	if _, err := tree.Parse(text, "{{", "}}", trees); err != nil {
		t.Skip(err)
	}
	return trees
}

// Whatever a template is, the walk comes to an end, and what is renamed is restored.
func FuzzFind(f *testing.F) {
	for _, text := range []string{
		`<a href="{{.}}:{{.}}" x-data="{{.}}" imagesrcset="{{.}}">{{range .}}<p {{if .}}title="{{break}}{{end}}{{else}}<i>{{end}}`,
		`{{template "main"}}<script type="importmap">{{template "main"}}</script>{{define "t"}}<{{end}}`,
		`{{range .}}x{{template "t"}}{{continue}}{{end}}{{define "t"}}<a {{if .}}b{{template "t"}}{{end}}{{end}}`,
		"<script>`${{{range .}}{ {{.}}{{end}}}`</script><meta content='{{.}}' http-equiv=refresh><set to={{.}} attributename=href>",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsAny(text, "\x01\x02\x03") {
			t.Skip("the marks of renames stand in it")
		}
		trees := parseTrees(t, text)
		before := texts(trees)
		Rename(trees, []string{"main"}, CodeAttributes())
		for i, after := range texts(trees) {
			if !strings.EqualFold(Restore(after), before[i]) {
				t.Errorf("%q became %q", before[i], after)
			}
		}
		Find(trees, []string{"main"}, CodeAttributes())
	})
}

func texts(trees map[string]*parse.Tree) (out []string) {
	names := make([]string, 0, len(trees))
	for name := range trees {
		names = append(names, name)
	}
	slices.Sort(names)
	var list func(l *parse.ListNode)
	branch := func(b *parse.BranchNode) {
		list(b.List)
		list(b.ElseList)
	}
	list = func(l *parse.ListNode) {
		if l == nil {
			return
		}
		for _, n := range l.Nodes {
			switch n := n.(type) {
			case *parse.TextNode:
				out = append(out, string(n.Text))
			case *parse.IfNode:
				branch(&n.BranchNode)
			case *parse.WithNode:
				branch(&n.BranchNode)
			case *parse.RangeNode:
				branch(&n.BranchNode)
			}
		}
	}
	for _, name := range names {
		list(trees[name].Root)
	}
	return out
}

func TestRename(t *testing.T) {
	for text, want := range map[string]string{
		`<p x-data="a" :class='b' @click=c hx-on:click data-x-if="d">`: "<p \x01:onx-data=\"a\" \x01:on:class='b' \x01:on@click=c \x01:onhx-on:click \x01:ondata-x-if=\"d\">",
		`<p x-ref="a" class="x-data" _="b" onclick="c">x-data="d"`:     `<p x-ref="a" class="x-data" _="b" onclick="c">x-data="d"`,
		`<link imageSrcset="a">`:                                       "<link \x02:srcset=\"a\">",
		`<script type="importmap">`:                                    "<script type=\"application/json;\x03importmap\">",
		`<input type="importmap">`:                                     `<input type="importmap">`,
		`<p {{if .}}x-data="a"{{end}}>`:                                "<p |\x01:onx-data=\"a\"|>",
		`<p x-{{.}}data="a">`:                                          `<p x-|data="a">`,
	} {
		trees := parseTrees(t, text)
		Rename(trees, []string{"main"}, CodeAttributes())
		if got := strings.Join(texts(trees), "|"); !sameText(got, want) {
			t.Errorf("%s: %q, not %q", text, got, want)
		}
	}
}

func sameText(a, b string) bool {
	return strings.ReplaceAll(a, "|", "") == strings.ReplaceAll(b, "|", "")
}

func TestCodeAttributes(t *testing.T) {
	for name, want := range map[string]bool{
		"hx-on:click": true, "hx-on--load": true, "hx-on::after-request": true, "hx-get": false, "x-data": true, "x-on:click.away": true,
		"x-ref": false, "x-transition:enter": false, "@click": true, ":class": true, "v-if": true, "v-cloak": false, "ng-click": true,
		"_": true, "script": true, "data-x-show": true, "data-hx-on:click": true, "data-id": false, "data-v": false, "title": false, "xlink:href": false, "data-_": true,
	} {
		if isCode(name, CodeAttributes()) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
	if isCode("x-data", []string{}) {
		t.Error("an empty list has attributes")
	}
}

func TestDangerousNames(t *testing.T) {
	for name, want := range map[string]bool{
		"onclick": true, "data-onclick": true, "x:onclick": true, "href": true, "xlink:href": true, "srcdoc": true, "style": true, "formaction": true,
		"data-src": true, "data-id": false, "aria-label": false, "title": false, "data-name": false, "x-data": true, "class": false,
	} {
		if DangerousName(name, CodeAttributes()) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
	for name, want := range map[string]bool{"h?": false, "s?": true, "?": true, "scr?t": true, "my-?": false, "t?d": false, "ti?": true} {
		if couldBe(name, specialElements) != want {
			t.Errorf("element %s: %v", name, !want)
		}
	}
}
