package workload

import "fmt"

// Contexts is a page whose values stand in attributes, URLs, scripts and styles.
type Contexts struct {
	Title   string
	User    string // in a script, once as a value and once inside a string
	Visits  int    // in a script
	Theme   string // in a style element
	Entries []Entry
}

// An Entry is a value for each place of a list item.
type Entry struct {
	ID    int
	Title string // in quoted attributes, text, and a handler's script
	Kind  string // in an attribute without quotes, where there can be one
	Link  string // a whole URL
	Query string // a part of a URL's query
	Image string // a part of a URL's path
	Color string // in a style attribute
	Width int    // in a style attribute
}

// newContexts has values that need escaping in many of their places, and none
// that a filter refuses: a page with those differs between the engines. See
// [Hostile].
func newContexts(entries int) Contexts {
	titles := []string{"Plain rope", `12" cable`, "Tar & oil", "Crew's choice", "Knots <advanced>", "Sail and line", "Seil på lager"}
	kinds := []string{"rope", "cable", "line", "twine"}
	queries := []string{"rope", "rope & tar", "100% hemp", "a=b+c", "knots", "tau og seil"}
	page := Contexts{Title: "Stock & orders", User: `Zoë "Zed" O'Hara`, Visits: 4711, Theme: "#f4f1ea"}
	for i := range entries {
		page.Entries = append(page.Entries, Entry{
			ID:    i + 1,
			Title: titles[i%len(titles)],
			Kind:  kinds[i%len(kinds)],
			Link:  fmt.Sprintf("https://shop.example/stock/%d?ref=list&sort=name", 1000+i),
			Query: queries[i%len(queries)],
			Image: fmt.Sprintf("photo-%d", i%9),
			Color: fmt.Sprintf("#%02x%02x40", 40+i*3, 250-i*2),
			Width: 40 + i*7%60,
		})
	}
	return page
}

// Hostile is a page of contexts whose every value attacks its place. Each has
// a word of its own, so that a test can find it.
func Hostile() Contexts {
	return Contexts{
		Title:  `</title><script>title()</script>`,
		User:   `</script><script>user()</script>"+user()+"`,
		Visits: -1,
		Theme:  `red} body{background:url(//evil.example/theme)`,
		Entries: []Entry{{
			ID:    1,
			Title: `"><script>entry()</script>');entry('`,
			Kind:  `x onerror=kind()`,
			Link:  `javascript:link()`,
			Query: `"&query=1#frag`,
			Image: `../../"onerror="image()`,
			Color: `red;background:url(//evil.example/color)`,
			Width: 1,
		}},
	}
}
