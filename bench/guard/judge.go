package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
)

// tolerance is how much worse a ratio may be before it counts.
const tolerance = 1.15

// A verdict is about one figure.
type verdict struct {
	key      string
	was, now Figure
	known    bool // there is a figure to compare with
}

type verdicts []verdict

func (v verdict) slower() bool { return v.known && v.now.Ratio > v.was.Ratio*tolerance }
func (v verdict) hungrier() bool {
	return v.known && v.now.Allocs > v.was.Allocs
}

// judge compares each figure with what it was.
func judge(now, was Figures) verdicts {
	var all verdicts
	for _, key := range slices.Sorted(maps.Keys(now)) {
		w, ok := was[key]
		all = append(all, verdict{key, w, now[key], ok})
	}
	return all
}

// worse are the keys of what has become worse.
func (all verdicts) worse() []string {
	var keys []string
	for _, v := range all {
		if v.slower() || v.hungrier() {
			keys = append(keys, v.key)
		}
	}
	return keys
}

// report prints all, and returns errSlower if one is worse.
func report(out io.Writer, all verdicts) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\twas\tis\tchange\tallocs")
	for _, v := range all {
		fmt.Fprintf(table, "%s\t%.2f\t%.2f\t%s\t%d\t%s\n", v.key, v.was.Ratio, v.now.Ratio, v.change(), v.now.Allocs, v.remark())
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if len(all.worse()) > 0 {
		return errSlower
	}
	return nil
}

func (v verdict) change() string {
	if !v.known {
		return "new"
	}
	return fmt.Sprintf("%+.0f%%", (v.now.Ratio/v.was.Ratio-1)*100)
}

func (v verdict) remark() string {
	switch {
	case v.hungrier():
		return fmt.Sprintf("ALLOCATES MORE, it was %d", v.was.Allocs)
	case v.slower():
		return "SLOWER"
	case v.known && (v.now.Ratio*tolerance < v.was.Ratio || v.now.Allocs < v.was.Allocs):
		return "better: keep it with -update"
	}
	return ""
}
