package workload_test

import (
	"errors"
	"reflect"
	"testing"

	"github.com/ropewalk/ropewalk/bench/workload"
)

func TestLoad(t *testing.T) {
	data, err := workload.Load()
	if err != nil {
		t.Fatal(err)
	}
	if got := len(data.Fortunes.Rows); got != 13 {
		t.Errorf("%d fortunes, want the 12 of data.json and the one of each request", got)
	}
	if got := len(data.Cards.Products); got != 100 {
		t.Errorf("%d cards, want 100", got)
	}
	if got, fields := len(data.Table.Rows), reflect.TypeFor[workload.Row]().NumField(); got != 1000 || fields != 6 {
		t.Errorf("a table of %d by %d, want 1000 by 6", got, fields)
	}
	size := 0
	for _, section := range data.Article.Sections {
		for _, paragraph := range section.Paragraphs {
			size += len(paragraph)
		}
	}
	if size < 50_000 || size > 55_000 {
		t.Errorf("an article of %d bytes, want 50,000 or a little more", size)
	}
	again, err := workload.Load()
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(data, again) {
		t.Error("the data are not the same each time")
	}
}

func TestDynamicIsMapsAllTheWayDown(t *testing.T) {
	data := &workload.Set{Cards: workload.Cards{
		Nav:      []workload.Link{{Href: "/", Label: "Home"}},
		Products: []workload.Product{{ID: 1, Name: "a", Tags: []string{"x"}}},
	}}
	got, err := data.Dynamic(workload.CardsPage)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"Nav": []any{map[string]any{"Href": "/", "Label": "Home"}},
		"Products": []any{map[string]any{
			"ID": 1, "Name": "a", "Description": "", "Price": "", "OnSale": false, "Tags": []any{"x"},
		}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestUnknownPage(t *testing.T) {
	var unknown *workload.UnknownError
	if _, err := new(workload.Set).Dynamic("blog"); !errors.As(err, &unknown) || unknown.Page != "blog" {
		t.Errorf("got %v", err)
	}
}
