package compile

import (
	"reflect"
	"text/template/parse"

	"github.com/ropewalk/ropewalk/component/internal/run"
)

// lookup finds the variable of a name that was declared last.
func (c *compiler) lookup(name string) (variable, bool) {
	for i := len(c.vars) - 1; i >= 0; i-- {
		if c.vars[i].name == name {
			return c.vars[i], true
		}
	}
	return variable{}, false
}

func (c *compiler) variable(n *parse.VariableNode) *expr {
	if v, ok := c.lookup(n.Ident[0]); ok {
		return c.variableExpr(n, v)
	}
	return c.mistake(n, "", "undefined variable: %s", n.Ident[0])
}

// declared is the variable that a pipeline has just set.
func (c *compiler) declared(p *parse.PipeNode) *expr {
	v, _ := c.lookup(p.Decl[len(p.Decl)-1].Ident[0])
	return c.variableExpr(p, v)
}

// parens compiles a parenthesised pipeline, which may declare variables too.
func (c *compiler) parens(p *parse.PipeNode) *expr {
	e := c.pipe(p)
	if e.bad || len(p.Decl) == 0 {
		return e
	}
	declare := c.declare(p, e)
	v := c.declared(p)
	if v.t == nil {
		return dynamic(p, func(st *run.State, dot run.Pointer) reflect.Value {
			declare(st, nil, dot)
			return v.value(st, dot)
		})
	}
	return &expr{node: p, t: v.t, addr: v.addr, at: func(st *run.State, dot run.Pointer) run.Pointer {
		declare(st, nil, dot)
		return v.at(st, dot)
	}}
}

func (c *compiler) variableExpr(n parse.Node, v variable) *expr {
	slot := v.slot
	if v.t == nil {
		return dynamic(n, func(st *run.State, _ run.Pointer) reflect.Value { return st.Frame[slot].V })
	}
	return &expr{node: n, t: v.t, addr: v.addr, at: func(st *run.State, _ run.Pointer) run.Pointer { return st.Frame[slot].P }}
}

// newVariable takes a slot for a value like e.
func (c *compiler) newVariable(name string, pos parse.Pos, e *expr) variable {
	v := variable{name: name, pos: pos, slot: c.next, t: e.t, addr: e.addr}
	if c.changed[pos] && name != "" {
		v.t = nil
	}
	c.next++
	// Once the unit runs, its slots are enough for all but what is behind a mistake.
	if c.next > c.unit.Slots && c.unit.Code == nil {
		c.unit.Slots = c.next
	}
	c.vars = append(c.vars, v)
	return v
}

// store sets a variable.
func (c *compiler) store(v variable, e *expr) run.Op {
	slot := v.slot
	if v.t == nil {
		value := e.asValue()
		return func(st *run.State, b []byte, dot run.Pointer) []byte {
			st.Frame[slot].V = value(st, dot)
			return b
		}
	}
	at := e.at
	return func(st *run.State, b []byte, dot run.Pointer) []byte {
		st.Frame[slot].P = at(st, dot)
		return b
	}
}

// declare compiles the declarations, or the assignments, of a pipeline; nil if
// it has none.
func (c *compiler) declare(p *parse.PipeNode, e *expr) run.Op {
	var out run.Op
	for _, decl := range p.Decl {
		var o run.Op
		if p.IsAssign {
			o = c.assign(decl, e)
		} else {
			o = c.store(c.newVariable(decl.Ident[0], decl.Pos, e), e)
		}
		if out == nil {
			out = o
		} else {
			out = run.InOrder(out, o)
		}
	}
	return out
}

// declareBad puts the variables of a bad pipeline in scope, with no type, so
// that their uses are not reported too.
func (c *compiler) declareBad(p *parse.PipeNode) {
	if p == nil || p.IsAssign {
		return
	}
	for _, decl := range p.Decl {
		c.newVariable(decl.Ident[0], decl.Pos, &expr{})
	}
}

// assign compiles $name = value. If the type differs from the declaration's,
// the variable has none, which what was compiled before did not know.
func (c *compiler) assign(decl *parse.VariableNode, e *expr) run.Op {
	v, ok := c.lookup(decl.Ident[0])
	if !ok {
		c.mistake(decl, "", "undefined variable: %s", decl.Ident[0])
		return run.Nothing
	}
	if v.t != nil && (v.t != e.t || v.addr != e.addr && run.AddressMatters(v.t)) {
		if c.changed[v.pos] { // see untilStable
			return evaluate(e)
		}
		c.changed[v.pos] = true
		c.again = true
		return run.Nothing
	}
	return c.store(v, e)
}
