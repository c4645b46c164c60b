package danger

import (
	"strings"
	"text/template/parse"
)

// A state is how far the text has got into a document. States are compared: two
// branches that leave the same state are followed as one from there on.
type state struct {
	at        position
	tag       tag
	attribute string // its name, lower case, with "?" for data in it
	quote     byte   // around its value; 0 if there is none
	value     string // the value so far, of the attributes that say something about others
	entity    string // the beginning of a character reference that the last text ends in
	url       url    // the value so far, as a URL
	script    script // what the attribute or element holds, if that is code
	end       string // the beginning of an end tag that the last text of an element ends in
	lost      string // why nothing is known any more
}

type position uint8

const (
	inText position = iota
	inElement
	inTag
	inName
	afterName
	beforeValue
	inValue
	inComment
	inRaw // a script, style, title or textarea: nothing but its own end is a tag
)

// longest bounds what is kept of names and values. It is more than any has that matters.
const longest = 48

// steps move a state through text, of which each consumes at least one byte.
var steps = [...]func(w *walker, s *state, text string) (rest string){
	inText:      textStep,
	inElement:   elementStep,
	inTag:       tagStep,
	inName:      nameStep,
	afterName:   afterNameStep,
	beforeValue: beforeValueStep,
	inValue:     valueStep,
	inComment:   commentStep,
	inRaw:       rawStep,
}

// text moves a state through a node of text.
func (w *walker) text(s *state, n *parse.TextNode) {
	w.node, w.whole, w.nameAt = n, string(n.Text), -1
	for rest := w.whole; len(rest) > 0 && s.lost == ""; {
		rest = steps[s.at](w, s, rest)
	}
}

// offset is where the rest of the text that is being followed begins.
func (w *walker) offset(rest string) int { return len(w.whole) - len(rest) }

func (s *state) lose(why string) { *s = state{lost: why} }

// action moves a state past an action, and notes what place that has.
func (w *walker) action(s *state, n *parse.ActionNode) {
	p := w.place(n)
	if hasEscaper(escapersOf(n), "commentescaper") {
		return // it prints nothing
	}
	p.outside = p.outside || s.at != inValue && !(s.at == inRaw && s.tag.code)
	switch {
	case s.end != "":
		s.lose("data stands within an end tag")
	case s.lost != "":
	case s.at == inElement:
		s.tag.element = lengthen(s.tag.element, nameOf(n))
		if couldBe(s.tag.element, specialElements) {
			p.refuse(&Danger{Reason: "the name of an element is partly data, and may become that of a script"})
		}
	case s.at == inTag, s.at == afterName, s.at == inName:
		if s.at != inName {
			s.at, s.attribute = inName, ""
		}
		s.attribute = lengthen(s.attribute, nameOf(n))
	case s.at == beforeValue:
		s.beginValue(0)
		w.valueAction(s, n, p)
	case s.at == inValue:
		w.valueAction(s, n, p)
	case s.at == inRaw && s.tag.code:
		p.inScript(&s.script)
	}
	if s.lost != "" {
		p.refuse(&Danger{Reason: s.lost, Fix: "write what is before it in a simpler way"})
	}
}

// escapersOf are the names of the functions at the end of an action's pipeline.
func escapersOf(n *parse.ActionNode) (names []string) {
	for _, cmd := range n.Pipe.Cmds {
		if id, ok := cmd.Args[0].(*parse.IdentifierNode); ok && len(cmd.Args) == 1 {
			names = append(names, id.Ident)
		}
	}
	return names
}

// nameOf is what an action adds to a name: "?" for data.
func nameOf(n *parse.ActionNode) string {
	for _, name := range escapersOf(n) {
		if !strings.HasPrefix(name, escaperPrefix) {
			return "?"
		}
	}
	if s, ok := n.Pipe.Cmds[0].Args[0].(*parse.StringNode); ok && len(escapersOf(n)) == len(n.Pipe.Cmds)-1 {
		return strings.ToLower(s.Text)
	}
	return "?"
}

func lengthen(s, more string) string {
	if len(s) < longest {
		s += more[:min(len(more), longest-len(s))]
	}
	return s
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// spaces are the bytes that part what is in a tag.
const spaces = " \t\n\f\r"

func isBlank(c byte) bool { return strings.IndexByte(spaces, c) >= 0 }
