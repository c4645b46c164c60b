package report

import (
	"fmt"
	"time"
)

// A waterfall shows, for each engine, how long each part of a page took to load
// and when it was with the reader.
type waterfall struct {
	Title, Note string
	Panels      []panel
}

type panel struct {
	Engine, How, Class string
	Lanes              []lane
}

type lane struct {
	Name, Text        string
	From, Load, Width float64
}

func (r *Report) waterfalls() []waterfall {
	var list []waterfall
	for _, workload := range r.Streamed() {
		var end time.Duration
		for _, line := range r.Timelines {
			if line.Workload == workload {
				end = max(end, line.Last)
			}
		}
		w := waterfall{Title: title(Stream, workload), Note: fmt.Sprintf("over HTTP; the axis ends at %s, a line each quarter", Time(float64(end)))}
		for _, line := range r.Timelines {
			if line.Workload == workload {
				w.Panels = append(w.Panels, line.panel(end))
			}
		}
		list = append(list, w)
	}
	return list
}

func (t *Timeline) panel(end time.Duration) panel {
	at := func(d time.Duration) float64 { return percent(float64(d), float64(end)) }
	p := panel{Engine: t.Engine, How: t.How, Class: class(t.Engine, t.Bound)}
	add := func(name string, from, load, arrived time.Duration) {
		load = max(0, min(load, arrived-from))
		p.Lanes = append(p.Lanes, lane{Name: name, Text: Time(float64(arrived)), From: at(from), Load: at(load), Width: at(arrived)})
	}
	add("first byte", 0, 0, t.First)
	before := t.First
	for i, arrived := range shown(t.Parts) {
		from := time.Duration(0)
		if t.Sequential {
			from = before
		}
		add(fmt.Sprintf("part %d", i+1), from, t.Loads[i], arrived)
		before = arrived
	}
	add("last byte", 0, 0, t.Last)
	return p
}
