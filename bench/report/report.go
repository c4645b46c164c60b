package report

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/ropewalk/ropewalk/bench/measure"
	"github.com/ropewalk/ropewalk/bench/peer"
)

// Groups are the levels that are measured, in the order in which they are shown.
const (
	Render = "render" // to memory
	Stream = "stream" // to a writer, and in time
	HTTP   = "http"   // over loopback
	Memory = "memory" // per stream
)

// A Row is a measurement as report.json has it.
type Row struct {
	Group      string  `json:"group"`
	Workload   string  `json:"workload"`
	Engine     string  `json:"engine"`
	NS         int64   `json:"ns"`    // of a page; for http the CPU time of a request
	Ratio      float64 `json:"ratio"` // of ns to the group's bound; of alloc_bytes for memory
	Bytes      int64   `json:"bytes"` // of the document
	Allocs     uint64  `json:"allocs"`
	AllocBytes uint64  `json:"alloc_bytes"` // for memory what a stream holds
}

// A Result is a row and how far to trust it.
type Result struct {
	Row
	Spread measure.Stat // of the ratio, round by round
	Noise  float64      // how far apart half of the times lie, in parts of the median; for http those of CPU or until an answer, which is more
	Bound  bool         // no engine, but something to compare engines with
	// Requests are answered in a second, and Pace is the time that takes in parts
	// of the bound's. Zero outside of http.
	Requests float64
	Pace     measure.Stat
}

// A Report is everything that a run has measured.
type Report struct {
	Short     bool
	Machine   Machine
	Results   []Result
	Timelines []Timeline
	Covers    []Cover
	Notes     []string // what the reader has to know before trusting the figures
}

// A Cover is what an engine escapes by itself.
type Cover struct {
	Engine string
	Care   peer.Cover
}

// A Timeline is when the pieces of a streamed page reached the reader: the
// first byte, each part, and the last byte.
type Timeline struct {
	Workload, Engine string
	First, Last      time.Duration
	Parts            []time.Duration
	Loads            []time.Duration // what each part takes to load
	Sequential       bool            // one after the other
	Bound            bool
	How              string // what the author of the page had to do
}

// Add adds results, those of one workload together.
func (r *Report) Add(results ...Result) { r.Results = append(r.Results, results...) }

// Find returns the result of an engine.
func (r *Report) Find(group, workload, engine string) (Result, bool) {
	for _, result := range r.Results {
		if result.Group == group && result.Workload == workload && result.Engine == engine {
			return result, true
		}
	}
	return Result{}, false
}

// In returns the workloads of a group in the order in which they were measured.
func (r *Report) In(group string) []string {
	var names []string
	seen := map[string]bool{}
	for _, result := range r.Results {
		if result.Group == group && !seen[result.Workload] {
			seen[result.Workload] = true
			names = append(names, result.Workload)
		}
	}
	return names
}

// Of returns the results of a workload.
func (r *Report) Of(group, workload string) []Result {
	var list []Result
	for _, result := range r.Results {
		if result.Group == group && result.Workload == workload {
			list = append(list, result)
		}
	}
	return list
}

// Streamed are the workloads that have timelines.
func (r *Report) Streamed() []string {
	var names []string
	for _, line := range r.Timelines {
		if !slices.Contains(names, line.Workload) {
			names = append(names, line.Workload)
		}
	}
	return names
}

// noisy is how far apart half of a bound's times may lie, in parts of their
// median, before a reader is warned.
const noisy = 0.25

// NoteNoise adds a note for each workload during which the machine was busy
// with something else, told by the times of the bound.
func (r *Report) NoteNoise() {
	var busy []string
	workloads := 0
	for _, result := range r.Results {
		if result.Engine != "handwritten" || result.Noise == 0 {
			continue
		}
		workloads++
		if result.Noise > noisy {
			busy = append(busy, fmt.Sprintf("%s %s (%.0f%%)", result.Group, result.Workload, result.Noise*100))
		}
	}
	if len(busy) == 0 {
		return
	}
	r.Notes = append(r.Notes, "The machine was busy: half of handwritten's times lie far apart in "+strings.Join(busy, ", ")+".")
	if len(busy)*3 > workloads {
		r.Notes = append(r.Notes, "That is too much to trust the times. The ratios are taken within rounds and suffer less; run again when the machine is quiet.")
	}
}

// WriteJSON writes the rows.
func (r *Report) WriteJSON(w io.Writer) error {
	file := struct {
		Rows []Row `json:"rows"`
	}{Rows: []Row{}}
	for _, result := range r.Results {
		row := result.Row
		if math.IsNaN(row.Ratio) || math.IsInf(row.Ratio, 0) {
			row.Ratio = 0
		}
		file.Rows = append(file.Rows, row)
		if result.Requests > 0 {
			row.Workload += "/elapsed"
			row.NS, row.Ratio = int64(1e9/result.Requests), result.Pace.Median
			file.Rows = append(file.Rows, row)
		}
	}
	text, err := json.MarshalIndent(file, "", "\t")
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}
