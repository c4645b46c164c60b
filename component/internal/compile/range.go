package compile

import (
	"reflect"
	"text/template/parse"

	"github.com/ropewalk/ropewalk/component/internal/run"
)

// rangeNode compiles {{range}}.
func (c *compiler) rangeNode(n *parse.RangeNode) *run.Instruction {
	mark, next := len(c.vars), c.next
	defer func() { c.vars, c.next = c.vars[:mark], next }()
	e := c.pipe(n.Pipe)
	if e.bad {
		c.declareBad(n.Pipe)
		c.list(n.ElseList)
		return nil
	}
	if e.t == nil {
		return run.Do(c.rangeByType(n, e))
	}
	// The value is kept only for an else branch that has a name for it.
	keep := run.Op(nil)
	if n.ElseList != nil && len(n.Pipe.Decl) > 0 {
		hidden := c.newVariable("", n.Pos, e)
		keep = c.store(hidden, e)
		e = c.variableExpr(n.Pipe, hidden)
	}
	key, elem, fail := c.itemTypes(n, e)
	if key == nil {
		return run.Do(fail)
	}
	l := c.loop(n, key, elem)
	switch each := c.iterate(e, l); {
	case n.ElseList != nil:
		return run.Do(run.InOrder(keep, run.OrElse(each, c.rangeElse(n, e))))
	case l.Whole != nil && e.path != nil && e.t.Kind() == reflect.Slice:
		return &run.Instruction{Kind: run.RunLoop, Field: *e.path, Body: l.Whole}
	default:
		return run.Do(func(st *run.State, b []byte, dot run.Pointer) []byte {
			b, _ = each(st, b, dot)
			return b
		})
	}
}

// rangeOver compiles the loop over a value; if there cannot be one, it returns
// the op that fails.
func (c *compiler) rangeOver(n *parse.RangeNode, e *expr) (each run.LoopOp, failing run.Op) {
	key, elem, fail := c.itemTypes(n, e)
	if key == nil {
		return nil, fail
	}
	return c.iterate(e, c.loop(n, key, elem)), nil
}

// rangeByType ranges over a value of unknown type, which it keeps in a slot.
// Slices and maps have a loop for each type that turns up.
func (c *compiler) rangeByType(n *parse.RangeNode, e *expr) run.Op {
	hidden := c.newVariable("", n.Pos, e)
	keep := c.store(hidden, e)
	again := c.snapshot()
	slow, _ := c.rangeOver(n, c.variableExpr(n.Pipe, hidden))
	loops := run.NewByType(&c.set.shared, func(t reflect.Type) (each run.LoopOp) {
		c := again()
		typed := hidden
		typed.t, typed.addr = t, false
		c.untilStable(func() { each, _ = c.rangeOver(n, c.variableExpr(n.Pipe, typed)) })
		return each
	})
	slot := hidden.slot
	each := func(st *run.State, b []byte, dot run.Pointer) ([]byte, bool) {
		v := st.Frame[slot].V
		if k := v.Kind(); k == reflect.Slice || k == reflect.Map {
			if f := loops.Get(v.Type()); f != nil && f.Code != nil {
				st.Frame[slot].P = f.Address(v)
				return f.Code(st, b, dot)
			}
		}
		return slow(st, b, dot)
	}
	return run.InOrder(keep, run.OrElse(each, c.rangeElse(n, c.variableExpr(n.Pipe, hidden))))
}

// itemTypes gives the static types of keys and elements. What cannot be ranged
// over has none, and fails.
func (c *compiler) itemTypes(n *parse.RangeNode, e *expr) (key, elem *expr, failing run.Op) {
	key, elem = &expr{}, &expr{}
	if e.t == nil {
		return key, elem, nil
	}
	t, addr := e.t, e.addr
	for t.Kind() == reflect.Pointer {
		t, addr = t.Elem(), true
	}
	two := len(n.Pipe.Decl) > 1
	fail := func(hint, format string, args ...any) (*expr, *expr, run.Op) {
		return nil, nil, c.mistakeOp(n.Pipe, hint, format, args...)
	}
	switch k := t.Kind(); {
	case k == reflect.Slice:
		key.t, elem.t, elem.addr = run.IntType, t.Elem(), true
	case k == reflect.Array:
		key.t, elem.t, elem.addr = run.IntType, t.Elem(), addr
	case k == reflect.Map:
		key.t, elem.t = t.Key(), t.Elem()
	case k == reflect.Chan:
		if t.ChanDir() == reflect.SendDir {
			return fail("", "range over send-only channel %s", t)
		}
		key.t, elem.t = run.IntType, t.Elem()
	case run.IsInteger(k):
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
func (c *compiler) loop(n *parse.RangeNode, key, elem *expr) *run.Loop {
	mark, next := len(c.vars), c.next
	defer func() { c.vars, c.next = c.vars[:mark], next }()
	l := &run.Loop{Site: c.site(n.Pipe), Dot: -1, Named: len(n.Pipe.Decl), Leaves: listCanLeave(n.List)}
	var setters []func(st *run.State, index, elem run.Item)
	if elem.t == nil {
		dot := c.newVariable("", n.Pos, elem)
		l.Dot = dot.slot
		setters = append(setters, setItem(dot, elem, false))
	}
	for i, decl := range n.Pipe.Decl {
		e, isKey := elem, len(n.Pipe.Decl) > 1 && i == 0
		if isKey {
			e = key
		}
		if n.Pipe.IsAssign {
			v, _ := c.lookup(decl.Ident[0])
			if v.t != nil && (v.t != e.t || v.addr != e.addr && run.AddressMatters(v.t)) {
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
		l.Set = setters[0]
	default:
		l.Set = func(st *run.State, index, elem run.Item) {
			for _, set := range setters {
				set(st, index, elem)
			}
		}
	}
	outer := c.dot
	c.dot = dotType{elem.t, elem.addr}
	c.loops++
	list, leaves := c.instructions(n.List)
	l.Body = run.Sequence(list, leaves)
	if elem.t != nil && l.Set == nil && !l.Leaves {
		l.Whole = run.NewLoopBody(list, elem.t.Size())
	}
	c.loops--
	c.dot = outer
	return l
}

// setItem sets a variable to the key or the element of a turn, whose static
// type is that of e.
func setItem(v variable, e *expr, isKey bool) func(st *run.State, index, elem run.Item) {
	slot, t, dyn, copied := v.slot, e.t, v.t == nil, !e.addr && e.t != nil && run.AddressMatters(e.t)
	return func(st *run.State, index, elem run.Item) {
		it := elem
		if isKey {
			it = index
		}
		switch {
		case !dyn:
			st.Frame[slot].P = it.P
		case copied:
			st.Frame[slot].V = reflect.ValueOf(run.ValueAt(it.P, t).Interface())
		case t != nil:
			st.Frame[slot].V = run.ValueAt(it.P, t)
		default:
			st.Frame[slot].V = it.V
		}
	}
}

// rangeElse compiles the else branch, where the loop's variables have the
// value that was ranged over.
func (c *compiler) rangeElse(n *parse.RangeNode, e *expr) run.Op {
	if n.ElseList == nil {
		return run.Nothing
	}
	mark, next := len(c.vars), c.next
	defer func() { c.vars, c.next = c.vars[:mark], next }()
	declare := c.declare(n.Pipe, e)
	return run.InOrder(declare, c.list(n.ElseList))
}

// iterate compiles the loop itself.
func (c *compiler) iterate(e *expr, l *run.Loop) run.LoopOp {
	t, pointers := e.t, 0
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
		pointers++
	}
	if t == nil || t.Kind() == reflect.Interface {
		value := e.asValue()
		return func(st *run.State, b []byte, dot run.Pointer) ([]byte, bool) { return l.Dynamic(st, b, value(st, dot)) }
	}
	at := e.at
	if pointers > 0 {
		at = func(st *run.State, dot run.Pointer) run.Pointer {
			p := e.at(st, dot)
			for range pointers {
				if p = run.PointeeAt(p); run.IsNil(p) {
					l.Site.Failf("range can't iterate over nil %s", e.t)
				}
			}
			return p
		}
	}
	switch t.Kind() {
	case reflect.Slice:
		size := t.Elem().Size()
		return func(st *run.State, b []byte, dot run.Pointer) ([]byte, bool) {
			data, count := run.SliceAt(at(st, dot))
			return l.Elements(st, b, data, count, size)
		}
	case reflect.Array:
		size, count := t.Elem().Size(), t.Len()
		return func(st *run.State, b []byte, dot run.Pointer) ([]byte, bool) {
			return l.Elements(st, b, at(st, dot), count, size)
		}
	}
	return func(st *run.State, b []byte, dot run.Pointer) ([]byte, bool) {
		return l.Values(st, b, run.ValueAt(at(st, dot), t), true)
	}
}
