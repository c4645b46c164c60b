package answer

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sketch is what the beginning of a document tells, to who only wants to know whether
// something may be added to its text. Where it is in doubt it says no.
type sketch struct {
	open   []string // the elements that are open
	shown  int      // characters of text, white space not counted
	inText bool     // it ends in text, and not in a tag, a comment or a script
}

// sketchOf reads b, the beginning of a document.
func sketchOf(b string) (s sketch) {
	for {
		text, tag, more := strings.Cut(b, "<")
		s.addText(text)
		if !more {
			s.inText = utf8.ValidString(text) && strings.LastIndexByte(text, '&') <= strings.LastIndexByte(text, ';')
			return s
		}
		rest, ok := s.addTag(tag)
		if !ok {
			return s
		}
		b = rest
	}
}

func (s *sketch) addText(text string) {
	for _, r := range text {
		if !unicode.IsSpace(r) {
			s.shown++
		}
	}
}

// addTag reads what follows a <, and returns what follows the tag. It reports false if
// there is no end of it.
func (s *sketch) addTag(b string) (rest string, ok bool) {
	if strings.HasPrefix(b, "!--") {
		_, rest, ok = strings.Cut(b[len("!--"):], "-->")
		return rest, ok
	}
	end := tagEnd(b)
	if end < 0 {
		return "", false
	}
	tag, rest := b[:end], b[end+1:]
	switch name := tagName(strings.TrimPrefix(tag, "/")); {
	case name == "" || voids[name]:
	case tag[0] == '/':
		if i := lastIndex(s.open, name); i >= 0 {
			s.open = s.open[:i]
		}
	case rawTexts[name]:
		_, rest, ok = cutFold(rest, "</"+name)
		if !ok {
			return "", false
		}
		_, rest, ok = strings.Cut(rest, ">")
		return rest, ok
	default:
		s.open = append(s.open, name)
	}
	return rest, true
}

// takesPhrase reports whether text, or an element that may stand wherever text may, can be
// added at the end.
func (s *sketch) takesPhrase() bool {
	return s.inText && len(s.open) > 0 && phrases[s.open[len(s.open)-1]] &&
		!slices.ContainsFunc(s.open, func(name string) bool { return foreign[name] })
}

// tagEnd finds the > of a tag, which is not one inside of quotes.
func tagEnd(b string) int {
	var quote byte
	for i := range len(b) {
		switch c := b[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i
		}
	}
	return -1
}

// tagName returns the name that b begins with, in lower case, or "".
func tagName(b string) string {
	if b == "" || !unicode.IsLetter(rune(b[0])) {
		return ""
	}
	if i := strings.IndexAny(b, " \t\r\n\f/"); i >= 0 {
		b = b[:i]
	}
	return strings.ToLower(b)
}

// cutFold is strings.Cut for a sep in lower case, which it finds in any case.
func cutFold(s, sep string) (before, after string, found bool) {
	for i := 0; i+len(sep) <= len(s); i++ {
		if strings.EqualFold(s[i:i+len(sep)], sep) {
			return s[:i], s[i+len(sep):], true
		}
	}
	return s, "", false
}

func lastIndex(list []string, name string) int {
	for i, e := range slices.Backward(list) {
		if e == name {
			return i
		}
	}
	return -1
}

func set(names string) map[string]bool {
	m := make(map[string]bool)
	for name := range strings.FieldsSeq(names) {
		m[name] = true
	}
	return m
}

var (
	voids    = set("area base br col embed hr img input link meta source track wbr")
	rawTexts = set("script style title textarea xmp iframe noembed noframes plaintext")

	// phrases are elements whose content may be text.
	phrases = set(`body main div section article aside header footer nav address blockquote figure figcaption form fieldset
		p h1 h2 h3 h4 h5 h6 pre li dt dd td th caption details
		span a b i u s em strong small mark label q cite time abbr code sub sup`)

	// foreign are elements in which the rules are others.
	foreign = set("head noscript template select svg math object video audio canvas button")
)
