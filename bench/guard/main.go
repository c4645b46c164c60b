// Guard fails if ropewalk has become slower, or allocates more than it did.
//
//	go -C bench run ./guard                   against guard/figures.json and the main branch's code
//	go -C bench run ./guard -against v1.2.0   against another revision, or the folder of a checkout
//	go -C bench run ./guard -against none     against the figures alone
//	go -C bench run ./guard -update           writes what it measures to guard/figures.json
//
// A figure is the time of ropewalk in parts of that of code written by hand,
// taken in turns within one process, and counted by the processor's time of one
// thread where the system tells that: so a slow or a busy machine changes both,
// and little. Each pass over all figures is a process of its own.
//
// The code of the main branch is built with the same pages and the same bound,
// and measured in turns with this. On main itself it is the commit before, and
// the last commit for what is not committed yet.
//
// What looks more than 15 % worse, than the figure or than main's code, gets
// more passes. It fails if three quarters of them agree, those left out that
// were disturbed; if fewer do, guard says that it could not tell. The ratios in
// the file hold for the processor and the Go release that they name: on others
// main's code, measured in the same run, decides; without it they still count,
// but not on another architecture, where the bound itself is other code. The
// number of allocations must be that in the file: one that has become smaller is
// written there with -update, or it could grow again and nobody would be told.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// errWorse is for what is not as it was; the table before it says what.
var errWorse = errors.New("guard: slower than it was, or another number of allocations")

func run(args []string, out, progress io.Writer) error {
	flags := flag.NewFlagSet("guard", flag.ContinueOnError)
	flags.SetOutput(progress)
	update := flags.Bool("update", false, "write the figures")
	against := flags.String("against", "", "a revision, or the folder of a checkout, to compare with; none for the figures alone (the main branch)")
	path := flags.String("figures", "guard/figures.json", "the file with the figures")
	budget := flags.Duration("budget", 50*time.Second, "after which no pass begins but the third")
	pass := flags.Bool("pass", false, "measure once, print that as JSON, and judge nothing")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *pass {
		samples, err := measureAll(effort)
		if err != nil {
			return err
		}
		return json.NewEncoder(out).Encode(samples)
	}
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("guard: %w", err)
	}
	if *update {
		now, err := repeat(self, 5, progress)
		if err != nil {
			return err
		}
		return newFile(now).save(*path)
	}
	committed, err := load(*path)
	if err != nil {
		return err
	}
	start := time.Now()
	t := trial{file: committed, here: thisMachine()}
	other, done, err := build(*against, progress)
	if err != nil {
		fmt.Fprintf(progress, "guard: only the figures in the file count: %v\n", err)
	}
	defer done()
	if err := t.measure(self, other, time.Until(start.Add(*budget)), progress); err != nil {
		return err
	}
	return t.report(out)
}
