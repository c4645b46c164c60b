package danger

import (
	"html"
	"slices"
	"strings"
)

// A tag is what is known of the tag that the text is in, or of the element that it has opened.
type tag struct {
	element   string   // lower case, behind a "/" if it ends one, with "?" for data in it
	kind      string   // the type of a script; "?" if there is none
	code      bool     // of an open element: it is a script
	animates  string   // the attributeName of an animation, with "?" for data in it
	refreshes bool     // it is a meta refresh
	waiting   *waiting // actions whose danger depends on an attribute that may come later
}

// Waiting actions are a list. Equal lists are one, so that states can be compared.
type waiting struct {
	place *Place
	next  *waiting
}

func (w *walker) wait(s *state, p *Place) {
	for have := s.tag.waiting; have != nil; have = have.next {
		if have.place == p {
			return
		}
	}
	key := waiting{p, s.tag.waiting}
	if w.lists[key] == nil {
		w.lists[key] = &key
	}
	s.tag.waiting = w.lists[key]
}

// specialElements are those whose content or attributes are not what html/template would take them for.
var specialElements = []string{
	"script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "noscript", "plaintext", "template",
	"meta", "base", "link", "object", "embed", "set", "animate", "animatemotion", "animatetransform",
}

func textStep(_ *walker, s *state, text string) string {
	i := strings.IndexByte(text, '<')
	if i < 0 || i+1 == len(text) {
		return ""
	}
	text = text[i:]
	switch c := text[1]; {
	case strings.HasPrefix(text, "<!--"):
		s.at = inComment
		return text[4:]
	case isLetter(c):
		*s = state{at: inElement}
		return text[1:]
	case c == '/' && len(text) > 2 && isLetter(text[2]):
		*s = state{at: inElement, tag: tag{element: "/"}}
		return text[2:]
	}
	return text[1:]
}

func commentStep(_ *walker, s *state, text string) string {
	_, rest, ok := strings.Cut(text, "-->")
	if ok {
		*s = state{}
	}
	return rest
}

func elementStep(_ *walker, s *state, text string) string {
	switch c := text[0]; {
	case isBlank(c) || c == '/':
		s.at = inTag
	case c == '>':
		s.closeTag()
	default:
		s.tag.element = lengthen(s.tag.element, strings.ToLower(text[:1]))
	}
	return text[1:]
}

func tagStep(w *walker, s *state, text string) string {
	switch c := text[0]; {
	case c == '>':
		s.closeTag()
	case !isBlank(c) && c != '/':
		s.at, s.attribute = inName, ""
		w.nameAt = w.offset(text)
		return nameStep(w, s, text)
	}
	return text[1:]
}

// closeTag ends a tag. What is in some elements is not markup.
func (s *state) closeTag() {
	t := s.tag
	if s.animation() && couldBeScript(t.animates) {
		t.refuseWaiting(dangerAnimate)
	}
	if t.element == "meta" && t.refreshes {
		for ; t.waiting != nil; t.waiting = t.waiting.next {
			t.waiting.place.refresh = true
		}
	}
	*s = state{}
	switch t.element {
	case "script":
		s.at, s.tag = inRaw, tag{element: t.element, code: isScript(t.kind)}
	case "style", "title", "textarea":
		s.at, s.tag = inRaw, tag{element: t.element}
	}
}

func (t *tag) refuseWaiting(d *Danger) {
	for ; t.waiting != nil; t.waiting = t.waiting.next {
		t.waiting.place.refuse(d)
	}
}

// rawStep looks for the end tag of the element that the text is in.
func rawStep(_ *walker, s *state, text string) string {
	before := len(s.end)
	all := s.end + text
	at := endTag(all, s.tag.element)
	if at < 0 {
		if s.tag.code {
			s.script.text(text)
		}
		s.end = endTagBegun(all, s.tag.element)
		return ""
	}
	if at < before {
		s.lose("an end tag is in several pieces")
		return ""
	}
	element := s.tag.element
	*s = state{at: inTag, tag: tag{element: "/" + element}}
	return all[at+len("</")+len(element):]
}

// endTag finds the end tag of an element: its name must end there too.
func endTag(text, element string) int {
	mark := "</" + element
	for i := 0; i+len(mark) < len(text); i++ {
		if c := text[i+len(mark)]; strings.EqualFold(text[i:i+len(mark)], mark) && (isBlank(c) || c == '/' || c == '>') {
			return i
		}
	}
	return -1
}

// endTagBegun is what may be the beginning of an end tag, at the end of a text.
func endTagBegun(text, element string) string {
	mark := "</" + element
	for n := min(len(mark), len(text)); n > 0; n-- {
		if end := text[len(text)-n:]; strings.EqualFold(end, mark[:n]) {
			return strings.ToLower(end)
		}
	}
	return ""
}

// scriptTypes are the types of scripts that browsers run, and those of JSON, in which
// html/template escapes as in a script.
var scriptTypes = []string{
	"", "module", "application/ecmascript", "application/javascript", "application/json", "application/ld+json",
	"application/x-ecmascript", "application/x-javascript", "text/ecmascript", "text/javascript", "text/javascript1.0",
	"text/javascript1.1", "text/javascript1.2", "text/javascript1.3", "text/javascript1.4", "text/javascript1.5",
	"text/jscript", "text/livescript", "text/x-ecmascript", "text/x-javascript",
	"importmap", "speculationrules", // see rename.go
}

func isScript(kind string) bool {
	essence, _, _ := strings.Cut(html.UnescapeString(kind), ";")
	return strings.Contains(kind, "?") || slices.Contains(scriptTypes, strings.ToLower(strings.TrimSpace(essence)))
}
