// Ratios times the engines against each other and prints the medians of their
// ratios, each with the quarters that half of the rounds lie between.
//
//	go -C bench run ./ratios -short
//	go -C bench run ./ratios -workload cards,table -engine ropewalk,handwritten
//
// The pages are rendered in one process, one after the other, so an engine
// whose pools learn from one page shows it in the next; -workload with a single
// name shows a program that knows no other page.
//
// A ratio below 1 means faster than the engine at the head of the column.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/ropewalk/ropewalk/bench/measure"
	"github.com/ropewalk/ropewalk/bench/peer"
	"github.com/ropewalk/ropewalk/bench/render"
	"github.com/ropewalk/ropewalk/bench/workload"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string, out, progress io.Writer) error {
	flags := flag.NewFlagSet("ratios", flag.ContinueOnError)
	flags.SetOutput(progress)
	short := flags.Bool("short", false, "measure for less than a minute")
	rounds := flags.Int("rounds", 0, "how many rounds (40, or 15 with -short)")
	slice := flags.Duration("slice", 0, "how long an engine runs in a round (20ms, or 8ms with -short)")
	workloads := flags.String("workload", "", "the pages to render, separated by commas (all)")
	engines := flags.String("engine", "", "the engines to run, separated by commas (all)")
	if err := flags.Parse(args); err != nil {
		return err
	}
	chosen, err := chooseEngines(*engines)
	if err != nil {
		return err
	}
	data, err := workload.Load()
	if err != nil {
		return err
	}
	options := measure.Options{Rounds: *rounds, Slice: *slice}
	if *short {
		options = shorten(options)
	}
	fmt.Fprintf(out, "%s %s/%s, %d CPUs\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	for _, name := range chooseWorkloads(*workloads) {
		fmt.Fprintf(progress, "%s…\n", name)
		c, err := render.Compare(chosen, name, data, render.ToMemory, options)
		if err != nil {
			return err
		}
		if err := write(out, c); err != nil {
			return err
		}
	}
	return nil
}

func shorten(o measure.Options) measure.Options {
	if o.Rounds == 0 {
		o.Rounds = 15
	}
	if o.Slice == 0 {
		o.Slice = 8 * time.Millisecond
	}
	return o
}

func chooseEngines(list string) ([]peer.Engine, error) {
	if list == "" {
		return render.Engines(), nil
	}
	var chosen []peer.Engine
	for name := range strings.SplitSeq(list, ",") {
		e, err := render.Engine(name)
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, e)
	}
	return chosen, nil
}

func chooseWorkloads(list string) []workload.Name {
	if list == "" {
		return workload.Names()
	}
	var chosen []workload.Name
	for name := range strings.SplitSeq(list, ",") {
		chosen = append(chosen, workload.Name(name))
	}
	return chosen
}

// bases are the engines that the others are compared with. An engine on maps
// is compared with html/template on maps.
var bases = []string{"handwritten", "quicktemplate", "templ", "html-template"}

func write(out io.Writer, c *render.Comparison) error {
	fmt.Fprintf(out, "\n%s, %d bytes\n", c.Workload, c.Bytes)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprint(table, "engine\tµs\tMB/s\tallocs")
	for _, base := range bases {
		fmt.Fprintf(table, "\t/ %s", base)
	}
	fmt.Fprintln(table)
	for _, r := range c.Results {
		ns := r.Times.Stat().Median
		fmt.Fprintf(table, "%s\t%.2f\t%.0f\t%d", r.Engine.Name, ns/1e3, float64(r.Bytes)/ns*1e3, r.Allocs.Count)
		for _, base := range bases {
			if base == "html-template" && r.Engine.Dynamic {
				base = "html-template-map"
			}
			ratio, ok := c.Ratio(r, base)
			if !ok || base == r.Engine.Name {
				fmt.Fprint(table, "\t")
				continue
			}
			fmt.Fprintf(table, "\t%v", ratio)
		}
		fmt.Fprintln(table)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	return warn(out, c)
}

// noisy is the spread of one engine's own times above which a machine was busy
// with something else.
const noisy = 0.25

func warn(out io.Writer, c *render.Comparison) error {
	for _, r := range c.Results {
		if spread := r.Times.Stat().Spread(); r.Engine.Name == "handwritten" && spread > noisy {
			_, err := fmt.Fprintf(out, "the machine was busy: half of the times of %s lie %.0f%% apart\n", r.Engine.Name, spread*100)
			return err
		}
	}
	return nil
}
