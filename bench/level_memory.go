package main

import (
	"fmt"
	"slices"

	"github.com/ropewalk/ropewalk/bench/report"
	"github.com/ropewalk/ropewalk/bench/web"
)

// memorySteps measure what a server holds for a stream: one that waits for a
// part of its page, and one whose reader does not read.
func (c *comparison) memorySteps() []step {
	n := min(c.effort.waiting, web.MaxStreams())
	size := c.effort.slowPage
	return []step{
		{report.Memory, fmt.Sprintf("%d streams that wait for a part", n), func() error {
			return c.held("waiting", 2, []string{web.Prebuilt, "ropewalk", bound, "quicktemplate", "templ", "html-template"}, func(engine string) (float64, error) {
				return c.server.Waiting(engine, n)
			})
		}},
		{report.Memory, fmt.Sprintf("%d readers that do not read", c.effort.slow), func() error {
			return c.held("slow-reader-"+sizeName(size), 1, []string{web.Prebuilt, "ropewalk", bound, "quicktemplate", "templ"}, func(engine string) (float64, error) {
				return c.server.Slow(engine, size, c.effort.slow)
			})
		}},
	}
}

// held measures as often as it is told, and takes the last: the first fills
// pools.
func (c *comparison) held(workload string, times int, engines []string, measure func(engine string) (float64, error)) error {
	held := make([]float64, len(engines))
	for range times {
		for i, engine := range engines {
			var err error
			if held[i], err = measure(engine); err != nil {
				return err
			}
		}
	}
	base := held[slices.Index(engines, bound)]
	for i, engine := range engines {
		c.report.Add(report.Result{
			Row: report.Row{
				Group: report.Memory, Workload: workload, Engine: engine,
				Ratio: held[i] / base, AllocBytes: uint64(max(0, held[i])),
			},
			Bound: engine == web.Prebuilt || engine == bound,
		})
	}
	return nil
}
