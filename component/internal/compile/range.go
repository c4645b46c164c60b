package compile

import (
	"reflect"
	"slices"
	"text/template/parse"
)

// A loop is what all forms of range share.
type loop struct {
	site   *site
	body   op
	turns  *turns                            // the body of a slice or an array, if set is nil and nothing leaves it
	set    func(st *state, index, elem item) // sets the variables, and dot's slot if dot has no static type; may be nil
	dot    int                               // the slot of dot, or -1 if its address is known without
	named  int                               // how many variables the loop sets
	leaves bool                              // the body may break or continue
}

// An item is a key or an element: an address if its type is known, else a value.
type item = slot

// turns is a loop's body for turns that follow each other and that nothing leaves:
// the text at the body's end and the text at its beginning are appended together.
type turns struct {
	first []piece    // the body without the text at its end
	next  []piece    // that text, and then first
	end   staticText // that text
	size  uintptr    // of an element
}

func newTurns(body []piece, size uintptr) *turns {
	last := len(body) - 1
	if last < 1 || body[last].kind != onlyText {
		return &turns{first: body, next: body, size: size}
	}
	t := &turns{first: body[:last], end: body[last].text, size: size}
	t.next = slices.Clone(t.first)
	t.next[0].text = newStaticText(t.end.text + t.first[0].text.text)
	return t
}

// run ranges over elements that lie side by side.
func (t *turns) run(st *state, b []byte, data pointer, count int) []byte {
	if count == 0 {
		return b
	}
	body := t.first
	for i := range count {
		if b = runPieces(st, b, elementAt(data, i, t.size), body); len(b) >= handOnSize {
			b = st.handOn(b)
		}
		body = t.next
	}
	return t.end.append(b)
}

// turn runs the body once; it reports whether the loop goes on.
func (l *loop) turn(st *state, b []byte, index, elem item) ([]byte, bool) {
	if l.set != nil {
		l.set(st, index, elem)
	}
	dot := elem.p
	if l.dot >= 0 {
		dot = pointerToCell(&st.frame[l.dot].v)
	}
	if b = l.body(st, b, dot); len(b) >= handOnSize {
		b = st.handOn(b)
	}
	if !l.leaves {
		return b, true
	}
	how := st.leave
	st.leave = notLeaving
	return b, how != leavingBreak
}

// rangeNode compiles {{range}}.
func (c *compiler) rangeNode(n *parse.RangeNode) *piece {
	mark, next := len(c.vars), c.next
	defer func() { c.vars, c.next = c.vars[:mark], next }()
	e := c.pipe(n.Pipe)
	if e.bad {
		c.declareBad(n.Pipe)
		c.list(n.ElseList)
		return nil
	}
	if e.t == nil {
		return doing(c.rangeByType(n, e))
	}
	// The value is kept only for an else branch that has a name for it.
	keep := op(nil)
	if n.ElseList != nil && len(n.Pipe.Decl) > 0 {
		hidden := c.newVariable("", n.Pos, e)
		keep = c.store(hidden, e)
		e = c.variableExpr(n.Pipe, hidden)
	}
	key, elem, fail := c.itemTypes(n, e)
	if key == nil {
		return doing(fail)
	}
	l := c.loop(n, key, elem)
	switch run := c.iterate(e, l); {
	case n.ElseList != nil:
		return doing(prefixed(keep, orElse(run, c.rangeElse(n, e))))
	case l.turns != nil && e.path != nil && e.t.Kind() == reflect.Slice:
		return &piece{kind: eachElement, field: *e.path, turns: l.turns}
	default:
		return doing(func(st *state, b []byte, dot pointer) []byte {
			b, _ = run(st, b, dot)
			return b
		})
	}
}

// A loopOp is an op that reports whether there was anything to range over.
type loopOp func(st *state, b []byte, dot pointer) ([]byte, bool)

// orElse adds the else branch. A break in that, which is meant for a loop around,
// ends no more than the branch: so it is in text/template.
func orElse(run loopOp, no op) op {
	return func(st *state, b []byte, dot pointer) []byte {
		b, some := run(st, b, dot)
		if some {
			return b
		}
		b = no(st, b, dot)
		if st.leave == leavingBreak {
			st.leave = notLeaving
		}
		return b
	}
}

// rangeOver compiles the loop over a value; if there cannot be one, it returns
// the op that fails.
func (c *compiler) rangeOver(n *parse.RangeNode, e *expr) (run loopOp, failing op) {
	key, elem, fail := c.itemTypes(n, e)
	if key == nil {
		return nil, fail
	}
	return c.iterate(e, c.loop(n, key, elem)), nil
}

// rangeByType ranges over a value of unknown type, which it keeps in a slot.
// Slices and maps have a loop for each type that turns up.
func (c *compiler) rangeByType(n *parse.RangeNode, e *expr) op {
	hidden := c.newVariable("", n.Pos, e)
	keep := c.store(hidden, e)
	again := c.snapshot()
	slow, _ := c.rangeOver(n, c.variableExpr(n.Pipe, hidden))
	loops := &byType[loopOp]{program: c.program, compile: func(t reflect.Type) (run loopOp) {
		c := again()
		typed := hidden
		typed.t, typed.addr = t, false
		c.settled(func() { run, _ = c.rangeOver(n, c.variableExpr(n.Pipe, typed)) })
		return run
	}}
	slot := hidden.slot
	run := func(st *state, b []byte, dot pointer) ([]byte, bool) {
		v := st.frame[slot].v
		if k := v.Kind(); k == reflect.Slice || k == reflect.Map {
			if f := loops.get(v.Type()); f != nil && f.code != nil {
				st.frame[slot].p = f.address(v)
				return f.code(st, b, dot)
			}
		}
		return slow(st, b, dot)
	}
	return prefixed(keep, orElse(run, c.rangeElse(n, c.variableExpr(n.Pipe, hidden))))
}

// itemTypes gives the static types of keys and elements. What cannot be ranged
// over has none, and fails.
func (c *compiler) itemTypes(n *parse.RangeNode, e *expr) (key, elem *expr, failing op) {
	key, elem = &expr{}, &expr{}
	if e.t == nil {
		return key, elem, nil
	}
	t, addr := e.t, e.addr
	for t.Kind() == reflect.Pointer {
		t, addr = t.Elem(), true
	}
	two := len(n.Pipe.Decl) > 1
	fail := func(hint, format string, args ...any) (*expr, *expr, op) {
		return nil, nil, c.mistakeOp(n.Pipe, hint, format, args...)
	}
	switch k := t.Kind(); {
	case k == reflect.Slice:
		key.t, elem.t, elem.addr = intType, t.Elem(), true
	case k == reflect.Array:
		key.t, elem.t, elem.addr = intType, t.Elem(), addr
	case k == reflect.Map:
		key.t, elem.t = t.Key(), t.Elem()
	case k == reflect.Chan:
		if t.ChanDir() == reflect.SendDir {
			return fail("", "range over send-only channel %s", t)
		}
		key.t, elem.t = intType, t.Elem()
	case isInteger(k):
		if two {
			return fail("an integer has one", "can't use %s to iterate over more than one variable", t)
		}
		elem.t = t
	case k == reflect.Func && t.CanSeq():
		if two {
			return fail("a sequence of single values has one", "can't use %s to iterate over more than one variable", t)
		}
		elem.t = t.In(0).In(0)
	case k == reflect.Func && t.CanSeq2():
		if key.t, elem.t = t.In(0).In(0), t.In(0).In(1); !two {
			elem.t = key.t
		}
	case k == reflect.Interface:
	default:
		return fail("", "range can't iterate over %s", e.t)
	}
	return key, elem, nil
}

// loop compiles the body for keys and elements of given types.
func (c *compiler) loop(n *parse.RangeNode, key, elem *expr) *loop {
	mark, next := len(c.vars), c.next
	defer func() { c.vars, c.next = c.vars[:mark], next }()
	l := &loop{site: c.site(n.Pipe), dot: -1, named: len(n.Pipe.Decl), leaves: listCanLeave(n.List)}
	var setters []func(st *state, index, elem item)
	if elem.t == nil {
		dot := c.newVariable("", n.Pos, elem)
		l.dot = dot.slot
		setters = append(setters, setItem(dot, elem, false))
	}
	for i, decl := range n.Pipe.Decl {
		e, isKey := elem, len(n.Pipe.Decl) > 1 && i == 0
		if isKey {
			e = key
		}
		if n.Pipe.IsAssign {
			v, _ := c.lookup(decl.Ident[0])
			if v.t != nil && (v.t != e.t || v.addr != e.addr && addressMatters(v.t)) {
				c.changed[v.pos], c.again = true, true
			}
			setters = append(setters, setItem(v, e, isKey))
			continue
		}
		setters = append(setters, setItem(c.newVariable(decl.Ident[0], decl.Pos, e), e, isKey))
	}
	switch len(setters) {
	case 0:
	case 1:
		l.set = setters[0]
	default:
		l.set = func(st *state, index, elem item) {
			for _, set := range setters {
				set(st, index, elem)
			}
		}
	}
	outer := c.dot
	c.dot = dotType{elem.t, elem.addr}
	c.loops++
	pieces, leaves := c.pieces(n.List)
	l.body = opOf(pieces, leaves)
	if elem.t != nil && l.set == nil && !l.leaves {
		l.turns = newTurns(pieces, elem.t.Size())
	}
	c.loops--
	c.dot = outer
	return l
}

// setItem sets a variable to the key or the element of a turn, whose static
// type is that of e.
func setItem(v variable, e *expr, isKey bool) func(st *state, index, elem item) {
	slot, t, dyn, copied := v.slot, e.t, v.t == nil, !e.addr && e.t != nil && addressMatters(e.t)
	return func(st *state, index, elem item) {
		it := elem
		if isKey {
			it = index
		}
		switch {
		case !dyn:
			st.frame[slot].p = it.p
		case copied:
			st.frame[slot].v = reflect.ValueOf(valueAt(it.p, t).Interface())
		case t != nil:
			st.frame[slot].v = valueAt(it.p, t)
		default:
			st.frame[slot].v = it.v
		}
	}
}

// rangeElse compiles the else branch, where the loop's variables have the
// value that was ranged over.
func (c *compiler) rangeElse(n *parse.RangeNode, e *expr) op {
	if n.ElseList == nil {
		return nothing
	}
	mark, next := len(c.vars), c.next
	defer func() { c.vars, c.next = c.vars[:mark], next }()
	declare := c.declare(n.Pipe, e)
	return prefixed(declare, c.list(n.ElseList))
}

// iterate compiles the loop itself.
func (c *compiler) iterate(e *expr, l *loop) loopOp {
	t, pointers := e.t, 0
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
		pointers++
	}
	if t == nil || t.Kind() == reflect.Interface {
		value := e.asValue()
		return func(st *state, b []byte, dot pointer) ([]byte, bool) { return l.dynamic(st, b, value(st, dot)) }
	}
	at := e.at
	if pointers > 0 {
		at = func(st *state, dot pointer) pointer {
			p := e.at(st, dot)
			for range pointers {
				if p = pointeeAt(p); isNil(p) {
					l.site.failf("range can't iterate over nil %s", e.t)
				}
			}
			return p
		}
	}
	switch t.Kind() {
	case reflect.Slice:
		size := t.Elem().Size()
		return func(st *state, b []byte, dot pointer) ([]byte, bool) {
			data, count := sliceAt(at(st, dot))
			return l.elements(st, b, data, count, size)
		}
	case reflect.Array:
		size, count := t.Elem().Size(), t.Len()
		return func(st *state, b []byte, dot pointer) ([]byte, bool) {
			return l.elements(st, b, at(st, dot), count, size)
		}
	}
	return func(st *state, b []byte, dot pointer) ([]byte, bool) {
		return l.values(st, b, valueAt(at(st, dot), t), true)
	}
}

// elements ranges over elements that lie side by side.
func (l *loop) elements(st *state, b []byte, data pointer, count int, size uintptr) ([]byte, bool) {
	if l.turns != nil {
		return l.turns.run(st, b, data, count), count > 0
	}
	goOn := true
	for i := 0; i < count && goOn; i++ {
		var key item
		if l.named > 1 {
			key.p = pointerToInt(intCell(i))
		}
		b, goOn = l.turn(st, b, key, item{p: elementAt(data, i, size)})
	}
	return b, count > 0
}

// dynamic ranges over a value whose type is known only now.
func (l *loop) dynamic(st *state, b []byte, v reflect.Value) ([]byte, bool) {
	v, null := indirect(v)
	if null {
		l.site.failf("range can't iterate over %v", v)
	}
	if !v.IsValid() {
		return b, false
	}
	return l.values(st, b, v, false)
}

// values ranges over anything by reflection. Items are given by address if the
// body was compiled for their types, else by value.
func (l *loop) values(st *state, b []byte, v reflect.Value, typed bool) ([]byte, bool) {
	goOn, some := true, false
	turn := func(index, elem reflect.Value) bool {
		some = true
		b, goOn = l.turn(st, b, itemOf(index, typed), itemOf(elem, typed))
		return goOn
	}
	switch k := v.Kind(); {
	case isInteger(k):
		l.single(v)
		for x := range v.Seq() {
			if !turn(reflect.Value{}, x) {
				break
			}
		}
	case k == reflect.Slice || k == reflect.Array:
		for i := 0; i < v.Len() && goOn; i++ {
			turn(reflect.ValueOf(i), v.Index(i))
		}
	case k == reflect.Map:
		for _, m := range sortedMap(v) {
			if !turn(m.key, m.value) {
				break
			}
		}
	case k == reflect.Chan:
		if v.IsNil() {
			break
		}
		if v.Type().ChanDir() == reflect.SendDir {
			l.site.failf("range over send-only channel %v", v)
		}
		for i := 0; goOn; i++ {
			x, ok := v.Recv()
			if !ok {
				break
			}
			turn(reflect.ValueOf(i), x)
		}
	case k == reflect.Func && v.Type().CanSeq():
		l.single(v)
		for x := range v.Seq() {
			if !turn(reflect.Value{}, x) {
				break
			}
		}
	case k == reflect.Func && v.Type().CanSeq2():
		for x, y := range v.Seq2() {
			if l.named < 2 {
				y = x
			}
			if !turn(x, y) {
				break
			}
		}
	default:
		l.site.failf("range can't iterate over %v", v)
	}
	return b, some
}

// single refuses two variables for what yields one value at a time.
func (l *loop) single(v reflect.Value) {
	if l.named > 1 {
		l.site.failf("can't use %v to iterate over more than one variable", v)
	}
}

// itemOf gives an item an address if the body wants one.
func itemOf(v reflect.Value, typed bool) item {
	if !typed {
		return item{v: v}
	}
	if !v.IsValid() {
		return item{}
	}
	return item{p: box(v, v.Type())}
}
