package compile

import (
	"fmt"
	"reflect"
	texttemplate "text/template"
	"text/template/parse"

	"github.com/ropewalk/ropewalk/component/internal/run"
)

// A builtin compiles the call of a predefined function.
type builtin func(c *compiler, n *parse.IdentifierNode, args []parse.Node, final *expr) *expr

var builtins map[string]builtin

func init() { // the table refers to functions that refer to it
	builtins = map[string]builtin{
		"and": func(c *compiler, n *parse.IdentifierNode, a []parse.Node, f *expr) *expr {
			return c.andOr(n, false, a, f)
		},
		"or": func(c *compiler, n *parse.IdentifierNode, a []parse.Node, f *expr) *expr {
			return c.andOr(n, true, a, f)
		},
		"not":         compileNot,
		"len":         compileLen,
		"eq":          comparison(run.Equal, -1),
		"ne":          comparison(run.Negated(run.Equal), 2),
		"lt":          comparison(run.Pairwise(run.Less), 2),
		"le":          comparison(run.Pairwise(run.LessOrEqual), 2),
		"gt":          comparison(run.Negated(run.Pairwise(run.LessOrEqual)), 2),
		"ge":          comparison(run.Negated(run.Pairwise(run.Less)), 2),
		"index":       compileIndex,
		"slice":       compileSlice,
		"call":        compileCall,
		"print":       onArgs(func(args []any) string { return fmt.Sprint(args...) }),
		"println":     onArgs(func(args []any) string { return fmt.Sprintln(args...) }),
		"printf":      compilePrintf,
		"html":        onArgs(func(args []any) string { return texttemplate.HTMLEscaper(args...) }),
		"js":          onArgs(func(args []any) string { return texttemplate.JSEscaper(args...) }),
		"urlquery":    onArgs(func(args []any) string { return texttemplate.URLQueryEscaper(args...) }),
		"_eval_args_": onArgs(run.EvalArgs),
		"slot":        compileSlot,
	}
}

// operands compiles arguments, and the command before, for parameters that
// take any value as it is.
func (c *compiler) operands(n *parse.IdentifierNode, args []parse.Node, final *expr, least, most int) ([]*expr, *expr) {
	count := len(args)
	if final != nil {
		count++
	}
	if count < least || most >= 0 && count > most {
		want := fmt.Sprint(least)
		if most != least {
			want = "at least " + want
		}
		return nil, c.mistake(n, "", "wrong number of args for %s: want %s got %d", n.Ident, want, count)
	}
	out := make([]*expr, 0, count)
	for _, arg := range args {
		e := c.operandOrNil(arg)
		if e.bad {
			return nil, e
		}
		out = append(out, e)
	}
	if final != nil {
		out = append(out, final)
	}
	return out, nil
}

// operandOrNil is operand, where nil may stand too.
func (c *compiler) operandOrNil(n parse.Node) *expr {
	if _, ok := n.(*parse.NilNode); ok {
		return dynamic(n, func(*run.State, run.Pointer) reflect.Value { return reflect.Value{} })
	}
	return c.operand(n)
}

// onArgs is a builtin of any number of printable arguments.
func onArgs(f func(args []any) string) builtin {
	return func(c *compiler, n *parse.IdentifierNode, args []parse.Node, final *expr) *expr {
		exprs, bad := c.operands(n, args, final, 0, -1)
		if bad != nil {
			return bad
		}
		return c.textOfArgs(n, exprs, f)
	}
}

func (c *compiler) textOfArgs(n parse.Node, exprs []*expr, f func(args []any) string) *expr {
	values := make([]func(*run.State, run.Pointer) any, len(exprs))
	for i, e := range exprs {
		values[i] = e.asAny()
	}
	s := c.site(n)
	return texts(n, func(st *run.State, dot run.Pointer) string {
		args := st.Rest(len(values))
		for i, value := range values {
			args[i] = value(st, dot)
		}
		outer := st.BeginCall(s)
		text := f(args)
		st.Call = outer
		return text
	})
}

func compilePrintf(c *compiler, n *parse.IdentifierNode, args []parse.Node, final *expr) *expr {
	exprs, bad := c.operands(n, args, final, 1, -1)
	if bad != nil {
		return bad
	}
	format, e := c.convert(exprs[0], n, run.StringType)
	if e != nil {
		return e
	}
	if e := c.checkFormat(n, exprs); e != nil {
		return e
	}
	head := *exprs[0]
	head.iface = nil
	head.konst = reflect.Value{}
	head.value = format.value
	exprs[0] = &head
	return c.textOfArgs(n, exprs, func(args []any) string { return fmt.Sprintf(args[0].(string), args[1:]...) })
}

func compileSlice(c *compiler, n *parse.IdentifierNode, args []parse.Node, final *expr) *expr {
	exprs, bad := c.operands(n, args, final, 1, -1)
	if bad != nil {
		return bad
	}
	out, bad := c.checkSlice(n, exprs)
	if bad != nil {
		return bad
	}
	return out.of(c.onExprs(n, exprs, run.Slice))
}

// compileIndex is {{index item keys}}. One integer on a slice or an array of
// known type needs no reflection.
func compileIndex(c *compiler, n *parse.IdentifierNode, args []parse.Node, final *expr) *expr {
	exprs, bad := c.operands(n, args, final, 1, -1)
	if bad != nil {
		return bad
	}
	out, bad := c.checkIndex(n, exprs)
	if bad != nil {
		return bad
	}
	if len(exprs) == 2 && exprs[0].t != nil && exprs[1].t != nil && run.ClassOf(exprs[1].t.Kind()) == run.IntClass {
		switch exprs[0].t.Kind() {
		case reflect.Slice, reflect.Array:
			return c.indexElement(n, exprs[0], exprs[1].intOf())
		}
	}
	return out.of(c.onExprs(n, exprs, run.Index))
}

func (c *compiler) indexElement(n parse.Node, list *expr, index func(*run.State, run.Pointer) int64) *expr {
	s, at, t := c.site(n), list.at, list.t
	elem := t.Elem()
	size := elem.Size()
	elements := func(p run.Pointer) (run.Pointer, int) { return p, t.Len() }
	addr := list.addr
	if t.Kind() == reflect.Slice {
		elements, addr = run.SliceAt, true
	}
	return &expr{node: n, t: elem, addr: addr, at: func(st *run.State, dot run.Pointer) run.Pointer {
		data, count := elements(at(st, dot))
		i := index(st, dot)
		if i < 0 || i >= int64(count) {
			s.Failf("error calling index: index out of range: %d", i)
		}
		return run.ElementAt(data, int(i), size)
	}}
}

func (c *compiler) onExprs(n *parse.IdentifierNode, exprs []*expr, f func(item reflect.Value, rest []reflect.Value) (reflect.Value, error)) *expr {
	values := make([]func(*run.State, run.Pointer) reflect.Value, len(exprs))
	for i, e := range exprs {
		values[i] = e.asValue()
	}
	s := c.site(n)
	return dynamic(n, func(st *run.State, dot run.Pointer) reflect.Value {
		argv := make([]reflect.Value, len(values))
		for i, value := range values {
			argv[i] = value(st, dot)
		}
		outer := st.BeginCall(s)
		v, err := f(argv[0], argv[1:])
		st.Call = outer
		if err != nil {
			s.Fail(fmt.Errorf("error calling %s: %w", n.Ident, err))
		}
		return v
	})
}

// andOr gives the first argument whose truth decides, or the last.
func (c *compiler) andOr(n *parse.IdentifierNode, decisive bool, args []parse.Node, final *expr) *expr {
	exprs, bad := c.operands(n, args, final, 1, -1)
	if bad != nil {
		return bad
	}
	truths := make([]func(*run.State, run.Pointer) bool, len(exprs))
	values := make([]func(*run.State, run.Pointer) reflect.Value, len(exprs))
	for i, e := range exprs {
		truths[i] = e.lenientTruth()
		values[i] = e.asValue()
	}
	out := dynamic(n, func(st *run.State, dot run.Pointer) reflect.Value {
		for _, value := range values[:len(values)-1] {
			v := value(st, dot)
			if truth, _ := run.TruthOf(run.IndirectInterface(v)); truth == decisive {
				return v
			}
		}
		return values[len(values)-1](st, dot)
	})
	out.truth = func(st *run.State, dot run.Pointer) bool {
		for _, truth := range truths {
			if truth(st, dot) == decisive {
				return decisive
			}
		}
		return !decisive
	}
	return out
}

// lenientTruth takes what has no truth for false.
func (e *expr) lenientTruth() func(st *run.State, dot run.Pointer) bool {
	if !e.dynamic() || e.truth != nil {
		return e.isTrue(nil)
	}
	value := e.asValue()
	return func(st *run.State, dot run.Pointer) bool {
		truth, _ := run.TruthOf(run.IndirectInterface(value(st, dot)))
		return truth
	}
}

func compileNot(c *compiler, n *parse.IdentifierNode, args []parse.Node, final *expr) *expr {
	exprs, bad := c.operands(n, args, final, 1, 1)
	if bad != nil {
		return bad
	}
	truth := exprs[0].lenientTruth()
	return boolean(n, func(st *run.State, dot run.Pointer) bool { return !truth(st, dot) })
}

func compileLen(c *compiler, n *parse.IdentifierNode, args []parse.Node, final *expr) *expr {
	exprs, bad := c.operands(n, args, final, 1, 1)
	if bad != nil {
		return bad
	}
	e := exprs[0]
	if e.isNil() {
		return c.mistake(e.node, "len takes a string, slice, array, map or channel", "len of nil")
	}
	if e.t != nil {
		t := e.t
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		at := e.at
		switch {
		case e.t.Kind() == reflect.Slice:
			return integer(n, func(st *run.State, dot run.Pointer) int { _, k := run.SliceAt(at(st, dot)); return k })
		case e.t.Kind() == reflect.String:
			text := e.stringOf()
			return integer(n, func(st *run.State, dot run.Pointer) int { return len(text(st, dot)) })
		case !run.HasLength(t.Kind()) && t.Kind() != reflect.Interface:
			return c.mistake(n, "len takes a string, slice, array, map or channel", "len of type %s", e.t)
		}
	}
	value, s := e.asValue(), c.site(n)
	return integer(n, func(st *run.State, dot run.Pointer) int {
		v, null := run.Indirect(value(st, dot))
		switch {
		case null:
			s.Failf("error calling len: len of nil pointer")
		case !v.IsValid():
			s.Failf("error calling len: len of untyped nil")
		case !run.HasLength(v.Kind()):
			s.Failf("error calling len: len of type %s", v.Type())
		}
		return v.Len()
	})
}

// compileCall is {{call fn args}}: the function is a value.
func compileCall(c *compiler, n *parse.IdentifierNode, args []parse.Node, final *expr) *expr {
	exprs, bad := c.operands(n, args, final, 1, -1)
	if bad != nil {
		return bad
	}
	out, bad := c.checkCall(n, exprs)
	if bad != nil {
		return bad
	}
	name := exprs[0].node.String()
	s := c.site(n)
	values := make([]func(*run.State, run.Pointer) reflect.Value, len(exprs))
	for i, e := range exprs {
		values[i] = e.asValue()
	}
	return out.of(dynamic(n, func(st *run.State, dot run.Pointer) reflect.Value {
		fn := run.IndirectInterface(values[0](st, dot))
		argv := make([]reflect.Value, len(values)-1)
		for i, value := range values[1:] {
			argv[i] = run.IndirectInterface(value(st, dot))
		}
		if err := run.PrepareCall(name, fn, argv); err != nil {
			s.Fail(fmt.Errorf("error calling call: %w", err))
		}
		return s.Invoke(st, fn, argv)
	}))
}
