package escape

import (
	"strings"
	"unicode/utf8"
)

// probed is what the standard functions do to strings of one type.
type probed struct {
	open, close string // around every string but the empty one
	empty       string // for the empty string
	table       *table // for the bytes
}

// mark parts the bytes shown to the functions: no escaper changes it or joins it to a neighbour.
const mark = "qzq"

// probe shows every byte to the functions. It fails if they do not work byte by byte as this package assumes.
func probe(std *standard, typ Type, t properties) (*probed, bool) {
	strips := t.strips && typ == t.rewrites && typ != Plain
	ask := func(s string) string {
		out, err := std.value(typ.value(s))
		if err != nil {
			return ""
		}
		return out
	}
	l := &probed{empty: ask(""), table: &table{}}
	alone, ok := l.answers(ask, strips, "")
	if !ok {
		return nil, false
	}
	for c, r := range alone {
		l.table.set(byte(c), r)
	}
	if strips {
		l.table.class['<'] = foreign
	}
	if !l.probeSpacing(ask, strips, alone) {
		return nil, false
	}
	percent := l.inside(ask("%41q"))
	if percent == "%41q" && alone['%'] != "%" {
		l.table.percent = true
		l.table.class['%'] = special
	}
	if !l.probeUnicode(ask, t.ascii) {
		return nil, false
	}
	l.table.seal()
	if l.table.valid != nil {
		l.table.valid.seal()
	}
	return l, true
}

// answers returns what becomes of each byte when next follows it.
func (l *probed) answers(ask func(string) string, strips bool, next string) (*[256]string, bool) {
	var question strings.Builder
	question.WriteString(mark)
	for c := range 256 {
		if strips && c == '<' {
			c = ' '
		}
		question.WriteByte(byte(c))
		question.WriteString(next + mark)
	}
	parts := strings.Split(ask(question.String()), mark)
	if len(parts) != 258 {
		return nil, false
	}
	l.open, l.close = parts[0], parts[257]
	return (*[256]string)(parts[1:257]), true
}

// inside removes what surrounds every string.
func (l *probed) inside(s string) string {
	return strings.TrimSuffix(strings.TrimPrefix(s, l.open), l.close)
}

// probeSpacing finds the bytes whose replacement is parted by a space from a hexadecimal digit.
func (l *probed) probeSpacing(ask func(string) string, strips bool, alone *[256]string) bool {
	before, ok := l.answers(ask, strips, "a")
	if !ok {
		return false
	}
	for c, with := range before {
		without := alone[c]
		if with == without+"a" {
			continue
		}
		middle, ok := strings.CutPrefix(with, without)
		space, ok2 := strings.CutSuffix(middle, "a")
		if !ok || !ok2 || c >= utf8.RuneSelf || l.table.space != "" && l.table.space != space {
			return false
		}
		l.table.space = space
		l.table.spaced[c] = true
		l.table.class[c] = special
	}
	return true
}

// probeUnicode decides what to do about non-ASCII bytes.
func (l *probed) probeUnicode(ask func(string) string, unknowable bool) bool {
	t := l.table
	stays := func(s string) bool { return l.inside(ask(s)) == s }
	if !unknowable && !stays("é") {
		// Byte by byte: what was found of each byte holds.
		for _, class := range t.class[utf8.RuneSelf:] {
			if class != replaced {
				return false
			}
		}
		const sample = "é世😀\xff\u2028\ufdd0"
		want, ok := t.append(nil, sample)
		return ok && l.inside(ask(sample)) == string(want)
	}
	// Rune by rune: ordinary runes stay.
	first := uint8(clean)
	switch {
	case unknowable:
		first = foreign
	case !stays("\xff"):
		first = special
		t.valid = new(table)
	}
	for c := utf8.RuneSelf; c < 256; c++ {
		t.class[c] = first
	}
	rare := t
	if t.valid != nil {
		*t.valid = *t
		rare = t.valid
		rare.valid = nil
		for c := utf8.RuneSelf; c < 256; c++ {
			rare.class[c] = clean
		}
	}
	if !unknowable && !stays("\u2028") {
		rare.class[0xE2] = special
	}
	if !unknowable && !stays("\ufdd0") {
		rare.class[0xEF] = special
	}
	return unknowable || stays("é世😀\u00a0\u2027\ufeff")
}
