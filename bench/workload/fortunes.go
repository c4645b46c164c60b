package workload

import (
	"cmp"
	"slices"
)

// Fortunes is the page of the TechEmpower benchmark of that name.
type Fortunes struct{ Rows []Fortune }

// A Fortune is a row of the page.
type Fortune struct {
	ID      int
	Message string
}

// newFortunes adds the row that the benchmark adds in each request, and sorts
// as it does, so that a page is nothing but rendering.
func newFortunes(rows []pair[int]) Fortunes {
	page := Fortunes{Rows: []Fortune{{0, "Additional fortune added at request time."}}}
	for _, row := range rows {
		page.Rows = append(page.Rows, Fortune{row.first, row.second})
	}
	slices.SortFunc(page.Rows, func(a, b Fortune) int { return cmp.Compare(a.Message, b.Message) })
	return page
}
