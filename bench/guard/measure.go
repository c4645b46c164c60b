package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"github.com/ropewalk/ropewalk/bench/measure"
	"github.com/ropewalk/ropewalk/bench/peer"
	"github.com/ropewalk/ropewalk/bench/render"
	"github.com/ropewalk/ropewalk/bench/workload"
)

type options measure.Options

// effort is short: all of it takes some seconds.
var effort = options{Rounds: 21, Slice: 4 * time.Millisecond}

func (o options) longer() options { return options{Rounds: o.Rounds * 2, Slice: o.Slice * 2} }

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
	workload.TablePage, workload.ArticlePage, workload.CardsPage, workload.ContextsPage, workload.FortunesPage,
}

// measureAll measures every figure, or those of the keys with what else it
// takes to have them.
func measureAll(o options, keys []string) (Figures, error) {
	data, err := workload.Load()
	if err != nil {
		return nil, err
	}
	figures := Figures{}
	for _, w := range watched {
		for _, name := range largestFirst {
			engines := slices.DeleteFunc(render.Engines(), func(e peer.Engine) bool {
				key := w.group + "/" + string(name) + "/" + e.Name
				return e.Name != bound && (!slices.Contains(w.engines, e.Name) || keys != nil && !slices.Contains(keys, key))
			})
			if len(engines) == 1 {
				continue
			}
			c, err := render.Compare(engines, name, data, w.level, measure.Options(o))
			if err != nil {
				return nil, err
			}
			for _, r := range c.Results {
				if ratio, _ := c.Ratio(r, bound); r.Engine.Name != bound {
					figures[w.group+"/"+string(name)+"/"+r.Engine.Name] = Figure{round(ratio.Median), r.Allocs.Count}
				}
			}
		}
	}
	return figures, nil
}

func round(v float64) float64 { return float64(int(v*1000+0.5)) / 1000 }

// alternate builds the guard of another checkout, and lets it and this one
// measure in turns.
func alternate(checkout string, progress io.Writer) (now, was Figures, err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	folder, err := os.MkdirTemp("", "guard")
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(folder)
	other := filepath.Join(folder, "guard")
	build := exec.Command("go", "-C", filepath.Join(checkout, "bench"), "build", "-o", other, "./guard")
	if text, err := build.CombinedOutput(); err != nil {
		return nil, nil, fmt.Errorf("%w: %s", err, text)
	}
	var ours, theirs []Figures
	for range 3 {
		fmt.Fprintln(progress, "guard: this code, and that of", checkout)
		for program, list := range map[string]*[]Figures{self: &ours, other: &theirs} {
			f, err := ask(program)
			if err != nil {
				return nil, nil, err
			}
			*list = append(*list, f)
		}
	}
	return middle(ours), middle(theirs), nil
}

func ask(program string) (Figures, error) {
	command := exec.Command(program, "-json")
	command.Stderr = os.Stderr
	text, err := command.Output()
	if err != nil {
		return nil, err
	}
	var f Figures
	return f, json.Unmarshal(text, &f)
}
