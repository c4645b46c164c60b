package compile

import (
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
	} {
		err := compile(text, reflect.TypeFor[dangerous](), Options{})
		if err == nil || !strings.Contains(err.Error(), "if the value is trusted, make it a template.") {
			t.Errorf("%s: %v", text, err)
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
