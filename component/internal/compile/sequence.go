package compile

import "strings"

// A sequence builds the op of a list of nodes. Text is kept back until the op
// behind it is known: the two become one.
type sequence struct {
	ops     []op
	pending strings.Builder
	leaves  bool // an op may break or continue a loop
}

// A step is what one node compiles to: an op that first appends some text.
// A nil step does nothing.
type step func(text string) op

// plain is the step of an op that has no better way to append text before it.
func plain(o op) step {
	return func(text string) op {
		if text == "" {
			return o
		}
		t := newStaticText(text)
		return func(st *state, b []byte, dot pointer) []byte { return o(st, t.append(b), dot) }
	}
}

// stepOf is plain, where an op may be missing.
func stepOf(o op) step {
	if o == nil {
		return nil
	}
	return plain(o)
}

func (q *sequence) text(t []byte) { q.pending.Write(t) }

func (q *sequence) add(s step, leaves bool) {
	if s == nil {
		return
	}
	q.ops = append(q.ops, s(q.pending.String()))
	q.pending.Reset()
	q.leaves = q.leaves || leaves
}

func (q *sequence) op() op {
	if q.pending.Len() > 0 {
		t := newStaticText(q.pending.String())
		q.ops = append(q.ops, func(_ *state, b []byte, _ pointer) []byte { return t.append(b) })
	}
	if q.leaves {
		return checked(q.ops)
	}
	return inOrder(q.ops)
}

func nothing(_ *state, b []byte, _ pointer) []byte { return b }

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

// A staticText is text of the template. Short text is kept in an array of fixed
// size, which is copied whole, without a call, and then cut to its length.
type staticText struct {
	short *[shortText]byte
	n     int
	long  string
}

const shortText = 32

func newStaticText(text string) *staticText {
	t := &staticText{n: len(text), long: text}
	if len(text) <= shortText {
		t.short = new([shortText]byte)
		copy(t.short[:], text)
	}
	return t
}

func (t *staticText) append(b []byte) []byte {
	if t.short != nil {
		n := len(b) + t.n
		return append(b, t.short[:]...)[:n]
	}
	return append(b, t.long...)
}
