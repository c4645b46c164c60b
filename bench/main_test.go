package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ropewalk/ropewalk/bench/report"
	"github.com/ropewalk/ropewalk/bench/web"
)

func TestMain(m *testing.M) {
	web.ServeIfChild()
	os.Exit(m.Run())
}

// The whole program, with next to no effort.
func TestRun(t *testing.T) {
	if testing.Short() {
		t.Skip("without -short: its parts have short tests of their own")
	}
	saved := brief
	defer func() { brief = saved }()
	brief.render.Rounds, brief.ladder.Rounds, brief.http.Rounds = 1, 1, 1
	brief.render.Slice, brief.ladder.Slice, brief.http.Slice = 1, 1, 1
	brief.timelines, brief.crowdRounds, brief.waiting, brief.slow, brief.slowPage = 1, 1, 10, 2, 1_000_000
	brief.waitingAt, brief.waitingRounds, brief.paced, brief.pacedRounds, brief.pace = []int{1, 3}, 2, 2, 1, 50_000_000
	brief.sizes, brief.webSizes, brief.crowds = []int{1_000, 10_000}, []int{1_000}, []int{2}

	folder := filepath.Join(t.TempDir(), "made")
	var out, progress strings.Builder
	if err := run([]string{"-short", "-markdown", "-out", folder}, &out, &progress); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "report.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Rows []report.Row }
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, row := range file.Rows {
		seen[row.Group+"/"+row.Workload+"/"+row.Engine] = true
		if row.NS <= 0 && row.Group != report.Memory {
			t.Errorf("%+v has no time", row)
		}
	}
	for _, want := range []string{
		"render/cards/ropewalk", "render/contexts/html-template-map", "stream/table/templ", "stream/size-10KB/quicktemplate",
		"stream/parts-5-first-byte/ropewalk", "stream/parts-1000-last-byte/html-template", "stream/crowd-2/templ",
		"http/fortunes/prebuilt", "http/cards/templ-streaming", "http/cards/elapsed/ropewalk", "http/parts-5/html-template", "http/cards-gzip/ropewalk", "http/cards-zstd/templ", "stream/parts-5-gzip-last-byte/ropewalk",
		"stream/parts-5-http2-first-byte/ropewalk", "http/cards-http2/ropewalk", "stream/paced-50MB/templ", "memory/waiting-gzip-3/ropewalk", "memory/waiting-zstd-3/handwritten", "memory/waiting-plain-1/prebuilt",
		"memory/waiting/ropewalk", "memory/slow-reader-1MB/handwritten",
	} {
		if !seen[want] {
			t.Errorf("report.json has no row for %s", want)
		}
	}
	if page, err := os.ReadFile(filepath.Join(folder, "report.html")); err != nil || !strings.HasSuffix(string(page), "</html>\n") {
		t.Errorf("report.html is %d bytes, %v", len(page), err)
	}
	for _, want := range []string{"| engine |", "**http: cards, 27,055 bytes**"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in the tables", want)
		}
	}
	if !strings.Contains(progress.String(), "render: cards\n") {
		t.Errorf("no progress in %q", progress.String())
	}
}

// What one step cannot measure does not take the others' figures away.
func TestAStepThatFailsIsNoted(t *testing.T) {
	c := &comparison{report: &report.Report{}}
	broken := errors.New("no such clock")
	add := func() error {
		c.report.Add(report.Result{Row: report.Row{Group: report.HTTP, Workload: "cards"}})
		return nil
	}
	err := c.measure([]step{
		{report.Stream, "one", func() error { return broken }},
		{report.HTTP, "two", add},
	}, io.Discard)
	if !errors.Is(err, broken) || len(c.report.Results) != 1 || !strings.Contains(strings.Join(c.report.Notes, "\n"), "stream: one: no such clock") {
		t.Errorf("got %v, with %d results and the notes %q", err, len(c.report.Results), c.report.Notes)
	}
}

// What is wrong is told before minutes are spent.
func TestRunRefuses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"-group", "render,speed"}, `"speed"`},
		{[]string{"short"}, `"short"`},
		{[]string{"-out", filepath.Join(file, "report")}, file},
	} {
		if err := run(test.args, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: got %v, want %s in it", test.args, err, test.want)
		}
	}
}
