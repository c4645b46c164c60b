package workload

import "fmt"

// Cards is a page of products.
type Cards struct {
	Nav      []Link
	Products []Product
}

// A Link is an entry of the menu.
type Link struct{ Href, Label string }

// A Product is a card.
type Product struct {
	ID                       int
	Name, Description, Price string
	OnSale                   bool
	Tags                     []string
}

type product struct {
	ID                int
	Name, Description string
	Cents             int
	OnSale            bool
	Tags              []string
}

func newCards(nav []pair[string], products []product) Cards {
	var page Cards
	for _, link := range nav {
		page.Nav = append(page.Nav, Link{link.first, link.second})
	}
	for _, p := range products {
		price := fmt.Sprintf("%d.%02d", p.Cents/100, p.Cents%100)
		page.Products = append(page.Products, Product{p.ID, p.Name, p.Description, price, p.OnSale, p.Tags})
	}
	return page
}
