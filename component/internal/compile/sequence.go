package compile

import (
	"encoding/binary"
	"reflect"
	"strconv"

	"github.com/ropewalk/ropewalk/component/internal/escape"
)

// A sequence builds the op of a list of nodes. Text and the fields printed
// between it are collected in runs: one op for as many of them as follow each
// other.
type sequence struct {
	ops    []op
	run    []piece
	text   []byte // of the template, not yet in a piece
	leaves bool   // an op may break or continue a loop
}

// A step is what one node compiles to: an op, or a piece of a run. The zero
// step does nothing.
type step struct {
	op    op
	piece *piece
}

// A piece is some text and then a field of dot.
type piece struct {
	text  staticText
	kind  pieceKind
	field *reflect.StructField // a place in dot, which may be dot itself
	chain *escape.Chain
}

type pieceKind uint8

const (
	onlyText   pieceKind = iota
	markupText           // a string, escaped as in text
	otherText            // a string, escaped by the chain
	plainInt             // an int whose digits no escaper changes
)

func (q *sequence) addText(t []byte) { q.text = append(q.text, t...) }

func (q *sequence) add(s step, leaves bool) {
	switch {
	case s.piece != nil:
		q.addPiece(*s.piece)
	case s.op != nil:
		q.endRun()
		q.ops = append(q.ops, s.op)
		q.leaves = q.leaves || leaves
	}
}

func (q *sequence) addPiece(p piece) {
	p.text = newStaticText(string(q.text))
	q.text = q.text[:0]
	q.run = append(q.run, p)
}

func (q *sequence) endRun() {
	if len(q.text) > 0 {
		q.addPiece(piece{kind: onlyText})
	}
	if len(q.run) > 0 {
		q.ops = append(q.ops, runOf(q.run))
		q.run = nil
	}
}

func (q *sequence) op() op {
	q.endRun()
	if q.leaves {
		return checked(q.ops)
	}
	return inOrder(q.ops)
}

// runOf appends the pieces one after the other.
func runOf(pieces []piece) op {
	if len(pieces) == 1 && pieces[0].kind == onlyText {
		text := pieces[0].text
		return func(_ *state, b []byte, _ pointer) []byte { return text.append(b) }
	}
	return func(_ *state, b []byte, dot pointer) []byte {
		for i := range pieces {
			p := &pieces[i]
			// This is p.text.append(b), which the compiler does not inline.
			if n := len(b); p.text.short && cap(b)-n >= shortText {
				p.text.store(b[n : n+shortText])
				b = b[:n+len(p.text.text)]
			} else {
				b = append(b, p.text.text...)
			}
			switch p.kind {
			case markupText:
				b = escape.HTML(b, stringAt(fieldAt(dot, p.field)))
			case otherText:
				b = p.chain.String(b, stringAt(fieldAt(dot, p.field)))
			case plainInt:
				b = appendInt(b, int(intAt(fieldAt(dot, p.field), reflect.Int)))
			}
		}
		return b
	}
}

// appendInt is strconv.AppendInt for base 10 without its buffer and its calls for
// the integers of up to eight digits.
func appendInt(b []byte, i int) []byte {
	n := len(b)
	if uint(i) >= 1e8 || cap(b)-n < 8 {
		return strconv.AppendInt(b, int64(i), 10)
	}
	u := uint32(i)
	size := digits(u)
	room := b[n : n+8][:size]
	for k := size - 1; k > 0; k -= 2 {
		q := u / 100
		pair := (u - q*100) * 2
		room[k], room[k-1] = twoDigits[pair+1], twoDigits[pair]
		u = q
	}
	if size&1 == 1 {
		room[0] = byte('0' + u)
	}
	return b[:n+size]
}

const twoDigits = "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899"

func digits(u uint32) int {
	switch {
	case u < 10:
		return 1
	case u < 100:
		return 2
	case u < 1e3:
		return 3
	case u < 1e4:
		return 4
	case u < 1e5:
		return 5
	case u < 1e6:
		return 6
	case u < 1e7:
		return 7
	}
	return 8
}

func nothing(_ *state, b []byte, _ pointer) []byte { return b }

// inOrder runs ops one after the other. Each has a call of its own, for the sake
// of the processor's branch prediction, unless there are many.
func inOrder(ops []op) op {
	switch len(ops) {
	case 0:
		return nothing
	case 1:
		return ops[0]
	case 2:
		o0, o1 := ops[0], ops[1]
		return func(st *state, b []byte, dot pointer) []byte { return o1(st, o0(st, b, dot), dot) }
	case 3:
		o0, o1, o2 := ops[0], ops[1], ops[2]
		return func(st *state, b []byte, dot pointer) []byte { return o2(st, o1(st, o0(st, b, dot), dot), dot) }
	case 4:
		o0, o1, o2, o3 := ops[0], ops[1], ops[2], ops[3]
		return func(st *state, b []byte, dot pointer) []byte {
			return o3(st, o2(st, o1(st, o0(st, b, dot), dot), dot), dot)
		}
	case 5:
		o0, o1, o2, o3, o4 := ops[0], ops[1], ops[2], ops[3], ops[4]
		return func(st *state, b []byte, dot pointer) []byte {
			return o4(st, o3(st, o2(st, o1(st, o0(st, b, dot), dot), dot), dot), dot)
		}
	}
	return func(st *state, b []byte, dot pointer) []byte {
		for _, o := range ops {
			b = o(st, b, dot)
		}
		return b
	}
}

// checked stops when an op breaks or continues a loop.
func checked(ops []op) op {
	return func(st *state, b []byte, dot pointer) []byte {
		for _, o := range ops {
			if b = o(st, b, dot); st.leave != notLeaving {
				return b
			}
		}
		return b
	}
}

// A staticText is text of the template. Short text is also kept as words, which
// are stored from registers, all of them, and then cut to length: copying a few
// bytes by memmove takes several times as long.
type staticText struct {
	text  string
	short bool
	words [shortText / 8]uint64
}

const shortText = 32

func newStaticText(text string) staticText {
	t := staticText{text: text, short: len(text) <= shortText}
	if t.short {
		var padded [shortText]byte
		copy(padded[:], text)
		for i := range t.words {
			t.words[i] = binary.LittleEndian.Uint64(padded[i*8:])
		}
	}
	return t
}

func (t *staticText) append(b []byte) []byte {
	n := len(b)
	if !t.short || cap(b)-n < shortText {
		return append(b, t.text...)
	}
	t.store(b[n : n+shortText])
	return b[:n+len(t.text)]
}

// store writes all the words to room, which has shortText bytes.
func (t *staticText) store(room []byte) {
	_ = room[shortText-1]
	binary.LittleEndian.PutUint64(room[24:], t.words[3])
	binary.LittleEndian.PutUint64(room[16:], t.words[2])
	binary.LittleEndian.PutUint64(room[8:], t.words[1])
	binary.LittleEndian.PutUint64(room, t.words[0])
}
