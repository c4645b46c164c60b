//go:build (amd64 || arm64) && !purego && !race

package escape

import (
	"strconv"
	"unsafe"
)

// A Stretch is parts that are printed one after the other, for one element or for many that lie side by side. One routine
// in assembly does it all, replacements included: it has a table in which each byte is clean or replaced.
//
// The rule for its unsafe code: the address given to Append is that of a value that has a string, an int or a bool, as
// the part says, at each part's offset, and is followed by more of them, stride bytes apart, for as many turns as are asked for.
type Stretch struct {
	parts       []part
	first, last *part // of parts
	stride      uintptr
	short       *[256]replacement // of the table
	dirty       byteSet           // of the table
}

// A part is a [Part], or some of one with a long text, as copyStretch reads it. All of text is written, and then what is
// behind its size is overwritten: all of it if a bool is false.
type part struct {
	text   [textSize]byte
	size   int
	kind   PartKind
	offset uintptr
}

const (
	partSize = int(unsafe.Sizeof(part{}))
	textSize = 64
	slack    = textSize + shortest*maxReplacement // how much copyStretch may write behind what it appends
)

// NewStretch makes a stretch of parts of elements that lie stride bytes apart. It returns nil where there are no vectors.
func NewStretch(parts []Part, stride uintptr) *Stretch {
	if !haveBlocks {
		return nil
	}
	s := &Stretch{stride: stride, short: &htmlTable.short, dirty: *htmlTable.dirty}
	for _, p := range parts {
		switch p.Kind {
		case BoolPart:
			s.addText(BoolPart, p.Offset, p.Yes)
		default:
			n := min(textSize, len(p.Text))
			s.add(p.Kind, p.Offset, p.Text[:n])
			p.Text = p.Text[n:]
		}
		s.addText(TextPart, 0, p.Text)
	}
	if len(s.parts) == 0 {
		return nil
	}
	s.first, s.last = &s.parts[0], &s.parts[len(s.parts)-1]
	return s
}

// addText adds a part of the kind for each textSize bytes of text.
func (s *Stretch) addText(kind PartKind, offset uintptr, text string) {
	for len(text) > 0 {
		n := min(textSize, len(text))
		s.add(kind, offset, text[:n])
		text = text[n:]
	}
}

func (s *Stretch) add(kind PartKind, offset uintptr, text string) {
	p := part{kind: kind, offset: offset, size: len(text)}
	copy(p.text[:], text)
	s.parts = append(s.parts, p)
}

// Append appends the parts of as many elements as there are turns, the first of which is at base. It stops after a turn
// that makes b as long as enough, and returns how many turns are left. There must be one at least.
func (s *Stretch) Append(b []byte, base unsafe.Pointer, turns, enough int) ([]byte, int) {
	size, left, at := copyStretch(b, s, base, turns, 0, enough)
	if b = b[:size]; left == 0 || size >= enough && at == 0 && left < turns {
		return b, left
	}
	return s.appendRest(b, unsafe.Add(base, uintptr(turns-left)*s.stride), left, at, enough)
}

// appendRest is Append from where copyStretch has stopped: the part there is appended without it.
func (s *Stretch) appendRest(b []byte, base unsafe.Pointer, turns, at, enough int) ([]byte, int) {
	for {
		b = s.parts[at/partSize].append(b, base)
		if at += partSize; at == len(s.parts)*partSize {
			at = 0
			if turns--; turns == 0 || len(b) >= enough {
				return b, turns
			}
			base = unsafe.Add(base, s.stride)
		}
		size, left, next := copyStretch(b, s, base, turns, at, enough)
		if b = b[:size]; left == 0 || size >= enough && next == 0 && left < turns {
			return b, left
		}
		base = unsafe.Add(base, uintptr(turns-left)*s.stride)
		turns, at = left, next
	}
}

// append does what copyStretch does, for any room and any integer.
func (p *part) append(b []byte, base unsafe.Pointer) []byte {
	switch value := unsafe.Add(base, p.offset); p.kind {
	case StringPart:
		b = HTML(b, *(*string)(value))
	case IntPart:
		b = strconv.AppendInt(b, int64(*(*int)(value)), 10)
	case BoolPart:
		if !*(*bool)(value) {
			return b
		}
	}
	return append(b, p.text[:p.size]...)
}

// copyStretch appends what the stretch makes of the elements from base on: the given number of turns, the first of them
// from the part on that is that many bytes behind the first. It returns how long b has become, how many turns are left,
// and where the next part is. It stops before a part for which there may not be enough room, or that is an integer of
// more than eight digits, and after a turn that makes b as long as enough.
//
//go:noescape
func copyStretch(b []byte, s *Stretch, base unsafe.Pointer, turns, at, enough int) (size, left, next int)
