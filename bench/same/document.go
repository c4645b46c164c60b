package same

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Documents returns an error that names the first difference, or nil.
func Documents(got, want []byte) error {
	gotLines, err := lines(got)
	if err != nil {
		return err
	}
	wantLines, err := lines(want)
	if err != nil {
		return err
	}
	for i := range max(len(gotLines), len(wantLines)) {
		g, w := "the end", "the end"
		if i < len(gotLines) {
			g = gotLines[i]
		}
		if i < len(wantLines) {
			w = wantLines[i]
		}
		if g != w {
			return fmt.Errorf("same: node %d is\n\t%s\nnot\n\t%s", i, g, w)
		}
	}
	return nil
}

// lines has one line for each node of the document, indented by its depth.
func lines(document []byte) ([]string, error) {
	root, err := html.Parse(bytes.NewReader(document))
	if err != nil {
		return nil, fmt.Errorf("same: %w", err)
	}
	var list []string
	var visit func(n *html.Node, indent string)
	visit = func(n *html.Node, indent string) {
		if line := line(n); line != "" {
			list = append(list, indent+line)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			visit(c, indent+"  ")
		}
	}
	visit(root, "")
	return list, nil
}

func line(n *html.Node) string {
	switch n.Type {
	case html.TextNode:
		return textLine(n)
	case html.ElementNode:
		return elementLine(n)
	case html.DoctypeNode:
		return "<!doctype " + strings.ToLower(n.Data) + ">"
	case html.CommentNode:
		return "<!--" + n.Data + "-->"
	}
	return ""
}

// textLine is empty for white space alone: no page of the comparison has two
// elements that only a space keeps apart.
func textLine(n *html.Node) string {
	switch n.Parent.Data {
	case "script":
		return fmt.Sprintf("script %q", script(n.Data))
	case "style":
		return fmt.Sprintf("style %q", style(n.Data))
	}
	text := collapse(n.Data)
	if strings.TrimSpace(text) == "" {
		return ""
	}
	if n.NextSibling == nil {
		text = strings.TrimRight(text, " ")
	}
	if n.PrevSibling == nil {
		text = strings.TrimLeft(text, " ")
	}
	return fmt.Sprintf("%q", text)
}

// collapse replaces runs of white space by a space.
func collapse(s string) string {
	var b strings.Builder
	space := false
	for _, r := range s {
		if strings.ContainsRune(" \t\n\r\f", r) {
			space = true
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	if space {
		b.WriteByte(' ')
	}
	return b.String()
}

func elementLine(n *html.Node) string {
	attributes := slices.Clone(n.Attr)
	slices.SortFunc(attributes, func(a, b html.Attribute) int { return cmp.Compare(a.Key, b.Key) })
	line := "<" + n.Data
	for _, a := range attributes {
		line += fmt.Sprintf(" %s=%q", a.Key, value(a))
	}
	return line + ">"
}

func value(a html.Attribute) string {
	switch {
	case a.Key == "href" || a.Key == "src":
		return address(a.Val)
	case a.Key == "style":
		return style(a.Val)
	case strings.HasPrefix(a.Key, "on"):
		return script(a.Val)
	}
	return a.Val
}
