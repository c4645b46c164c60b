package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/ropewalk/ropewalk/bench/measure"
	"github.com/ropewalk/ropewalk/bench/peer"
	"github.com/ropewalk/ropewalk/bench/render"
	"github.com/ropewalk/ropewalk/bench/report"
	"github.com/ropewalk/ropewalk/bench/web"
	"github.com/ropewalk/ropewalk/bench/workload"
)

// streamSteps render each page to a writer that keeps nothing, then pages of
// growing size, and then stream pages of slow parts to a reader on loopback.
func (c *comparison) streamSteps() []step {
	var steps []step
	add := func(name string, run func() error) { steps = append(steps, step{report.Stream, name, run}) }
	engines := slices.DeleteFunc(render.Engines(), func(e peer.Engine) bool { return e.Dynamic || e.Name == "memcpy" })
	for _, name := range workload.Names() {
		add(string(name), func() error {
			return c.compare(report.Stream, string(name), engines, name, c.data, render.ToWriter, c.effort.render)
		})
	}
	ladder := named("ropewalk", bound, "quicktemplate", "templ", "html-template")
	for _, size := range c.effort.sizes {
		name := "size-" + sizeName(size)
		add(name, func() error {
			return c.compare(report.Stream, name, ladder, workload.TablePage, workload.Sized(size), render.ToWriter, c.effort.ladder)
		})
	}
	add("5 parts of 20, 100, 50, 10 and 80 ms", func() error { return c.timelines(web.Five, "", "parts-5", 5, true) })
	add("the same over HTTP/2", func() error { return c.timelines(web.Five, http2, "parts-5-http2", 5, false) })
	for _, encoding := range []string{"gzip", "zstd"} {
		add("the same with "+encoding, func() error { return c.timelines(web.Five, encoding, "parts-5-"+encoding, 5, false) })
	}
	add("1,000 parts of 20 ms", func() error { return c.timelines(web.Thousand, "", "parts-1000", 1000, false) })
	for _, n := range c.effort.crowds {
		add(fmt.Sprintf("%d streams of 5 parts at once", n), func() error { return c.crowd(n) })
	}
	add(fmt.Sprintf("%d readers that take %s a second", c.effort.paced, sizeName(int(c.effort.pace))), c.paced)
	return steps
}

// http2 stands where an encoding could: neither comes with the other here.
const http2 = "http2"

// timelines asks for a page of parts, of those that load one part after the
// other only if sequential is set: it takes the sum of the delays.
func (c *comparison) timelines(page, encoding, name string, parts int, sequential bool) error {
	streamers := slices.DeleteFunc(web.Streamers(), func(s peer.Streamer) bool { return s.Sequential && !sequential })
	var subjects []web.Subject
	for _, s := range streamers {
		subject := web.Subject{Name: s.Name, Path: web.PartsPath(page, s.Name)}
		if encoding != "" && encoding != http2 {
			subject.Path, subject.Encoding = web.Compressed(subject.Path), encoding
		}
		subjects = append(subjects, subject)
	}
	lines, err := c.server.Timelines(subjects, parts, c.effort.timelines, encoding == http2)
	if err != nil {
		return err
	}
	base := lines[slices.IndexFunc(streamers, func(s peer.Streamer) bool { return s.Name == bound })]
	var loads []time.Duration
	for _, part := range web.Parts(page).Parts {
		loads = append(loads, part.Delay)
	}
	for i, line := range lines {
		s := streamers[i]
		c.report.Timelines = append(c.report.Timelines, report.Timeline{
			Workload: name, Engine: s.Name, First: line.First, Last: line.Last, Parts: line.Parts,
			Loads: loads, Sequential: s.Sequential, Bound: s.Bound, How: s.How,
		})
		moment := func(suffix string, at time.Duration, ratio measure.Stat) report.Result {
			return report.Result{Bound: s.Bound, Spread: ratio, Row: report.Row{
				Group: report.Stream, Workload: name + suffix, Engine: s.Name,
				NS: at.Nanoseconds(), Ratio: ratio.Median, Bytes: line.Bytes,
			}}
		}
		c.report.Add(
			moment("-first-byte", line.First, measure.Ratio(line.Firsts, base.Firsts)),
			moment("-last-byte", line.Last, measure.Ratio(line.Lasts, base.Lasts)),
		)
	}
	return nil
}

// crowd streams the page of five parts to many readers at once. What the server
// works for a stream grows with their number, or does not.
func (c *comparison) crowd(n int) error {
	if limit := web.MaxStreams(); n > limit {
		c.report.Notes = append(c.report.Notes, fmt.Sprintf("%d streams at once were left out: this system lets a process have %d.", n, limit))
		return nil
	}
	engines := []string{"ropewalk", bound, "templ", "html-template"}
	rounds := max(1, min(c.effort.crowdRounds, 20_000/n))
	times := make([]measure.Times, len(engines))
	var bytes int64
	for round := range rounds + 1 { // of which the first makes pages and fills pools
		for i, engine := range engines {
			got, err := c.server.Crowd(web.Subject{Name: engine, Path: web.PartsPath(web.Five, engine)}, n)
			if err != nil {
				return err
			}
			if round > 0 {
				times[i] = append(times[i], float64(got.CPU))
			}
			bytes = got.Bytes
		}
	}
	for i, engine := range engines {
		ratio := measure.Ratio(times[i], times[slices.Index(engines, bound)])
		c.report.Add(report.Result{
			Row: report.Row{
				Group: report.Stream, Workload: fmt.Sprintf("crowd-%d", n), Engine: engine,
				NS: int64(times[i].Stat().Median), Ratio: ratio.Median, Bytes: bytes,
			},
			Spread: ratio, Bound: engine == bound,
		})
	}
	return nil
}

// paced sends a large page to readers that take it slowly, and tells what the
// server works for one, and holds for it half-way.
func (c *comparison) paced() error {
	engines := []string{web.Prebuilt, "ropewalk", bound, "quicktemplate", "templ"}
	times := make([]measure.Times, len(engines))
	held := make([]measure.Times, len(engines))
	var bytes int64
	for round := range c.effort.pacedRounds + 1 { // of which the first fills pools
		for i, engine := range engines {
			got, err := c.server.Paced(web.Subject{Name: engine, Path: web.SizePath(c.effort.slowPage, engine)}, c.effort.paced, c.effort.pace)
			if err != nil {
				return err
			}
			if round > 0 {
				times[i] = append(times[i], float64(got.CPU))
				held[i] = append(held[i], max(0, got.Held))
			}
			bytes = got.Bytes
		}
	}
	for i, engine := range engines {
		ratio := measure.Ratio(times[i], times[slices.Index(engines, bound)])
		c.report.Add(report.Result{
			Row: report.Row{
				Group: report.Stream, Workload: "paced-" + sizeName(int(c.effort.pace)), Engine: engine,
				NS: int64(times[i].Stat().Median), Ratio: ratio.Median, Bytes: bytes,
				AllocBytes: uint64(held[i].Stat().Median),
			},
			Spread: ratio, Bound: engine == bound || engine == web.Prebuilt,
		})
	}
	return nil
}
