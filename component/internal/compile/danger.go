package compile

import (
	"fmt"
	"html/template"
	"maps"
	"reflect"
	"slices"
	"strings"
	"text/template/parse"

	"github.com/ropewalk/ropewalk/component/internal/run"
)

// In three places html/template lets data run as script, because its contexts
// know the type of an attribute but not what a browser makes of the value:
//
//   - srcdoc is HTML, which the browser parses after it has undone the escaping;
//   - the values of SVG's animate and set can become an href;
//   - behind a literal "javascript:" data is code, not a part of a URL.
//
// This file finds the actions that stand there, by following tags through the
// text of the template, and print.go refuses all but the type that says the
// value is trusted.

// A danger is such a place.
type danger struct {
	reason  string
	trusted reflect.Type // what may stand there
}

var (
	dangerSrcdoc  = &danger{"srcdoc is a document of its own, in which escaped data is markup again", reflect.TypeFor[template.HTML]()}
	dangerAnimate = &danger{"this value can become an href, and so a script", reflect.TypeFor[template.URL]()}
	dangerScript  = &danger{"behind javascript: data is code", reflect.TypeFor[template.URL]()}

	// dangerRefresh is no danger where html/template filters the URL of a meta
	// refresh, which older releases do not, nor newer ones if GODEBUG says so.
	dangerRefresh = &danger{"the URL of a refresh can be a script", reflect.TypeFor[template.URL]()}
)

// A tag is how far the text has got into a tag.
type tag struct {
	at        tagPlace
	element   string // lower case
	attribute string // lower case; "?" if data is part of it
	quote     byte   // of the value; 0 if it has none
	prefix    string // of the value, lower case, without what browsers skip in a URL; see scriptScheme
	recent    string // the last four bytes of a meta's value, likewise
	refresh   bool   // "url=" has been among them
	animates  string // the attributeName of an animation; "?" if data is part of it
}

type tagPlace uint8

const (
	inText tagPlace = iota
	inElement
	inTag
	inName
	afterName
	beforeValue
	inValue
	inComment
	inRaw // a script, style, title or textarea: no tags but its own end
)

// places are the dangerous places that a root reaches.
type places struct {
	trees  escaped
	danger map[*parse.ActionNode]*danger
	inside map[string]string // for within
}

// places finds the dangerous places among the actions that the roots reach.
func (s escaped) places(roots []string) *places {
	w := &tagWalker{trees: s, found: map[*parse.ActionNode]*danger{}, walked: map[walk][]tag{}}
	for _, root := range roots {
		w.template(root, []tag{{}})
	}
	return &places{trees: s, danger: w.found, inside: map[string]string{}}
}

// at is the danger of an action, or nil.
func (p *places) at(n *parse.ActionNode) *danger {
	if p == nil {
		return nil
	}
	return p.danger[n]
}

// within lists the dangerous places in a template and in what it calls. Two roots for which
// it is the same can share what the template is compiled to.
func (p *places) within(name string) string {
	if p == nil || len(p.danger) == 0 {
		return ""
	}
	list, ok := p.inside[name]
	if ok {
		return list
	}
	for _, called := range slices.Sorted(maps.Keys(p.trees.calls(name))) {
		list += p.directly(called)
	}
	p.inside[name] = list
	return list
}

// directly lists the dangerous places in a template alone.
func (p *places) directly(name string) (list string) {
	actions := 0
	visit(p.trees[name].tree.Root, func(n parse.Node) {
		action, ok := n.(*parse.ActionNode)
		if !ok {
			return
		}
		actions++
		if d := p.danger[action]; d != nil {
			list += fmt.Sprintf("%q %d: %s\n", name, actions, d.reason)
		}
	})
	return list
}

// calls are the named tree and those that it calls by {{template}}.
func (s escaped) calls(names ...string) map[string]bool {
	called := map[string]bool{}
	for todo := slices.Clone(names); len(todo) > 0; {
		name := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if called[name] || s[name] == nil {
			continue
		}
		called[name] = true
		visit(s[name].tree.Root, func(n parse.Node) {
			if call, ok := n.(*parse.TemplateNode); ok {
				todo = append(todo, call.Name)
			}
		})
	}
	return called
}

type tagWalker struct {
	trees  escaped
	found  map[*parse.ActionNode]*danger
	walked map[walk][]tag
}

// A walk is a template entered in the middle of a tag, or outside of one.
type walk struct {
	name string
	tag  tag
}

// mostTags bounds the ways that branches can leave a tag in.
const mostTags = 32

func (w *tagWalker) template(name string, tags []tag) []tag {
	src := w.trees[name]
	if src == nil {
		return tags
	}
	var out []tag
	for _, t := range tags {
		key := walk{name, t}
		after, done := w.walked[key]
		if !done {
			w.walked[key] = []tag{t} // what a call of itself ends in
			after = w.list(src.tree.Root, []tag{t})
			w.walked[key] = after
		}
		out = union(out, after)
	}
	return out
}

func union(a, b []tag) []tag {
	for _, t := range b {
		if !slices.Contains(a, t) && len(a) < mostTags {
			a = append(a, t)
		}
	}
	return a
}

func (w *tagWalker) list(l *parse.ListNode, tags []tag) []tag {
	if l == nil {
		return tags
	}
	for _, n := range l.Nodes {
		tags = w.node(n, tags)
	}
	return tags
}

// node may change tags in place.
func (w *tagWalker) node(n parse.Node, tags []tag) []tag {
	branch := func(b *parse.BranchNode) []tag {
		if b.ElseList == nil {
			return union(w.list(b.List, slices.Clone(tags)), tags)
		}
		return union(w.list(b.List, slices.Clone(tags)), w.list(b.ElseList, slices.Clone(tags)))
	}
	switch n := n.(type) {
	case *parse.TextNode:
		if len(tags) == 1 {
			tags[0].text(string(n.Text))
			return tags
		}
		var out []tag
		for _, t := range tags {
			t.text(string(n.Text))
			out = union(out, []tag{t})
		}
		return out
	case *parse.ActionNode:
		if len(n.Pipe.Decl) > 0 {
			return tags
		}
		if len(tags) == 1 {
			if d := tags[0].action(); d != nil {
				w.found[n] = d
			}
			return tags
		}
		var out []tag
		for _, t := range tags {
			if d := t.action(); d != nil {
				w.found[n] = d
			}
			out = union(out, []tag{t})
		}
		return out
	case *parse.IfNode:
		return branch(&n.BranchNode)
	case *parse.WithNode:
		return branch(&n.BranchNode)
	case *parse.RangeNode:
		once := branch(&n.BranchNode)
		if slices.Equal(once, tags) {
			return once
		}
		return union(once, w.list(n.List, slices.Clone(once)))
	case *parse.TemplateNode:
		return w.template(n.Name, tags)
	}
	return tags
}

// action moves a tag past an action, and says whether that is in danger.
func (t *tag) action() *danger {
	switch t.at {
	case inTag, inName, afterName:
		if t.at != inName {
			t.at, t.attribute = inName, ""
		}
		t.attribute = withData(t.attribute)
	case beforeValue:
		t.beginValue(0)
	}
	if t.at != inValue {
		return nil
	}
	d := t.danger()
	if t.attribute == "attributename" {
		t.animates = "?"
	}
	t.prefix = withData(t.prefix) // what follows is behind data
	return d
}

func (t *tag) danger() *danger {
	animation := t.element == "set" || strings.HasPrefix(t.element, "animate")
	switch {
	case t.attribute == "srcdoc":
		return dangerSrcdoc
	case animation && t.animatesOther():
	case animation && slices.Contains([]string{"to", "from", "by", "values"}, t.attribute):
		return dangerAnimate
	case animation && strings.Contains(t.attribute, "?"):
		return dangerAnimate
	}
	if t.element == "meta" && t.attribute == "content" && t.refresh {
		return dangerRefresh
	}
	if strings.HasPrefix(t.prefix, "javascript:") || strings.HasPrefix(t.prefix, "vbscript:") {
		return dangerScript
	}
	return nil
}

// animatesOther reports whether an animation is known to be of another
// attribute than an href.
func (t *tag) animatesOther() bool {
	return t.animates != "" && len(t.animates) < longestName && !strings.Contains(t.animates, "?") && !strings.HasSuffix(t.animates, "href")
}

// harmless reports whether values of a type cannot hold markup or script.
func harmless(t reflect.Type) bool {
	switch run.ClassOf(t.Kind()) {
	case run.BoolClass, run.IntClass, run.UintClass, run.FloatClass:
		return t.NumMethod() == 0
	}
	return false
}

// text moves a tag through static text. It follows what browsers do as far as
// html/template, which has accepted the template, leaves a choice.
func (t *tag) text(s string) {
	for len(s) > 0 {
		s = t.step(s)
	}
}

// step consumes at least one byte.
func (t *tag) step(s string) string {
	c := s[0]
	space := c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r'
	switch t.at {
	case inText:
		i := strings.IndexByte(s, '<')
		if i < 0 || i+1 == len(s) {
			return ""
		}
		s = s[i:]
		switch c := s[1]; {
		case strings.HasPrefix(s, "<!--"):
			t.at = inComment
			return s[4:]
		case isLetter(c):
			*t = tag{at: inElement}
			return s[1:]
		case c == '/' && len(s) > 2 && isLetter(s[2]):
			*t = tag{at: inElement, element: "/"}
			return s[2:]
		}
	case inComment:
		_, rest, ok := strings.Cut(s, "-->")
		if ok {
			*t = tag{}
		}
		return rest
	case inRaw:
		i := indexFold(s, "</"+t.element)
		if i < 0 {
			return ""
		}
		s = s[i+2+len(t.element):]
		*t = tag{at: inTag, element: "/" + t.element}
		return s
	case inElement:
		switch {
		case space || c == '/':
			t.at = inTag
		case c == '>':
			t.close()
		default:
			t.element = lengthen(t.element, c)
		}
	case inTag, afterName:
		switch {
		case c == '>':
			t.close()
		case c == '=' && t.at == afterName:
			t.at = beforeValue
		case !space && c != '/':
			t.at, t.attribute = inName, lower(c)
		}
	case inName:
		switch {
		case c == '>':
			t.close()
		case c == '=':
			t.at = beforeValue
		case space:
			t.at = afterName
		case c == '/':
			t.at = inTag
		default:
			t.attribute = lengthen(t.attribute, c)
		}
	case beforeValue:
		switch {
		case c == '>':
			t.close()
		case c == '"' || c == '\'':
			t.beginValue(c)
		case !space:
			t.beginValue(0)
			return s // it is the first of the value
		}
	case inValue:
		switch {
		case t.quote != 0 && c == t.quote, t.quote == 0 && space:
			t.endValue()
			t.at = inTag
		case t.quote == 0 && c == '>':
			t.endValue()
			t.close()
		case c > ' ':
			t.prefix = lengthen(t.prefix, c)
			if t.attribute != "attributename" {
				t.prefix = scriptScheme(t.prefix)
			}
			if t.element == "meta" {
				t.recent = t.recent[max(len(t.recent)-3, 0):] + lower(c)
				t.refresh = t.refresh || t.recent == "url="
			}
		}
	}
	return s[1:]
}

// longestName bounds what is kept of names and values, so that a template that
// calls itself inside of one comes to an end. It is more than any that matter have.
const longestName = 16

func lengthen(s string, c byte) string {
	if len(s) < longestName {
		s += lower(c)
	}
	return s
}

func withData(s string) string {
	if !strings.HasSuffix(s, "?") {
		s = s[:min(len(s), longestName-1)] + "?"
	}
	return s
}

// scriptScheme keeps of a value what matters, so that branches leave few tags: the
// scheme of a script, or what may become one.
func scriptScheme(prefix string) string {
	for _, scheme := range [...]string{"javascript:", "vbscript:"} {
		switch {
		case strings.HasPrefix(prefix, scheme):
			return scheme
		case strings.HasPrefix(scheme, prefix):
			return prefix
		}
	}
	return "?"
}

func (t *tag) beginValue(quote byte) {
	t.at, t.quote, t.prefix, t.recent, t.refresh = inValue, quote, "", "", false
}

func (t *tag) endValue() {
	if t.attribute == "attributename" && t.animates == "" {
		t.animates = t.prefix
	}
	t.attribute = ""
	t.beginValue(0)
}

// close ends a tag. What is in some elements is not markup.
func (t *tag) close() {
	switch t.element {
	case "script", "style", "title", "textarea":
		*t = tag{at: inRaw, element: t.element}
	default:
		*t = tag{}
	}
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func lower(c byte) string {
	if 'A' <= c && c <= 'Z' {
		c |= 0x20
	}
	return string(rune(c))
}

// indexFold is strings.Index without regard to the case of ASCII letters.
func indexFold(s, lowerCase string) int {
	for i := 0; i+len(lowerCase) <= len(s); i++ {
		if strings.EqualFold(s[i:i+len(lowerCase)], lowerCase) {
			return i
		}
	}
	return -1
}
