package compile

import (
	"fmt"
	"html/template"
	"strings"
	"text/template/parse"

	"github.com/ropewalk/ropewalk/component/internal/danger"
	"github.com/ropewalk/ropewalk/component/internal/source"
)

// html/template tells of a quote or tag that is never closed where it runs into
// something, far below or at the end. This file finds where it was opened.

// An opening is where a tag, quote, comment or script begins.
type opening struct {
	def *definition
	at  source.Span
}

// openings reads the HTML around the actions, in the order of the document, of branches
// the first.
type openings struct {
	reached map[string]*definition
	inside  map[string]bool // the templates that are being read

	tag, quote *opening // that are open
	special    *opening // the last script or the like
	raw        string   // the end of the comment, script, style, title or textarea that is open
	name       string   // of the tag
	before     byte     // the last character in the tag that is no white space
	delim      byte     // of the quote
	value      strings.Builder

	suspect *opening // the first quote or tag that went on into markup
	why     string
}

// unclosed finds what a document has left open at its end, or what swallowed markup before
// an error of the given code.
func unclosed(root string, reached map[string]*definition, code template.ErrorCode) (where *opening, why string) {
	o := &openings{reached: reached, inside: map[string]bool{}}
	o.template(root)
	switch {
	case code != template.ErrEndContext:
		return o.suspect, o.why
	case o.suspect != nil && o.quote == nil:
		return o.suspect, o.why
	case o.quote != nil:
		return o.quote, ""
	case o.tag == nil: // to html/template, a string of a script goes on behind </script>
		return o.special, ""
	}
	return o.tag, ""
}

func (o *openings) template(name string) {
	def := o.reached[name]
	if def == nil || o.inside[name] {
		return
	}
	o.inside[name] = true
	o.list(def, def.tree.Root)
	o.inside[name] = false
}

func (o *openings) list(def *definition, l *parse.ListNode) {
	for _, n := range l.Nodes {
		switch n := n.(type) {
		case *parse.TextNode:
			o.text(def, int(n.Pos), danger.Restore(string(n.Text)))
		case *parse.ActionNode:
			o.before = 'x'
			o.value.WriteByte('x')
		case *parse.TemplateNode:
			o.template(n.Name)
		case *parse.IfNode:
			o.list(def, n.List)
		case *parse.WithNode:
			o.list(def, n.List)
		case *parse.RangeNode:
			o.list(def, n.List)
		}
	}
}

func (o *openings) text(def *definition, pos int, s string) {
	for i := 0; i < len(s); {
		here := func(width int) *opening {
			return &opening{def, source.Span{Start: pos + i, End: pos + i + width}}
		}
		switch {
		case o.raw != "":
			j := strings.Index(strings.ToLower(s[i:]), o.raw)
			if j < 0 {
				return
			}
			i += j
			if o.raw == "-->" {
				o.tag = nil
			} else {
				o.tag, o.name, o.before = here(1), "", 'x'
			}
			i += len(o.raw)
			o.raw = ""
		case o.quote != nil:
			j := strings.IndexByte(s[i:], o.delim)
			if j < 0 {
				o.value.WriteString(s[i:])
				return
			}
			o.value.WriteString(s[i : i+j])
			i += j + 1
			if v := o.value.String(); strings.Contains(v, ">") && strings.Contains(v, "<") && strings.Contains(v, "\n") {
				line, _ := def.Position(pos + i - 1)
				o.suspected(o.quote, fmt.Sprintf("the quote that opens here ends at the next one, on line %d", line))
			}
			o.quote = nil
		case o.tag != nil:
			o.inTag(s[i], here(1))
			i++
		default:
			j := strings.IndexByte(s[i:], '<')
			if j < 0 {
				return
			}
			i += j
			name := tagName(s[i+1:])
			switch {
			case strings.HasPrefix(s[i:], "<!--"):
				o.tag, o.raw = here(4), "-->"
				i += 4
				continue
			case name != "":
				o.tag, o.name, o.before = here(1+len(name)), strings.ToLower(name), 'x'
			}
			i += 1 + len(name)
		}
	}
}

// inTag reads one character of a tag, outside of quotes.
func (o *openings) inTag(c byte, here *opening) {
	switch {
	case strings.IndexByte(" \t\r\n\f", c) >= 0:
		return
	case (c == '"' || c == '\'') && o.before == '=':
		o.quote, o.delim = here, c
		o.value.Reset()
	case c == '<':
		o.suspected(o.tag, "the tag that opens here goes on into the next")
	case c == '>':
		switch o.name {
		case "script", "style", "title", "textarea":
			o.raw, o.special = "</"+o.name, o.tag
		default:
			o.tag = nil
		}
	}
	o.before = c
}

func (o *openings) suspected(where *opening, why string) {
	if o.suspect == nil {
		o.suspect, o.why = where, why
	}
}

// tagName is the name that follows a "<", with the slash of an end tag; "" if it begins no
// tag.
func tagName(s string) string {
	slash := strings.HasPrefix(s, "/")
	end := strings.IndexFunc(strings.TrimPrefix(s, "/"), func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == ':')
	})
	if end < 0 {
		end = len(strings.TrimPrefix(s, "/"))
	}
	if end == 0 {
		return ""
	}
	if slash {
		end++
	}
	return s[:end]
}
