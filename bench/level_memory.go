package main

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/ropewalk/ropewalk/bench/measure"
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
				got, err := c.server.Waiting(engine, "", n)
				return got.Held, err
			})
		}},
		{report.Memory, "more and more streams that wait, plain", func() error { return c.waiting("") }},
		{report.Memory, "more and more streams that wait, with gzip", func() error { return c.waiting("gzip") }},
		{report.Memory, "more and more streams that wait, with zstd", func() error { return c.waiting("zstd") }},
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
				Ratio: ratio(held[i], base), AllocBytes: uint64(max(0, held[i])),
			},
			Bound: engine == web.Prebuilt || engine == bound,
		})
	}
	return nil
}

// ratio is 0 for what is too little to be measured.
func ratio(held, base float64) float64 {
	if held <= 0 || base <= 0 {
		return 0
	}
	return held / base
}

// affordable is how much a server may hold for all streams that wait, in bytes.
const affordable = 2 << 30

// waiting measures what a stream holds that waits, as their number grows. The
// bound is what a handler holds that does not compress and has the page ready.
func (c *comparison) waiting(encoding string) error {
	engines := []string{web.Prebuilt, "ropewalk", bound}
	last := make([]float64, len(engines))
	for _, n := range c.effort.waitingAt {
		if n > web.MaxStreams() {
			c.report.Notes = append(c.report.Notes, fmt.Sprintf("%d streams that wait were left out: this system lets a process have %d.", n, web.MaxStreams()))
			return nil
		}
		name := fmt.Sprintf("waiting-%s-%d", cmp.Or(encoding, "plain"), n)
		for i, engine := range engines {
			if last[i]*float64(n) > affordable {
				continue
			}
			asked := encoding
			if engine == web.Prebuilt {
				asked = ""
			}
			got, err := c.waitingAt(engine, asked, n)
			if err != nil {
				return err
			}
			if got.Encoded < n {
				c.report.Notes = append(c.report.Notes, fmt.Sprintf("Of %s streams at once %s compressed %d with %s and left the others plain, to save memory.", report.Count(float64(n)), engine, got.Encoded, encoding))
			}
			last[i] = got.Held
			c.report.Add(report.Result{
				Row: report.Row{
					Group: report.Memory, Workload: name, Engine: engine, Bytes: got.Bytes,
					Ratio: ratio(got.Held, last[0]), AllocBytes: uint64(max(0, got.Held)),
				},
				Bound: engine == web.Prebuilt || engine == bound,
			})
		}
	}
	return nil
}

// waitingAt has the median of several measurements, without the first, which
// fills pools. A few streams are lost in what a server has anyway, so they are
// measured more often.
func (c *comparison) waitingAt(engine, encoding string, n int) (got web.Streams, err error) {
	times := 2
	if n < 1000 {
		times = 4
	}
	if n < 10 {
		times = 10
	}
	var all measure.Times
	for range min(times, c.effort.waitingRounds) {
		if got, err = c.server.Waiting(engine, encoding, n); err != nil {
			return got, err
		}
		all = append(all, got.Held)
	}
	got.Held = all[1:].Stat().Median
	return got, nil
}
