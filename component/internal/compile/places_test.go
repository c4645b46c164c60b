package compile

import (
	"errors"
	"fmt"
	"html/template"
	"reflect"
	"strings"
	"testing"

	"github.com/ropewalk/ropewalk/component/internal/source"

	"github.com/matryer/is"
)

type dangerous struct {
	S    string
	N    int
	Any  any
	HTML template.HTML
	URL  template.URL
	B    bool
	L    []string
}

// manyBranches leave a value in more ways than are followed, but for what matters.
var manyBranches = func() string {
	s := "{{if .B}}"
	for i := range 96 {
		s += fmt.Sprintf("%c%d{{else if .B}}", 'a'+i%26, i)
	}
	return s
}()

// Where html/template lets data run as script, Bind refuses it.
func TestDangers(t *testing.T) {
	compile := func(text string, typ reflect.Type, o Options) error {
		set, err := Parse(o, source.File{Name: "main", Text: text})
		if err != nil {
			t.Fatal(err)
		}
		_, err = set.Compile("main", typ, false)
		return err
	}
	for _, text := range []string{
		`<iframe srcdoc="{{.S}}"></iframe>`,
		`<iframe srcdoc='<p>{{.S}}</p>'></iframe>`,
		`<iframe sandbox SRCDOC={{.S}}></iframe>`,
		`<iframe srcdoc="{{.URL}}"></iframe>`,
		`<iframe srcdoc="{{if .B}}x{{end}}{{.S}}"></iframe>`,
		`<iframe {{if .B}}srcdoc="{{.S}}"{{end}}></iframe>`,
		`<iframe {{template "attr" .}}></iframe>{{define "attr"}}srcdoc="{{.S}}"{{end}}`,
		`<svg><a><animate attributeName="href" to="{{.S}}"/></a></svg>`,
		`<svg><a><animate attributeName=href values="x;{{.S}}"/></a></svg>`,
		`<svg><a><animate to="{{.S}}" attributeName="href"/></a></svg>`,
		`<svg><a><animate attributeName="{{.S}}" from='{{.S}}'/></a></svg>`,
		`<svg><a><set attributeName="xlink:href" to="{{.S}}"/></a></svg>`,
		`<svg><a><set {{.S}}="{{.S}}"/></a></svg>`,
		`<a href="javascript:f({{.S}})">x</a>`,
		"<a href=\"\t Java\nScript:{{.S}}\">x</a>",
		`<a href='javascript:f("{{.S}}")'>x</a>`,
		`<form action="vbscript:{{.S}}"></form>`,
		`<button formaction="javascript:{{.S}}" onclick="f({{.S}})"></button>`,
		`<script>var x = "<p>";</script><iframe srcdoc="{{.S}}"></iframe>`,
		`<!-- " --><iframe srcdoc="{{.S}}"></iframe>`,
		`<p title=">"><iframe srcdoc="{{.S}}"></iframe>`,
		`<a href="` + manyBranches + `z{{else}}javascript:{{end}}{{.S}}">x</a>`,
		// what a browser reads is not what is written
		`<a href="javascript&#58;{{.S}}">x</a>`,
		`<a href="&#106;avascript:{{.S}}">x</a>`,
		`<a href="java&Tab;script:{{.S}}">x</a>`,
		`<a href="javascript&colon;{{.S}}">x</a>`,
		`<a href="javascri{{if .B}}pt:{{else}}ng:{{end}}{{.S}}">x</a>`,
		`<svg><a><animate attributeName="hre&#102;" to="{{.S}}"/></a></svg>`,
		`<svg><a><animate to="{{.S}}" attributename=xlink:href /></a></svg>`,
		`<svg><a><set to="{{.S}}" {{.S}}="href"/></a></svg>`,
		`<a href="data:text/html,{{.S}}">x</a>`,
		`<a href="DATA:text/html;charset=utf-8,{{.S}}">x</a>`,
		`<a href="data:{{.S}}">x</a>`,
		`<iframe src="data:image/svg+xml,{{.S}}"></iframe>`,
		`<script src="data:text/plain,{{.S}}"></script>`,
		`<style>a</styles><a href=""</style><iframe srcdoc="{{.S}}"></iframe>`,
		`<a href="{{range .L}}javascript:{{break}}{{end}}{{.S}}">x</a>`,
		`<iframe {{range .L}}{{if $.B}}srcdoc="{{break}}{{end}}srcdoc="{{end}}{{.S}}"></iframe>`,
		`<scr{{.S}}>{{.S}}</script>`,
		`<script>x = "</{{.S}}>"</script>`,
	} {
		err := compile(text, reflect.TypeFor[dangerous](), Options{})
		if err == nil {
			t.Errorf("%s binds", text)
		}
		if theirs := new(template.Error); errors.As(err, &theirs) {
			continue // html/template has refused it itself
		}
		if err := compile(text, reflect.TypeFor[dangerous](), Options{Dangerous: true}); err != nil {
			t.Errorf("%s: %v, although it is allowed", text, err)
		}
	}
	for _, text := range []string{
		`<iframe srcdoc="{{.HTML}}" title="{{.S}}"></iframe>`,
		`<iframe srcdoc="{{.N}}" src="{{.S}}"></iframe>`,
		`<iframe srcdoc="<p>fixed</p>"></iframe>{{.S}}`,
		`<svg><animate attributeName="fill" to="{{.S}}"/></svg>`,
		`<svg><animate attributeName="href" dur="{{.S}}" to="{{.URL}}"/></svg>`,
		`<a href="{{.S}}">javascript:{{.S}}</a>`,
		`<p title="javascript: {{.N}}">`,
		`<a href="javascript:f({{.N}})">x</a>`,
		`<a href="/javascript:/{{.S}}">x</a>`,
		`<a onclick="javascript:f({{.S}}, '{{.S}}')">x</a>`,
		`<p title='srcdoc="'>{{.S}}`,
		`<script>var s = "<iframe srcdoc=\"{{.S}}\">"</script>`,
		`<a srcdocs="{{.S}}">`,
		`<p to="{{.S}}">`,
		`<p title="{{template "t" .}}">{{define "t"}}a{{.S}}{{if .B}}{{template "t" .}}{{end}}{{end}}`,
		`<p {{template "t" .}}>{{define "t"}}a{{if .B}}{{template "t" .}}{{end}}{{end}}`,
		`<p title="javascript: {{.S}}">`,
		`<meta property="og:title" content="javascript: {{.S}}">`,
		`<meta content="{{.S}}" name="description">`,
		`<svg><animateMotion path="{{.S}}" values="{{.S}}"/></svg>`,
		`<svg><animate to="{{.S}}" attributeName="fill"/></svg>`,
		`<svg><animate to="{{.S}}"/></svg>`,
		`<img src="data:image/png;base64,{{.S}}">`,
		`<img src="data:image/svg+xml,{{.S}}">`,
		`<a href="{{.S}}:{{.S}}">`,
		`<a href="{{.S}}://{{.S}}/{{.S}}">`,
		`<a href="{{if .B}}https{{else}}http{{end}}://{{.S}}">`,
		`<h{{.N}}>{{.S}}</h{{.N}}><h{{.S}}>`,
		`<p data-{{.S}}="{{.S}}" aria-{{.S}}="{{.S}}">`,
		`<p class="a{{if .B}} b{{end}}{{if .B}} c{{end}}{{if .B}} d{{end}}{{if .B}} e{{end}}{{if .B}} f{{end}}{{if .B}} g{{end}} {{.S}}">`,
		`<style>p { content: "</styles"; color: {{.S}} }</style>{{.S}}`,
		`{{range .L}}<li>{{if $.B}}{{break}}{{end}}<a href="{{.}}">{{.}}</a>{{else}}none{{end}}`,
	} {
		if err := compile(text, reflect.TypeFor[dangerous](), Options{}); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// A value of unknown type is judged when it is there.
func TestDangersAtRunTime(t *testing.T) {
	is := is.New(t)
	set, err := Parse(Options{}, source.File{Name: "main", Text: `<iframe srcdoc="{{.}}"></iframe>`})
	is.NoErr(err)
	compiled, err := set.Compile("main", nil, false)
	is.NoErr(err)
	for _, test := range []struct {
		data any
		fine bool
	}{{"<script>", false}, {template.HTML("x"), true}, {3, true}, {nil, true}, {template.URL("x"), false}, {[]byte("x"), false}} {
		r := compiled.Rendering(reflect.ValueOf(test.data))
		var b strings.Builder
		err := r.Render(t.Context(), &b)
		is.Equal(err == nil, test.fine)
	}
}

// The URL of a meta refresh is filtered whatever GODEBUG and the release say.
func TestRefreshIsFiltered(t *testing.T) {
	is := is.New(t)
	t.Setenv("GODEBUG", "htmlmetacontenturlescape=0")
	set, err := Parse(Options{}, source.File{Name: "main", Text: `<meta http-equiv="refresh" content="0; URL={{.}}">`})
	is.NoErr(err)
	compiled, err := set.Compile("main", reflect.TypeFor[string](), false)
	is.NoErr(err)
	data := "javascript:alert(1)"
	r := compiled.Rendering(reflect.ValueOf(&data).Elem())
	var b strings.Builder
	is.NoErr(r.Render(t.Context(), &b))
	is.Equal(b.String(), `<meta http-equiv="refresh" content="0; URL=#ZgotmplZ">`)
}

type pair struct {
	A, B string
	L    []string
	U    template.URL
	Any  any
}

// What only the data of a render shows is checked when that is printed.
func TestDangersInData(t *testing.T) {
	for _, test := range []struct {
		text string
		data pair
		want string
	}{
		{`<a href="{{.A}}:{{.B}}">`, pair{A: "javascript", B: "f()"}, `<a href="#ZgotmplZ:f%28%29">`},
		{`<a href='{{.A}}:{{.B}}'>`, pair{A: "JavaScript", B: "f"}, `<a href='#ZgotmplZ:f'>`},
		{`<a href={{.A}}:{{.B}}>`, pair{A: "vbscript", B: "f"}, `<a href=#ZgotmplZ:f>`},
		{`<a href="{{.A}}://{{.B}}">`, pair{A: "https", B: "x.org"}, `<a href="https://x.org">`},
		{`<a href="{{.A}}://{{.B}}">`, pair{A: "myapp", B: "x"}, `<a href="myapp://x">`},
		{`<a href="{{.A}}{{.B}}">`, pair{A: "java", B: "script:f"}, `<a href="java#ZgotmplZ">`},
		{`<a href="{{.A}}{{.B}}">`, pair{A: "/a", B: "/b:c"}, `<a href="/a/b:c">`},
		{`<a href="{{.A}}{{.B}}:x">`, pair{A: "java", B: "script"}, `<a href="java#ZgotmplZ:x">`},
		{`<a href="{{.A}}cript:x">`, pair{A: "javas"}, `<a href="#ZgotmplZcript:x">`},
		{`<a href="java{{.A}}">`, pair{A: "script:f"}, `<a href="java#ZgotmplZ">`},
		{`<a href="java{{.A}}">`, pair{A: "/x:y"}, `<a href="java/x:y">`},
		{`<a href="&{{.A}}">`, pair{A: "#106;avascript:f"}, `<a href="&#ZgotmplZ">`},
		{`<a href="{{range .L}}{{.}}{{end}}:x">`, pair{L: []string{"java", "script"}}, `<a href="java#ZgotmplZ:x">`},
		{`<a href="{{.A}}:{{.B}}">{{.A}}:{{.B}}`, pair{A: "data", B: "f"}, `<a href="#ZgotmplZ:f">data:f`},
		{`<a href="{{.U}}:x">`, pair{U: "javascript"}, `<a href="javascript:x">`},
		{`<a href="{{.Any}}:x">`, pair{Any: template.URL("javascript")}, `<a href="javascript:x">`},
		{`<a href="{{.Any}}:x">`, pair{Any: "javascript"}, `<a href="#ZgotmplZ:x">`},
		{`<meta http-equiv="refresh" content="0; {{.A}}">`, pair{A: "javascript:f"}, `<meta http-equiv="refresh" content="0; #ZgotmplZ">`},
		{`<meta content="{{.A}}" http-equiv="Refr&#101;sh">`, pair{A: "0;url='javascript:f"}, `<meta content="#ZgotmplZ" http-equiv="Refr&#101;sh">`},
		{`<meta http-equiv="refresh" content="{{.A}}{{.B}}">`, pair{A: "1;java", B: "script:f"}, `<meta http-equiv="refresh" content="1;java#ZgotmplZ">`},
		{`<meta http-equiv="refresh" content="{{.A}}">`, pair{A: "5; url=/x"}, `<meta http-equiv="refresh" content="5; url=/x">`},
		{`<meta http-equiv="refresh" content="5">{{.A}}`, pair{A: "5; javascript:x"}, `<meta http-equiv="refresh" content="5">5; javascript:x`},
		{`<p o{{.A}}="{{.B}}">`, pair{A: "nclick", B: "f()"}, `<p onclick="#ZgotmplZ">`},
		{`<p {{.A}}{{.B}}="{{.B}}">`, pair{A: "o", B: "nclick"}, `<p onclick="#ZgotmplZ">`},
		{`<p data-{{.A}} = "{{.B}}">`, pair{A: "id", B: "f()"}, `<p data-id = "f()">`},
		{`<iframe src{{.A}}='{{.B}}'>`, pair{A: "doc", B: "f()"}, `<iframe srcdoc='#ZgotmplZ'>`},
		{`<a href="{{.A}}">`, pair{A: "tel:+49 1"}, `<a href="tel:&#43;49%201">`},
		{`<a href="{{.Any}}">`, pair{Any: "SMS:1?body=a"}, `<a href="SMS:1?body=a">`},
	} {
		set, err := Parse(Options{}, source.File{Name: "main", Text: test.text})
		if err != nil {
			t.Fatal(err)
		}
		compiled, err := set.Compile("main", reflect.TypeFor[pair](), false)
		if err != nil {
			t.Error(err)
			continue
		}
		r := compiled.Rendering(reflect.ValueOf(&test.data).Elem())
		var b strings.Builder
		if err := r.Render(t.Context(), &b); err != nil || b.String() != test.want {
			t.Errorf("%s: %s, %v", test.text, b.String(), err)
		}
	}
}
