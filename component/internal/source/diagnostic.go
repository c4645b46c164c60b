package source

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Diagnostic is one mistake found in a template.
type Diagnostic struct {
	File      string // the source's file, or its template name
	Line, Col int    // 1-based; Col counts bytes
	Message   string // what is wrong, beginning with the words it is about
	Hint      string // the way out, if there is one to tell
	Code      string // the source line
	Width     int    // how many bytes of Code, from Col, are meant
	Err       error  // the cause, if another package found it
}

// Error gives the position, the message and the hint on the first line, then
// the source line with a caret under what is meant.
func (d *Diagnostic) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d:%d: %s", d.File, d.Line, d.Col, d.Message)
	if d.Hint != "" {
		fmt.Fprintf(&b, " (%s)", d.Hint)
	}
	b.WriteString(Excerpt(d.Code, d.Col, d.Width))
	return b.String()
}

// Excerpt is a source line below a message, with a caret under what is meant: so many
// bytes from a column on.
func Excerpt(code string, col, width int) string {
	if code == "" {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n\t%s\n\t", code)
	for i := range min(col-1, len(code)) {
		if code[i] == '\t' {
			b.WriteByte('\t')
		} else if code[i]&0xc0 != 0x80 { // one column for each character
			b.WriteByte(' ')
		}
	}
	b.WriteByte('^')
	if from, to := col-1, col-1+width; to <= len(code) {
		b.WriteString(strings.Repeat("~", max(utf8.RuneCountInString(code[from:to])-1, 0)))
	}
	return b.String()
}

func (d *Diagnostic) Unwrap() error { return d.Err }

// Diagnostics are all the mistakes of one call, sorted by position.
type Diagnostics []*Diagnostic

func (ds Diagnostics) Error() string {
	var b strings.Builder
	for i, d := range ds {
		if i == shownDiagnostics {
			fmt.Fprintf(&b, "\nand %d more", len(ds)-i)
			break
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(d.Error())
	}
	return b.String()
}

func (ds Diagnostics) Unwrap() []error {
	errs := make([]error, len(ds))
	for i, d := range ds {
		errs[i] = d
	}
	return errs
}

// Sorted orders by position and drops what was found twice, as happens when a
// template is compiled for several types or contexts.
func (ds Diagnostics) Sorted() Diagnostics {
	slices.SortStableFunc(ds, func(a, b *Diagnostic) int {
		return cmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line, a.Col-b.Col, strings.Compare(a.Message, b.Message))
	})
	return slices.CompactFunc(ds, func(a, b *Diagnostic) bool {
		return a.File == b.File && a.Line == b.Line && a.Col == b.Col && a.Message == b.Message
	})
}

// shownDiagnostics bounds how many mistakes one message spells out.
const shownDiagnostics = 10

// Diagnose makes the diagnostic for a piece of a source.
func Diagnose(src *File, at Span, message, hint string) *Diagnostic {
	line, col := src.Position(at.Start)
	code := strings.TrimRight(src.LineAt(at.Start), "\r")
	width := min(at.End-at.Start, len(code)-col+1)
	return &Diagnostic{File: src.Label(), Line: line, Col: col, Message: message, Hint: hint, Code: code, Width: max(width, 1)}
}

// closest is the candidate that a misspelt name most likely meant, or "".
func closest(name string, candidates []string) string {
	best, bestDistance := "", max(len(name)/3, 1)+1
	slices.Sort(candidates)
	for _, c := range candidates {
		if strings.EqualFold(c, name) {
			return c
		}
		if d := editDistance(strings.ToLower(name), strings.ToLower(c)); d < bestDistance {
			best, bestDistance = c, d
		}
	}
	return best
}

func DidYouMean(name string, candidates []string) string {
	if c := closest(name, candidates); c != "" {
		return "did you mean " + c + "?"
	}
	return ""
}

// editDistance counts the insertions, deletions, replacements and swaps of
// neighbours between two names (optimal string alignment).
func editDistance(a, b string) int {
	rows := [3][]int{make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)}
	for j := range rows[1] {
		rows[1][j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, above, row := rows[(i+2)%3], rows[i%3], rows[(i+1)%3]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return rows[(len(a)+1)%3][len(b)]
}
