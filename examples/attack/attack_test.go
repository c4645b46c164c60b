package attack

import (
	"context"
	"fmt"
	"html/template"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/engine"
	"github.com/ropewalk/ropewalk/response"
)

// contexts holds one element for each place that data can stand in, as {{.}} or, where
// two pieces tell more, {{.}} and {{.B}}. What must be done to the element for a script
// in it to run is done by poke.
var contexts = []string{
	`<p>{{.}}</p>`,
	`<p title="{{.}}">x</p>`,
	`<p title='{{.}}'>x</p>`,
	`<p title={{.}}>x</p>`,
	`<p {{.}}>x</p>`,
	`<p {{.}}="alert(1)">x</p>`,
	`<p data-x="{{.}}" class="{{.}}" id="{{.}}">x</p>`,
	`<a href="{{.}}">x</a>`,
	`<a href='{{.}}'>x</a>`,
	`<a href={{.}}>x</a>`,
	`<a href="{{.}}{{.}}">x</a>`,
	`<a href="/x?q={{.}}#{{.}}">x</a>`,
	`<a href="/x/{{.}}">x</a>`,
	`<form action="{{.}}"><button formaction="{{.}}">x</button></form>`,
	`<iframe src="{{.}}"></iframe>`,
	`<img src="{{.}}" srcset="{{.}}, {{.}} 2x">`,
	`<object data="{{.}}"></object>`,
	`<embed src="{{.}}">`,
	`<svg><a xlink:href="{{.}}"><text y="20">x</text></a><animate attributeName="fill" values="{{.}}"/></svg>`,
	`<svg><use href="{{.}}"/></svg>`,
	`<math><maction actiontype="statusline" xlink:href="{{.}}">x</maction></math>`,
	`<p onclick="f({{.}})">x</p>`,
	`<p onclick='f("{{.}}")'>x</p>`,
	`<p onclick="f('{{.}}')">x</p>`,
	`<p style="color: {{.}}">x</p>`,
	`<p style="background: url({{.}})">x</p>`,
	`<p style="background: url('{{.}}')">x</p>`,
	`<p style='font-family: "{{.}}"'>x</p>`,
	`<style>#x { color: {{.}} } #y { background: url("{{.}}") }</style>`,
	`<script>f({{.}});</script>`,
	`<script>f("{{.}}");</script>`,
	`<script>f('{{.}}');</script>`,
	"<script>f(`{{.}}`);</script>",
	"<script>f(`${ {{.}} }`);</script>",
	`<script>f(/{{.}}/);</script>`,
	`<script>/* {{.}} */ f(1);</script>`,
	`<script type="application/json">{"x": {{.}}}</script>`,
	`<!-- {{.}} -->`,
	`<title>{{.}}</title>`,
	`<textarea>{{.}}</textarea>`,
	`<noscript>{{.}}</noscript>`,
	`<select><option value="{{.}}">{{.}}</option></select>`,
	`<table><tr><td>{{.}}</td></tr></table>`,
	`<template><p>{{.}}</p></template>`,
	`<xmp>{{.}}</xmp>`,
	`<a href="{{.}}:{{.B}}">x</a>`,
	`<a href='{{.}}{{.B}}'>x</a>`,
	`<a href={{.}}:{{.B}}>x</a>`,
	`<a href="java{{.}}">x</a>`,
	`<a href="&{{.}}">x</a>`,
	`<a href="tel:{{.}}">x</a>`,
	`<p o{{.}}="{{.B}}">x</p>`,
	`<p {{.}}{{.B}}="{{.B}}">x</p>`,
	`<iframe src{{.}}="{{.B}}"></iframe>`,
	`<p data-{{.}}="{{.B}}">x</p>`,
	`<h{{.}}>{{.B}}</h1>`,
	`<meta http-equiv="refresh" content="9999; {{.}}">`,
	`<meta http-equiv="refresh" content="{{.}}">`,
	`<meta content="9999;url={{.}}" http-equiv="refresh">`,
	`<meta name="description" content="{{.}}">`,
	`<svg><a><text y="20">x</text><animate to="{{.}}" attributeName="fill"/></a></svg>`,
	`<img src="data:image/png;base64,{{.}}">`,
	`<link rel="preload" as="image" imagesrcset="{{.}}">`,
	`<script type="importmap">{{.}}</script>`,
	`<script type="speculationrules">{"x": "{{.}}"}</script>`,
	`<p hx-on:click="f('{{.}}')">x</p>`,
	`<p x-data="{a: {{.}}}" x-init='f("{{.}}")'>x</p>`,
	"<p @click=\"f(`{{.}}`)\" :class=\"{{.}}\">x</p>",
	`<p v-if="f({{.}})" ng-click="f('{{.}}')" data-x-on:click="f({{.}})">x</p>`,
	`<p onclick="f('a{{.}}', {{.B}})">x</p>`,
	"<script>var a = [1], x = a[0] / {{.}} / 1; f(`${ {a: {}} }{{.}}`);</script>",
	`<script>var r = /[/]{{.}}/; f(a / {{.}} / b); var a, b;</script>`,
	`<script>f(typeof {{.}}, (1) / {{.}}, x => /{{.}}/.test(x));</script>`,
	`<script>{{if .B}}f({{.}});{{else}}f('{{.}}');{{end}} f(/x/, "{{.}}");</script>`,
}

// A form is a way to print data: as an action, or in a component.
var forms = []struct{ name, action string }{
	{"action", `{{.A}}`},
	{"with", `{{with say "Title" .A}}{{end}}`},
	{"slot", `{{slot "part" .}}`},
	{"children", `{{with box "Title" ""}}{{.A}}{{end}}`},
	{"Template", `{{tmpl "Title" .A}}`},
}

// fewestInText is how many contexts are text, where a component may stand.
const fewestInText = 5

type cardProps struct {
	Title    string
	Children component.Component
}

var funcs = map[string]any{
	"say": func(p cardProps) component.Component { return component.Text(p.Title) },
	"box": func(p cardProps) component.Component {
		return component.Join(component.Raw("<i>"), p.Children, component.Raw("</i>"))
	},
	"tmpl": component.Template[cardProps]("tmpl"),
}

type data struct{ A, B string }

// A view is a context with a form in it.
type view struct {
	text string
	show func(data) component.Component
}

var attacks = []string{
	`<script>hit()</script>`,
	`<img src=x onerror=hit()>`,
	`<svg onload=hit()>`,
	`"><img src=x onerror=hit()>`,
	`'><img src=x onerror=hit()>`,
	` onmouseover=hit() onclick=hit() `,
	`x onclick=hit()`,
	`" onclick="hit()`,
	`' onclick='hit()`,
	"` onclick=`hit()",
	`javascript:hit()`,
	` JaVaScRiPt:hit()`,
	"java\tscript:hit()",
	"\x01javascript:hit()",
	`javascript&colon;hit()`,
	`javascript%3ahit()`,
	`data:text/html,<script>parent.hit()</script>`,
	`vbscript:hit()`,
	`");hit();//`,
	`');hit();//`,
	"`);hit();//",
	`${hit()}`,
	`\");hit();//`,
	`\u0027);hit();//`,
	`*/hit();/*`,
	`/;hit();/`,
	`</script><script>hit()</script>`,
	`</style><script>hit()</script>`,
	`</title><script>hit()</script>`,
	`</textarea><script>hit()</script>`,
	`</noscript></xmp></template><script>hit()</script>`,
	`--><script>hit()</script><!--`,
	`<!--<script>`,
	"\u2028hit()",
	`;background:url(javascript:hit())`,
	`expression(hit())`,
	`onclick`,
	`srcdoc`,
	`x:y,javascript:hit() 2x`,
	`{"toString":hit()}`,
	`constructor`,
	`javascript`,
	`java`,
	`script:hit()`,
	`nclick`,
	`onclick="hit()`,
	`#106;avascript:hit()`,
	`#39;);hit();//`,
	`doc`,
	`1;url=javascript:hit()`,
	`0,javascript:hit()`,
	`/;hit();//`,
	`/g;hit();//`,
	`]/;hit();//`,
	"}`);hit();//",
	`1</h1><script>hit()</script>`,
}

// second is what stands beside an attack where a context has two pieces.
var second = map[string]string{"java": "script:hit()", "o": "nclick", "doc": "<script>parent.hit()</script>"}

func dataOf(attack string) data {
	b, ok := second[attack]
	if !ok {
		b = "hit()"
	}
	return data{attack, b}
}

// views are all that bind. An action does everywhere, a component in text alone.
var views = func() (out []view) {
	for _, form := range forms {
		bound := 0
		for _, context := range contexts {
			text := strings.NewReplacer("{{.}}", form.action).Replace(context)
			set := component.Must(component.Parser{Funcs: funcs}.Parse(
				component.Source{Name: "main", Text: text},
				component.Source{Name: "parts", Text: `{{define "part"}}{{.A}}{{end}}{{define "tmpl"}}<b title="{{.Title}}">{{.Title}}</b>{{end}}`},
			))
			show, err := component.Bind[data](set, "main")
			switch {
			case err == nil:
				bound++
				out = append(out, view{text, show})
			case form.name == "action":
				panic(err)
			}
		}
		if form.name != "action" && (bound < fewestInText || bound > len(contexts)/3) {
			panic(fmt.Sprintf("%d contexts take a %s", bound, form.name))
		}
	}
	return out
}()

const head = `<!DOCTYPE html><html><head><script>
var hits = 0, runs = 0;
function hit() { hits++ }
function f() { runs++ }
window.addEventListener("click", e => e.preventDefault());
window.addEventListener("submit", e => e.preventDefault());
function poke() {
	for (const e of document.querySelectorAll("body *")) {
		for (const a of ["href", "action", "formaction", "src", "data", "xlink:href"]) {
			const u = e[a] && e[a].baseVal !== undefined ? e[a].baseVal : e[a];
			if (e.matches("img") && /^data:image\/png;/.test(u)) continue; // which the template says itself
			if (typeof u === "string" && /^\s*(javascript|vbscript|data):/i.test(u)) hits += 1000;
		}
		for (const a of e.attributes) {
			if (/^(data-)?(hx-on|x-|v-|ng-|@|:)/.test(a.name)) try { new Function(a.value)() } catch {}
			if (/^(data-)?(hx-on|x-|v-|ng-|@|:)/.test(a.name)) try { new Function("return " + a.value)() } catch {}
		}
		if (e.matches("meta[http-equiv=refresh]") && /^\s*[\d.]+[\s;,]\s*[;,]?\s*(url\s*=\s*)?["']?\s*(javascript|data):/i.test(e.content)) hits += 1000;
		for (const type of ["click", "mouseover", "focus", "load", "error"]) {
			e.dispatchEvent(new MouseEvent(type, {bubbles: true, cancelable: true}));
		}
	}
	if (document.querySelectorAll("i[end]").length != document.body.dataset.views) hits += 1e6;
	return hits;
}
</script></head>`

// document is a page of views. An end stands behind each: a view that leaves its place
// without running anything has no end, and is found out by their number.
func document(views ...component.Component) component.Component {
	all := []component.Component{component.Raw(template.HTML(fmt.Sprintf("%s<body data-views=%d>", head, len(views))))}
	for _, v := range views {
		all = append(all, v, component.Raw("<i end></i>"))
	}
	return component.Join(append(all, component.Raw("</body></html>"))...)
}

// A round shows each view with one of the attacks. The same attack comes to one view
// after the other: as many rounds as there are attacks show all of them in all views.
func attackOf(round, view int) int { return (round + view) % len(attacks) }

// part shows at most size views of a round, beginning with the first.
func part(round, size, first int) component.Component {
	var all []component.Component
	for i := first; i < min(first+size, len(views)); i++ {
		all = append(all, views[i].show(dataOf(attacks[attackOf(round, i)])))
	}
	return document(all...)
}

// frames shows a round, so many views in each document.
func frames(round, size int) component.Component {
	var all []component.Component
	for i := 0; i < len(views); i += size {
		all = append(all, component.Raw(template.HTML(fmt.Sprintf(`<iframe src="/round/%d/by/%d/from/%d"></iframe>`, round, size, i))))
	}
	return component.Join(all...)
}

// exhaustive asks when the test runs: what is read before that is no part of the key
// under which go test caches its results.
func exhaustive() bool { return os.Getenv("EXHAUSTIVE") != "" }

// patience is how long the browser may take; one that hangs fails the test.
func patience() time.Duration {
	if exhaustive() {
		return 9 * time.Minute // less than go test's own
	}
	return 2 * time.Minute
}

// rounds are those to show: a few that lie far apart, as neighbours in attacks are alike,
// or all with EXHAUSTIVE=1.
func rounds() (out []int) {
	few := 8
	if exhaustive() {
		few = len(attacks)
	}
	for i := range few {
		out = append(out, i*len(attacks)/few)
	}
	return out
}

func serve(page *response.Context) (component.Component, error) {
	var round, size, first int
	path := page.Request.URL.Path
	exactly := func(format string, numbers ...any) bool {
		n, err := fmt.Sscanf(path, format, numbers...)
		if err != nil || n != len(numbers) {
			return false
		}
		for i, p := range numbers {
			numbers[i] = *p.(*int)
		}
		return fmt.Sprintf(format, numbers...) == path // and not a hostile URL relative to such a path
	}
	switch {
	case path == "/control":
		return component.Raw(`<iframe src="/hit"></iframe><iframe src="/open"></iframe><iframe src="/calm"></iframe>`), nil
	case path == "/hit":
		return document(component.Raw(`<img src=x onerror="hit()"><a href="javascript:hit()" onclick="hit()">x</a>`)), nil
	case path == "/open":
		return document(component.Raw(`<p title="`), component.Raw(`<p title="">`)), nil
	case path == "/calm":
		return document(component.Text("calm")), nil
	case exactly("/round/%d/by/%d/from/%d", &round, &size, &first):
		return part(round, size, first), nil
	case exactly("/round/%d/by/%d", &round, &size):
		return frames(round, size), nil
	}
	return nil, response.NotFound()
}

func TestNothingRuns(t *testing.T) {
	if testing.Short() {
		t.Skip("it opens a browser")
	}
	server := httptest.NewServer(engine.PageFunc(serve))
	defer server.Close()
	browser := chromium(t)
	open := func(path string) (hits []int) {
		t.Helper()
		err := chromedp.Do(browser, chromedp.Navigate(server.URL+path))
		if err == nil {
			hits, err = chromedp.Run(browser, chromedp.Evaluate[[]int](`[...document.querySelectorAll("iframe")].map(f => f.contentWindow.poke())`))
		}
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		return hits
	}
	if hits := open("/control"); len(hits) != 3 || hits[0] < 1000 || hits[0] >= 1e6 || hits[1] < 1e6 || hits[2] != 0 {
		t.Fatalf("the browser does not run what is meant to run (%v): the test would prove nothing", hits)
	}
	// Many views share a document, as loading one takes longest. If one runs, each is shown alone.
	const many = 16
	for _, round := range rounds() {
		hits := open(fmt.Sprintf("/round/%d/by/%d", round, many))
		if len(hits) != (len(views)+many-1)/many {
			t.Fatalf("%d documents were shown", len(hits))
		}
		if slices.Max(hits) == 0 {
			continue
		}
		t.Errorf("round %d: something runs, or leaves its place: %v", round, hits)
		for i, hits := range open(fmt.Sprintf("/round/%d/by/1", round)) {
			if attack := attacks[attackOf(round, i)]; hits != 0 {
				var b strings.Builder
				component.Render(t.Context(), &b, views[i].show(dataOf(attack)))
				t.Errorf("%q in %s runs: %s", attack, views[i].text, b.String())
			}
		}
	}
}

func chromium(t *testing.T) context.Context {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatal("CI needs Debian's package chromium: ", err)
	}
	if err != nil {
		t.Skip("no Chromium here: ", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience())
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx,
		chromedp.ExecPath(program), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
	)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	return ctx
}
