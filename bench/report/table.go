package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/ropewalk/ropewalk/bench/measure"
	"github.com/ropewalk/ropewalk/bench/peer"
)

// A Table is a part of the report as text.
type Table struct {
	Title string
	Head  []string
	Rows  [][]string
}

// AllTables are all of the report, the summaries first.
func (r *Report) AllTables() []Table {
	tables := r.Summaries()
	for _, group := range []string{Render, Stream, HTTP, Memory} {
		for _, workload := range r.In(group) {
			tables = append(tables, r.Table(group, workload))
		}
		if group == Stream {
			for _, workload := range r.Streamed() {
				tables = append(tables, r.TimelineTable(workload))
			}
		}
	}
	return append(tables, r.CoverTable())
}

// Table is the table of a workload.
func (r *Report) Table(group, workload string) Table {
	results := r.Of(group, workload)
	t := Table{Title: group + ": " + title(group, workload)}
	if n := results[0].Bytes; n > 0 && group != Memory {
		t.Title += ", " + Count(float64(n)) + " bytes"
	}
	switch group {
	case Memory:
		base := "to handwritten"
		if isGrowing(workload) {
			base = "to prebuilt"
		}
		bare, _ := r.Find(group, workload, "prebuilt")
		t.Head = []string{"engine", "held by a stream", "beyond prebuilt", base}
		if isGrowing(workload) {
			t.Head = append(t.Head, "sent to each")
		}
		for _, e := range results {
			beyond := float64(e.AllocBytes) - float64(bare.AllocBytes)
			row := []string{e.Engine, Size(float64(e.AllocBytes)), Size(beyond), spread(e.Ratio, e.Spread)}
			if isGrowing(workload) { // who compresses with less memory may send more
				row = append(row, Size(float64(e.Bytes)))
			}
			t.Rows = append(t.Rows, row)
		}
	case HTTP:
		t.Head = []string{"engine", "CPU per request", "to prebuilt", "requests/s", "time to prebuilt", "allocs", "allocated"}
		for _, e := range results {
			t.Rows = append(t.Rows, []string{
				e.Engine, Time(float64(e.NS)), spread(e.Ratio, e.Spread), Count(e.Requests), spread(e.Pace.Median, e.Pace),
				Count(float64(e.Allocs)), Size(float64(e.AllocBytes)),
			})
		}
	case Stream:
		if strings.HasPrefix(workload, "paced-") {
			t.Head = []string{"engine", "CPU", "to handwritten", "held"}
			for _, e := range results {
				t.Rows = append(t.Rows, []string{e.Engine, Time(float64(e.NS)), spread(e.Ratio, e.Spread), Size(float64(e.AllocBytes))})
			}
			break
		}
		if !isMoment(workload) && !strings.HasPrefix(workload, "crowd-") {
			t.pages(results)
			break
		}
		t.Head = []string{"engine", "time", "to handwritten"}
		for _, e := range results {
			t.Rows = append(t.Rows, []string{e.Engine, Time(float64(e.NS)), spread(e.Ratio, e.Spread)})
		}
	default:
		t.pages(results)
	}
	return t
}

// pages fills the table with what pages cost.
func (t *Table) pages(results []Result) {
	t.Head = []string{"engine", "time", "MB/s", "to handwritten", "allocs", "allocated"}
	for _, e := range results {
		t.Rows = append(t.Rows, []string{
			e.Engine, Time(float64(e.NS)), Count(Throughput(float64(e.Bytes), float64(e.NS))), spread(e.Ratio, e.Spread),
			Count(float64(e.Allocs)), Size(float64(e.AllocBytes)),
		})
	}
}

func spread(ratio float64, s measure.Stat) string {
	if s == (measure.Stat{}) {
		return times(ratio)
	}
	return fmt.Sprintf("%s [%s %s]", times(ratio), times(s.Low), times(s.High))
}

// TimelineTable shows when the pieces of the streamed pages arrived.
func (r *Report) TimelineTable(workload string) Table {
	t := Table{Title: "stream: " + title(Stream, workload) + ", when it reached the reader", Head: []string{"engine", "first byte"}}
	for _, line := range r.Timelines {
		if line.Workload != workload {
			continue
		}
		if len(t.Rows) == 0 {
			for i := range shown(line.Parts) {
				t.Head = append(t.Head, fmt.Sprintf("part %d", i+1))
			}
			t.Head = append(t.Head, "last byte")
		}
		row := []string{line.Engine, Time(float64(line.First))}
		for _, part := range shown(line.Parts) {
			row = append(row, Time(float64(part)))
		}
		t.Rows = append(t.Rows, append(row, Time(float64(line.Last))))
	}
	return t
}

// shown are the parts that a table has room for.
func shown[T any](parts []T) []T {
	if len(parts) > 8 {
		return nil
	}
	return parts
}

// CoverTable shows which engine escapes which place.
func (r *Report) CoverTable() Table {
	t := Table{Title: "escaping: who takes care of a hostile value", Head: []string{"engine"}}
	for _, place := range peer.Places() {
		t.Head = append(t.Head, string(place))
	}
	for _, e := range r.Covers {
		row := []string{e.Engine}
		for _, place := range peer.Places() {
			row = append(row, e.Care[place].String())
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// WriteText prints tables with columns of spaces.
func WriteText(w io.Writer, tables ...Table) error {
	for _, t := range tables {
		fmt.Fprintf(w, "\n%s\n", t.Title)
		columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		for _, row := range slices.Concat([][]string{t.Head}, t.Rows) {
			fmt.Fprintln(columns, strings.Join(row, "\t"))
		}
		if err := columns.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// WriteMarkdown prints tables as GitHub reads them.
func WriteMarkdown(w io.Writer, tables ...Table) error {
	var b strings.Builder
	for _, t := range tables {
		fmt.Fprintf(&b, "\n**%s**\n\n| %s |\n|---%s|\n", t.Title, strings.Join(t.Head, " | "), strings.Repeat("|--:", len(t.Head)-1))
		for _, row := range t.Rows {
			fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
