package render

import (
	"io"

	"github.com/ropewalk/ropewalk/bench/measure"
	"github.com/ropewalk/ropewalk/bench/peer"
	"github.com/ropewalk/ropewalk/bench/workload"
)

// A Comparison is all engines on one page.
type Comparison struct {
	Workload workload.Name
	Bytes    int // of the reference's document
	Results  []Result
}

// A Result is one engine on the page.
type Result struct {
	Engine peer.Engine
	Bytes  int // of its document
	Times  measure.Times
	Allocs measure.Allocs
}

// A Level is where a page is rendered to.
type Level int

const (
	ToMemory Level = iota // which the page keeps and reuses
	ToWriter              // which throws everything away, and is not memory to the engine
)

// Functions is the row of the functions that a page calls, alone: no engine that
// calls them can be faster, and none need allocate more. It has no document, and
// a page that calls none has no such row.
const Functions = "functions-alone"

// Compare proves that the engines render the page alike, and then times them.
func Compare(engines []peer.Engine, name workload.Name, data *workload.Set, level Level, options measure.Options) (*Comparison, error) {
	document, err := reference(name, data)
	if err != nil {
		return nil, err
	}
	c := &Comparison{Workload: name, Bytes: len(document)}
	var subjects []measure.Subject
	for _, e := range engines {
		page, err := Prove(e, name, data)
		if err != nil {
			return nil, err
		}
		subject := measure.Subject{Name: string(name) + " of " + e.Name, Run: page.Render}
		if level == ToWriter {
			subject.Run = func() error { return page.Write(discard{}) }
		}
		allocs, err := measure.CountAllocs(subject)
		if err != nil {
			return nil, err
		}
		subjects = append(subjects, subject)
		c.Results = append(c.Results, Result{Engine: e, Bytes: len(page.Output()), Allocs: allocs})
	}
	if call := data.Functions(name); call != nil && level == ToMemory {
		subject := measure.Subject{Name: string(name) + " of " + Functions, Run: func() error { call(); return nil }}
		allocs, err := measure.CountAllocs(subject)
		if err != nil {
			return nil, err
		}
		subjects = append(subjects, subject)
		c.Results = append(c.Results, Result{Engine: peer.Engine{Name: Functions, Bound: true}, Allocs: allocs})
	}
	times, err := measure.Interleave(subjects, options)
	if err != nil {
		return nil, err
	}
	for i := range times {
		c.Results[i].Times = times[i]
	}
	return c, nil
}

// Ratio is how long an engine takes in parts of what the base takes. It is
// false if the base did not take part.
func (c *Comparison) Ratio(r Result, base string) (measure.Stat, bool) {
	for _, b := range c.Results {
		if b.Engine.Name == base {
			return measure.Ratio(r.Times, b.Times), true
		}
	}
	return measure.Stat{}, false
}

// discard is io.Discard without the methods for which some engines have a
// shortcut, so that all do what they do for a connection.
type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

var _ io.Writer = discard{}
