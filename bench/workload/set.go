package workload

import (
	"encoding/json"
	"fmt"

	"github.com/ropewalk/ropewalk/bench/testdata"
)

// A Name is the name of a page.
type Name string

const (
	FortunesPage Name = "fortunes"
	CardsPage    Name = "cards"
	TablePage    Name = "table"
	ArticlePage  Name = "article"
	ContextsPage Name = "contexts"
	IssuesPage   Name = "issues"
)

// Names are the pages, in the order in which results are shown.
func Names() []Name {
	return []Name{FortunesPage, CardsPage, TablePage, ArticlePage, ContextsPage, IssuesPage}
}

// A Set is the data of all pages.
type Set struct {
	Fortunes Fortunes
	Cards    Cards
	Table    Table
	Article  Article
	Contexts Contexts
	Issues   Issues
}

// Load returns the data, the same each time.
func Load() (*Set, error) {
	var file struct {
		FortuneRows []pair[int]
		Products    []product
		NavLinks    []pair[string]
	}
	if err := json.Unmarshal(testdata.Data, &file); err != nil {
		return nil, fmt.Errorf("workload: data.json: %w", err)
	}
	return &Set{
		Fortunes: newFortunes(file.FortuneRows),
		Cards:    newCards(file.NavLinks, file.Products),
		Table:    newTable(1000),
		Article:  newArticle(50_000),
		Contexts: newContexts(40),
		Issues:   newIssues(30),
	}, nil
}

// A pair is what data.json writes as an array of two.
type pair[T any] struct {
	first  T
	second string
}

func (p *pair[T]) UnmarshalJSON(text []byte) error {
	return json.Unmarshal(text, &[...]any{&p.first, &p.second})
}
