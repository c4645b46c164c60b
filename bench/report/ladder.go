package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Lines show how a figure grows with a size; both axes are logarithmic.
type lines struct {
	Title, Note string
	Grid, Ticks []mark
	Series      []series
}

type mark struct {
	At   float64
	Text string
}

type series struct {
	Engine, Class, Points string
	Dots                  []dot
	EndY                  float64
}

type dot struct{ X, Y float64 }

// The drawing is 560 by 300; these are the edges of what the lines may use.
const (
	left, right = 60.0, 430.0
	top, bottom = 15.0, 265.0
)

// whole leaves out what a power of ten does not need.
var whole = strings.NewReplacer(".00 ", " ", ".0 ", " ")

// ladder draws the workloads with a prefix. There is none with fewer than two.
func (r *Report) ladder(group, prefix, title string, of func(Result) float64, text func(float64) string) (lines, bool) {
	var rungs []string
	for _, workload := range r.In(group) {
		if strings.HasPrefix(workload, prefix) {
			rungs = append(rungs, workload)
		}
	}
	if len(rungs) < 2 {
		return lines{}, false
	}
	type value struct {
		rung int
		v    float64
	}
	low, high := math.Inf(1), 0.0
	values := map[string][]value{}
	var order []Result
	for i, workload := range rungs {
		for _, e := range r.Of(group, workload) {
			v := of(e)
			if v <= 0 { // less than can be measured has no place on a logarithmic axis
				continue
			}
			low, high = min(low, v), max(high, v)
			if values[e.Engine] == nil {
				order = append(order, e)
			}
			values[e.Engine] = append(values[e.Engine], value{i, v})
		}
	}
	if len(order) == 0 {
		return lines{}, false
	}
	l := lines{Title: title, Note: "both axes logarithmic"}
	x := func(i int) float64 { return round(left + (right-left)*float64(i)/float64(len(rungs)-1)) }
	from, to := math.Floor(math.Log10(low)), math.Ceil(math.Log10(high))
	to = max(to, from+1)
	y := func(v float64) float64 { return round(bottom - (bottom-top)*(math.Log10(v)-from)/(to-from)) }
	for e := from; e <= to; e++ {
		l.Grid = append(l.Grid, mark{y(math.Pow(10, e)), whole.Replace(text(math.Pow(10, e)))})
	}
	for i, workload := range rungs {
		l.Ticks = append(l.Ticks, mark{x(i), strings.TrimPrefix(workload, prefix)})
	}
	for _, e := range order {
		s := series{Engine: e.Engine, Class: class(e.Engine, e.Bound)}
		var points []string
		for _, at := range values[e.Engine] {
			d := dot{x(at.rung), y(at.v)}
			s.Dots = append(s.Dots, d)
			points = append(points, fmt.Sprintf("%g,%g", d.X, d.Y))
			s.EndY = d.Y
		}
		s.Points = strings.Join(points, " ")
		l.Series = append(l.Series, s)
	}
	spreadLabels(l.Series)
	return l, true
}

// spreadLabels moves the names at the ends of the lines apart.
func spreadLabels(all []series) {
	const apart = 18
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return int(math.Copysign(1, all[a].EndY-all[b].EndY)) })
	for k := 1; k < len(order); k++ {
		above, this := &all[order[k-1]], &all[order[k]]
		this.EndY = max(this.EndY, above.EndY+apart)
	}
}

func round(v float64) float64 { return math.Round(v*10) / 10 }
