package compile

import (
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"text/template/parse"

	"github.com/ropewalk/ropewalk/component/internal/run"

	"github.com/ropewalk/ropewalk/component/internal/escape"
)

const urlFilter = escaperPrefix + "urlfilter"

// print compiles the output of a value through its escapers.
func (c *compiler) print(n *parse.ActionNode, e *expr, escapers []string) *run.Instruction {
	if len(escapers) == 0 {
		return run.Do(c.printRaw(n, e))
	}
	d := c.program.places.at(n)
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
	if d == dangerScript && place == placeScript {
		d = nil // in an onclick, where javascript: is a label and data is escaped as a value
	}
	if d != nil && (e.t == nil || e.t != d.trusted && !harmless(e.t)) {
		return run.Do(c.printTrusted(e, d, chain))
	}
	if e.t != nil && e.t.Implements(run.ComponentType) {
		if place != placeText {
			return run.Do(c.mistakeOp(e.node, "print a string there, or move the component out of it", "a component cannot stand in %s", place))
		}
		return run.Do(c.printComponent(e))
	}
	if e.t == nil {
		return run.Do(c.printDynamic(n, e, chain, place))
	}
	return c.printTyped(n, e, chain, place)
}

// printTrusted prints a value in a dangerous place: of the type that says it is
// trusted, which a value of known type is not.
func (c *compiler) printTrusted(e *expr, d *danger, chain *escape.Chain) run.Op {
	if e.t != nil && e.t.Kind() != reflect.Interface {
		return c.mistakeOp(e.node, "if the value is trusted, make it a "+d.trusted.String(), "%s: %s cannot stand there", d.reason, e.t)
	}
	value, s := e.asAny(), c.site(e.node)
	return func(st *run.State, b []byte, dot run.Pointer) []byte {
		v := value(st, dot)
		if t := reflect.TypeOf(v); t != nil && t != d.trusted && !harmless(t) {
			s.Failf("%s: a %T cannot stand there, only a %s", d.reason, v, d.trusted)
		}
		return s.PrintAny(st, b, chain, v)
	}
}

// printRaw prints what no escaper takes. Only html and urlquery, written in
// the template in a place that asks for just them, may end a pipeline so; any
// other action has been missed by the escaper and must not run.
func (c *compiler) printRaw(n *parse.ActionNode, e *expr) run.Op {
	s := c.site(n)
	last := n.Pipe.Cmds[len(n.Pipe.Cmds)-1]
	if id, ok := last.Args[0].(*parse.IdentifierNode); !ok || id.Ident != "html" && id.Ident != "urlquery" {
		return func(*run.State, []byte, run.Pointer) []byte {
			s.Failf("internal error: an action without an escaper")
			return nil
		}
	}
	text := e.stringOf()
	return func(st *run.State, b []byte, dot run.Pointer) []byte { return append(b, text(st, dot)...) }
}

// place says where an action stands, by the escapers it was given.
type place string

const (
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

func (c *compiler) printComponent(e *expr) run.Op {
	if !c.program.late {
		c.set.shared.Components.Store(true)
	}
	if e.t.Kind() != reflect.Interface {
		at, t := e.at, e.t
		return func(st *run.State, b []byte, dot run.Pointer) []byte {
			return st.Component(b, run.ValueAt(at(st, dot), t).Interface().(run.Component))
		}
	}
	value := e.asAny()
	return func(st *run.State, b []byte, dot run.Pointer) []byte {
		if component, ok := value(st, dot).(run.Component); ok {
			return st.Component(b, component)
		}
		return b
	}
}

// printDynamic prints a value by the type it turns out to have.
func (c *compiler) printDynamic(n *parse.ActionNode, e *expr, chain *escape.Chain, where place) run.Op {
	value, s := e.asAny(), c.site(n)
	return func(st *run.State, b []byte, dot run.Pointer) []byte {
		switch v := value(st, dot).(type) {
		case string:
			return chain.String(b, v)
		case int:
			return chain.Int(b, int64(v))
		case run.Component:
			if where != placeText {
				s.Failf("a component cannot stand in %s", where)
			}
			return st.Component(b, v)
		default:
			return s.PrintAny(st, b, chain, v)
		}
	}
}

// printTyped prints a value of known type.
func (c *compiler) printTyped(n *parse.ActionNode, e *expr, chain *escape.Chain, where place) *run.Instruction {
	at, t := e.at, e.t
	k := t.Kind()
	if t.NumMethod() > 0 || run.Trusted(t) {
		k = reflect.Invalid // its methods, or its being trusted, decide what is printed
	}
	switch class := run.ClassOf(k); {
	case class == run.StringClass:
		return c.printString(e, chain, where.markup())
	case class == run.IntClass:
		return c.printInt(e, chain)
	case class == run.UintClass:
		return run.Do(func(st *run.State, b []byte, dot run.Pointer) []byte {
			return chain.Uint(b, run.UintAt(at(st, dot), k))
		})
	case k == reflect.Bool:
		truth := e.isTrue(nil)
		return run.Do(func(st *run.State, b []byte, dot run.Pointer) []byte { return chain.Bool(b, truth(st, dot)) })
	case k == reflect.Float64:
		return run.Do(func(st *run.State, b []byte, dot run.Pointer) []byte {
			return chain.Float(b, run.Float64At(at(st, dot)), 64)
		})
	case k == reflect.Float32:
		return run.Do(func(st *run.State, b []byte, dot run.Pointer) []byte {
			return chain.Float(b, float64(run.Float32At(at(st, dot))), 32)
		})
	}
	value, s := e.asAny(), c.site(n)
	return run.Do(func(st *run.State, b []byte, dot run.Pointer) []byte { return s.PrintAny(st, b, chain, value(st, dot)) })
}

func (c *compiler) printString(e *expr, chain *escape.Chain, markup bool) *run.Instruction {
	switch {
	case e.path != nil && markup:
		return &run.Instruction{Kind: run.PrintMarkup, Field: *e.path}
	case e.path != nil:
		return &run.Instruction{Kind: run.PrintString, Field: *e.path, Chain: chain}
	}
	text := e.stringOf()
	if markup {
		return run.Do(func(st *run.State, b []byte, dot run.Pointer) []byte { return escape.HTML(b, text(st, dot)) })
	}
	return run.Do(func(st *run.State, b []byte, dot run.Pointer) []byte { return chain.String(b, text(st, dot)) })
}

func (c *compiler) printInt(e *expr, chain *escape.Chain) *run.Instruction {
	at, k := e.at, e.t.Kind()
	if e.path != nil && k == reflect.Int {
		if leavesDigits(chain) {
			return &run.Instruction{Kind: run.PrintDigits, Field: *e.path}
		}
		return &run.Instruction{Kind: run.PrintInt, Field: *e.path, Chain: chain}
	}
	return run.Do(func(st *run.State, b []byte, dot run.Pointer) []byte { return chain.Int(b, run.IntAt(at(st, dot), k)) })
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
