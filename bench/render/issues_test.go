package render_test

import (
	"slices"
	"testing"
	"time"

	"github.com/ropewalk/ropewalk/bench/measure"
	"github.com/ropewalk/ropewalk/bench/peer"
	"github.com/ropewalk/ropewalk/bench/render"
	"github.com/ropewalk/ropewalk/bench/workload"
)

// The branches that the data of the benchmark do not take are the same too.
func TestIssuesOfAStranger(t *testing.T) {
	data := &workload.Set{Issues: load(t).Issues}
	data.Issues.User, data.Issues.Notifications = workload.Account{}, 0
	data.Issues.Page, data.Issues.Last, data.Issues.Pages = 1, 1, []int{1}
	for _, e := range render.Engines() {
		t.Run(e.Name, func(t *testing.T) {
			if _, err := render.Prove(e, workload.IssuesPage, data); err != nil {
				t.Error(err)
			}
		})
	}
}

// Only a page that calls functions has them as a row, and only where the engines
// render to memory.
func TestFunctionsAreARow(t *testing.T) {
	data := load(t)
	e, err := render.Engine("handwritten")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		page  workload.Name
		level render.Level
		want  bool
	}{
		{workload.IssuesPage, render.ToMemory, true},
		{workload.IssuesPage, render.ToWriter, false},
		{workload.FortunesPage, render.ToMemory, false},
	} {
		c, err := render.Compare([]peer.Engine{e}, test.page, data, test.level, measure.Options{Rounds: 1, Slice: time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(c.Results, func(r render.Result) bool { return r.Engine.Name == render.Functions })
		if found := i >= 0; found != test.want {
			t.Errorf("%s at level %d: functions are a row: %v, want %v", test.page, test.level, found, test.want)
			continue
		}
		if i >= 0 && !racing && c.Results[i].Allocs.Count != c.Results[0].Allocs.Count {
			t.Errorf("the functions make %d allocations, and the page by hand, which makes none of its own, %d",
				c.Results[i].Allocs.Count, c.Results[0].Allocs.Count)
		}
	}
}
