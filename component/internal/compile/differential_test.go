package compile

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"iter"
	"math/rand/v2"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/ropewalk/ropewalk/component/internal/run"
	"github.com/ropewalk/ropewalk/component/internal/source"
)

// The differential fuzzer: a random template of the whole grammar, executed
// on random data by html/template and by each tier. They must agree on whether
// it fails, and on every byte if it does not.
//
// The input is a sequence of decisions, so that the fuzzing engine can change
// one of them; past its end they are random but fixed.

type decisions struct {
	bytes []byte
	rest  *rand.Rand
}

func readDecisions(input []byte) *decisions {
	seed := uint64(14695981039346656037)
	for _, c := range input {
		seed = (seed ^ uint64(c)) * 1099511628211
	}
	return &decisions{input, rand.New(rand.NewPCG(seed, 1))}
}

func randomDecisions(seed uint64) *decisions {
	return &decisions{nil, rand.New(rand.NewPCG(seed, 2))}
}

// below makes a decision between n possibilities.
func (d *decisions) below(n int) int {
	if len(d.bytes) > 0 {
		c := d.bytes[0]
		d.bytes = d.bytes[1:]
		return int(c) % n
	}
	return d.rest.IntN(n)
}

func pick[T any](d *decisions, of []T) T { return of[d.below(len(of))] }

// Types whose text a type like theirs is trusted with, and theirs is not.
type (
	named  string
	markup template.HTML
	script template.JS
	link   template.URL
)

type stringer struct{ S string }

func (s stringer) String() string { return "<" + s.S + ">" }

type failure struct{ s string }

func (f *failure) Error() string { return "failure " + f.s }

type inner struct {
	Text   string
	Number int
	Ptr    *inner
	List   []string
}

func (i inner) Value() string            { return "value of " + i.Text }
func (i *inner) Pointer() string         { return "pointer to " + i.Text }
func (i *inner) Add(n int, s string) any { return i.Number + n + len(s) }
func (i inner) Fail() (string, error)    { return i.Text, errors.New("it failed") }
func (i *inner) Self() *inner            { return i }
func (i inner) Counts() int              { return count() }
func (i inner) With(a, b any) string     { return fmt.Sprintf("%d %v %v", count(), a, b) }

type outer struct {
	inner
	S       string
	N       named
	B       bool
	I       int
	I8      int8
	U       uint16
	F       float64
	C       complex64
	Bytes   []byte
	P       *string
	PP      **string
	In      inner
	Ptr     *inner
	Nil     *inner
	List    []inner
	Ptrs    []*inner
	Strings []string
	Array   [3]int
	Map     map[string]string
	Ints    map[int]inner
	AnyMap  map[string]any
	Any     any
	AnyNil  any
	Str     fmt.Stringer
	Err     error
	HTML    template.HTML
	JS      template.JS
	URL     template.URL
	CSS     template.CSS
	Attr    template.HTMLAttr
	PHTML   *template.HTML
	PPURL   **template.URL
	Markup  markup
	Script  script
	PLink   *link
	Raw     json.RawMessage
	Fn      func(int) string
	Fn2     func(any, any) string
	Seq     iter.Seq[int]
	Seq2    iter.Seq2[string, int]
	Strs    stringer
}

var nasty = []string{
	"", "plain", "a b", "<b>&\"'+\x00", "javascript:alert(1)", " JavaScript:x", "data:text/html,x", "fax:+1", "http://x/?a=b&c=d#e", "//x",
	"</script>", "]]>", "-->", "\u2028\u2029", "\xff\xfe", "日本語", "\ufdd0\uffff", "100%", "%zz%41", "expression(x)", "a,b 2x, javascript:c 3x",
	"onclick", "href", "0x1F", "`${x}`", "/regexp/[a-z]", "\\", "\t\n\r\f", "ZgotmplZ", "{{.}}", "<!--", "url(x)", "#", "?", "a=b", strings.Repeat("x", 70),
	strings.Repeat("<long & text> ", 50), "true", "null",
}

func (d *decisions) data(depth int) *outer {
	s := func() string { return pick(d, nasty) }
	in := func() inner {
		i := inner{Text: s(), Number: d.below(7) - 2}
		for range d.below(3) {
			i.List = append(i.List, s())
		}
		if d.below(2) == 0 {
			i.Ptr = &inner{Text: s()}
		}
		return i
	}
	str, html := s(), template.HTML(s())
	url := new(template.URL)
	*url = template.URL(s())
	pstr := &str
	o := &outer{
		inner: in(), S: s(), N: named(s()), B: d.below(2) == 0, I: d.below(300) - 100, I8: int8(d.below(256)), U: uint16(d.below(256)),
		F: float64(d.below(200)-100) / 8, C: complex(1, 2), Bytes: []byte(s()), P: pstr, PP: &pstr, In: in(), List: []inner{in(), in()},
		Strings: []string{s(), s(), s()}, Array: [3]int{1, 2, 3}, Map: map[string]string{"a": s(), "b": s()}, Ints: map[int]inner{2: in(), -1: in()},
		AnyMap: map[string]any{"S": s(), "I": d.below(9), "nil": nil, "m": map[string]any{"S": s()}, "l": []any{1, s(), nil}, "h": template.HTML(s())},
		Str:    stringer{s()}, Err: &failure{s()}, HTML: template.HTML(s()), JS: template.JS(s()), URL: template.URL(s()), CSS: template.CSS(s()), Attr: template.HTMLAttr(s()), PHTML: &html,
		PPURL: &url, Markup: markup(s()), Script: script(s()), PLink: new(link), Raw: json.RawMessage(s()),
		Fn2:  func(a, b any) string { return fmt.Sprintf("%d %v %v", count(), a, b) },
		Fn:   func(i int) string { return strconv.Itoa(i) + "<" },
		Seq:  func(yield func(int) bool) { _ = yield(1) && yield(2) },
		Seq2: func(yield func(string, int) bool) { _ = yield("a<", 1) && yield("b", 2) },
		Strs: stringer{s()},
	}
	if d.below(3) > 0 {
		i := in()
		o.Ptr, o.Ptrs = &i, []*inner{&i, nil, {Text: s()}}
	}
	switch d.below(9) {
	case 0:
		o.Any = s()
	case 1:
		o.Any = d.below(1000)
	case 2:
		o.Any = in()
	case 3:
		i := in()
		o.Any = &i
	case 4:
		o.Any = o.AnyMap
	case 5:
		o.Any = []any{s(), 2, in()}
	case 6:
		o.Any = template.HTML(s())
	case 7:
		o.Any = stringer{s()}
	}
	return o
}

// calls counts what counts its calls, so that their number and order show.
var calls int

func count() int { calls++; return calls }

var fuzzFuncs = map[string]any{
	"next":  count,
	"two":   func(a, b any) string { return fmt.Sprintf("%d:%v,%v", count(), a, b) },
	"grow":  func(step int) int { return step + count() },
	"late":  func(v any) (any, error) { return v, map[bool]error{true: errors.New("too late")}[count()%7 == 0] },
	"upper": strings.ToUpper,
	"join":  func(sep string, s ...string) string { return strings.Join(s, sep) },
	"add":   func(a, b int) int { return a + b },
	"id":    func(v any) any { return v },
	"mk":    func() *inner { return &inner{Text: "made<", Number: 3} },
	"fail":  func(s string) (string, error) { return s, errors.New("fail: " + s) },
	"boom":  func() string { panic("boom") },
	"opt":   func(s *string) string { return *s },
	"val":   func(v reflect.Value) string { return v.Kind().String() },
	"safe":  func(s string) template.HTML { return template.HTML("<i>" + template.HTMLEscapeString(s) + "</i>") },
}

// A grammar writes a random template.
type grammar struct {
	*decisions
	b      strings.Builder
	vars   []string
	loops  int
	named  int // templates that may be called
	within int // how many actions around have changed dot
}

var fields = []string{
	"S", "N", "B", "I", "I8", "U", "F", "C", "Bytes", "P", "PP", "In", "Ptr", "Nil", "List", "Ptrs", "Strings", "Array", "Map", "Ints", "AnyMap", "Any", "AnyNil",
	"Str", "Err", "HTML", "JS", "URL", "CSS", "Attr", "PHTML", "PPURL", "Markup", "Script", "PLink", "Raw", "Fn", "Seq", "Seq2", "Strs", "Text", "Number", "Value", "Pointer", "Self", "Counts", "Missing", "a", "m", "l", "h", "nil",
}

var subfields = []string{"Text", "Number", "Ptr", "List", "Value", "Pointer", "Self", "S", "a", "m", "Fail", "String", "Counts"}

// known lists paths from an outer that evaluate without error, by what they
// give: "int" and "string" are those types, "integer" and "text" all that are
// of their kind.
var known = func() map[string][]string {
	m := map[string][]string{}
	var walk func(t reflect.Type, path string, depth int)
	walk = func(t reflect.Type, path string, depth int) {
		if path != "" {
			classes := []string{t.Kind().String(), "any"}
			switch {
			case run.IsInteger(t.Kind()):
				classes = append(classes[1:], "integer")
				if t == reflect.TypeFor[int]() {
					classes = append(classes, "int")
				}
			case t.Kind() == reflect.String:
				classes = append(classes[1:], "text")
				if t == reflect.TypeFor[string]() {
					classes = append(classes, "string")
				}
			}
			for _, class := range classes {
				m[class] = append(m[class], path)
			}
		}
		base := t
		for base.Kind() == reflect.Pointer {
			base = base.Elem()
		}
		if depth == 0 || base.Kind() != reflect.Struct {
			return
		}
		for _, f := range reflect.VisibleFields(base) {
			if f.IsExported() && f.Name != "Nil" && f.Name != "Ptr" {
				walk(f.Type, path+"."+f.Name, depth-1)
			}
		}
		for i := range t.NumMethod() {
			if method := t.Method(i); method.Type.NumIn() == 1 && method.Type.NumOut() == 1 {
				walk(method.Type.Out(0), path+"."+method.Name, depth-1)
			}
		}
	}
	walk(reflect.TypeFor[outer](), "", 2)
	return m
}()

// sure is an operand that is most likely of the class.
func (g *grammar) sure(class string) string {
	if g.below(12) == 0 {
		return g.operand(1)
	}
	if (class == "int" || class == "integer") && g.below(2) == 0 {
		return pick(g.decisions, []string{"0", "1", "2", "'a'", "0x2"})
	}
	if (class == "string" || class == "text") && g.below(3) == 0 {
		return strconv.Quote(strings.ToValidUTF8(pick(g.decisions, nasty), ""))
	}
	if g.within == 0 && g.below(2) == 0 {
		return pick(g.decisions, known[class])
	}
	return "$" + pick(g.decisions, known[class])
}

func (g *grammar) path() string {
	if g.below(8) > 0 {
		return g.sure("any")
	}
	var base string
	switch g.below(8) {
	case 0:
		return "."
	case 1:
		base = "$"
		if len(g.vars) > 0 {
			base = pick(g.decisions, g.vars)
		}
	case 2:
		base = "$"
	}
	for i := range 1 + g.below(3) {
		if i == 0 && (base == "" || base == "$") {
			base += "." + pick(g.decisions, fields)
		} else {
			if g.below(2) == 0 && i == 0 {
				break
			}
			base += "." + pick(g.decisions, subfields)
		}
	}
	return base
}

// operand is what may stand as an argument.
func (g *grammar) operand(depth int) string {
	switch g.below(12) {
	case 0:
		return pick(g.decisions, []string{"0", "1", "2", "-1", "1.5", "'a'", "0x10", "1e3", "2i"})
	case 1:
		return strconv.Quote(strings.ToValidUTF8(pick(g.decisions, nasty), ""))
	case 2:
		return pick(g.decisions, []string{"true", "false", "nil"})
	case 3, 4:
		if depth > 0 {
			s := "(" + g.pipeline(depth-1) + ")"
			if g.below(3) == 0 {
				s += "." + pick(g.decisions, subfields)
			}
			return s
		}
	}
	return g.path()
}

func (g *grammar) command(depth int) string {
	a := func() string { return g.operand(depth) }
	is := g.sure
	class := pick(g.decisions, []string{"integer", "text", "bool", "float64"})
	switch g.below(42) {
	case 0:
		return "len " + is(pick(g.decisions, []string{"text", "slice", "map", "array"}))
	case 1:
		return "index " + is(pick(g.decisions, []string{"slice", "array"})) + " " + is("int")
	case 2:
		return "slice " + is(pick(g.decisions, []string{"slice", "text"})) + " " + pick(g.decisions, []string{"0", "0 0", "1", "1 2"})
	case 3:
		return "printf " + pick(g.decisions, []string{`"%v"`, `"%s-%d"`, `"%q"`, `"<%05.1f>"`}) + " " + a()
	case 4:
		return "print " + a() + " " + a()
	case 5:
		return pick(g.decisions, []string{"eq", "ne"}) + " " + is(class) + " " + is(class)
	case 6:
		return pick(g.decisions, []string{"and", "or"}) + " " + a() + " " + a()
	case 7:
		return "not " + a()
	case 8:
		return "upper " + is("string")
	case 9:
		return "join \",\" " + is("string") + " " + is("string")
	case 10:
		return "add " + is("int") + " " + is("int")
	case 11:
		return "id " + a()
	case 12:
		return pick(g.decisions, []string{"mk", "mk.Text", "(mk).Pointer", "mk.Add 1 \"x\""})
	case 13:
		if g.below(9) == 0 {
			return pick(g.decisions, []string{"fail \"x\"", "boom"})
		}
	case 14:
		return "opt " + pick(g.decisions, []string{"$.P", "$.S", "$.PP"})
	case 15:
		return "val " + a()
	case 16:
		return "safe " + is("string")
	case 17:
		return "call $.Fn " + is("int")
	case 18:
		return "$.In.Add " + is("int") + " " + is("string")
	case 19:
		return "js " + a()
	case 20:
		return "println " + a()
	case 21:
		if g.below(6) == 0 { // refused in most contexts
			return pick(g.decisions, []string{"html ", "urlquery "}) + a()
		}
		return "$.In.Pointer"
	case 22:
		return "printf \"%d|%s\" " + is("integer") + " " + is("text")
	case 23:
		return "eq " + is(class) + " " + is(class) + " " + is(class)
	case 24:
		class = pick(g.decisions, []string{"integer", "text", "float64"})
		return pick(g.decisions, []string{"lt", "le", "gt", "ge"}) + " " + is(class) + " " + is(class)
	case 25:
		return "index $.AnyMap " + pick(g.decisions, []string{`"S"`, `"m" "S"`, `"nil"`, `"none"`, `"l" 1`})
	case 26:
		return "index $.Map " + is("string")
	case 27:
		return pick(g.decisions, []string{"$.AnyMap.S", "$.AnyMap.m.S", "$.AnyMap.l", "$.AnyMap.nil", "$.AnyMap.none", "$.AnyMap.h", "$.Map.a", "$.Map.none", "$.Any", "$.Any.S"})
	case 28, 29:
		return pick(g.decisions, []string{"next", "grow (next)", "two (next) (next)", "$.In.With (next) (next)", "and (next) (next)", "or 0 (next) (next)", "eq (next) (next) (next)", "$.In.Counts", "two next ($.In.Counts)"})
	case 30:
		return pick(g.decisions, []string{"two ", "$.In.With "}) + a() + " " + a()
	case 31:
		return "late " + a()
	}
	return a()
}

// piped are commands that a value can be piped into, with arguments that count and
// arguments that fail: whether, and when, they are evaluated shows.
var piped = []string{
	"two (next)", "print (next)", "printf \"%v %v\" (next)", "and 0", "and (next)", "or 1", "or 0 (next)", "eq (next)", "eq 1 (next)", "lt (next)", "$.In.With (next)", "late", "late | two (next)",
	"two (late 1)", "and (fail \"a\")", "or 1 (fail \"a\")", "index $.Ints", "index $.Strings", "index (late $.Ints)", "$.In.Add (next)", "$.In.Add 1", "slice $.S (grow -1)", "call $.Fn", "call $.Fn2 (next)",
	"two $.Nil.Text", "two .Missing", "two $.AnyMap.none.x", ".none", "$.AnyMap.none", "$.AnyMap.nil.x", "$.Nil.Counts", "two ($.Nil.Self)", "join (late \"-\") \"a\"", "grow", "len", "1", "not", "html", "fail",
}

func (g *grammar) pipeline(depth int) string {
	s := g.command(depth)
	for range max(g.below(6)-4, 0) {
		s += " | " + pick(g.decisions, []string{"print", "id", "printf \"%v\"", "not", "js", "print | upper", "print | safe", "len | index .Strings", "print | join \"-\" \"a\"", "printf \"%s\" | len | add 1"})
	}
	if g.below(10) == 0 {
		s += " | " + pick(g.decisions, piped)
	}
	if g.below(80) == 0 {
		s += pick(g.decisions, []string{" | html", " | urlquery"})
	}
	return s
}

// around are what can stand before and after an action, so that it comes to
// stand in each of html/template's contexts.
var around = [][2]string{
	{"", ""}, {"", ""}, {"<p>", "</p>"}, {`<a href="`, `">`}, {`<a href="/x?q=`, `">`}, {`<a href="/x/`, `#f">`}, {`<a href='`, `'>`}, {`<a href=`, `>`}, {`<p title="`, `">`},
	{`<p title='`, `'>`}, {`<p title=`, `>`}, {`<p `, `>`}, {`<p `, `="x">`}, {`<script>var x = `, `;</script>`}, {`<script>var x = "`, `";</script>`}, {`<script>var x = '`, `';</script>`},
	{"<script>var x = `", "`;</script>"}, {`<script>var x = /`, `/i;</script>`}, {`<p onclick="f(`, `)">`}, {`<p onclick='f("`, `")'>`}, {`<style>p { color: `, ` }</style>`},
	{`<style>p { background: url("`, `") }</style>`}, {`<style>p { background: url(`, `) }</style>`}, {`<style>p { font: "`, `" }</style>`}, {`<p style="color: `, `">`},
	{`<p style="background: url('`, `')">`}, {`<title>`, `</title>`}, {`<textarea>`, `</textarea>`}, {`<!-- `, ` -->`}, {`<img srcset="`, `">`}, {`<img srcset=`, `>`}, {`<img src="`, `">`},
	{`<meta http-equiv="refresh" content="0;url=`, `">`}, {`<script type="application/json">{"a": `, `}</script>`}, {`<script type="text/template">`, `</script>`},
	{`<script>/* `, ` */</script>`}, {"<script>// ", "\n</script>"}, {`<p data-x="`, `">`}, {`<iframe srcdoc="`, `">`}, {`<form action="`, `">`}, {`<svg><a xlink:href="`, `">`},
}

func (g *grammar) action(depth int) {
	open, end := g.below(8), g.below(8)
	g.b.WriteString("{{" + map[bool]string{true: "- "}[open == 0] + g.pipeline(depth) + map[bool]string{true: " -"}[end == 0] + "}}")
}

func (g *grammar) list(depth int) {
	mark := len(g.vars)
	for range 1 + g.below(3) {
		g.item(depth)
	}
	g.vars = g.vars[:mark]
}

func (g *grammar) item(depth int) {
	if depth <= 0 {
		g.context(func() { g.action(1) })
		return
	}
	block := func(open string, vars int) {
		mark := len(g.vars)
		g.b.WriteString("{{" + open)
		for i := range vars {
			g.vars = append(g.vars, fmt.Sprintf("$v%d", len(g.vars)))
			if i > 0 {
				g.b.WriteString(", ")
			} else {
				g.b.WriteString(" ")
			}
			g.b.WriteString(g.vars[len(g.vars)-1])
		}
		if vars > 0 {
			g.b.WriteString(" :=")
		}
		if strings.HasPrefix(open, "range") && g.below(10) > 0 {
			g.b.WriteString(" " + g.sure(pick(g.decisions, []string{"slice", "map", "array", "integer", "func"})) + "}}")
		} else {
			g.b.WriteString(" " + g.pipeline(1) + "}}")
		}
		if open != "if" {
			g.within++
		}
		g.list(depth - 1)
		if open != "if" {
			g.within--
		}
		if g.below(3) == 0 {
			g.b.WriteString("{{else}}")
			g.list(depth - 1)
		}
		g.b.WriteString("{{end}}")
		g.vars = g.vars[:mark]
	}
	switch g.below(12) {
	case 0, 1:
		block("if", g.below(4)/3)
	case 2:
		block("with", g.below(3)/2)
	case 3, 4:
		g.loops++
		block("range", max(g.below(4)-1, 0))
		g.loops--
	case 5:
		name := fmt.Sprintf("$v%d", len(g.vars))
		g.b.WriteString("{{" + name + " := " + g.pipeline(1) + "}}")
		g.vars = append(g.vars, name)
	case 6:
		if len(g.vars) > 0 {
			g.b.WriteString("{{" + pick(g.decisions, g.vars) + " = " + g.pipeline(1) + "}}")
		}
	case 7:
		if g.loops > 0 {
			g.b.WriteString("{{if " + g.operand(0) + "}}" + pick(g.decisions, []string{"{{break}}", "{{continue}}"}) + "{{end}}")
		}
	case 8:
		if g.named > 0 {
			g.context(func() {
				fmt.Fprintf(&g.b, "{{template \"t%d\" %s}}", g.below(g.named), pick(g.decisions, []string{"$", "$.In", g.pipeline(1)}))
			})
		}
	default:
		g.context(func() { g.action(2) })
	}
}

func (g *grammar) context(inside func()) {
	c := pick(g.decisions, around)
	g.b.WriteString(c[0])
	inside()
	g.b.WriteString(c[1])
}

// random makes a template and data for it.
func random(d *decisions) (text string, data *outer) {
	g := &grammar{decisions: d}
	count := d.below(3)
	for i := range count {
		g.named = i
		fmt.Fprintf(&g.b, "{{define \"t%d\"}}", i)
		g.within = 1
		g.list(1)
		g.within = 0
		g.b.WriteString("{{end}}")
	}
	g.named = count
	g.list(3)
	return g.b.String(), d.data(1)
}

// Each execution makes a new *inner where mk is called.
var address = regexp.MustCompile(`0x[0-9a-f]{8,}`)

func withoutAddresses(s string) string { return address.ReplaceAllString(s, "0x") }

var missingKeys = []string{"", "zero", "error"}

// A page is a random template's output. Loops within loops may make gigabytes of it.
type page struct{ bytes.Buffer }

var errLong = errors.New("too long to compare")

func (p *page) Write(b []byte) (int, error) {
	if p.Len()+len(b) > 1<<20 {
		return 0, errLong
	}
	return p.Buffer.Write(b)
}

// compareTiers reports what became of one random template.
func compareTiers(t *testing.T, d *decisions) (outcome string) {
	missing := pick(d, missingKeys)
	text, data := random(d)
	h := template.New("main").Funcs(fuzzFuncs)
	if missing != "" {
		h.Option("missingkey=" + missing)
	}
	if _, err := h.Parse(text); err != nil {
		if _, ours := Parse(Options{Funcs: fuzzFuncs}, source.File{Name: "main", Text: text}); ours == nil {
			t.Errorf("%q: html/template's parser says %v", text, err)
		}
		return "unparsable"
	}
	if strings.Contains(text, `http-equiv="refresh"`) && !filtersRefresh() {
		return "another release" // whose html/template leaves the URL of a refresh as it is: difference 7
	}
	var want page
	calls = 0
	wantErr := h.Execute(&want, data)
	wantCalls := calls
	switch {
	case errors.Is(wantErr, errLong):
		return "too long"
	case wantErr != nil:
		outcome = "failed"
	default:
		outcome = "rendered"
	}
	value := *data
	for _, try := range []struct {
		tier    string
		dot     reflect.Value
		typ     reflect.Type
		lenient bool
	}{
		{"typed pointer", reflect.ValueOf(&data).Elem(), reflect.TypeFor[*outer](), true},
		{"typed strict", reflect.ValueOf(&data).Elem(), reflect.TypeFor[*outer](), false},
		{"dynamic", reflect.ValueOf(data), nil, true},
		{"typed value", reflect.ValueOf(&value).Elem(), reflect.TypeFor[outer](), true},
		{"dynamic value", reflect.ValueOf(value), nil, true},
	} {
		if strings.HasSuffix(try.tier, "value") {
			want.Reset()
			calls = 0
			if wantErr = h.Execute(&want, value); errors.Is(wantErr, errLong) {
				continue
			}
			wantCalls = calls
		}
		set, err := Parse(Options{Funcs: fuzzFuncs, MissingKey: missing, Lenient: try.lenient, Dangerous: true}, source.File{Name: "main", Text: text})
		if err != nil {
			t.Errorf("%s %q: %v", try.tier, text, err)
			continue
		}
		compiled, err := set.Compile("main", try.typ, false)
		got := ""
		calls = 0
		if err == nil {
			var b bytes.Buffer
			r := compiled.Rendering(try.dot)
			err = r.Render(context.Background(), &b)
			got = b.String()
		} else if try.tier == "typed strict" {
			continue // it may refuse what never runs
		}
		switch {
		case (err == nil) != (wantErr == nil):
			t.Errorf("%s: %s\nhtml/template says %v\nropewalk says %v", try.tier, text, wantErr, err)
		case err == nil && calls != wantCalls:
			t.Errorf("%s: %s\nhtml/template calls %d times, ropewalk %d times", try.tier, text, wantCalls, calls)
		case err == nil && withoutAddresses(got) != withoutAddresses(want.String()):
			t.Errorf("%s: %s\nhtml/template %q\nropewalk      %q", try.tier, text, want.String(), got)
		}
	}
	return outcome
}

// filtersRefresh reports whether this release's html/template filters the URL of a refresh.
var filtersRefresh = sync.OnceValue(func() bool {
	var b strings.Builder
	t := template.Must(template.New("").Parse(`<meta http-equiv="refresh" content="0;url={{.}}">`))
	return t.Execute(&b, "javascript:x") == nil && !strings.Contains(b.String(), "javascript:")
})

func FuzzDifferential(f *testing.F) {
	for seed := range 64 {
		f.Add([]byte{byte(seed), byte(seed * 7), byte(seed * 31), byte(seed >> 2)})
	}
	f.Fuzz(func(t *testing.T, input []byte) { compareTiers(t, readDecisions(input)) })
}

// Thousands of templates in each run of the tests; DIFFERENTIAL sets another number.
func TestDifferential(t *testing.T) {
	count := 3000
	if n, err := strconv.Atoi(os.Getenv("DIFFERENTIAL")); err == nil {
		count = n
	}
	base, _ := strconv.Atoi(os.Getenv("DIFFERENTIAL_BASE"))
	outcomes := map[string]int{}
	for i := range count {
		outcomes[compareTiers(t, randomDecisions(uint64(base+i)))]++
		if t.Failed() {
			t.Fatalf("template %d", base+i)
		}
	}
	t.Logf("%v", outcomes)
	if outcomes["rendered"] < count/4 {
		t.Errorf("only %d of %d templates rendered", outcomes["rendered"], count)
	}
}
