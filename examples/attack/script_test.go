package attack

import (
	"bufio"
	"encoding/json"
	"html"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ropewalk/ropewalk/component"
)

// A parser of JavaScript is a Node that reads tokens.
type parser struct {
	in  io.WriteCloser
	out *bufio.Reader
}

func newParser(t *testing.T) *parser {
	t.Helper()
	node, err := exec.LookPath("node")
	switch {
	case err != nil && os.Getenv("CI") == "true":
		t.Fatal("CI needs Node to parse scripts with: ", err)
	case err != nil:
		t.Skip("no Node here to parse scripts with: ", err)
	}
	cmd := exec.CommandContext(t.Context(), node, "--expose-internals", "tokens.js")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		cmd.Wait()
	})
	return &parser{in, bufio.NewReader(out)}
}

// tokens are those of each script; nil for one that is none.
func (p *parser) tokens(t *testing.T, scripts []string) (out [][]string) {
	t.Helper()
	if err := json.NewEncoder(p.in).Encode(scripts); err != nil {
		t.Fatal(err)
	}
	line, err := p.out.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &out)
	}
	if err != nil || len(out) != len(scripts) {
		t.Fatal("the parser has ended: ", err)
	}
	return out
}

// hostile is data that tries to become code. Each calls hit.
var hostile = []string{
	`hit()`, `'+hit()+'`, `"+hit()+"`, "`+hit()+`", `${hit()}`, `/;hit();/`, `/g;hit()//`, `*/hit()/*`, "\nhit()\n", `]/;hit()//`,
	`\`, `\"+hit()//`, `\'+hit()//`, "\u2028hit()", `}hit();{`, `)hit();(`, "}`;hit();`", `</script><script>hit()//`, `-->hit()`, `0;hit()`,
	`&#39;+hit()+&#39;`, `#39;+hit()//`, `39;+hit()//`, `x;hit()//`,
}

type scriptData struct {
	S    string
	B    bool
	List []string
}

// data are a harmless string and the hostile ones, in each branch.
func scriptDatas() (out []scriptData) {
	for _, s := range append([]string{"abc"}, hostile...) {
		for _, b := range []bool{false, true} {
			for n := range 3 {
				out = append(out, scriptData{s, b, slices.Repeat([]string{s}, n)})
			}
		}
	}
	return out
}

// staysData reports what data has become in a script that a template makes, if it has
// become anything but one value of it: "" if not, or if the template is refused.
func staysData(t *testing.T, p *parser, before, script, after string, decode func(string) string) (bad string, bound, parsed bool) {
	views, err := component.Parser{}.Parse(component.Source{Name: "main", Text: before + script + after})
	if err != nil {
		return "", false, false
	}
	view, err := component.Bind[scriptData](views, "main")
	if err != nil {
		return "", false, false
	}
	datas := scriptDatas()
	scripts := make([]string, len(datas))
	for i, d := range datas {
		var b strings.Builder
		if err := component.Render(t.Context(), &b, view(d)); err != nil {
			return "", false, false
		}
		page := strings.TrimPrefix(b.String(), before)
		end := strings.LastIndex(page, after)
		scripts[i] = decode(page[:end])
	}
	tokens := p.tokens(t, scripts)
	variants := len(datas) / (1 + len(hostile))
	for i := range datas {
		parsed = parsed || tokens[i] != nil
		tame := tokens[i%variants]
		switch {
		case slices.Contains(tokens[i], "hit"):
			return "code: " + scripts[i], true, true
		case tame != nil && tokens[i] != nil && !slices.Equal(tame, tokens[i]):
			return "other tokens: " + scripts[i], true, true
		case tame != nil && tokens[i] == nil:
			return "no script: " + scripts[i], true, true
		}
	}
	return "", true, parsed
}

// pieces are what random scripts are made of. Some are far more telling together than
// alone, so those come in several forms.
var pieces = []string{
	"{{.S}}", "{{.S}}", "{{.S}}", `"{{.S}}"`, `'{{.S}}'`, "`{{.S}}`", "/{{.S}}/", "/{{.S}}/g", "`${", "}`", "`a${ {{.S}} }b`", "`", "${",
	"{{if .B}}", "{{else}}", "{{end}}", "{{range .List}}", "{{end}}", "{{if .B}}(a){{end}}", "{{if .B}}/{{end}}", "{{range .List}}{{.}},{{end}}",
	"/", "/", "/", "//", "/*", "*/", "\n", "\n", " ", " ", ";", ";", "a", "b", "1", "1.", "=", "x=", "+", "++", "--", "-", "!", "?", ":", ",", ".", "?.",
	"(", ")", "[", "]", "{", "}", "=>", "if(a)", "while(a)", "for(;;)", "for(x of ", "return ", "typeof ", "await ", "yield ", "else ", "do ", "case a:",
	"function(){}", "function f(){", "()=>{}", "class{}", "({})", "{}", "var x=", "let ", "async ", "of ", "in ", "new ", "void ", "this", "null", "super",
	"a.if(b)", "a.return", "this.#if(a)", "#if", "a?.b", "/[/]/", `/[\]"]/`, `/\//`, "/a/g", `"\""`, `'\''`, "`\\``", `"/*"`, "<!--", "-->", "#!", "\\u0069f(a)",
	"static{}", "get ", "set ", "async function*g(){", "label:", "@", "0x1F", "1_0", ".5", "é", "\u00a0", "\u2028", "&", "&amp;", "&#", "&quot;",
}

// scriptFrames are whole scripts that differ in one place, %.
var scriptFrames = []string{
	"let x = %/{{.S}}/g", "x = (%) / {{.S}} / 2", "x = %\n/{{.S}}/g", "`${ % }{{.S}}`", "f(%, {{.S}})", "% {{.S}}", "function* g(){ % /{{.S}}/g }", "async function g(){ % /{{.S}}/g }",
	"x = {a: %, b: {{.S}}}", "if (a) % else /{{.S}}/.test(b)", "%; x = '{{.S}}'", "class A { b(){ % } c = {{.S}} }", "switch (a) { case %: b = \"{{.S}}\" }",
}

func randomScript(r *rand.Rand) string {
	var b strings.Builder
	for range 1 + r.IntN(8) {
		b.WriteString(pieces[r.IntN(len(pieces))])
	}
	s := b.String()
	if r.IntN(3) > 0 {
		s = strings.ReplaceAll(scriptFrames[r.IntN(len(scriptFrames))], "%", s)
	}
	return s
}

// Whatever binds, data stays one value of the script: SCRIPTS random ones, beginning with
// SCRIPTS_BASE, tell.
func TestDataStaysDataInScripts(t *testing.T) {
	p := newParser(t)
	count, base := number("SCRIPTS", 1500), number("SCRIPTS_BASE", 0)
	bound, parsed := 0, 0
	for i := range count {
		r := rand.New(rand.NewPCG(uint64(base+i), 1))
		script := randomScript(r)
		bad, ok, is := "", false, false
		if i%3 > 0 {
			bad, ok, is = staysData(t, p, "<script>", script, "</script>", func(s string) string { return s })
		} else {
			bad, ok, is = staysData(t, p, `<p onclick="`, strings.ReplaceAll(script, `"`, "&quot;"), `">x</p>`, html.UnescapeString)
		}
		if ok {
			bound++
		}
		if is {
			parsed++
		}
		if bad != "" {
			t.Errorf("%d: %q: %s", base+i, script, bad)
		}
	}
	t.Logf("%d scripts: %d bind, %d of these are scripts", count, bound, parsed)
	if parsed < count/50 {
		t.Error("too few scripts are any: the test would prove nothing")
	}
}

func number(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}
