package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/ropewalk/ropewalk/bench/report"
)

// write prints the figures, and one page's pieces as a waterfall.
func (r *result) write(out io.Writer) error {
	var bytes int64
	for _, p := range r.pages {
		bytes += p.bytes
	}
	coding := r.header.Get("Content-Encoding")
	if coding == "" {
		coding = "identity"
	}
	fmt.Fprintf(out, "%s\n%s, %s, %s, %d at once for %s\n\n", r.load.url, r.proto, r.header.Get("Content-Type"), coding, r.load.readers, r.elapsed.Round(time.Millisecond))
	fmt.Fprintf(out, "requests    %s, %s failed\n", report.Count(float64(len(r.pages)+r.failed)), report.Count(float64(r.failed)))
	if r.err != nil {
		fmt.Fprintf(out, "            the first failure: %v\n", r.err)
	}
	fmt.Fprintf(out, "throughput  %.1f requests/s, %s/s\n", float64(len(r.pages))/r.elapsed.Seconds(), report.Size(float64(bytes)/r.elapsed.Seconds()))
	fmt.Fprintf(out, "page        %s in %d pieces\n\n", report.Size(float64(bytes)/float64(len(r.pages))), r.usual())
	if err := r.quantiles(out); err != nil {
		return err
	}
	return r.waterfall(out)
}

var quantiles = []struct {
	name string
	part float64
}{{"least", 0}, {"half", 0.5}, {"90%", 0.9}, {"99%", 0.99}, {"most", 1}}

// quantiles prints a line for each moment: the first byte, the last, and the
// pieces between them.
func (r *result) quantiles(out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "\t")
	for _, q := range quantiles {
		fmt.Fprintf(table, "%s\t", q.name)
	}
	fmt.Fprintln(table)
	line := func(name string, of func(p page) time.Duration, pages []page) {
		var times []time.Duration
		for _, p := range pages {
			times = append(times, of(p))
		}
		slices.Sort(times)
		fmt.Fprintf(table, "%s\t", name)
		for _, q := range quantiles {
			fmt.Fprintf(table, "%s\t", report.Time(float64(times[rank(q.part, len(times))])))
		}
		fmt.Fprintln(table)
	}
	line("first byte", func(p page) time.Duration { return p.first }, r.pages)
	usual := r.usual()
	alike := slices.DeleteFunc(slices.Clone(r.pages), func(p page) bool { return len(p.pieces) != usual })
	if usual <= 24 {
		for i := 1; i < usual-1; i++ {
			line(fmt.Sprintf("piece %d", i+1), func(p page) time.Duration { return p.pieces[i] }, alike)
		}
	}
	line("last byte", func(p page) time.Duration { return p.last }, r.pages)
	return table.Flush()
}

// rank is the first of n sorted times that so large a part of them does not exceed.
func rank(part float64, n int) int { return max(0, int(math.Ceil(part*float64(n)))-1) }

// usual is the number of pieces that most pages came in.
func (r *result) usual() int {
	counts := map[int]int{}
	best := 0
	for _, p := range r.pages {
		n := len(p.pieces)
		counts[n]++
		if counts[n] > counts[best] || counts[n] == counts[best] && n < best {
			best = n
		}
	}
	return best
}

// waterfall draws the page that took the median time.
func (r *result) waterfall(out io.Writer) error {
	byTime := slices.SortedFunc(slices.Values(r.pages), func(a, b page) int { return cmp.Compare(a.last, b.last) })
	p := byTime[len(byTime)/2]
	const width = 48
	fmt.Fprintf(out, "\nthe page in the middle\n")
	for i, at := range p.pieces {
		if i == 24 {
			fmt.Fprintf(out, "%12d more\n", len(p.pieces)-i)
			break
		}
		column := min(width, int(float64(width)*float64(at)/float64(max(1, p.last))))
		fmt.Fprintf(out, "%12s  %s▇%s  %s\n", report.Time(float64(at)), strings.Repeat("·", column), strings.Repeat(" ", width-column), report.Size(float64(p.sizes[i])))
	}
	_, err := fmt.Fprintln(out)
	return err
}
