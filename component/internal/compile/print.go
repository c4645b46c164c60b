package compile

import (
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"text/template/parse"

	"github.com/ropewalk/ropewalk/component/internal/escape"
)

const urlFilter = escaperPrefix + "urlfilter"

// print compiles the output of a value through its escapers.
func (c *compiler) print(n *parse.ActionNode, e *expr, escapers []string) *piece {
	if len(escapers) == 0 {
		return doing(c.printRaw(n, e))
	}
	d := c.program.dangers[n]
	if c.src.dangerous {
		d = nil
	}
	if d == dangerRefresh {
		if !slices.Contains(escapers, urlFilter) {
			escapers = append([]string{urlFilter}, escapers...)
		}
		d = nil
	}
	chain, ok := escape.For(escapers)
	if !ok {
		c.mistake(n, "this release of Go has escapers that ropewalk does not know", "no escaper %s", strings.Join(escapers, " | "))
		return nil
	}
	place := placeOf(escapers)
	if e.t != nil && e.t.Implements(componentType) {
		return doing(c.printComponent(e, place))
	}
	if d == dangerScript && place == placeScript {
		d = nil // in an onclick, where javascript: is a label and data is escaped as a value
	}
	if d != nil && (e.t == nil || e.t != d.trusted && !harmless(e.t)) {
		return doing(c.printTrusted(e, d, chain))
	}
	if e.t == nil {
		return doing(c.printDynamic(n, e, chain, place))
	}
	return c.printTyped(n, e, chain, place)
}

// printTrusted prints a value in a dangerous place: of the type that says it is
// trusted, which a value of known type is not.
func (c *compiler) printTrusted(e *expr, d *danger, chain *escape.Chain) op {
	if e.t != nil && e.t.Kind() != reflect.Interface {
		return c.mistakeOp(e.node, "if the value is trusted, make it a "+d.trusted.String(), "%s: %s cannot stand there", d.reason, e.t)
	}
	value, s := e.asAny(), c.site(e.node)
	return func(st *state, b []byte, dot pointer) []byte {
		v := value(st, dot)
		if t := reflect.TypeOf(v); t != nil && t != d.trusted && !harmless(t) {
			s.failf("%s: a %T cannot stand there, only a %s", d.reason, v, d.trusted)
		}
		return s.printAny(st, b, chain, v)
	}
}

// printRaw prints what no escaper takes. Only html and urlquery, written in
// the template in a place that asks for just them, may end a pipeline so; any
// other action has been missed by the escaper and must not run.
func (c *compiler) printRaw(n *parse.ActionNode, e *expr) op {
	s := c.site(n)
	last := n.Pipe.Cmds[len(n.Pipe.Cmds)-1]
	if id, ok := last.Args[0].(*parse.IdentifierNode); !ok || id.Ident != "html" && id.Ident != "urlquery" {
		return func(*state, []byte, pointer) []byte {
			s.failf("internal error: an action without an escaper")
			return nil
		}
	}
	text := e.stringOf()
	return func(st *state, b []byte, dot pointer) []byte { return append(b, text(st, dot)...) }
}

// place says where an action stands, by the escapers it was given.
type place string

const (
	placeUnknown   place = ""
	placeText      place = "text"
	placeTitle     place = "a title or textarea"
	placeAttribute place = "an attribute"
	placeScript    place = "a script"
)

func placeOf(escapers []string) place {
	switch strings.TrimPrefix(escapers[0], escaperPrefix) {
	case "htmlescaper":
		return placeText
	case "rcdataescaper":
		return placeTitle
	case "attrescaper":
		return placeAttribute
	case "html", "urlquery":
		return "a call of html or urlquery"
	case "nospaceescaper":
		return "an unquoted attribute"
	case "htmlnamefilter":
		return "a tag"
	case "commentescaper":
		return "a comment"
	case "jsvalescaper", "jsstrescaper", "jstmpllitescaper", "jsregexpescaper":
		return placeScript
	case "cssescaper", "cssvaluefilter":
		return "a style"
	case "srcsetescaper":
		return "a srcset attribute"
	}
	return "a URL"
}

// markup reports whether a plain string is escaped as in text.
func (p place) markup() bool { return p == placeText || p == placeTitle || p == placeAttribute }

// printComponent prints a component where the escaper has called the place text. It is
// the only function that does, but for printDynamic where a value turns out to be one.
func (c *compiler) printComponent(e *expr, where place) op {
	switch {
	case where == placeUnknown && len(c.program.found) > 0: // nothing was escaped, and this program never runs
		return nil
	case where == placeUnknown:
		return c.mistakeOp(e.node, "", "internal error: a component whose place the escaper has not seen")
	case where != placeText:
		return c.mistakeOp(e.node, "print a string there, or move the component out of it", "a component cannot stand in %s", where)
	}
	if !c.program.inUse {
		c.program.components = true
	}
	if e.t.Kind() != reflect.Interface {
		at, t := e.at, e.t
		return func(st *state, b []byte, dot pointer) []byte {
			return st.component(b, valueAt(at(st, dot), t).Interface().(Component))
		}
	}
	value := e.asAny()
	return func(st *state, b []byte, dot pointer) []byte {
		if component, ok := value(st, dot).(Component); ok {
			return st.component(b, component)
		}
		return b
	}
}

// printDynamic prints a value by the type it turns out to have.
func (c *compiler) printDynamic(n *parse.ActionNode, e *expr, chain *escape.Chain, where place) op {
	value, s := e.asAny(), c.site(n)
	return func(st *state, b []byte, dot pointer) []byte {
		switch v := value(st, dot).(type) {
		case string:
			return chain.String(b, v)
		case int:
			return chain.Int(b, int64(v))
		case Component:
			if where != placeText {
				s.failf("a component cannot stand in %s", where)
			}
			return st.component(b, v)
		default:
			return s.printAny(st, b, chain, v)
		}
	}
}

func (s *site) printAny(st *state, b []byte, chain *escape.Chain, v any) []byte {
	outer := st.calls(s)
	b, err := chain.Any(b, v)
	st.site = outer
	if err != nil {
		s.fail(err)
	}
	return b
}

// printTyped prints a value of known type.
func (c *compiler) printTyped(n *parse.ActionNode, e *expr, chain *escape.Chain, where place) *piece {
	at, t := e.at, e.t
	k := t.Kind()
	if t.NumMethod() > 0 || trusted(t) {
		k = reflect.Invalid // its methods, or its being trusted, decide what is printed
	}
	switch class := classOf(k); {
	case class == stringClass:
		return c.printString(e, chain, where.markup())
	case class == intClass:
		return c.printInt(e, chain)
	case class == uintClass:
		return doing(func(st *state, b []byte, dot pointer) []byte { return chain.Uint(b, uintAt(at(st, dot), k)) })
	case k == reflect.Bool:
		truth := e.isTrue(nil)
		return doing(func(st *state, b []byte, dot pointer) []byte { return chain.Bool(b, truth(st, dot)) })
	case k == reflect.Float64:
		return doing(func(st *state, b []byte, dot pointer) []byte { return chain.Float(b, float64At(at(st, dot)), 64) })
	case k == reflect.Float32:
		return doing(func(st *state, b []byte, dot pointer) []byte {
			return chain.Float(b, float64(float32At(at(st, dot))), 32)
		})
	}
	value, s := e.asAny(), c.site(n)
	return doing(func(st *state, b []byte, dot pointer) []byte { return s.printAny(st, b, chain, value(st, dot)) })
}

func (c *compiler) printString(e *expr, chain *escape.Chain, markup bool) *piece {
	switch {
	case e.path != nil && markup:
		return &piece{kind: markupText, field: *e.path}
	case e.path != nil:
		return &piece{kind: escapedText, field: *e.path, chain: chain}
	}
	text := e.stringOf()
	if markup {
		return doing(func(st *state, b []byte, dot pointer) []byte { return escape.HTML(b, text(st, dot)) })
	}
	return doing(func(st *state, b []byte, dot pointer) []byte { return chain.String(b, text(st, dot)) })
}

func (c *compiler) printInt(e *expr, chain *escape.Chain) *piece {
	at, k := e.at, e.t.Kind()
	if e.path != nil && k == reflect.Int {
		if leavesDigits(chain) {
			return &piece{kind: plainInt, field: *e.path}
		}
		return &piece{kind: escapedInt, field: *e.path, chain: chain}
	}
	return doing(func(st *state, b []byte, dot pointer) []byte { return chain.Int(b, intAt(at(st, dot), k)) })
}

// leavesDigits reports whether a chain writes integers as strconv does.
func leavesDigits(chain *escape.Chain) bool {
	for _, i := range []int64{0, 7, -1, 1234567890, math.MinInt64, math.MaxInt64} {
		if string(chain.Int(nil, i)) != strconv.FormatInt(i, 10) {
			return false
		}
	}
	return true
}
