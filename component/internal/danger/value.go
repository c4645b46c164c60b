package danger

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"text/template/parse"
)

func beforeValueStep(w *walker, s *state, text string) string {
	switch c := text[0]; {
	case c == '>':
		s.endValue()
		s.closeTag()
	case c == '"' || c == '\'':
		s.beginValue(c)
	case !isBlank(c):
		s.beginValue(0)
		return text // it is the first of the value
	}
	return text[1:]
}

func (s *state) beginValue(quote byte) {
	s.at, s.quote, s.value, s.entity, s.url, s.script = inValue, quote, "", "", url{}, script{}
}

// valueStep reads text of a value up to its end.
func valueStep(w *walker, s *state, text string) string {
	ends := string(s.quote)
	if s.quote == 0 {
		ends = spaces + ">"
	}
	i := strings.IndexAny(text, ends)
	piece := text
	if i >= 0 {
		piece = text[:i]
	}
	if s.tells() {
		s.value = lengthen(s.value, piece)
	}
	if w.isCode(s.attribute) {
		s.codeText(piece)
	} else {
		w.urlText(s, piece)
	}
	if i < 0 {
		return ""
	}
	w.renameType(s, piece, w.offset(text))
	unquoted := s.quote == 0
	s.endValue()
	if unquoted {
		return text[i:]
	}
	return text[i+1:]
}

// codeText moves the script of a value through text, as a browser decodes it.
func (s *state) codeText(text string) {
	if s.entity != "" {
		s.script.lose("a character reference is in several pieces")
	}
	s.script.text(html.UnescapeString(text))
	s.entity = entityBegun.FindString(text)
}

// entityBegun matches what may go on as a character reference.
var entityBegun = regexp.MustCompile(`&[#0-9A-Za-z]*$`)

// tells reports whether the value of the attribute says something about other attributes.
func (s *state) tells() bool {
	switch s.attribute {
	case "attributename":
		return s.animation()
	case "http-equiv", "content":
		return s.tag.element == "meta"
	case "type":
		return s.tag.element == "script"
	}
	return false
}

// endValue ends a value, and keeps what it says about other attributes. The first
// attribute of a name is the one that counts.
func (s *state) endValue() {
	value := strings.ToLower(strings.TrimSpace(html.UnescapeString(s.value)))
	switch {
	case !s.tells() && !(s.animation() && strings.Contains(s.attribute, "?")):
	case s.animation() && s.tag.animates == "":
		s.tag.animates = orBlank(value)
		if strings.Contains(s.attribute, "?") {
			s.tag.animates = "?"
		}
		if !couldBeScript(s.tag.animates) {
			s.tag.waiting = nil
		}
	case s.attribute == "http-equiv":
		s.tag.refreshes = s.tag.refreshes || value == "refresh" || strings.Contains(value, "?")
	case s.attribute == "type" && s.tag.kind == "":
		s.tag.kind = orBlank(value)
	}
	s.beginValue(0)
	s.at, s.attribute = inTag, ""
}

// orBlank tells an attribute that is empty from one that is not there.
func orBlank(value string) string {
	if value == "" {
		return " "
	}
	return value
}

// valueAction moves the state past an action in a value.
func (w *walker) valueAction(s *state, n *parse.ActionNode, p *Place) {
	p.quote = s.quote
	p.name = p.name || dataInName(s.attribute)
	if slices.Contains(booleanAttributes, s.attribute) {
		p.boolean = s.attribute
	}
	w.attributeAction(s, p)
	if s.tells() {
		s.value = lengthen(s.value, "?")
	}
	if w.isCode(s.attribute) {
		if s.entity != "" {
			s.script.lose("a character reference may be made partly of data")
		}
		p.inScript(&s.script)
	} else {
		p.outside = true
		s.urlAction(n, p)
	}
	s.entity = ""
}

// attributeAction notes what the attribute means for data in it.
func (w *walker) attributeAction(s *state, p *Place) {
	switch {
	case s.attribute == "srcdoc":
		p.refuse(dangerSrcdoc)
	case isHyperscript(strings.TrimPrefix(s.attribute, "data-")) && isCode(s.attribute, w.code):
		p.refuse(dangerHyperscript)
	case s.animation() && strings.Contains(s.attribute, "?"):
		p.refuse(dangerAnimate)
	case s.animation() && slices.Contains([]string{"to", "from", "by", "values"}, s.attribute):
		if s.tag.animates == "" || couldBeScript(s.tag.animates) {
			w.wait(s, p)
		}
	case s.tag.element == "meta" && s.attribute == "content":
		p.refreshURL = p.refreshURL || refreshURL.MatchString(s.value)
		w.wait(s, p)
	}
}

// refreshURL matches what is before the URL in the content of a refresh.
var refreshURL = regexp.MustCompile(`(?i)url\s*=`)

// animation reports whether the tag is of an element that can change an attribute of another.
func (s *state) animation() bool {
	e := s.tag.element
	return e == "set" || strings.HasPrefix(e, "animate") && e != "animatemotion"
}

// couldBeScript reports whether an attribute that is animated may be an href.
func couldBeScript(animates string) bool {
	return strings.Contains(animates, "?") || strings.HasSuffix(strings.TrimSpace(animates), "href") || len(animates) >= longest
}
