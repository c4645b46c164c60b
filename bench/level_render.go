package main

import (
	"fmt"
	"slices"

	"github.com/ropewalk/ropewalk/bench/measure"
	"github.com/ropewalk/ropewalk/bench/peer"
	"github.com/ropewalk/ropewalk/bench/render"
	"github.com/ropewalk/ropewalk/bench/report"
	"github.com/ropewalk/ropewalk/bench/workload"
)

// bound is what the times of render and stream are compared with.
const bound = "handwritten"

// renderSteps render each page to memory with all engines.
func (c *comparison) renderSteps() []step {
	var steps []step
	for _, name := range workload.Names() {
		steps = append(steps, step{report.Render, string(name), func() error {
			return c.compare(report.Render, string(name), render.Engines(), name, c.data, render.ToMemory, c.effort.render)
		}})
	}
	return steps
}

func (c *comparison) compare(group, title string, engines []peer.Engine, name workload.Name, data *workload.Set, level render.Level, o measure.Options) error {
	result, err := render.Compare(engines, name, data, level, o)
	if err != nil {
		return err
	}
	for _, r := range result.Results {
		ratio, ok := result.Ratio(r, bound)
		if !ok {
			return fmt.Errorf("bench: %s does not take part in %s", bound, title)
		}
		time := r.Times.Stat()
		c.report.Add(report.Result{
			Row: report.Row{
				Group: group, Workload: title, Engine: r.Engine.Name,
				NS: int64(time.Median + 0.5), Ratio: ratio.Median, Bytes: int64(r.Bytes),
				Allocs: r.Allocs.Count, AllocBytes: r.Allocs.Bytes,
			},
			Spread: ratio, Noise: time.Spread(), Bound: r.Engine.Bound,
		})
	}
	return nil
}

// named are the engines of those names.
func named(names ...string) []peer.Engine {
	return slices.DeleteFunc(render.Engines(), func(e peer.Engine) bool { return !slices.Contains(names, e.Name) })
}

// sizeName is such as 100KB.
func sizeName(bytes int) string {
	if bytes >= 1_000_000 {
		return fmt.Sprintf("%dMB", bytes/1_000_000)
	}
	return fmt.Sprintf("%dKB", bytes/1_000)
}
