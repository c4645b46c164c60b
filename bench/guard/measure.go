package main

import (
	"slices"
	"time"

	"github.com/ropewalk/ropewalk/bench/measure"
	"github.com/ropewalk/ropewalk/bench/peer"
	"github.com/ropewalk/ropewalk/bench/render"
	"github.com/ropewalk/ropewalk/bench/workload"
)

// A Pass is one measurement of every figure.
type Pass map[string]Sample

// A Sample is a figure as measured once.
type Sample struct {
	Ratio  measure.Stat // round by round
	Allocs uint64
}

// noisy is how far apart half of the rounds' ratios may lie, in parts of their
// median, before a sample proves nothing. The smallest page to a writer has 0.3
// on a quiet machine, all others less than 0.1.
const noisy = 0.35

func (s Sample) trusted() bool { return s.Ratio.Spread() <= noisy }

// effort is short: all of it takes some seconds.
var effort = measure.Options{Rounds: 21, Slice: 2 * time.Millisecond, Thread: true}

const bound = "handwritten"

// watched are the levels, and whom the guard watches on each.
var watched = []struct {
	group   string
	level   render.Level
	engines []string
}{
	{"render", render.ToMemory, []string{"ropewalk", "ropewalk-new", "ropewalk-map"}},
	{"stream", render.ToWriter, []string{"ropewalk"}},
}

// largestFirst is the order of the pages: pools that have learnt from many small
// ones give the large ones less, and the figures must not depend on how many
// there were.
var largestFirst = []workload.Name{
	workload.TablePage, workload.ArticlePage, workload.IssuesPage, workload.CardsPage, workload.ContextsPage, workload.FortunesPage,
}

func measureAll(o measure.Options) (Pass, error) {
	data, err := workload.Load()
	if err != nil {
		return nil, err
	}
	pass := Pass{}
	for _, w := range watched {
		engines := slices.DeleteFunc(render.Engines(), func(e peer.Engine) bool {
			return e.Name != bound && !slices.Contains(w.engines, e.Name)
		})
		for _, name := range largestFirst {
			c, err := render.Compare(engines, name, data, w.level, o)
			if err != nil {
				return nil, err
			}
			for _, r := range c.Results {
				if ratio, _ := c.Ratio(r, bound); !r.Engine.Bound {
					pass[w.group+"/"+string(name)+"/"+r.Engine.Name] = Sample{ratio, r.Allocs.Count}
				}
			}
		}
	}
	return pass, nil
}
