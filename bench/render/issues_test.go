package render_test

import (
	"testing"

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
