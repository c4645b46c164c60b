package run

import (
	"reflect"
	"slices"
)

// A Loop is what all forms of range share.
type Loop struct {
	Site   *Site
	Body   Op
	Whole  *LoopBody                         // the body for a slice or an array, if Set is nil and nothing leaves it
	Set    func(st *State, index, elem Item) // sets the variables, and dot's slot if dot has no static type; may be nil
	Dot    int                               // the slot of dot, or -1 if its address is known without
	Named  int                               // how many variables the loop sets
	Leaves bool                              // the body may break or continue
}

// iteration runs the body once; it reports whether the loop goes on.
func (l *Loop) iteration(st *State, b []byte, index, elem Item) ([]byte, bool) {
	if l.Set != nil {
		l.Set(st, index, elem)
	}
	dot := elem.P
	if l.Dot >= 0 {
		dot = PointerToCell(&st.Frame[l.Dot].V)
	}
	if b = l.Body(st, b, dot); len(b) >= handOnSize {
		b = st.handOn(b)
	}
	if !l.Leaves {
		return b, true
	}
	how := st.Leave
	st.Leave = notLeaving
	return b, how != LeavingBreak
}

// Elements ranges over elements that lie side by side.
func (l *Loop) Elements(st *State, b []byte, data Pointer, count int, size uintptr) ([]byte, bool) {
	if l.Whole != nil {
		return l.Whole.run(st, b, data, count), count > 0
	}
	goOn := true
	for i := 0; i < count && goOn; i++ {
		var key Item
		if l.Named > 1 {
			key.P = PointerToInt(IntCell(i))
		}
		b, goOn = l.iteration(st, b, key, Item{P: ElementAt(data, i, size)})
	}
	return b, count > 0
}

// Dynamic ranges over a value whose type is known only now.
func (l *Loop) Dynamic(st *State, b []byte, v reflect.Value) ([]byte, bool) {
	v, null := Indirect(v)
	if null {
		l.Site.Failf("range can't iterate over %v", v)
	}
	if !v.IsValid() {
		return b, false
	}
	return l.Values(st, b, v, false)
}

// Values ranges over anything by reflection. Items are given by address if the
// body was compiled for their types, else by value.
func (l *Loop) Values(st *State, b []byte, v reflect.Value, typed bool) ([]byte, bool) {
	goOn, some := true, false
	next := func(index, elem reflect.Value) bool {
		some = true
		b, goOn = l.iteration(st, b, itemOf(index, typed), itemOf(elem, typed))
		return goOn
	}
	switch k := v.Kind(); {
	case IsInteger(k):
		l.single(v)
		for x := range v.Seq() {
			if !next(reflect.Value{}, x) {
				break
			}
		}
	case k == reflect.Slice || k == reflect.Array:
		for i := 0; i < v.Len() && goOn; i++ {
			next(reflect.ValueOf(i), v.Index(i))
		}
	case k == reflect.Map:
		for _, m := range sortedMap(v) {
			if !next(m.key, m.value) {
				break
			}
		}
	case k == reflect.Chan:
		if v.IsNil() {
			break
		}
		if v.Type().ChanDir() == reflect.SendDir {
			l.Site.Failf("range over send-only channel %v", v)
		}
		for i := 0; goOn; i++ {
			x, ok := v.Recv()
			if !ok {
				break
			}
			next(reflect.ValueOf(i), x)
		}
	case k == reflect.Func && v.Type().CanSeq():
		l.single(v)
		for x := range v.Seq() {
			if !next(reflect.Value{}, x) {
				break
			}
		}
	case k == reflect.Func && v.Type().CanSeq2():
		for x, y := range v.Seq2() {
			if l.Named < 2 {
				y = x
			}
			if !next(x, y) {
				break
			}
		}
	default:
		l.Site.Failf("range can't iterate over %v", v)
	}
	return b, some
}

// single refuses two variables for what yields one value at a time.
func (l *Loop) single(v reflect.Value) {
	if l.Named > 1 {
		l.Site.Failf("can't use %v to iterate over more than one variable", v)
	}
}

// An Item is a key or an element: an address if its type is known, else a value.
type Item = Slot

// A LoopBody is the body of a loop that nothing leaves. The text at its end and the text
// at its beginning are appended together between two iterations.
type LoopBody struct {
	first []Instruction // the body without the text at its end
	next  []Instruction // that text, and then first
	End   staticText    // that text
	size  uintptr       // of an element
}

// run ranges over elements that lie side by side.
func (l *LoopBody) run(st *State, b []byte, data Pointer, count int) []byte {
	if count == 0 {
		return b
	}
	body := l.first
	for i := range count {
		if b = runInstructions(st, b, ElementAt(data, i, l.size), body); len(b) >= handOnSize {
			b = st.handOn(b)
		}
		body = l.next
	}
	return l.End.Append(b)
}

// NewLoopBody makes the body for elements of the given size.
func NewLoopBody(body []Instruction, size uintptr) *LoopBody {
	last := len(body) - 1
	if last < 1 || body[last].Kind != TextOnly {
		return &LoopBody{first: body, next: body, size: size}
	}
	t := &LoopBody{first: body[:last], End: body[last].Text, size: size}
	t.next = slices.Clone(t.first)
	t.next[0].Text = NewStaticText(t.End.text + t.first[0].Text.text)
	return t
}

// itemOf gives an item an address if the body wants one.
func itemOf(v reflect.Value, typed bool) Item {
	if !typed {
		return Item{V: v}
	}
	if !v.IsValid() {
		return Item{}
	}
	return Item{P: Box(v, v.Type())}
}

// A LoopOp is an op that reports whether there was anything to range over.
type LoopOp func(st *State, b []byte, dot Pointer) ([]byte, bool)

// OrElse adds the else branch. A break in that, which is meant for a loop around,
// ends no more than the branch: so it is in text/template.
func OrElse(loop LoopOp, no Op) Op {
	return func(st *State, b []byte, dot Pointer) []byte {
		b, some := loop(st, b, dot)
		if some {
			return b
		}
		b = no(st, b, dot)
		if st.Leave == LeavingBreak {
			st.Leave = notLeaving
		}
		return b
	}
}

// handOn gives the destination what a loop has made so far, which is at least
// handOnSize bytes: a page may be larger than memory should be.
func (st *State) handOn(b []byte) []byte {
	if st.out == nil {
		return b
	}
	if err := st.out.Give(b); err != nil {
		panic(componentError{err})
	}
	return st.out.Take()
}

const handOnSize = 32 << 10
