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

// A change is how a ratio compares with what it should be, in the passes that
// can be trusted.
type change struct {
	factor  float64 // the median; 0 if there is nothing to compare with
	worse   int     // passes in which it is out of tolerance
	trusted int
}

func (c change) slower() bool { return c.factor > tolerance }

// sure tells whether enough passes agree that it is slower.
func (c change) sure() bool {
	return c.slower() && c.trusted >= fewest && c.worse*4 >= c.trusted*3
}

// A verdict is about one figure.
type verdict struct {
	key         string
	now         Figure
	was         Figure // in the file
	known       bool   // there is a figure
	file, base  change
	fileDecides bool // the ratio in the file counts here
	trusted     int
}

type verdicts []verdict

func (t *trial) judge() verdicts {
	var all verdicts
	for _, key := range slices.Sorted(maps.Keys(t.ours[0])) {
		v := verdict{key: key, now: middle(t.ours, key), fileDecides: t.fileDecides()}
		v.was, v.known = t.file.Figures[key]
		var file, base []float64
		for i, pass := range t.ours {
			sample := pass[key]
			if !sample.trusted() {
				continue
			}
			v.trusted++
			if v.known {
				file = append(file, sample.Ratio.Median/v.was.Ratio)
			}
			if i < len(t.base) && t.base[i][key].trusted() {
				base = append(base, sample.Ratio.Median/t.base[i][key].Ratio.Median)
			}
		}
		v.file, v.base = compare(file), compare(base)
		all = append(all, v)
	}
	return all
}

func compare(factors []float64) change {
	if len(factors) == 0 {
		return change{}
	}
	c := change{factor: median(factors), trusted: len(factors)}
	for _, f := range factors {
		if f > tolerance {
			c.worse++
		}
	}
	return c
}

// fileDecides tells whether the ratios in the file hold here: on the machine that
// they come from, and, if there is nothing better to compare with, on all of its
// architecture.
func (t *trial) fileDecides() bool {
	return t.here == t.file.Machine || t.here.GOARCH == t.file.Machine.GOARCH && len(t.base) == 0
}

func (v verdict) hungrier() bool { return v.known && v.now.Allocs > v.was.Allocs }

// frugal is for allocations that are fewer than the file has: until it has those,
// what was won could be lost again and nobody told.
func (v verdict) frugal() bool { return v.known && v.now.Allocs < v.was.Allocs }

// open tells whether more passes could say more.
func (v verdict) open() bool { return v.suspect() || v.trusted < fewest }

func (v verdict) suspect() bool {
	return v.hungrier() || v.frugal() || v.base.slower() || v.fileDecides && v.file.slower()
}

// worse is what fails. Fewer allocations do too, as the file must have them.
func (v verdict) worse() bool {
	return v.hungrier() || v.frugal() || v.base.sure() || v.fileDecides && v.file.sure()
}

func (all verdicts) keys(is func(v verdict) bool) []string {
	var keys []string
	for _, v := range all {
		if is(v) {
			keys = append(keys, v.key)
		}
	}
	return keys
}

func (all verdicts) open() []string  { return all.keys(verdict.open) }
func (all verdicts) worse() []string { return all.keys(verdict.worse) }

// report prints all, and returns errWorse if one is worse.
func (t *trial) report(out io.Writer) error {
	all := t.judge()
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\tfile\tis\tchange\tto base\tallocs")
	for _, v := range all {
		fmt.Fprintf(table, "%s\t%.2f\t%.2f\t%v\t%v\t%d\t%s\n", v.key, v.was.Ratio, v.now.Ratio, v.file, v.base, v.now.Allocs, v.remark())
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, note := range t.notes(all) {
		fmt.Fprintln(out, note)
	}
	if len(all.worse()) > 0 {
		return errWorse
	}
	return nil
}

func (c change) String() string {
	if c.factor == 0 {
		return "-"
	}
	return fmt.Sprintf("%+.0f%%", (c.factor-1)*100)
}

// notes say what the verdicts do not hold for.
func (t *trial) notes(all verdicts) []string {
	var notes []string
	if t.here != t.file.Machine {
		notes = append(notes, fmt.Sprintf("The ratios in the file are of %v; this is %v.", t.file.Machine, t.here))
		switch {
		case len(t.base) > 0:
			notes = append(notes, "So the base, measured in the same run, decides.")
		case !t.fileDecides():
			notes = append(notes, "So no ratio was judged, only allocations.")
		}
	}
	untold := all.keys(func(v verdict) bool { return v.open() && !v.worse() })
	if len(untold) > 0 {
		notes = append(notes, fmt.Sprintf("The machine was too noisy to tell of %q: run again when it is quiet.", untold))
	}
	return notes
}

func (v verdict) remark() string {
	switch {
	case v.hungrier():
		return fmt.Sprintf("ALLOCATES MORE, it was %d", v.was.Allocs)
	case v.base.sure() || v.fileDecides && v.file.sure():
		return "SLOWER"
	case v.frugal():
		return fmt.Sprintf("FEWER ALLOCATIONS, it had %d: keep that with -update", v.was.Allocs)
	case v.open():
		return "too noisy to tell"
	case !v.known:
		return "new"
	case v.fileDecides && v.file.factor*tolerance < 1:
		return "better: keep it with -update"
	}
	return ""
}
