package escape

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"math"
	"reflect"
	"strings"
	"sync"
	"testing"
	"text/template/parse"
	"time"
)

// contexts are templates in which html/template escapes the one action in every way it knows.
var contexts = []string{
	`{{.X}}`, `<b>{{.X}}</b>`, `<textarea>{{.X}}</textarea>`, `<title>{{.X}}</title>`, `<!-- {{.X}} -->`,
	`<a title="{{.X}}">`, `<a title='{{.X}}'>`, `<a title={{.X}}>`, `<a {{.X}}>`, `<a {{.X}}="x">`, `<a title="x" {{.X}}>`,
	`<a href="{{.X}}">`, `<a href={{.X}}>`, `<a href="/x/{{.X}}">`, `<a href="/x?{{.X}}">`, `<a href='/x?q={{.X}}'>`, `<a href=/x?{{.X}}>`, `<a href=/{{.X}}>`,
	`<a href="/#{{.X}}">`, `<img srcset="{{.X}}">`, `<img srcset={{.X}}>`, `<img srcset="/a 1x, {{.X}} 2x">`,
	`<script>{{.X}}</script>`, `<script>"{{.X}}"</script>`, `<script>'{{.X}}'</script>`, "<script>`{{.X}}`</script>", `<script>/{{.X}}/</script>`,
	`<script>// {{.X}}` + "\n</script>", `<script>/* {{.X}} */</script>`,
	`<a onclick="{{.X}}">`, `<a onclick={{.X}}>`, `<a onclick="f('{{.X}}')">`, `<a onclick=f(&#39;{{.X}}&#39;)>`, `<a onclick="/{{.X}}/">`, `<a onclick=/{{.X}}/>`, `<a onclick=/*{{.X}}*/1>`,
	"<a onclick=\"`{{.X}}`\">", `<a onclick="/*{{.X}}*/">`,
	`<style>a { color: {{.X}} }</style>`, `<a style="color: {{.X}}">`, `<a style=color:{{.X}}>`, `<a style="background: url({{.X}})">`, `<a style="background: url('{{.X}}')">`,
	`<a style='background: url("/x/{{.X}}")'>`, `<a style="background: url('/?q={{.X}}')">`, `<a style="content: '{{.X}}'">`, `<a style=content:&#39;{{.X}}&#39;>`,
	`<a style=content:&#39;/x{{.X}}&#39;>`, `<style>a { content: "x{{.X}}" }</style>`, `<style>a { background: url({{.X}}) }</style>`, `<style>a { background: url("/{{.X}}") }</style>`, `<style>/* {{.X}} */</style>`,
	`<meta http-equiv="refresh" content="{{.X}}">`, `<meta http-equiv="refresh" content="0; url={{.X}}">`, `<meta content='0;url={{.X}}'>`, `<meta content={{.X}}>`,
	`<script type="application/json">{"a": {{.X}}}</script>`, `<script type="application/ld+json">{"a": "{{.X}}"}</script>`,
	`{{.X | html}}`, `{{html .X}}`, `{{.X | urlquery}}`, `{{.X | js}}`, `<a title="{{.X | html}}">`, `<a href="{{.X | urlquery}}">`, `<a href="/?q={{.X | urlquery}}">`, `<a href="/?q={{.X | html}}">`,
	`<a title="{{.X | urlquery}}">`, `<script>{{.X | html}}</script>`, `<script>'{{.X | js}}'</script>`, `<script>{{.X | urlquery}}</script>`, `<a href="{{.X | html}}">`,
	`<a style="content: '{{.X | html}}'">`, `<a style="{{.X | html}}">`, `<a title={{.X | js}}>`, `<img srcset="{{.X | html}}">`, `<textarea>{{.X | js}}</textarea>`, `<a title={{.X | urlquery}}>`,
	`{{.X | js | html}}`, `<script>"{{.X | urlquery}}"</script>`, `<a onclick="{{.X | html}}">`,
}

type data struct{ X any }

// chain is one of html/template's sequences and the context it was found in.
type chain struct {
	names []string
	c     *Chain
	std   *standard
	tmpl  *template.Template
	text  string
}

// allChains escapes every context and returns each sequence of escapers once.
var allChains = sync.OnceValue(func() (list []chain) {
	seen := map[string]bool{}
	for _, text := range contexts {
		tmpl := template.Must(template.New("x").Parse(text))
		if err := tmpl.Execute(new(bytes.Buffer), data{"x"}); err != nil {
			panic(text + ": " + err.Error())
		}
		names := escapersOf(tmpl)
		if key := strings.Join(names, " "); len(names) == 0 || seen[key] {
			continue
		} else {
			seen[key] = true
		}
		c, ok := For(names)
		if !ok {
			panic(fmt.Sprint("no chain for ", names))
		}
		std, err := standardOf(names)
		if err != nil {
			panic(err)
		}
		list = append(list, chain{names, c, std, tmpl, text})
	}
	return list
})

func escapersOf(t *template.Template) (names []string) {
	for _, n := range t.Tree.Root.Nodes {
		if action, ok := n.(*parse.ActionNode); ok {
			for _, cmd := range action.Pipe.Cmds {
				if id, ok := cmd.Args[0].(*parse.IdentifierNode); ok {
					names = append(names, id.Ident)
				}
			}
		}
	}
	return names
}

func (c chain) String() string { return strings.ReplaceAll(strings.Join(c.names, " "), prefix, "") }

type (
	name      string
	shout     string
	number    int
	toggle    bool
	level     float64
	broken    struct{}
	textual   string
	marshaled string
	badJSON   struct{ text string }
	formatted struct{}
	record    struct {
		A string
		B *int
		C template.HTML
	}
	failing struct{ n int }
	ptr     struct{ s string }
	wrapped struct{ fmt.Stringer }
	angry   struct{}
	nested  struct{ v any }
	many    string
)

func (s shout) String() string                   { return "<" + strings.ToUpper(string(s)) + ">&" }
func (n number) String() string                  { return fmt.Sprintf("n+%d", int(n)) }
func (broken) String() string                    { panic("broken <b>") }
func (t textual) MarshalText() ([]byte, error)   { return []byte("text:" + t), nil }
func (m marshaled) MarshalJSON() ([]byte, error) { return json.Marshal("<json> " + string(m)) }
func (b badJSON) MarshalJSON() ([]byte, error)   { return nil, errors.New(b.text) }
func (formatted) Format(f fmt.State, _ rune)     { f.Write([]byte("<formatted>")) }
func (f failing) Error() string                  { return fmt.Sprintf("failed '%d'", f.n) }
func (p *ptr) String() string {
	if p == nil {
		return "nil+ptr"
	}
	return "&" + p.s
}
func (m *many) Error() string              { return "error+" }
func (m *many) String() string             { return "string+" }
func (m *many) Format(f fmt.State, _ rune) { f.Write([]byte("<format>")) }
func (angry) MarshalJSON() ([]byte, error) { panic(errors.New("angry")) }
func (n nested) Format(f fmt.State, _ rune) {
	fmt.Fprint(f, n.v)
	panic(n.v)
}

func at[T any](v T) *T { return &v }

func values() []any {
	values := []any{
		nil, 0, 1, -1, 42, int8(-128), int16(-32768), int32(1 << 30), int64(math.MinInt64), int64(math.MaxInt64),
		uint(7), uint8(255), uint16(65535), uint32(1), uint64(math.MaxUint64), uintptr(9), 'x',
		0.0, math.Copysign(0, -1), 1.0, -1.5, 1e6, 1e20, 1e21, 1e22, 1e-5, 1e-6, 1e-7, 123456789.0, 0.1, math.MaxFloat64, math.SmallestNonzeroFloat64, math.NaN(), math.Inf(1), math.Inf(-1),
		float32(0.1), float32(-16777216), float32(1e-6), float32(1e-7), float32(1e21), float32(math.Inf(1)), float32(3e-5), float32(9e19),
		true, false, complex(1, -2), complex64(1), []byte("a<b"), []string{"<", "+"}, []any{1, "a", nil, true}, [2]int{1, 2}, map[string]any{"<a>": "&", "b": 1}, map[int]string{2: "x"},
		name("<n>+'"), shout("hey"), number(5), number(-5), toggle(true), level(-0.25), broken{}, textual("<t>"), marshaled("m\u2028"), badJSON{"*/ </script> <!-- x"}, formatted{},
		record{"<a>", at(1), "<b>"}, &record{}, failing{3}, &failing{4}, ptr{"x"}, &ptr{"y"}, (*ptr)(nil), wrapped{shout("w")}, wrapped{}, errors.New("<err>"), error(nil),
		at("<s>"), at(at("s+s")), (*string)(nil), at(7), at(true), at(any("<i>")), at(error(failing{9})), at(nil2()), at(1.5), at(name("n")), at(shout("p")), at(number(3)),
		struct{}{}, struct{ X, y any }{1, "y"}, json.Number("12.5"), json.RawMessage(`{"a":"</script>"}`), time.Duration(1500), time.Date(2024, 1, 2, 3, 4, 5, 6, time.UTC), time.Month(3),
		reflect.ValueOf("<v>"), reflect.ValueOf(5), reflect.TypeFor[int](), []template.HTML{"<b>"}, map[string]template.HTML{"a": "<b>"}, angry{}, &angry{}, at(many("m")), (*many)(nil), at(at(many("m"))), many("v"), at(at(shout("pp"))), at((*ptr)(nil)), at(&ptr{"z"}), at(time.Second), &time.Time{}, []any{angry{}}, (chan int)(nil), (func())(nil),
		nested{errors.New("in")}, nested{nested{"deep"}}, nested{broken{}}, nested{7}, []error{failing{1}, nil}, strings.NewReplacer, bytes.NewBufferString("<buf>"), *bytes.NewBufferString("x"),
	}
	for _, s := range probeStrings {
		values = append(values, s, template.CSS(s), template.HTML(s), template.HTMLAttr(s), template.JS(s), template.JSStr(s), template.URL(s), template.Srcset(s),
			at(template.HTML(s)), at(template.URL(s)), at(template.JS(s)), at(template.JSStr(s)), at(template.CSS(s)), at(at(template.HTMLAttr(s))), at(template.Srcset(s)),
			name(s), shout(s), []byte(s), at(s), failing{len(s)}, textual(s), []string{s})
	}
	return values
}

func nil2() any { return nil }

func same(t testing.TB, c chain, v any) {
	t.Helper()
	want, wantErr := c.std.value(v)
	got, err := c.c.Any([]byte("before"), v)
	if fmt.Sprint(err) != fmt.Sprint(wantErr) {
		t.Fatalf("%v of %T(%#v): error %v, html/template's is %v", c, v, v, err, wantErr)
	}
	if err != nil {
		if string(got) != "before" {
			t.Fatalf("%v of %T(%#v): %q left behind by an error", c, v, v, got)
		}
		return
	}
	if string(got) != "before"+want {
		t.Fatalf("%v of %T(%#v):\n got %q\nwant %q", c, v, v, got[6:], want)
	}
}

func TestCheck(t *testing.T) {
	start := time.Now()
	if err := Check(); err != nil {
		t.Fatal(err)
	}
	t.Log(time.Since(start))
}

func TestChainsAreProbed(t *testing.T) {
	for _, c := range allChains() {
		if c.c.plain.kind == byStandard {
			t.Errorf("%v has no table", c)
		}
	}
}

// The functions reached by name are the ones that run in the context the names were read from.
func TestStandardIsWhatTemplatesRun(t *testing.T) {
	for _, c := range allChains() {
		render := func(v any) (string, error) {
			var out bytes.Buffer
			err := c.tmpl.Execute(&out, data{v})
			return out.String(), err
		}
		known, _ := c.std.value("qzq")
		out, err := render("qzq")
		before, after, ok := strings.Cut(out, known)
		if err != nil || !ok {
			t.Fatalf("%s: %v, %q", c.text, err, out)
		}
		if known == "" { // a comment, which the template drops but not always whole
			before, after = out, ""
		}
		for _, v := range values() {
			out, err := render(v)
			want, wantErr := c.std.value(v)
			if (err != nil) != (wantErr != nil) || err != nil && !strings.Contains(err.Error(), wantErr.Error()) {
				t.Fatalf("%s of %#v: %v, not %v", c.text, v, wantErr, err)
			}
			if err == nil && out != before+want+after {
				t.Fatalf("%s of %T(%#v): %q is not %q", c.text, v, v, out, before+want+after)
			}
		}
	}
}

func TestValues(t *testing.T) {
	for _, c := range allChains() {
		for _, v := range values() {
			same(t, c, v)
		}
	}
}

func TestStrings(t *testing.T) {
	var list []string
	for a := range 256 {
		list = append(list, string([]byte{byte(a)}), "ab"+string([]byte{byte(a)}), string([]byte{byte(a)})+"ab", "日"+string([]byte{byte(a)})+"本")
	}
	var pairs strings.Builder
	step := 1
	if testing.Short() {
		step = 7
	}
	for a := range 128 {
		for b := range 128 {
			if (a*128+b)%step == 0 {
				list = append(list, string([]byte{byte(a), byte(b)}))
			}
			pairs.Write([]byte{byte(a), byte(b)})
		}
	}
	list = append(list, pairs.String(), strings.Repeat("clean text and more of it, ", 200)+"<", strings.Repeat("x", 511), strings.Repeat("x", 513)+"&"+strings.Repeat("y", 5000)+"\x00")
	for r := rune(0x80); r < 0x11000; r++ {
		if r < 0x100 || r >= 0x2000 && r < 0x2040 || r >= 0xfdc0 && r < 0xfe00 || r >= 0xfef0 && r < 0xff04 || r >= 0xffe0 && r < 0x10004 {
			list = append(list, string(r), "a"+string(r)+"<b")
		}
	}
	for _, s := range probeStrings {
		for _, prefix := range []string{"a", "日本語", "12345678", "http:", "x=1&", "\xe2", "\xf0\x9f"} {
			list = append(list, prefix+s, s+prefix)
		}
	}
	chains := allChains()
	t.Logf("%d strings, %d chains", len(list), len(chains))
	for _, c := range chains {
		t.Run(c.String(), func(t *testing.T) {
			t.Parallel()
			for i, s := range list {
				sameString(t, c, Plain, s)
				if i < 1024 || i%16 == 0 || len(s) > 2 {
					for typ := Plain + 1; typ < numTypes; typ++ {
						if propertiesOf[c.names[0]].rewrites == typ || i%64 == 0 {
							sameString(t, c, typ, s)
						}
					}
				}
			}
		})
	}
}

func sameString(t testing.TB, c chain, typ Type, s string) {
	t.Helper()
	want, err := c.std.value(typ.value(s))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(c.c.Typed([]byte("x"), typ, s)); got != "x"+want {
		t.Fatalf("%v of %T(%q):\n got %q\nwant %q", c, typ.value(s), s, got[1:], want)
	}
}

// Any list of known functions makes a chain that does the same, whether html/template would write it or not.
func TestEveryPair(t *testing.T) {
	for first := range propertiesOf {
		for second := range propertiesOf {
			names := []string{first, second}
			c, ok := For(names)
			if !ok {
				t.Fatal(names)
			}
			std, err := standardOf(names)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range values() {
				same(t, chain{names: names, c: c, std: std}, v)
			}
		}
	}
}

func TestStaticTypes(t *testing.T) {
	for _, c := range allChains() {
		for _, v := range values() {
			want, err := c.std.value(v)
			if err != nil {
				continue
			}
			var got []byte
			switch v := v.(type) {
			case string:
				got = c.c.String(nil, v)
			case template.HTML:
				got = c.c.Typed(nil, HTMLType, string(v))
			case toggle:
				got = c.c.Bool(nil, bool(v))
			case level:
				got = c.c.Float(nil, float64(v), 64)
			case name:
				got = c.c.String(nil, string(v))
			default:
				continue
			}
			if string(got) != want {
				t.Errorf("%v of %T(%#v):\n got %q\nwant %q", c, v, v, got, want)
			}
		}
	}
}

func TestHTMLFunctions(t *testing.T) {
	c := allChains()[0]
	for _, s := range append(probeStrings, strings.Repeat("0123456789 clean ", 400), strings.Repeat("0123456789 clean ", 400)+"&"+strings.Repeat("z", 2000)+"<>"+strings.Repeat("é", 700)) {
		want, _ := c.std.value(s)
		if got := string(HTML([]byte{}, s)); got != want {
			t.Errorf("HTML(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestErrorNamesFunction(t *testing.T) {
	c, _ := For([]string{prefix + "jsvalescaper", prefix + "attrescaper"})
	b, err := c.Any([]byte("kept"), angry{})
	var e *Error
	if !errors.As(err, &e) || e.Func != prefix+"jsvalescaper" || err.Error() != "error calling _html_template_jsvalescaper: angry" || string(b) != "kept" {
		t.Errorf("got %q, %v", b, err)
	}
}

func TestUnknownNames(t *testing.T) {
	for _, names := range [][]string{nil, {""}, {"print"}, {prefix}, {prefix + "htmlescaper", "x"}} {
		if _, ok := For(names); ok {
			t.Errorf("a chain for %q", names)
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	names := []string{"_eval_args_", prefix + "urlfilter", prefix + "urlnormalizer", prefix + "nospaceescaper"}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			c, _ := For(names)
			for _, s := range probeStrings {
				want, _ := c.std.value(s)
				if got := string(c.Typed(nil, URL, s)); got != want {
					t.Errorf("%q: got %q, want %q", s, got, want)
				}
				if got, err := c.Any(nil, template.URL(s)); err != nil || string(got) != want {
					t.Errorf("%q: got %q, %v, want %q", s, got, err, want)
				}
			}
		})
	}
	wg.Wait()
}

func TestNoAllocation(t *testing.T) {
	b := make([]byte, 0, 4096)
	s := strings.Repeat("a<b> & 'ć' \"x\"", 3)
	var boxed any = s
	for _, c := range allChains() {
		if propertiesOf[c.names[0]].filter != noFilter || propertiesOf[c.names[0]].ascii || c.c.plain.rest != nil {
			continue
		}
		if n := testing.AllocsPerRun(100, func() {
			b = c.c.String(b[:0], s)
			b = c.c.Int(b, -12)
			b = c.c.Bool(b, true)
			b = c.c.Float(b, 1.25, 64)
			b, _ = c.c.Any(b, boxed)
		}); n != 0 && c.c.words.digits {
			t.Errorf("%v: %v allocations", c, n)
		}
	}
	url, _ := For([]string{prefix + "urlfilter", prefix + "urlnormalizer", prefix + "attrescaper"})
	if n := testing.AllocsPerRun(100, func() { b = url.String(b[:0], "https://example.com/a b?c=d&e=é%20") }); n != 0 {
		t.Errorf("%v allocations for a URL", n)
	}
}
