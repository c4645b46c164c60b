package main

import (
	"fmt"
	"strings"

	"github.com/ropewalk/ropewalk/bench/measure"
	"github.com/ropewalk/ropewalk/bench/report"
	"github.com/ropewalk/ropewalk/bench/web"
	"github.com/ropewalk/ropewalk/bench/workload"
)

// httpSteps ask for pages over loopback and count the CPU time of the server.
func (c *comparison) httpSteps() []step {
	var steps []step
	add := func(name string, subjects []web.Subject) {
		steps = append(steps, step{report.HTTP, name, func() error { return c.serve(name, subjects, c.effort.http) }})
	}
	whole := []string{web.Prebuilt, "ropewalk", "ropewalk-new", "handwritten", "quicktemplate", "templ", "gomponents", "jet", "html-template"}
	for _, name := range workload.Names() {
		if c.report.Short && name != workload.FortunesPage && name != workload.CardsPage {
			continue
		}
		var subjects []web.Subject
		for _, engine := range whole {
			subjects = append(subjects, web.Subject{Name: engine, Path: web.PagePath(name, engine, false)})
		}
		for _, engine := range []string{"templ", "html-template"} {
			subjects = append(subjects, web.Subject{Name: engine + "-streaming", Path: web.PagePath(name, engine, true)})
		}
		add(string(name), subjects)
	}
	for _, encoding := range []string{"gzip", "zstd"} {
		var subjects []web.Subject
		for _, engine := range []string{web.Prebuilt, "ropewalk", "handwritten", "templ", "html-template"} {
			path := web.Compressed(web.PagePath(workload.CardsPage, engine, false))
			subjects = append(subjects, web.Subject{Name: engine, Path: path, Encoding: encoding})
		}
		add("cards-"+encoding, subjects)
	}
	var parts []web.Subject
	for _, engine := range []string{web.Prebuilt, "ropewalk", "handwritten", "quicktemplate", "templ", "html-template"} {
		parts = append(parts, web.Subject{Name: engine, Path: web.PartsPath(web.FiveNow, engine)})
	}
	add("parts-5", parts)
	var second []web.Subject
	for _, engine := range []string{web.Prebuilt, "ropewalk", "handwritten", "templ", "html-template"} {
		second = append(second, web.Subject{Name: engine, Path: web.PagePath(workload.CardsPage, engine, false)})
	}
	over2 := c.effort.http
	over2.HTTP2 = true
	steps = append(steps, step{report.HTTP, "cards-http2", func() error { return c.serve("cards-http2", second, over2) }})
	for _, size := range c.effort.webSizes {
		var subjects []web.Subject
		for _, engine := range []string{web.Prebuilt, "ropewalk", "handwritten", "templ"} {
			subjects = append(subjects, web.Subject{Name: engine, Path: web.SizePath(size, engine)})
		}
		add("size-"+sizeName(size), subjects)
	}
	return steps
}

// serve compares pages with the first, which is the bound.
func (c *comparison) serve(name string, subjects []web.Subject, o web.Options) error {
	samples, err := c.server.Compare(subjects, o)
	if err != nil {
		return err
	}
	var starved []string
	for i, s := range samples {
		if s.Elapsed.Stat().Median > impatient*s.CPU.Stat().Median {
			starved = append(starved, subjects[i].Name)
		}
		cpu, ratio := s.CPU.Stat(), measure.Ratio(s.CPU, samples[0].CPU)
		c.report.Add(report.Result{
			Row: report.Row{
				Group: report.HTTP, Workload: name, Engine: subjects[i].Name,
				NS: int64(cpu.Median), Ratio: ratio.Median, Bytes: s.Bytes,
				Allocs: s.Allocs.Count, AllocBytes: s.Allocs.Bytes,
			},
			Spread: ratio, Noise: max(cpu.Spread(), s.Elapsed.Stat().Spread()),
			Bound:    subjects[i].Name == web.Prebuilt || subjects[i].Name == bound,
			Requests: 1e9 / s.Elapsed.Stat().Median,
			Pace:     measure.Ratio(s.Elapsed, samples[0].Elapsed),
		})
	}
	if len(starved) > 0 {
		c.report.Notes = append(c.report.Notes, fmt.Sprintf("In http %s the server did not work all the time with %s: it waited for the client, or for its turn on a busy machine. It could answer more requests per second than are shown; the CPU per request suffers less.", name, strings.Join(starved, ", ")))
	}
	return nil
}

// impatient is how much longer than the server has worked for a request it may
// take, before something else is what holds it up.
const impatient = 1.1
