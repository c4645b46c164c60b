package danger

import (
	"slices"
	"strings"
)

// nameStep reads the name of an attribute.
func nameStep(w *walker, s *state, text string) string {
	i := strings.IndexAny(text, spaces+"=>/")
	if i < 0 {
		s.attribute = lengthen(s.attribute, strings.ToLower(text))
		return ""
	}
	s.attribute = lengthen(s.attribute, strings.ToLower(text[:i]))
	if w.nameAt >= 0 {
		w.renameAttribute(s, w.nameAt)
		w.nameAt = -1
	}
	switch text[i] {
	case '>':
		s.closeTag()
	case '=':
		s.at = beforeValue
	case '/':
		s.at = inTag
	default:
		s.at = afterName
	}
	return text[i+1:]
}

func afterNameStep(w *walker, s *state, text string) string {
	switch c := text[0]; {
	case c == '=':
		s.at = beforeValue
		return text[1:]
	case isBlank(c):
		return text[1:]
	}
	s.at = inTag
	return tagStep(w, s, text)
}

// booleanAttributes are true when they are there, whatever their value.
var booleanAttributes = []string{
	"allowfullscreen", "async", "autofocus", "autoplay", "checked", "controls", "default", "defer", "disabled",
	"formnovalidate", "inert", "ismap", "itemscope", "loop", "multiple", "muted", "nomodule", "novalidate", "open",
	"playsinline", "readonly", "required", "reversed", "selected",
}

// specialAttributes are those whose values are not plain text, beside the ones that are
// code. A * stands for anything.
var specialAttributes = []string{
	"on*", "style", "*src*", "*uri*", "*url*", "*href", "action", "formaction", "data", "poster", "background", "cite",
	"codebase", "classid", "longdesc", "manifest", "ping", "profile", "usemap", "archive", "icon", "xmlns*",
}

// dataInName reports whether a name is partly data, of which html/template filters each
// piece for itself. One that is data alone is filtered whole.
func dataInName(name string) bool { return strings.Contains(name, "?") && name != "?" }

// DangerousName reports whether an attribute's whole name, which data is part of, is one
// whose value is not plain text. code is as in [Find].
func DangerousName(name string, code []string) bool {
	name = strings.ToLower(name)
	short := strings.TrimPrefix(name, "data-")
	if _, local, ok := strings.Cut(name, ":"); ok && short == name {
		short = local
	}
	return isCode(name, code) || slices.ContainsFunc(specialAttributes, func(p string) bool { return matches(p, name) || matches(p, short) })
}

// couldBe reports whether a name with "?" for data, which is letters and digits, can
// become one of the words.
func couldBe(name string, words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return becomes(name, word) })
}

func becomes(name, word string) bool {
	switch {
	case name == "":
		return word == ""
	case name[0] == '?':
		return becomes(name[1:], word) || word != "" && becomes(name, word[1:])
	}
	return word != "" && name[0] == word[0] && becomes(name[1:], word[1:])
}

// matches reports whether a name is as a pattern says, in which * stands for anything.
func matches(pattern, name string) bool {
	before, after, star := strings.Cut(pattern, "*")
	if !star {
		return name == pattern
	}
	rest, ok := strings.CutPrefix(name, before)
	for ; ok; rest = rest[1:] {
		if matches(after, rest) {
			return true
		}
		if rest == "" {
			break
		}
	}
	return false
}
