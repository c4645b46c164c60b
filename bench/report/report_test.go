package report_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/ropewalk/ropewalk/bench/measure"
	"github.com/ropewalk/ropewalk/bench/peer"
	"github.com/ropewalk/ropewalk/bench/report"
)

func sample() *report.Report {
	r := &report.Report{
		Machine: report.Machine{Go: "go1.26", Platform: "linux/amd64", CPUs: 2, Modules: []report.Module{{Path: "github.com/a-h/templ", Version: "v0.3.977"}}},
		Covers:  []report.Cover{{Engine: "quicktemplate", Care: peer.Cover{peer.Text: peer.ByHand}}},
		Notes:   []string{"The machine was <busy>."},
	}
	ms := time.Millisecond
	r.Timelines = []report.Timeline{{
		Workload: "parts-5", Engine: "templ-sequential", First: ms / 5, Last: 61 * ms, Sequential: true,
		Parts: []time.Duration{20 * ms, 60 * ms}, Loads: []time.Duration{20 * ms, 40 * ms},
	}}
	for _, group := range []string{report.Render, report.Stream, report.HTTP, report.Memory} {
		for _, workload := range []string{"cards", "size-1KB", "size-100KB"} {
			r.Add(
				report.Result{Bound: true, Row: report.Row{Group: group, Workload: workload, Engine: "handwritten", NS: 8000, Ratio: 1, Bytes: 27055, AllocBytes: 1000}},
				report.Result{Noise: 0.5, Spread: measure.Stat{Median: 1.5, Low: 1.25, High: 2}, Row: report.Row{
					Group: group, Workload: workload, Engine: "ropewalk", NS: 12000, Ratio: 1.5, Bytes: 27055, Allocs: 2, AllocBytes: 1500,
				}},
			)
		}
	}
	return r
}

func TestJSONHasTheRowsAndNothingElse(t *testing.T) {
	r := sample()
	r.Results = r.Results[1:2]
	var out strings.Builder
	if err := r.WriteJSON(&out); err != nil {
		t.Fatal(err)
	}
	const want = `{"rows":[{"group":"render","workload":"cards","engine":"ropewalk","ns":12000,"ratio":1.5,"bytes":27055,"allocs":2,"alloc_bytes":1500}]}`
	if got := strings.Join(strings.Fields(out.String()), ""); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	out.Reset()
	if err := new(report.Report).WriteJSON(&out); err != nil || strings.Join(strings.Fields(out.String()), "") != `{"rows":[]}` {
		t.Errorf("an empty report is %s, %v", out.String(), err)
	}
}

func TestJSONOfHTTPHasRequestsPerSecondToo(t *testing.T) {
	r := &report.Report{Results: []report.Result{{
		Row: report.Row{Group: report.HTTP, Workload: "cards", Engine: "templ", NS: 30000, Ratio: 3}, Requests: 20_000, Pace: measure.Stat{Median: 2.5},
	}}}
	var out strings.Builder
	if err := r.WriteJSON(&out); err != nil {
		t.Fatal(err)
	}
	var file struct{ Rows []report.Row }
	if err := json.Unmarshal([]byte(out.String()), &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Rows) != 2 || file.Rows[1].Workload != "cards/elapsed" || file.Rows[1].NS != 50_000 || file.Rows[1].Ratio != 2.5 {
		t.Errorf("got %+v", file.Rows)
	}
}

// The file is whole by itself: it names nothing that a browser would fetch.
func TestHTMLNeedsNoNetwork(t *testing.T) {
	var out strings.Builder
	if err := sample().WriteHTML(&out); err != nil {
		t.Fatal(err)
	}
	document := out.String()
	root, err := html.Parse(strings.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if slices.Contains([]string{"script", "link", "img", "iframe", "object", "use"}, n.Data) {
			t.Errorf("the report has a %s element", n.Data)
		}
		for _, a := range n.Attr {
			if a.Key == "src" || a.Key == "href" || strings.Contains(a.Val, "url(") {
				t.Errorf("the report refers to %q", a.Val)
			}
		}
	}
	if regexp.MustCompile(`@import|url\(|ZgotmplZ`).MatchString(document) {
		t.Error("the style fetches something, or a value was refused")
	}
	for _, want := range []string{
		"prefers-color-scheme: dark", "The machine was &lt;busy&gt;.", "ropewalk", "templ v0.3.977",
		"1.50 [1.25 2.00]", "<polyline", "templ-sequential", `class="unescaped"`,
	} {
		if !strings.Contains(document, want) {
			t.Errorf("%q is missing", want)
		}
	}
}

// The marks of an axis are powers of ten.
func TestAxesHaveRoundFigures(t *testing.T) {
	r := &report.Report{}
	for i, workload := range []string{"waiting-plain-1", "waiting-plain-10"} {
		for _, engine := range []string{"prebuilt", "ropewalk"} {
			r.Add(report.Result{Row: report.Row{Group: report.Memory, Workload: workload, Engine: engine, AllocBytes: uint64(20_000 - i*19_000)}})
		}
	}
	r.Results[0].AllocBytes = 0 // less than could be measured
	var out strings.Builder
	if err := r.WriteHTML(&out); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), ">1 B</text>") {
		t.Error("what could not be measured is drawn as one byte")
	}
	for _, want := range []string{">1 KB</text>", ">10 KB</text>", ">100 KB</text>"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing", want)
		}
	}
}

// Bars are as long as what they stand for.
func TestBarsAreInProportion(t *testing.T) {
	var out strings.Builder
	if err := sample().WriteHTML(&out); err != nil {
		t.Fatal(err)
	}
	// Time per page: 8 of 12 µs, and 12 of 12.
	for _, want := range []string{"*66.67/100", "*100/100"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no bar of %q", want)
		}
	}
}

// A part that loads after another begins to load when that one was sent.
func TestWaterfallOfASequentialPage(t *testing.T) {
	var out strings.Builder
	if err := sample().WriteHTML(&out); err != nil {
		t.Fatal(err)
	}
	if want := `style="left:32.79%;width:65.57%"`; !strings.Contains(out.String(), want) {
		t.Errorf("%q is missing: part 2 begins at 20 of 61 ms and takes 40", want)
	}
}

func TestTables(t *testing.T) {
	r := sample()
	var text, markdown strings.Builder
	if err := report.WriteText(&text, r.AllTables()...); err != nil {
		t.Fatal(err)
	}
	if err := report.WriteMarkdown(&markdown, r.AllTables()...); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"render: cards, 27,055 bytes", "1.50 [1.25 2.00]", "held by a stream", "unescaped", "when it reached the reader"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is missing in\n%s", want, text.String())
		}
	}
	if want := "| ropewalk | 12.0 µs | 2,255 | 1.50 [1.25 2.00] | 2 | 1.50 KB |\n"; !strings.Contains(markdown.String(), want) {
		t.Errorf("%q is missing in\n%s", want, markdown.String())
	}
	if want := "| engine | time | MB/s | to handwritten | allocs | allocated |\n|---|--:|--:|--:|--:|--:|\n"; !strings.Contains(markdown.String(), want) {
		t.Errorf("%q is missing in\n%s", want, markdown.String())
	}
}

func TestNoise(t *testing.T) {
	r := &report.Report{}
	for _, noise := range []float64{0.1, 0.3, 0.2, 0.1} {
		r.Add(report.Result{Noise: noise, Row: report.Row{Group: "render", Workload: "cards", Engine: "handwritten"}})
	}
	r.NoteNoise()
	if len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "cards (30%)") {
		t.Errorf("got %q", r.Notes)
	}
	r.Notes = nil
	r.Add(report.Result{Noise: 0.9, Row: report.Row{Engine: "handwritten"}})
	r.NoteNoise()
	if len(r.Notes) != 2 {
		t.Errorf("two of five: got %q", r.Notes)
	}
}

func TestUnits(t *testing.T) {
	for got, want := range map[string]string{
		report.Time(0): "–", report.Time(420): "420 ns", report.Time(12_340): "12.3 µs", report.Time(1.5e6): "1.50 ms", report.Time(2e9): "2.00 s",
		report.Size(12): "12 B", report.Size(1500): "1.50 KB", report.Size(10_000): "10.0 KB", report.Size(10_000_000): "10.0 MB", report.Size(-2e9): "-2.00 GB",
		report.Count(999): "999", report.Count(1000): "1,000", report.Count(1234567): "1,234,567", report.Count(-1234): "-1,234",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// A page that an engine has not rendered is no row of a summary.
func TestSummaries(t *testing.T) {
	r := &report.Report{}
	for i, engine := range []string{"html-template", "html-template-map", "ropewalk", "ropewalk-map", "quicktemplate", "templ", "gomponents", "jet", "handwritten"} {
		r.Add(report.Result{Row: report.Row{Group: report.Render, Workload: "cards", Engine: engine, NS: int64(1000 * (i + 1)), Bytes: 27}})
	}
	r.Add(report.Result{Row: report.Row{Group: report.Render, Workload: "table", Engine: "ropewalk", NS: 1}})
	tables := r.Summaries()
	if len(tables) != 1 || len(tables[0].Rows) != 1 {
		t.Fatalf("got %v", tables)
	}
	if got, want := strings.Join(tables[0].Rows[0], "|"), "cards, 27 bytes|3.00|2.00|5.00|6.00|7.00|8.00|9.00"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
