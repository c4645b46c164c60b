package render_test

import (
	"bytes"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/ropewalk/ropewalk/bench/peer"
	"github.com/ropewalk/ropewalk/bench/render"
	"github.com/ropewalk/ropewalk/bench/same"
	"github.com/ropewalk/ropewalk/bench/workload"
)

// The cover of an engine is what it does with hostile values: those in places
// that it leaves unescaped get through, and no others. Whether an engine or
// the author of its page took care cannot be told from the document.
func TestCoverIsWhatHostileValuesFind(t *testing.T) {
	hostile := workload.Hostile()
	for _, e := range render.Engines() {
		t.Run(e.Name, func(t *testing.T) {
			document := output(t, e, workload.ContextsPage, &workload.Set{Contexts: hostile})
			root, err := html.Parse(bytes.NewReader(document))
			if err != nil {
				t.Fatal(err)
			}
			for _, place := range peer.Places() {
				safe := holds(place, root, hostile)
				if care := e.Cover[place]; safe != (care != peer.Unescaped) {
					t.Errorf("%s is %v, but a hostile value stays in its place: %v\n%s", place, care, safe, document)
				}
			}
		})
	}
}

// holds tells whether the hostile value of a place has stayed a value.
func holds(place peer.Place, root *html.Node, p workload.Contexts) bool {
	e := p.Entries[0]
	links := elements(root, "a")
	if len(links) != 2 || len(elements(root, "script")) != 1 {
		return false
	}
	script := elements(root, "script")[0].FirstChild.Data
	switch place {
	case peer.Text:
		return links[0].FirstChild.Data == e.Title && elements(root, "title")[0].FirstChild.Data == p.Title
	case peer.Attribute:
		li := elements(root, "li")[0]
		return attribute(li, "title") == e.Title && attribute(li, "data-kind") == e.Kind && attribute(li, "onerror") == ""
	case peer.URL:
		return !strings.HasPrefix(attribute(links[0], "href"), "javascript:")
	case peer.URLPart:
		u, err := url.Parse(attribute(links[1], "href"))
		return err == nil && u.Query().Get("q") == e.Query && u.Query().Get("from") == "1" && u.Fragment == ""
	case peer.ScriptValue:
		value, _, ok := same.Literal(strings.TrimPrefix(script, "const user = "))
		return ok && value == p.User
	case peer.ScriptText:
		_, rest, _ := strings.Cut(script, "hello = ")
		value, rest, ok := same.Literal(rest)
		return ok && value == "Hello, "+p.User+"!" && rest == ";"
	case peer.Handler:
		_, rest, _ := strings.Cut(attribute(elements(root, "button")[0], "onclick"), ",")
		value, rest, ok := same.Literal(strings.TrimSpace(rest))
		return ok && value == e.Title && strings.TrimSpace(rest) == ")"
	case peer.StyleValue:
		return !strings.Contains(attribute(elements(root, "span")[0], "style"), "url(")
	case peer.StyleSheet:
		return !strings.Contains(elements(root, "style")[0].FirstChild.Data, "url(")
	}
	return false
}

func elements(root *html.Node, name string) []*html.Node {
	var found []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == name {
			found = append(found, n)
		}
	}
	return found
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
