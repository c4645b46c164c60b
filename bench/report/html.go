package report

import (
	"context"
	"embed"
	"html/template"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/ropewalk/ropewalk/component"
)

//go:embed views
var files embed.FS

// WriteHTML writes the report as one file. It is a page of ropewalk.
func (r *Report) WriteHTML(w io.Writer) error {
	views, err := component.Parser{}.ParseFS(files, "views/*.html")
	if err != nil {
		return err
	}
	view, err := component.Bind[*page](views, "report")
	if err != nil {
		return err
	}
	style, err := files.ReadFile("views/style.css")
	if err != nil {
		return err
	}
	p := r.page()
	p.Style = component.Raw(template.HTML("<style>\n" + string(style) + "</style>"))
	return component.Render(context.Background(), w, view(p))
}

// A page is what the template shows. Lengths are parts of a hundred.
type page struct {
	Style             component.Component
	Machine, Versions string
	Short             bool
	Notes             []string
	Tiles             []tile
	Sections          []section
	Cover             Table
	Tables            []Table
}

type tile struct{ Value, Label string }

type section struct {
	Title, Lead string
	Charts      []chart
	Waterfalls  []waterfall
	Lines       []lines
}

func (r *Report) page() *page {
	return &page{
		Machine:  r.Machine.String(),
		Versions: r.Machine.Versions(),
		Short:    r.Short,
		Notes:    r.Notes,
		Tiles:    r.tiles(),
		Sections: slices.DeleteFunc(r.sections(), func(s section) bool {
			return len(s.Charts)+len(s.Waterfalls)+len(s.Lines) == 0
		}),
		Cover:  r.CoverTable(),
		Tables: r.AllTables(),
	}
}

// tiles are the figures that most readers look for.
func (r *Report) tiles() []tile {
	var list []tile
	if us, ok := r.Find(Render, "cards", "ropewalk"); ok {
		list = append(list,
			tile{Count(Throughput(float64(us.Bytes), float64(us.NS))) + " MB/s", "a page of 100 cards, to memory"},
			tile{times(us.Ratio) + "×", "the time of code written by hand"},
		)
		for _, peer := range []string{"templ", "html-template"} {
			if it, ok := r.Find(Render, "cards", peer); ok && us.NS > 0 {
				list = append(list, tile{times(float64(it.NS)/float64(us.NS)) + "×", "the throughput of " + peer})
			}
		}
	}
	if us, ok := r.Find(HTTP, "cards", "ropewalk"); ok {
		list = append(list, tile{times(us.Ratio) + "×", "the CPU time of a server that has the page ready"})
	}
	for _, line := range r.Timelines {
		if line.Engine == "ropewalk" && line.Workload == "parts-5" {
			list = append(list, tile{Time(float64(line.First)), "to the first byte of a page whose slowest part takes 100 ms"})
		}
	}
	return list
}

func (r *Report) sections() []section {
	render := section{
		Title: "Render", Lead: "A page to memory that is used again. Throughput, time per page, and allocations. " + Names,
		Charts: r.charts(Render),
	}
	stream := section{
		Title: "Stream", Lead: "Pages that leave while they are made: to a writer that keeps nothing, and over loopback in parts that each wait for something slow.",
		Waterfalls: r.waterfalls(),
		Charts:     r.charts(Stream),
	}
	if l, ok := r.ladder(Stream, "size-", "Time per kilobyte as pages grow", func(e Result) float64 { return float64(e.NS) / float64(e.Bytes) * 1000 }, Time); ok {
		stream.Lines = append(stream.Lines, l)
	}
	if l, ok := r.ladder(Stream, "crowd-", "CPU time per stream as streams grow", func(e Result) float64 { return float64(e.NS) }, Time); ok {
		l.Note += "; with few streams most of it is the waking of a server that has nothing else to do"
		stream.Lines = append(stream.Lines, l)
	}
	http := section{
		Title: "HTTP", Lead: "Over loopback: the CPU time of a server with one processor for a request, and the requests that it answers in a second. The client has a processor of its own and polls: a server would pay for waking one that sleeps. Prebuilt is a handler that has the finished page and writes it.",
		Charts: r.charts(HTTP),
	}
	if l, ok := r.ladder(HTTP, "size-", "CPU time per kilobyte as pages grow", func(e Result) float64 { return float64(e.NS) / float64(e.Bytes) * 1000 }, Time); ok {
		http.Lines = append(http.Lines, l)
	}
	memory := section{
		Title: "Memory", Lead: "What the server holds for one stream, its connection included: while it waits for a part of the page, and while its reader does not read. Who holds less with gzip or zstd as streams grow may compress less, or some of them not at all: the tables below say what was sent.",
		Charts: r.charts(Memory),
	}
	for _, coding := range []string{"plain", "gzip", "zstd"} {
		heading := "Held by a stream that waits as streams grow"
		if coding != "plain" {
			heading += ", with " + coding
		}
		if l, ok := r.ladder(Memory, "waiting-"+coding+"-", heading, func(e Result) float64 { return float64(e.AllocBytes) }, Size); ok {
			memory.Lines = append(memory.Lines, l)
		}
	}
	return []section{render, stream, http, memory}
}

// A chart has a bar for each engine and figure.
type chart struct {
	Title, Note string
	Columns     []string
	Rows        []row
}

type row struct {
	Engine, Class string
	Bars          []bar
}

type bar struct {
	Label, Text string
	Width       float64
}

// A figure is what the bars of a column show.
type figure struct {
	name string
	of   func(e Result) float64
	text func(v float64) string
}

var figures = map[string][]figure{
	Render: {
		{"throughput", func(e Result) float64 { return Throughput(float64(e.Bytes), float64(e.NS)) }, func(v float64) string { return Count(v) + " MB/s" }},
		{"time per page", func(e Result) float64 { return float64(e.NS) }, Time},
		{"allocations", func(e Result) float64 { return float64(e.Allocs) }, Count},
	},
	HTTP: {
		{"CPU per request", func(e Result) float64 { return float64(e.NS) }, Time},
		{"requests per second", func(e Result) float64 { return e.Requests }, Count},
		{"allocations", func(e Result) float64 { return float64(e.Allocs) }, Count},
	},
	Memory: {
		{"held by a stream", func(e Result) float64 { return float64(e.AllocBytes) }, Size},
	},
}

// charts are those of the workloads that are not a rung of a ladder.
func (r *Report) charts(group string) []chart {
	columns := figures[group]
	if columns == nil {
		columns = figures[Render]
	}
	var list []chart
	for _, workload := range r.In(group) {
		if isMoment(workload) || strings.HasPrefix(workload, "size-") || strings.HasPrefix(workload, "crowd-") || isGrowing(workload) {
			continue
		}
		shown := columns
		if strings.HasPrefix(workload, "paced-") {
			shown = slices.Concat(figures[HTTP][:1], figures[Memory])
		}
		list = append(list, newChart(workload, shown, r.Of(group, workload)))
	}
	return list
}

// isMoment tells whether a workload is shown by a waterfall.
func isMoment(workload string) bool {
	return strings.HasSuffix(workload, "-first-byte") || strings.HasSuffix(workload, "-last-byte")
}

// isGrowing tells whether a workload is a rung of a ladder of memory.
func isGrowing(workload string) bool { return strings.HasPrefix(workload, "waiting-") }

// newChart leaves out memcpy, beside whose throughput nothing else would show, and
// the functions of a page, which have none.
func newChart(workload string, columns []figure, results []Result) chart {
	c := chart{Title: title(results[0].Group, workload)}
	if n := results[0].Bytes; n > 0 {
		c.Note = Count(float64(n)) + " bytes"
	}
	var engines []Result
	for _, e := range results {
		switch e.Engine {
		case "memcpy":
			c.Note += "; to copy the finished page takes " + Time(float64(e.NS))
			continue
		case "functions-alone":
			c.Note += "; the functions that it calls take " + Time(float64(e.NS))
			continue
		}
		engines = append(engines, e)
	}
	for _, e := range engines {
		c.Rows = append(c.Rows, row{Engine: e.Engine, Class: class(e.Engine, e.Bound)})
	}
	for _, column := range columns {
		c.Columns = append(c.Columns, column.name)
		largest := 0.0
		for _, e := range engines {
			largest = max(largest, column.of(e))
		}
		for i, e := range engines {
			v := column.of(e)
			c.Rows[i].Bars = append(c.Rows[i].Bars, bar{Label: column.name, Text: column.text(v), Width: percent(v, largest)})
		}
	}
	return c
}

func class(engine string, bound bool) string {
	switch {
	case bound:
		return "bound"
	case engine == "ropewalk" || strings.HasPrefix(engine, "ropewalk-"):
		return "us"
	}
	return "peer"
}

func percent(v, of float64) float64 {
	if of <= 0 {
		return 0
	}
	return math.Round(v/of*1e4) / 100
}
