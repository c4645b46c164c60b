package compile

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"sync"
	texttemplate "text/template"
	"text/template/parse"
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
		"eq":          comparison(equal, -1),
		"ne":          comparison(negated(equal), 2),
		"lt":          comparison(pairwise(less), 2),
		"le":          comparison(pairwise(lessOrEqual), 2),
		"gt":          comparison(negated(pairwise(lessOrEqual)), 2),
		"ge":          comparison(negated(pairwise(less)), 2),
		"index":       compileIndex,
		"slice":       onValues(slice),
		"call":        compileCall,
		"print":       onArgs(func(args []any) string { return fmt.Sprint(args...) }),
		"println":     onArgs(func(args []any) string { return fmt.Sprintln(args...) }),
		"printf":      compilePrintf,
		"html":        onArgs(func(args []any) string { return texttemplate.HTMLEscaper(args...) }),
		"js":          onArgs(func(args []any) string { return texttemplate.JSEscaper(args...) }),
		"urlquery":    onArgs(func(args []any) string { return texttemplate.URLQueryEscaper(args...) }),
		"_eval_args_": onArgs(evalArgs),
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
		e := c.operand0(arg)
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

// operand0 is operand, where nil may stand too.
func (c *compiler) operand0(n parse.Node) *expr {
	if _, ok := n.(*parse.NilNode); ok {
		return dynamic(n, func(*state, pointer) reflect.Value { return reflect.Value{} })
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
	values := make([]func(*state, pointer) any, len(exprs))
	for i, e := range exprs {
		values[i] = e.asAny()
	}
	s := c.site(n)
	return texts(n, func(st *state, dot pointer) string {
		args := make([]any, len(values))
		for i, value := range values {
			args[i] = value(st, dot)
		}
		outer := st.calls(s)
		text := f(args)
		st.site = outer
		return text
	})
}

func compilePrintf(c *compiler, n *parse.IdentifierNode, args []parse.Node, final *expr) *expr {
	exprs, bad := c.operands(n, args, final, 1, -1)
	if bad != nil {
		return bad
	}
	format, e := c.convert(exprs[0], n, stringType)
	if e != nil {
		return e
	}
	if e := c.checkFormat(n, exprs); e != nil {
		return e
	}
	head := *exprs[0]
	head.iface = nil
	head.konst = reflect.Value{}
	head.value = format
	exprs[0] = &head
	return c.textOfArgs(n, exprs, func(args []any) string { return fmt.Sprintf(args[0].(string), args[1:]...) })
}

// onValues is a builtin of one value and any number of others.
func onValues(f func(item reflect.Value, rest []reflect.Value) (reflect.Value, error)) builtin {
	return func(c *compiler, n *parse.IdentifierNode, args []parse.Node, final *expr) *expr {
		exprs, bad := c.operands(n, args, final, 1, -1)
		if bad != nil {
			return bad
		}
		return c.onExprs(n, exprs, f)
	}
}

// compileIndex is {{index item keys}}. One integer on a slice or an array of
// known type needs no reflection.
func compileIndex(c *compiler, n *parse.IdentifierNode, args []parse.Node, final *expr) *expr {
	exprs, bad := c.operands(n, args, final, 1, -1)
	if bad != nil {
		return bad
	}
	if len(exprs) == 2 && exprs[0].t != nil && exprs[1].t != nil && classOf(exprs[1].t.Kind()) == intClass {
		switch exprs[0].t.Kind() {
		case reflect.Slice, reflect.Array:
			return c.indexElement(n, exprs[0], exprs[1].intOf())
		}
	}
	return c.onExprs(n, exprs, index)
}

func (c *compiler) indexElement(n parse.Node, list *expr, index func(*state, pointer) int64) *expr {
	s, at, t := c.site(n), list.at, list.t
	elem := t.Elem()
	size := elem.Size()
	elements := func(p pointer) (pointer, int) { return p, t.Len() }
	addr := list.addr
	if t.Kind() == reflect.Slice {
		elements, addr = sliceAt, true
	}
	return &expr{node: n, t: elem, addr: addr, at: func(st *state, dot pointer) pointer {
		data, count := elements(at(st, dot))
		i := index(st, dot)
		if i < 0 || i >= int64(count) {
			s.failf("error calling index: index out of range: %d", i)
		}
		return elementAt(data, int(i), size)
	}}
}

func (c *compiler) onExprs(n *parse.IdentifierNode, exprs []*expr, f func(item reflect.Value, rest []reflect.Value) (reflect.Value, error)) *expr {
	values := make([]func(*state, pointer) reflect.Value, len(exprs))
	for i, e := range exprs {
		values[i] = e.asValue()
	}
	s := c.site(n)
	return dynamic(n, func(st *state, dot pointer) reflect.Value {
		argv := make([]reflect.Value, len(values))
		for i, value := range values {
			argv[i] = value(st, dot)
		}
		outer := st.calls(s)
		v, err := f(argv[0], argv[1:])
		st.site = outer
		if err != nil {
			s.fail(fmt.Errorf("error calling %s: %w", n.Ident, err))
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
	truths := make([]func(*state, pointer) bool, len(exprs))
	values := make([]func(*state, pointer) reflect.Value, len(exprs))
	for i, e := range exprs {
		truths[i] = e.lenientTruth()
		values[i] = e.asValue()
	}
	out := dynamic(n, func(st *state, dot pointer) reflect.Value {
		for _, value := range values[:len(values)-1] {
			v := value(st, dot)
			if truth, _ := truthOf(indirectInterface(v)); truth == decisive {
				return v
			}
		}
		return values[len(values)-1](st, dot)
	})
	out.truth = func(st *state, dot pointer) bool {
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
func (e *expr) lenientTruth() func(st *state, dot pointer) bool {
	if !e.dynamic() || e.truth != nil {
		return e.isTrue(nil)
	}
	value := e.asValue()
	return func(st *state, dot pointer) bool {
		truth, _ := truthOf(indirectInterface(value(st, dot)))
		return truth
	}
}

func compileNot(c *compiler, n *parse.IdentifierNode, args []parse.Node, final *expr) *expr {
	exprs, bad := c.operands(n, args, final, 1, 1)
	if bad != nil {
		return bad
	}
	truth := exprs[0].lenientTruth()
	return boolean(n, func(st *state, dot pointer) bool { return !truth(st, dot) })
}

func compileLen(c *compiler, n *parse.IdentifierNode, args []parse.Node, final *expr) *expr {
	exprs, bad := c.operands(n, args, final, 1, 1)
	if bad != nil {
		return bad
	}
	e := exprs[0]
	if e.t != nil {
		t := e.t
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		at := e.at
		switch {
		case e.t.Kind() == reflect.Slice:
			return integer(n, func(st *state, dot pointer) int { _, k := sliceAt(at(st, dot)); return k })
		case e.t.Kind() == reflect.String:
			text := e.stringOf()
			return integer(n, func(st *state, dot pointer) int { return len(text(st, dot)) })
		case !hasLength(t.Kind()) && t.Kind() != reflect.Interface:
			return c.mistake(n, "len takes a string, slice, array, map or channel", "len of type %s", e.t)
		}
	}
	value, s := e.asValue(), c.site(n)
	return integer(n, func(st *state, dot pointer) int {
		v, null := indirect(value(st, dot))
		switch {
		case null:
			s.failf("error calling len: len of nil pointer")
		case !v.IsValid():
			s.failf("error calling len: len of untyped nil")
		case !hasLength(v.Kind()):
			s.failf("error calling len: len of type %s", v.Type())
		}
		return v.Len()
	})
}

func hasLength(k reflect.Kind) bool {
	switch k {
	case reflect.Array, reflect.Chan, reflect.Map, reflect.Slice, reflect.String:
		return true
	}
	return false
}

// compileCall is {{call fn args}}: the function is a value.
func compileCall(c *compiler, n *parse.IdentifierNode, args []parse.Node, final *expr) *expr {
	exprs, bad := c.operands(n, args, final, 1, -1)
	if bad != nil {
		return bad
	}
	name := exprs[0].node.String()
	s := c.site(n)
	values := make([]func(*state, pointer) reflect.Value, len(exprs))
	for i, e := range exprs {
		values[i] = e.asValue()
	}
	return dynamic(n, func(st *state, dot pointer) reflect.Value {
		fn := indirectInterface(values[0](st, dot))
		argv := make([]reflect.Value, len(values)-1)
		for i, value := range values[1:] {
			argv[i] = indirectInterface(value(st, dot))
		}
		if err := prepareCall(name, fn, argv); err != nil {
			s.fail(fmt.Errorf("error calling call: %w", err))
		}
		return s.invoke(st, fn, argv)
	})
}

func prepareCall(name string, fn reflect.Value, argv []reflect.Value) error {
	switch {
	case !fn.IsValid():
		return errors.New("call of nil")
	case fn.Kind() != reflect.Func:
		return fmt.Errorf("non-function %s of type %s", name, fn.Type())
	case fn.IsNil():
		return fmt.Errorf("call of nil function %s", name)
	}
	if err := checkResults(name, fn.Type()); err != nil {
		return err
	}
	sig := signatureOf(fn.Type(), 0)
	if want, ok := sig.accepts(len(argv)); !ok {
		return fmt.Errorf("wrong number of args for %s: got %d want %s", name, len(argv), want)
	}
	for i := range argv {
		v, err := prepareArg(argv[i], sig.param(i))
		if err != nil {
			return fmt.Errorf("arg %d: %w", i, err)
		}
		argv[i] = v
	}
	return nil
}

// prepareArg makes a value assignable to t; integers convert to one another.
func prepareArg(v reflect.Value, t reflect.Type) (reflect.Value, error) {
	if !v.IsValid() {
		if !canBeNil(t) {
			return v, fmt.Errorf("value is nil; should be of type %s", t)
		}
		return reflect.Zero(t), nil
	}
	if v.Type().AssignableTo(t) {
		return v, nil
	}
	if isInteger(v.Kind()) && isInteger(t.Kind()) && v.Type().ConvertibleTo(t) {
		return v.Convert(t), nil
	}
	return v, fmt.Errorf("value has type %s; should be %s", v.Type(), t)
}

func isInteger(k reflect.Kind) bool { return k >= reflect.Int && k <= reflect.Uintptr }

func index(item reflect.Value, indexes []reflect.Value) (reflect.Value, error) {
	item = indirectInterface(item)
	if !item.IsValid() {
		return item, errors.New("index of untyped nil")
	}
	for _, i := range indexes {
		i = indirectInterface(i)
		var null bool
		if item, null = indirect(item); null {
			return item, errors.New("index of nil pointer")
		}
		switch item.Kind() {
		case reflect.Array, reflect.Slice, reflect.String:
			x, err := indexArg(i, item.Len())
			if err != nil {
				return item, err
			}
			if x == item.Len() {
				return item, fmt.Errorf("index out of range: %d", x)
			}
			item = item.Index(x)
		case reflect.Map:
			key, err := prepareArg(i, item.Type().Key())
			if err != nil {
				return item, err
			}
			if v := item.MapIndex(key); v.IsValid() {
				item = v
			} else {
				item = reflect.Zero(item.Type().Elem())
			}
		default:
			return item, fmt.Errorf("can't index item of type %s", item.Type())
		}
	}
	return item, nil
}

func indexArg(v reflect.Value, limit int) (int, error) {
	var x int64
	switch {
	case !v.IsValid():
		return 0, errors.New("cannot index slice/array with nil")
	case v.CanInt():
		x = v.Int()
	case v.CanUint():
		x = int64(v.Uint())
	default:
		return 0, fmt.Errorf("cannot index slice/array with type %s", v.Type())
	}
	if x < 0 || int(x) < 0 || int(x) > limit {
		return 0, fmt.Errorf("index out of range: %d", x)
	}
	return int(x), nil
}

// sliceFollows reports whether slice follows pointers, as index and len do. It
// does so since Go 1.26.
var sliceFollows = sync.OnceValue(func() bool {
	text := "text"
	t := texttemplate.Must(texttemplate.New("").Parse("{{slice . 1}}"))
	return t.Execute(io.Discard, &text) == nil
})

func slice(item reflect.Value, indexes []reflect.Value) (reflect.Value, error) {
	item = indirectInterface(item)
	if !item.IsValid() {
		return item, errors.New("slice of untyped nil")
	}
	if sliceFollows() {
		var null bool
		if item, null = indirect(item); null {
			return item, errors.New("slice of nil pointer")
		}
	}
	if len(indexes) > 3 {
		return item, fmt.Errorf("too many slice indexes: %d", len(indexes))
	}
	var limit int
	switch item.Kind() {
	case reflect.String:
		if len(indexes) == 3 {
			return item, errors.New("cannot 3-index slice a string")
		}
		limit = item.Len()
	case reflect.Slice, reflect.Array:
		limit = item.Cap()
	default:
		return item, fmt.Errorf("can't slice item of type %s", item.Type())
	}
	bounds := [3]int{0, item.Len()}
	for k, i := range indexes {
		x, err := indexArg(indirectInterface(i), limit)
		if err != nil {
			return item, err
		}
		bounds[k] = x
	}
	switch {
	case bounds[0] > bounds[1]:
		return item, fmt.Errorf("invalid slice index: %d > %d", bounds[0], bounds[1])
	case len(indexes) < 3:
		return item.Slice(bounds[0], bounds[1]), nil
	case bounds[1] > bounds[2]:
		return item, fmt.Errorf("invalid slice index: %d > %d", bounds[1], bounds[2])
	}
	return item.Slice3(bounds[0], bounds[1], bounds[2]), nil
}
