package compile

import (
	"html/template"
	"math"
	"reflect"
	"strconv"
	"strings"
	"text/template/parse"

	"github.com/ropewalk/ropewalk/component/internal/danger"
	"github.com/ropewalk/ropewalk/component/internal/escape"
	"github.com/ropewalk/ropewalk/component/internal/run"
)

// print compiles the output of a value through its escapers.
func (c *compiler) print(n *parse.ActionNode, e *expr, escapers []string) *run.Instruction {
	if len(escapers) == 0 {
		return run.Do(c.printRaw(n, e))
	}
	v := c.verdict(n, escapers)
	escapers = v.Escapers
	chain, ok := escape.For(escapers)
	if !ok {
		c.mistake(n, "this release of Go has escapers that ropewalk does not know", "no escaper %s", strings.Join(escapers, " | "))
		return nil
	}
	chain = chain.AllowCalls()
	place := placeOf(escapers)
	if e.t != nil && e.t.Implements(run.ComponentType) {
		return run.Do(c.printComponent(e, place))
	}
	in := c.printAt(n, e, v, chain, place)
	if v.Check != nil { // which tells itself
		return in
	}
	return c.noticed(n, chain, in)
}

// printAt compiles the output of a value, which is no component, in a place.
func (c *compiler) printAt(n *parse.ActionNode, e *expr, v danger.Verdict, chain *escape.Chain, place place) *run.Instruction {
	switch {
	case v.Danger != nil && (e.t == nil || e.t != v.Danger.Trusted && !harmless(e.t)):
		return run.Do(c.printTrusted(e, v.Danger, chain))
	case v.Check != nil && (e.t == nil || !harmless(e.t)):
		return run.Do(c.printChecked(e, v.Check, chain))
	case v.Boolean != "" && (e.t == nil || e.t.Kind() == reflect.Bool):
		return run.Do(c.printTruth(e, v.Boolean, chain))
	case e.t == nil:
		return run.Do(c.printDynamic(n, e, chain, place))
	}
	return c.printTyped(n, e, chain, place)
}

// noticed has an instruction tell whoever asked when the chain replaces its value.
func (c *compiler) noticed(n *parse.ActionNode, chain *escape.Chain, in *run.Instruction) *run.Instruction {
	if in == nil || !chain.Filters() {
		return in
	}
	s := c.site(n)
	switch in.Kind {
	case run.PrintString:
		in.Site = s
	case run.RunOp:
		print := in.Op
		in.Op = func(st *run.State, b []byte, dot run.Pointer) []byte {
			n := len(b)
			b = print(st, b, dot)
			s.NoticeFiltered(st, chain, b[n:])
			return b
		}
	}
	return in
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
	placeUnknown   place = ""
	placeText      place = "text"
	placeTitle     place = "a title or textarea"
	placeAttribute place = "an attribute"
	placeScript    place = "a script"
)

func placeOf(escapers []string) place {
	switch strings.TrimPrefix(escapers[0], run.EscaperPrefix) {
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
func (c *compiler) printComponent(e *expr, where place) run.Op {
	switch {
	case where == placeUnknown && len(c.program.found) > 0: // nothing was escaped, and this program never runs
		return nil
	case where == placeUnknown:
		return c.mistakeOp(e.node, "", "internal error: a component whose place the escaper has not seen")
	case where != placeText:
		return c.mistakeOp(e.node, "print a string there, or move the component out of it", "a component cannot stand in %s", where)
	}
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
	value, s, texts := e.asAny(), c.site(n), e.texts
	return func(st *run.State, b []byte, dot run.Pointer) []byte {
		var v any
		if texts == nil {
			v = value(st, dot)
		} else {
			text, other, isText := texts(st, dot)
			if isText {
				return chain.String(b, text)
			}
			v = other
		}
		switch v := v.(type) {
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

// trustedTypes are the types of html/template whose strings some escaper believes.
var trustedTypes = map[reflect.Type]escape.Type{
	reflect.TypeFor[template.CSS]():      escape.CSS,
	reflect.TypeFor[template.HTML]():     escape.HTMLType,
	reflect.TypeFor[template.HTMLAttr](): escape.HTMLAttr,
	reflect.TypeFor[template.JS]():       escape.JS,
	reflect.TypeFor[template.JSStr]():    escape.JSStr,
	reflect.TypeFor[template.Srcset]():   escape.Srcset,
	reflect.TypeFor[template.URL]():      escape.URL,
}

// printTyped prints a value of known type.
func (c *compiler) printTyped(n *parse.ActionNode, e *expr, chain *escape.Chain, where place) *run.Instruction {
	at, t := e.at, e.t
	k := t.Kind()
	if typ, ok := trustedTypes[t]; ok {
		text := e.stringOf()
		return run.Do(func(st *run.State, b []byte, dot run.Pointer) []byte { return chain.Typed(b, typ, text(st, dot)) })
	}
	if t.NumMethod() > 0 {
		k = reflect.Invalid // its methods decide what is printed
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
	if whole := e.whole; whole != nil {
		return run.Do(func(st *run.State, b []byte, dot run.Pointer) []byte { return chain.Int(b, int64(whole(st, dot))) })
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
