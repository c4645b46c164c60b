package main

import (
	"bufio"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/ropewalk/ropewalk/bench/render"
	"github.com/ropewalk/ropewalk/bench/report"
	"github.com/ropewalk/ropewalk/bench/web"
	"github.com/ropewalk/ropewalk/bench/workload"
)

func main() {
	web.ServeIfChild()
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// A comparison is one run of the program.
type comparison struct {
	report *report.Report
	data   *workload.Set
	server *web.Server // of this step
	effort effort
}

// A step measures something and adds it to the report.
type step struct {
	group, name string
	run         func() error
}

func run(args []string, out, progress io.Writer) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(progress)
	short := flags.Bool("short", false, "take less than a minute")
	markdown := flags.Bool("markdown", false, "print tables for a README")
	groups := flags.String("group", "", "what to measure: render, stream, http, memory, separated by commas (all)")
	folder := flags.String("out", ".", "the folder for report.html and report.json; it is made if it is not there")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("bench: %q is no flag: -h lists them", flags.Arg(0))
	}
	chosen, err := chooseGroups(*groups)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(*folder, 0o777); err != nil { // now, and not after minutes
		return fmt.Errorf("bench: %w", err)
	}
	c := &comparison{report: &report.Report{Short: *short, Machine: machine()}, effort: long}
	if *short {
		c.effort = brief
	}
	for _, e := range render.Engines() {
		if !e.Bound && !e.Dynamic {
			c.report.Covers = append(c.report.Covers, report.Cover{Engine: e.Name, Care: e.Cover})
		}
	}
	if c.data, err = workload.Load(); err != nil {
		return err
	}
	steps := slices.Concat(c.renderSteps(), c.streamSteps(), c.httpSteps(), c.memorySteps())
	failed := c.measure(slices.DeleteFunc(steps, func(s step) bool { return !slices.Contains(chosen, s.group) }), progress)
	if err := c.print(out, *markdown); err != nil {
		return err
	}
	if err := c.save(*folder, progress); err != nil {
		return err
	}
	return failed
}

func chooseGroups(list string) ([]string, error) {
	all := []string{report.Render, report.Stream, report.HTTP, report.Memory}
	if list == "" {
		return all, nil
	}
	chosen := strings.Split(list, ",")
	for _, name := range chosen {
		if !slices.Contains(all, name) {
			return nil, fmt.Errorf("bench: there is no group %q: there are %q", name, all)
		}
	}
	return chosen, nil
}

// machine names the versions of all engines.
func machine() report.Machine {
	var modules []string
	for _, e := range render.Engines() {
		if e.Module != "" {
			modules = append(modules, e.Module)
		}
	}
	return report.ThisMachine(modules)
}

// measure goes on after a step that fails, with a note: what the others have found
// in minutes shall not be lost. It returns the first error.
func (c *comparison) measure(steps []step, progress io.Writer) (failed error) {
	start := time.Now()
	for i, s := range steps {
		fmt.Fprintf(progress, "[%2d/%d %4.0fs] %s: %s\n", i+1, len(steps), time.Since(start).Seconds(), s.group, s.name)
		if err := c.with(s); err != nil {
			fmt.Fprintln(progress, err)
			c.report.Notes = append(c.report.Notes, fmt.Sprintf("Not measured, %s: %s: %v", s.group, s.name, err))
			failed = cmp.Or(failed, err)
		}
	}
	c.report.NoteNoise()
	return failed
}

// with runs a step with a server of its own: pools learn from the pages that a
// server has served, and none shall have learnt from those of another step.
func (c *comparison) with(s step) error {
	start := web.Start
	if s.group == report.HTTP {
		start = func() (*web.Server, error) { return web.StartOn(1) }
	}
	server, err := start()
	if err != nil {
		return err
	}
	defer server.Close()
	c.server = server
	return s.run()
}

func (c *comparison) print(out io.Writer, markdown bool) error {
	tables := c.report.AllTables()
	b := bufio.NewWriter(out)
	fmt.Fprintf(b, "%s\n%s\n%s\n", c.report.Machine, c.report.Machine.Versions(), report.Names)
	write := report.WriteText
	if markdown {
		write = report.WriteMarkdown
	}
	if err := write(b, tables...); err != nil {
		return err
	}
	fmt.Fprintln(b)
	for _, note := range c.report.Notes {
		fmt.Fprintln(b, note)
	}
	return b.Flush()
}

func (c *comparison) save(folder string, progress io.Writer) error {
	for name, write := range map[string]func(io.Writer) error{
		"report.json": c.report.WriteJSON,
		"report.html": c.report.WriteHTML,
	} {
		path := filepath.Join(folder, name)
		file, err := os.Create(path)
		if err != nil {
			return fmt.Errorf("bench: %w", err)
		}
		if err := write(file); err != nil {
			file.Close()
			return fmt.Errorf("bench: %s: %w", path, err)
		}
		if err := file.Close(); err != nil {
			return fmt.Errorf("bench: %w", err)
		}
		if absolute, err := filepath.Abs(path); err == nil {
			path = absolute
		}
		fmt.Fprintln(progress, "wrote", path)
	}
	return nil
}
