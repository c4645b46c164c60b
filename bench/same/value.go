package same

import (
	"net/url"
	"strconv"
	"strings"
)

// address is a URL with its path and query decoded and encoded again.
func address(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		return s
	}
	u.RawPath = ""
	u.RawQuery = u.Query().Encode()
	return u.String()
}

// style is a list of declarations, or of rules, without what white space and a
// last semicolon add.
func style(s string) string {
	s = strings.TrimSpace(collapse(s))
	for _, mark := range []string{":", ";", "{", "}", ","} {
		s = strings.ReplaceAll(strings.ReplaceAll(s, " "+mark, mark), mark+" ", mark)
	}
	return strings.TrimSuffix(s, ";")
}

// script is a script without white space that no token needs, and with the
// contents of its strings as Go quotes them. It knows strings in quotes and
// nothing else of the language: no comments, templates or regular expressions.
func script(s string) string {
	var b strings.Builder
	for s != "" {
		switch c := s[0]; c {
		case '"', '\'':
			content, rest, ok := Literal(s)
			if !ok {
				b.WriteString(s)
				return b.String()
			}
			b.WriteString(strconv.Quote(content))
			s = rest
		case ' ', '\n', '\t', '\r':
			s = strings.TrimLeft(s, " \n\t\r")
			if b.Len() > 0 && s != "" && word(b.String()[b.Len()-1]) && word(s[0]) {
				b.WriteByte(' ')
			}
		default:
			b.WriteByte(c)
			s = s[1:]
		}
	}
	return b.String()
}

func word(c byte) bool {
	return c == '_' || c == '$' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' || c >= 0x80
}

// Literal splits off the JavaScript string that s begins with, decoded. It
// reports false if there is none, or none that ends.
func Literal(s string) (content, rest string, ok bool) {
	if s == "" || s[0] != '"' && s[0] != '\'' {
		return "", s, false
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == s[0]:
			return b.String(), s[i+1:], true
		case s[i] == '\\' && i+1 < len(s):
			i++
			i += decode(&b, s[i:])
		default:
			b.WriteByte(s[i])
		}
	}
	return "", s, false
}

// decode writes what the escape after a backslash stands for, and returns how
// many bytes it has beyond the first.
func decode(b *strings.Builder, s string) int {
	digits := map[byte]int{'u': 4, 'x': 2}[s[0]]
	if digits > 0 && len(s) > digits {
		if n, err := strconv.ParseUint(s[1:1+digits], 16, 32); err == nil {
			b.WriteRune(rune(n))
			return digits
		}
	}
	if i := strings.IndexByte("nrtbfv", s[0]); i >= 0 {
		b.WriteByte("\n\r\t\b\f\v"[i])
		return 0
	}
	b.WriteByte(s[0])
	return 0
}
