package source

import (
	"strings"
	"text/template/parse"
)

// A File is one text that templates are parsed from.
type File struct {
	Name   string    // the template that the text outside {{define}} becomes
	Path   string    // what errors call it; Name if empty
	Text   string    //
	Delims [2]string // the set's if empty
}

// Label is what errors call the file.
func (s *File) Label() string {
	if s.Path != "" {
		return s.Path
	}
	return s.Name
}

// Position gives the 1-based line and column (in bytes) of an offset.
func (s *File) Position(offset int) (line, col int) {
	offset = min(max(offset, 0), len(s.Text))
	before := s.Text[:offset]
	return 1 + strings.Count(before, "\n"), offset - strings.LastIndexByte(before, '\n')
}

// Offset is the inverse of position.
func (s *File) Offset(line, col int) int {
	at := 0
	for ; line > 1; line-- {
		i := strings.IndexByte(s.Text[at:], '\n')
		if i < 0 {
			return len(s.Text)
		}
		at += i + 1
	}
	return min(at+col-1, len(s.Text))
}

// LineAt is the text of the line that holds an offset.
func (s *File) LineAt(offset int) string {
	offset = min(max(offset, 0), len(s.Text))
	start := strings.LastIndexByte(s.Text[:offset], '\n') + 1
	end := strings.IndexByte(s.Text[offset:], '\n')
	if end < 0 {
		return s.Text[start:]
	}
	return s.Text[start : offset+end]
}

// SpanOf finds the text of a node. The parser gives a chain such as .A.B the
// position of its second part, so the start is looked for in the text.
func (s *File) SpanOf(n parse.Node) Span {
	text := n.String()
	pos := int(n.Position())
	for _, first := range firstParts(n) {
		if i := pos - len(first); i >= 0 && strings.HasPrefix(s.Text[i:], first) && strings.HasPrefix(s.Text[i:], text) {
			return Span{i, i + len(text)}
		}
	}
	if pos <= len(s.Text) && strings.HasPrefix(s.Text[pos:], text) {
		return Span{pos, pos + len(text)}
	}
	return Span{pos, pos + 1}
}

// IdentSpan is the text of one name within a chain.
func (s *File) IdentSpan(n parse.Node, idents []string, i int) Span {
	whole := s.SpanOf(n)
	text := s.Text[min(whole.Start, len(s.Text)):min(whole.End, len(s.Text))]
	end := len(text)
	for k := len(idents) - 1; k >= i; k-- {
		at := strings.LastIndex(text[:end], "."+idents[k])
		if at < 0 {
			return whole
		}
		if k == i {
			return Span{whole.Start + at, whole.Start + at + 1 + len(idents[k])}
		}
		end = at
	}
	return whole
}

// A Span is a piece of a source's text.
type Span struct{ Start, End int }

// firstParts lists what may stand between a chain's start and its position.
func firstParts(n parse.Node) []string {
	switch n := n.(type) {
	case *parse.FieldNode:
		if len(n.Ident) > 1 {
			return []string{"." + n.Ident[0]}
		}
	case *parse.VariableNode:
		if len(n.Ident) > 1 {
			return []string{n.Ident[0]}
		}
	case *parse.ChainNode:
		return []string{n.Node.String(), "(" + n.Node.String() + ")"}
	}
	return nil
}
