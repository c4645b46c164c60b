// Guard fails if ropewalk has become slower, or allocates more.
//
//	go -C bench run ./guard                        against the figures in guard/figures.json
//	go -C bench run ./guard -against ../../main    against the code of another checkout, in the same run
//	go -C bench run ./guard -update                writes what it measures to guard/figures.json
//
// A figure is the time of ropewalk in parts of that of code written by hand,
// taken in turns within one process: so a slow or a busy machine changes both.
// What is more than 15 % worse is measured once more, for longer, and fails if
// it stays so. Another processor can have other ratios than the one that the
// figures come from; with -against both sides are measured on this one. The
// number of allocations must not be more than in the file, ever.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// errSlower is for what has become worse; the table before it says what.
var errSlower = errors.New("guard: slower than it was, or more allocations")

func run(args []string, out, progress io.Writer) error {
	flags := flag.NewFlagSet("guard", flag.ContinueOnError)
	flags.SetOutput(progress)
	update := flags.Bool("update", false, "write the figures")
	against := flags.String("against", "", "a checkout of the repository to compare with")
	path := flags.String("figures", "guard/figures.json", "the file with the figures")
	print := flags.Bool("json", false, "measure and print the figures, and judge nothing")
	if err := flags.Parse(args); err != nil {
		return err
	}
	switch {
	case *print:
		now, err := measureAll(effort, nil)
		if err != nil {
			return err
		}
		return now.write(out)
	case *update:
		now, err := median3(func() (Figures, error) { return measureAll(effort, nil) })
		if err != nil {
			return err
		}
		return now.save(*path)
	}
	committed, err := load(*path)
	if err != nil {
		return err
	}
	if *against != "" {
		now, was, err := alternate(*against, progress)
		if err == nil {
			return report(out, judge(now, was.withAllocs(committed)))
		}
		fmt.Fprintf(progress, "guard: %s cannot be measured, so the figures in the file count: %v\n", *against, err)
	}
	now, err := measureAll(effort, nil)
	if err != nil {
		return err
	}
	if worse := judge(now, committed).worse(); len(worse) > 0 {
		fmt.Fprintf(progress, "guard: once more, for longer: %q\n", worse)
		again, err := measureAll(effort.longer(), worse)
		if err != nil {
			return err
		}
		now.improve(again)
	}
	return report(out, judge(now, committed))
}
