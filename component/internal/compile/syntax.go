package compile

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/ropewalk/ropewalk/component/internal/source"
)

// syntaxError gives a parser's error its place. The parser tells the line; the
// column is where the first word that it quotes stands, if it quotes one. Of what is
// never closed it tells the end of the file, and here it is told where that begins.
func syntaxError(src *source.File, err error) *source.Diagnostic {
	d := syntaxDiagnostic(src, err)
	d.Err = err
	return d
}

func syntaxDiagnostic(src *source.File, err error) *source.Diagnostic {
	message := strings.TrimPrefix(err.Error(), "template: ")
	rest, ok := strings.CutPrefix(message, src.Name+":")
	number, text, found := strings.Cut(rest, ": ")
	line, convErr := strconv.Atoi(number)
	if !ok || !found || convErr != nil {
		return source.Diagnose(src, source.Span{Start: 0, End: 1}, message, "")
	}
	if d := unbalanced(src, text); d != nil {
		return d
	}
	start := src.Offset(line, 1)
	code := src.LineAt(start)
	at := source.Span{Start: start + len(code) - len(strings.TrimLeft(code, " \t")), End: start + len(strings.TrimRight(code, " \t\r"))}
	if i := strings.IndexAny(text, "\"<"); i >= 0 {
		if word := quotedWord(text[i:]); word != "" {
			if k := strings.Index(code, word); k >= 0 {
				at = source.Span{Start: start + k, End: start + k + len(word)}
			}
		}
	}
	return source.Diagnose(src, at, text, "")
}

// unbalanced words the errors about what has no end, or no beginning; nil for others.
func unbalanced(src *source.File, text string) *source.Diagnostic {
	b := readBlocks(src)
	last := func(message, hint string) *source.Diagnostic {
		if b.unclosed == nil {
			return nil
		}
		return source.Diagnose(src, *b.unclosed, message, hint)
	}
	switch {
	case text == "unexpected EOF" && len(b.open) > 0:
		at := b.open[len(b.open)-1]
		return source.Diagnose(src, at, fmt.Sprintf("%s is never closed", src.Text[at.Start:at.End]), "it needs an "+b.left+"end"+b.right)
	case text == "unexpected {{end}}" && b.stray != nil:
		return source.Diagnose(src, *b.stray, src.Text[b.stray.Start:b.stray.End]+" closes nothing", "leave it out, or look for the one too many before it")
	case text == "unclosed comment":
		return last("this comment is never closed", "it ends with */"+b.right)
	case strings.HasPrefix(text, "unterminated "):
		return last("this action has an "+text, "")
	case text == "unclosed action", text == "unclosed left paren":
		return last("this action is never closed", "it ends with "+b.right)
	}
	return nil
}

// blocks are the actions of a text that stand open at its end.
type blocks struct {
	left, right string
	open        []source.Span // from outside inwards
	stray       *source.Span  // the first end that closes nothing
	unclosed    *source.Span  // the first action that does not end
}

// readBlocks reads the actions of a text, as far as they can be told apart.
func readBlocks(src *source.File) *blocks {
	b := &blocks{left: src.Delims[0], right: src.Delims[1]}
	if b.left == "" {
		b.left = "{{"
	}
	if b.right == "" {
		b.right = "}}"
	}
	for at := 0; ; {
		i := strings.Index(src.Text[at:], b.left)
		if i < 0 {
			return b
		}
		start := at + i
		end := actionEnd(src.Text, start+len(b.left), b.right)
		if end < 0 {
			line := strings.IndexByte(src.Text[start:]+"\n", '\n')
			b.unclosed = &source.Span{Start: start, End: start + line}
			return b
		}
		b.action(source.Span{Start: start, End: end}, src.Text[start+len(b.left):end])
		at = end
	}
}

// action notes what an action opens or closes.
func (b *blocks) action(at source.Span, text string) {
	word := strings.TrimLeft(strings.TrimPrefix(text, "- "), " \t\r\n")
	if i := strings.IndexFunc(word, func(r rune) bool { return r < 'a' || r > 'z' }); i >= 0 {
		word = word[:i]
	}
	switch word {
	case "if", "with", "range", "define", "block":
		b.open = append(b.open, at)
	case "end":
		if len(b.open) > 0 {
			b.open = b.open[:len(b.open)-1]
		} else if b.stray == nil {
			b.stray = &at
		}
	}
}

// actionEnd is the end of an action whose text begins at an offset; negative if it has none.
func actionEnd(text string, from int, right string) int {
	inside := strings.TrimLeft(text[from:], "- \t\r\n")
	if strings.HasPrefix(inside, "/*") {
		i := strings.Index(text[from:], "*/")
		if i < 0 {
			return -1
		}
		from += i + len("*/")
	}
	for i := from; i < len(text); i++ {
		if strings.HasPrefix(text[i:], right) {
			return i + len(right)
		}
		switch quote := text[i]; quote {
		case '"', '\'', '`':
			for i++; i < len(text) && text[i] != quote; i++ {
				if text[i] == '\\' && quote != '`' {
					i++
				}
				if i < len(text) && text[i] == '\n' && quote != '`' {
					return -1
				}
			}
		}
	}
	return -1
}

func quotedWord(s string) string {
	if q, err := strconv.QuotedPrefix(s); err == nil {
		word, _ := strconv.Unquote(q)
		return word
	}
	if word, _, ok := strings.Cut(s[1:], ">"); ok && s[0] == '<' {
		return word
	}
	return ""
}
