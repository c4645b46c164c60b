package workload

import "fmt"

// Table is a page of many rows with six small values each.
type Table struct{ Rows []Row }

// A Row has as many numbers as strings.
type Row struct {
	ID              int
	Name, City, SKU string
	Count, Cents    int
}

func newTable(rows int) Table {
	names := []string{"Ada Lovelace", "Grace Hopper", "O'Neill & Sons", "Ōtani Hiroshi", "Radia Perlman", "Jean Bartik", "Håkon Lie"}
	cities := []string{"Lisbon", "Kraków", "Reykjavík", "Nairobi", "São Paulo", "Osaka", "Perth", "Oslo", "Quito", "Hanoi", "Leeds"}
	var page Table
	for i := range rows {
		page.Rows = append(page.Rows, Row{
			ID:    i + 1,
			Name:  names[i%len(names)],
			City:  cities[i%len(cities)],
			SKU:   fmt.Sprintf("%c-%04d", 'A'+i%26, i*7919%10000),
			Count: i * 37 % 500,
			Cents: i*104729%100000 - 500,
		})
	}
	return page
}

// Sized is a set whose table is a page of about so many bytes, for a ladder of
// sizes. It has nothing else.
func Sized(bytes int) *Set {
	return &Set{Table: newTable(max(1, (bytes-170)/99))}
}
