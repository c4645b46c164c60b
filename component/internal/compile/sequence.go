package compile

import (
	"reflect"
	"strconv"

	"github.com/ropewalk/ropewalk/component/internal/escape"
)

// A sequence builds the op of a list of nodes: its pieces, one after the other.
type sequence struct {
	pieces []piece
	text   []byte // of the template, not yet in a piece
	leaves bool   // an op may break or continue a loop
}

// A piece is some text and then what one node prints. What most pieces need is in
// the first of two cache lines.
type piece struct {
	kind  pieceKind
	field location // in dot
	op    op       // of action and whenTrue
	text  staticText
	chain *escape.Chain // of escapedText and escapedInt
	turns *turns        // of eachElement; of textWhenTrue: for one turn
}

type pieceKind uint8

const (
	onlyText     pieceKind = iota
	markupText             // a string field, escaped as in text
	escapedText            // a string field, escaped by the chain
	plainInt               // an int field whose digits no escaper changes
	escapedInt             // an int field, escaped by the chain
	whenTrue               // the op, if a bool field is true
	textWhenTrue           // text, if a bool field is true
	eachElement            // the turns over a field's slice
	action                 // the op
)

// doing is the piece of an op; nil if that is nil.
func doing(o op) *piece {
	if o == nil {
		return nil
	}
	return &piece{kind: action, op: o}
}

func (q *sequence) addText(t []byte) { q.text = append(q.text, t...) }

// add adds what a node compiles to, which is nil for nothing.
func (q *sequence) add(p *piece, leaves bool) {
	if p == nil {
		return
	}
	p.text = newStaticText(string(q.text))
	q.text = q.text[:0]
	q.pieces = append(q.pieces, *p)
	q.leaves = q.leaves || leaves
}

// end returns the pieces. Text at the end is a piece of its own.
func (q *sequence) end() []piece {
	if len(q.text) > 0 {
		q.add(&piece{}, false)
	}
	return q.pieces
}

// opOf runs pieces one after the other; leaves says that one of them may break
// or continue a loop.
func opOf(pieces []piece, leaves bool) op {
	switch {
	case len(pieces) == 0:
		return nothing
	case len(pieces) == 1 && pieces[0].kind == onlyText:
		text := &pieces[0].text
		return func(_ *state, b []byte, _ pointer) []byte { return text.append(b) }
	case len(pieces) == 1 && pieces[0].kind == action && pieces[0].text.size == 0:
		return pieces[0].op
	case leaves:
		return func(st *state, b []byte, dot pointer) []byte {
			for i := range pieces {
				if b = runPieces(st, b, dot, pieces[i:i+1]); st.leave != notLeaving {
					break
				}
			}
			return b
		}
	}
	return func(st *state, b []byte, dot pointer) []byte { return runPieces(st, b, dot, pieces) }
}

func runPieces(st *state, b []byte, dot pointer, pieces []piece) []byte {
	for i := range pieces {
		p := &pieces[i]
		// This is p.text.append(b), which the compiler does not inline.
		if n, t := len(b), &p.text; t.size <= shortText && cap(b)-n >= shortText {
			*(*[half]byte)(b[n : n+half]) = t.head
			if t.size > half {
				*(*[half]byte)(b[n+half : n+shortText]) = t.tail
			}
			b = b[:n+t.size]
		} else {
			b = append(b, t.text...)
		}
		switch p.kind {
		case markupText:
			b = escape.HTML(b, stringAt(p.field.in(dot)))
		case escapedText:
			b = p.chain.String(b, stringAt(p.field.in(dot)))
		case plainInt:
			b = appendInt(b, int(intAt(p.field.in(dot), reflect.Int)))
		case escapedInt:
			b = p.chain.Int(b, intAt(p.field.in(dot), reflect.Int))
		case whenTrue:
			if boolAt(p.field.in(dot)) {
				b = p.op(st, b, dot)
			}
		case textWhenTrue:
			if boolAt(p.field.in(dot)) {
				b = p.turns.end.append(b)
			}
		case eachElement:
			data, count := sliceAt(p.field.in(dot))
			b = p.turns.run(st, b, data, count)
		case action:
			b = p.op(st, b, dot)
		}
	}
	return b
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

// A staticText is text of the template. Short text is also kept with bytes
// behind it, all of which are stored from registers and then cut to length:
// copying a few bytes by memmove takes several times as long.
type staticText struct {
	size       int
	head, tail [half]byte
	text       string
}

const (
	half      = 32
	shortText = 2 * half
)

func newStaticText(text string) staticText {
	t := staticText{size: len(text), text: text}
	n := copy(t.head[:], text)
	copy(t.tail[:], text[n:])
	return t
}

func (t *staticText) append(b []byte) []byte {
	n := len(b)
	if t.size > shortText || cap(b)-n < shortText {
		return append(b, t.text...)
	}
	*(*[half]byte)(b[n : n+half]) = t.head
	*(*[half]byte)(b[n+half : n+shortText]) = t.tail
	return b[:n+t.size]
}
