//go:build (amd64 || arm64) && !purego && !race

package escape

import (
	"strconv"
	"unsafe"
)

// A Stretch is parts that are printed one after the other, for one element or for many that lie side by side. One routine
// in assembly does it all, replacements included: it has a table in which each byte is clean or replaced.
//
// The text that each turn begins with is appended before the first turn, then with the text at the end of each, and cut
// off behind the last.
//
// The rule for its unsafe code: the address given to Append is that of a value that has a string, an int, a bool or a
// slice of what the loop's parts are for, as the part says, at each part's offset, and is followed by more of them, stride
// bytes apart, for as many turns as are asked for.
type Stretch struct {
	parts       []part
	begin       *part // the first of parts, which is of the text before the first turn
	first, last *part // of a turn
	turn        int   // how far the first part of a turn is behind begin
	before      int   // how long the text before the first turn is
	stride      uintptr
	loops       bool              // there are some among the parts
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
	loop   *Stretch // which has no loops: the assembly keeps one place to come back to
}

const (
	partSize = int(unsafe.Sizeof(part{}))
	textSize = 64

	// How far copyStretch may write behind a string, for which it looks for room: the replacements of its last few bytes,
	// the text behind it, and the text behind a loop that ends there.
	slack = 2*textSize + shortest*maxReplacement
)

// NewStretch makes a stretch that begins each turn with a text, and then has the parts, of elements that lie stride bytes
// apart. It returns nil where there are no vectors.
func NewStretch(begin string, parts []Part, stride uintptr) *Stretch {
	if !haveBlocks {
		return nil
	}
	s := &Stretch{before: len(begin), stride: stride, short: &htmlTable.short, dirty: *htmlTable.dirty}
	s.addText(TextPart, 0, begin)
	turn := len(s.parts)
	for i, p := range parts {
		if i == len(parts)-1 {
			p.Text += begin
		}
		switch p.Kind {
		case BoolPart:
			s.addText(BoolPart, p.Offset, p.Yes)
		default:
			n := min(textSize, len(p.Text))
			s.add(part{kind: p.Kind, offset: p.Offset, loop: p.Loop}, p.Text[:n])
			p.Text = p.Text[n:]
		}
		s.addText(TextPart, 0, p.Text)
		s.loops = s.loops || p.Kind == LoopPart
	}
	if turn == len(s.parts) {
		return nil
	}
	s.turn = turn * partSize
	s.begin, s.first, s.last = &s.parts[0], &s.parts[turn], &s.parts[len(s.parts)-1]
	return s
}

// addText adds a part of the kind for each textSize bytes of text.
func (s *Stretch) addText(kind PartKind, offset uintptr, text string) {
	for len(text) > 0 {
		n := min(textSize, len(text))
		s.add(part{kind: kind, offset: offset}, text[:n])
		text = text[n:]
	}
}

func (s *Stretch) add(p part, text string) {
	p.size = copy(p.text[:], text)
	s.parts = append(s.parts, p)
}

// Loops reports whether there is a loop among the parts.
func (s *Stretch) Loops() bool { return s.loops }

// More takes what a long stretch has made so far. It returns where to go on, and up to which length before the next time.
type More func(b []byte) (next []byte, enough int)

// Append appends the parts of as many elements as there are turns, the first of which is at base. There must be one at
// least. After a turn that makes b as long as enough, here or in a loop among the parts, it calls more.
func (s *Stretch) Append(b []byte, base unsafe.Pointer, turns, enough int, more More) []byte {
	return s.appendFrom(b, base, turns, 0, &outlet{enough, more})
}

// An outlet is where Append hands on what is long enough.
type outlet struct {
	enough int
	more   More
}

// appendFrom is Append from the part on that is that many bytes behind the first.
func (s *Stretch) appendFrom(b []byte, base unsafe.Pointer, turns, at int, o *outlet) []byte {
	for {
		size, left, next, leftOfLoop, nextOfLoop := copyStretch(b, s, base, turns, at, o.enough)
		if b = b[:size]; left == 0 {
			return b
		}
		base = unsafe.Add(base, uintptr(turns-left)*s.stride)
		if leftOfLoop > 0 || left == turns || next != s.turn || size < o.enough {
			// It stopped before a part or in a loop.
			b = s.parts[next/partSize].append(b, base, leftOfLoop, nextOfLoop, o)
			if next += partSize; next == len(s.parts)*partSize {
				if left--; left == 0 {
					return b[:len(b)-s.before]
				}
				base, next = unsafe.Add(base, s.stride), s.turn
			}
		}
		if next == s.turn && len(b) >= o.enough {
			b, o.enough = o.more(b)
		}
		turns, at = left, next
	}
}

// appendSlice appends what is left of a loop over the slice at value: so many turns, the first of them from the part on
// that is that many bytes behind the first. That none are left means that it has not begun.
func (s *Stretch) appendSlice(b []byte, value unsafe.Pointer, left, at int, o *outlet) []byte {
	// Every slice has the layout of a []byte, whatever its element.
	slice := *(*[]byte)(value)
	if left == 0 {
		left = len(slice)
	}
	if left == 0 {
		return b
	}
	first := unsafe.Add(unsafe.Pointer(unsafe.SliceData(slice)), uintptr(len(slice)-left)*s.stride)
	return s.appendFrom(b, first, left, at, o)
}

// append does what copyStretch does, for any room and any integer. A loop goes on as appendSlice does.
func (p *part) append(b []byte, base unsafe.Pointer, left, at int, o *outlet) []byte {
	switch value := unsafe.Add(base, p.offset); p.kind {
	case StringPart:
		b = HTML(b, *(*string)(value))
	case IntPart:
		b = strconv.AppendInt(b, int64(*(*int)(value)), 10)
	case BoolPart:
		if !*(*bool)(value) {
			return b
		}
	case LoopPart:
		b = p.loop.appendSlice(b, value, left, at, o)
	}
	return append(b, p.text[:p.size]...)
}

// copyStretch appends what the stretch makes of the elements from base on: the given number of turns, the first of them
// from the part on that is that many bytes behind the first. It returns how long b has become, how many turns are left,
// and where the next part is. It stops before a part for which there may not be enough room, or that is an integer of
// more than eight digits, and after a turn that makes b as long as enough.
//
// Where it stops within a loop among the parts, that is the next part, and the last two results are of the loop: what
// is left of its turns, and where the next part of these is. Else they are zero.
//
//go:noescape
func copyStretch(b []byte, s *Stretch, base unsafe.Pointer, turns, at, enough int) (size, left, next, leftOfLoop, nextOfLoop int)
