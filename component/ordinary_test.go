package component_test

import (
	"encoding/json"
	"testing"

	"github.com/ropewalk/ropewalk/component"
)

// ordinary are inline scripts as sites have them, hand-written and minified. Some divide,
// some have regexps, and data stands before and behind those.
var ordinary = []string{
	`window.dataLayer = window.dataLayer || []; function gtag(){dataLayer.push(arguments);} gtag('js', new Date()); gtag('config', '{{.S}}');`,
	`(function(w,d,s,l,i){w[l]=w[l]||[];w[l].push({'start':new Date().getTime(),event:'js'});var f=d.getElementsByTagName(s)[0],j=d.createElement(s);j.async=true;j.src='/t.js?id='+i;f.parentNode.insertBefore(j,f);})(window,document,'script','layer','{{.S}}');`,
	`var _q = _q || []; _q.push(['setSite', '{{.S}}']); _q.push(['user', {{.N}}]); (function() { var g = document.createElement('script'); g.src = '/a.js'; document.head.appendChild(g); })();`,
	`!function(e,t){e.track=e.track||function(){(e.track.q=e.track.q||[]).push(arguments)};t.head.appendChild(t.createElement("script")).src="/p.js"}(window,document);track("init",{{.S}});`,
	`document.documentElement.classList.toggle('dark', localStorage.theme === 'dark' || (!('theme' in localStorage) && matchMedia('(prefers-color-scheme: dark)').matches)); var u = {{.S}};`,
	`const config = {apiUrl: {{.S}}, debug: {{.B}}, limit: {{.N}}, user: {{.M}}};`,
	`window.__STATE__ = {{.M}};`,
	`window.__STATE__ = JSON.parse('{{.S}}');`,
	`var items = {{.L}}; for (var i = 0; i < items.length; i++) { console.log(items[i]); }`,
	`document.addEventListener("DOMContentLoaded", () => { document.querySelector("#{{.S}}").focus(); });`,
	`new Chart(document.getElementById("c"), {type: "bar", data: {labels: {{.L}}, datasets: [{label: "{{.S}}", data: {{.L}}}]}, options: {scales: {y: {beginAtZero: true}}}});`,
	"const url = `/api/${id}/items?q={{.S}}`; fetch(url).then(r => r.json()).then(show);",
	"const html = `<li class=\"${ok ? 'on' : 'off'}\">${name}</li>`; render(html, {{.S}});",
	"const s = `a ${ {a: {b: 1}}.a.b } b ${`c ${d} e`} {{.S}}`;",
	`var half = width / 2, third = (width + 1) / 3; draw(half, third, {{.N}});`,
	`var re = /^[a-z0-9._%+-]+@[a-z0-9.-]+\.[a-z]{2,}$/i; if (re.test("{{.S}}")) ok();`,
	`if (/iPad|iPhone/.test(navigator.userAgent)) { mobile({{.S}}); }`,
	`var clean = s.replace(/[&<>"'\/]/g, function (c) { return map[c]; }); send(clean, {{.S}});`,
	`var parts = location.pathname.split(/\//g).filter(Boolean); go(parts, {{.S}});`,
	`function pct(a, b) { return Math.round(a / b * 100) / 100; } show(pct({{.N}}, 7), "{{.S}}");`,
	`return {{.N}} / 2;`,
	`var a = [1, 2, 3].map(function (x) { return x / 2; }), b = {{.S}};`,
	`var a = b[0] / c[1]; var d = {{.S}};`,
	`var when = new Date({{.N}} * 1000); el.textContent = when.toLocaleDateString("{{.S}}");`,
	`try { run({{.S}}); } catch (e) { console.error(e); } finally { done(); }`,
	`switch ({{.S}}) { case "a": f(); break; default: g(); }`,
	`for (const [k, v] of Object.entries({{.M}})) { out.append(k, v); }`,
	`for (const x of {{.L}}) list.add(x);`,
	`label: while (true) { if (stop({{.S}})) break label; }`,
	`class Cart extends HTMLElement { #n = {{.N}}; static tag = "{{.S}}"; connectedCallback() { this.render(); } get total() { return this.#n / 100; } } customElements.define("x-cart", Cart);`,
	`import {start} from "/app.js"; start({{.M}});`,
	`(async () => { const r = await fetch("/x/{{.S}}"); const {data = []} = await r.json(); render(data); })();`,
	`const f = async (id = {{.N}}) => { await save(id); };`,
	`// the user's name: don't escape twice
var name = "{{.S}}"; /* it's "quoted" */ hello(name);`,
	`/* {{.S}} */ var x = 1; // {{.S}}
f(x, {{.S}});`,
	`var url = "https://example.org/a/b"; // not a comment: "//"
go(url, {{.S}});`,
	`var css = "a{color:red}/* c */"; add(css, '{{.S}}');`,
	`var s = 'It\'s {{.S}}', t = "say \"{{.S}}\"";`,
	`{{if .B}}var user = {{.M}};{{else}}var user = null;{{end}} boot(user, {{.S}});`,
	`var list = [{{range $i, $e := .L}}{{if $i}}, {{end}}{{$e}}{{end}}]; show(list, {{.S}});`,
	`var opts = { {{if .B}}a: {{.S}},{{end}} b: {{.N}} }; init(opts);`,
	`f({{.S}}{{if .B}}, {{.N}}{{end}});`,
	`{{range .L}}add("{{.}}");{{end}} done({{.S}});`,
	`{{range .L}}if (x === {{.}}) { y(); }
{{end}} z({{.S}});`,
	`{{with .S}}var s = "{{.}}";{{end}}`,
	`{{template "part" .}} after({{.S}});{{define "part"}}before("{{.S}}");{{end}}`,
	`var n = +"{{.N}}" || 0, ok = !!{{.B}}, neg = -{{.N}}; go(n, ok, neg);`,
	`x = a ? b : {{.S}}; y = a ?? {{.S}}; z = a?.b?.["{{.S}}"];`,
	`i++; j--; k = i++ + --j; f({{.S}});`,
	`for(var i=0,n=e.length;i<n;i++)t[i]=e[i]*2;f({{.S}})`,
	`var e=document,t=e.body;t&&(t.className=t.className.replace(/\bno-js\b/,"js"));f({{.S}})`,
	`!function(){"use strict";var e={},t=0;function n(r){if(e[r])return e[r];t++;return e[r]={i:r}}n(0);n({{.N}})}();`,
	`(()=>{var e={a:1,b:[2,3],c:{d:4}},t=e=>e.a+e.b.length/2;console.log(t(e),"{{.S}}")})();`,
	`var w=window;w.a=w.a||{};w.a.b=function(e){return/^\d+$/.test(e)?e/10:e};w.a.b("{{.S}}");`,
	`function d(e){return e&&/[\\/]/.test(e)}d({{.S}});`,
	`setTimeout(function(){location.href="/next/{{.S}}"},{{.N}}e3);`,
	`$(function(){$("#a").on("click",function(e){e.preventDefault();$.post("/b",{id:{{.N}},t:"{{.S}}"})})});`,
	`htmx.on("#f", "htmx:xhr:progress", evt => htmx.find("#p").setAttribute("value", evt.detail.loaded / evt.detail.total * 100)); var t = {{.S}};`,
	`if (!window.IntersectionObserver) document.write('<script src="/poly.js?v={{.S}}"><\/script>');`,
	`var big = 1_000_000n, hex = 0xFF, f = .5, e = 1e-3; go(big, hex, f, e, {{.S}});`,
	`var {a, b: {c} = {}, ...rest} = {{.M}}; f(a, c, rest);`,
	`export default {name: "{{.S}}", data() { return {n: {{.N}}}; }};`,
	`do { n = n / 2; } while (n > {{.N}}); f({{.S}});`,
	`if (a) b(); else if (c) { d(); } else { e({{.S}}); }`,
	`x = typeof y === "undefined" ? void 0 : y instanceof Z; f({{.S}});`,
	`const tpl = tag` + "`hello ${name}, you have {{.N}} new`" + `; f({{.S}});`,
	`var prénom = "{{.S}}"; saluer(prénom);`,
	`"use strict"; const $el = document.getElementById('x'); $el && ($el.dataset.id = '{{.S}}');`,
}

type ordinaryProps struct {
	S string
	N int
	B bool
	L []string
	M map[string]any
}

// The tracker does not refuse what it should not.
func TestOrdinaryScriptsBind(t *testing.T) {
	data := ordinaryProps{S: "it's </script> \"x\"", N: 3, L: []string{"a", "b"}, M: map[string]any{"a": 1}}
	for _, script := range ordinary {
		text := "<script>" + script + "</script>"
		got, err := ours(component.Parser{}, text, data)
		if err != nil {
			t.Error(err)
			continue
		}
		want, err := theirs(t, text, data, nil)
		if err != nil || got != want {
			t.Errorf("%s: %q, and html/template %q, %v", script, got, want, err)
		}
	}
}

// Blocks of JSON are JSON, also those whose types html/template does not know.
func TestDataBlocks(t *testing.T) {
	for _, kind := range []string{"application/json", "application/ld+json", "importmap", "speculationrules", "ImportMap"} {
		for text, want := range map[string]any{
			`{{.M}}`:                        map[string]any{"a": 1.0},
			`{"a": {{.S}}, "b": {{.N}}}`:    map[string]any{"a": `"</script>`, "b": 3.0},
			`{"a": "x{{.S}}", "l": {{.L}}}`: map[string]any{"a": `x"</script>`, "l": []any{"b"}},
		} {
			page, err := ours(component.Parser{}, `<script type="`+kind+`">`+text+`</script>`, ordinaryProps{S: `"</script>`, N: 3, L: []string{"b"}, M: map[string]any{"a": 1}})
			if err != nil {
				t.Error(err)
				continue
			}
			var got any
			page = page[len(`<script type="`)+len(kind)+len(`">`) : len(page)-len(`</script>`)]
			if err := json.Unmarshal([]byte(page), &got); err != nil {
				t.Errorf("%s: %s: %v", kind, page, err)
			}
			wantJSON, _ := json.Marshal(want)
			if gotJSON, _ := json.Marshal(got); string(gotJSON) != string(wantJSON) {
				t.Errorf("%s: %s: %s, not %s", kind, page, gotJSON, wantJSON)
			}
		}
	}
}
