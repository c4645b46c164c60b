package handwritten

import (
	"html"
	"strconv"

	"github.com/ropewalk/ropewalk/bench/peer"
	"github.com/ropewalk/ropewalk/bench/workload"
)

// Engine is the functions as an engine, with ropewalk's own way to find what to escape.
func Engine() peer.Engine {
	w := &writer{text: appendText}
	return peer.Engine{Name: "handwritten", Cover: peer.Everywhere(peer.ByHand), Page: w.page, Bound: true}
}

// Standard is the same functions with html.EscapeString for text, as most would write them.
func Standard() peer.Engine {
	w := &writer{text: func(b []byte, s string) []byte { return append(b, html.EscapeString(s)...) }}
	return peer.Engine{Name: "handwritten-std", Cover: peer.Everywhere(peer.ByHand), Page: w.page}
}

// A writer writes the pages.
type writer struct {
	text func(b []byte, s string) []byte // appends text escaped
}

func (w *writer) page(name workload.Name, data *workload.Set) (*peer.Page, error) {
	switch name {
	case workload.FortunesPage:
		return peer.Appended(func(b []byte) []byte { return w.fortunes(b, &data.Fortunes) }), nil
	case workload.CardsPage:
		return peer.Appended(func(b []byte) []byte { return w.cards(b, &data.Cards) }), nil
	case workload.TablePage:
		return peer.Appended(func(b []byte) []byte { return w.rows(b, &data.Table) }), nil
	case workload.ArticlePage:
		return peer.Appended(func(b []byte) []byte { return w.article(b, &data.Article) }), nil
	case workload.ContextsPage:
		return peer.Appended(func(b []byte) []byte { return w.contexts(b, &data.Contexts) }), nil
	case workload.IssuesPage:
		ctx := workload.Context()
		return peer.Appended(func(b []byte) []byte { return w.issues(b, ctx, &data.Issues) }), nil
	}
	return nil, &workload.UnknownError{Page: name}
}

func appendInt(b []byte, n int) []byte { return strconv.AppendInt(b, int64(n), 10) }

func (w *writer) fortunes(b []byte, p *workload.Fortunes) []byte {
	b = append(b, `<!DOCTYPE html><html><head><title>Fortunes</title></head><body><table><tr><th>id</th><th>message</th></tr>`...)
	for i := range p.Rows {
		row := &p.Rows[i]
		b = append(b, `<tr><td>`...)
		b = appendInt(b, row.ID)
		b = append(b, `</td><td>`...)
		b = w.text(b, row.Message)
		b = append(b, `</td></tr>`...)
	}
	return append(b, `</table></body></html>`...)
}

func (w *writer) cards(b []byte, p *workload.Cards) []byte {
	b = append(b, `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Products</title></head><body><nav><ul>`...)
	for i := range p.Nav {
		link := &p.Nav[i]
		b = append(b, `<li><a href="`...)
		b = appendURL(b, link.Href)
		b = append(b, `">`...)
		b = w.text(b, link.Label)
		b = append(b, `</a></li>`...)
	}
	b = append(b, `</ul></nav><main><h1>Products</h1><div class="grid">`...)
	for i := range p.Products {
		b = w.card(b, &p.Products[i])
	}
	return append(b, `</div></main><footer><p>Made for a benchmark. No rights reserved.</p></footer></body></html>`...)
}

func (w *writer) card(b []byte, p *workload.Product) []byte {
	b = append(b, `<article class="card" id="p-`...)
	b = appendInt(b, p.ID)
	b = append(b, `"><h3><a href="/products/`...)
	b = appendInt(b, p.ID)
	b = append(b, `">`...)
	b = w.text(b, p.Name)
	b = append(b, `</a></h3><p>`...)
	b = w.text(b, p.Description)
	b = append(b, `</p><p class="price">$`...)
	b = w.text(b, p.Price)
	if p.OnSale {
		b = append(b, `<span class="badge">Sale</span>`...)
	}
	b = append(b, `</p><ul class="tags">`...)
	for _, tag := range p.Tags {
		b = append(b, `<li>`...)
		b = w.text(b, tag)
		b = append(b, `</li>`...)
	}
	return append(b, `</ul></article>`...)
}

func (w *writer) rows(b []byte, p *workload.Table) []byte {
	b = append(b, `<!DOCTYPE html><html><head><title>Table</title></head><body><table><tr><th>id</th><th>name</th><th>city</th><th>sku</th><th>count</th><th>cents</th></tr>`...)
	for i := range p.Rows {
		row := &p.Rows[i]
		b = append(b, `<tr><td>`...)
		b = appendInt(b, row.ID)
		b = append(b, `</td><td>`...)
		b = w.text(b, row.Name)
		b = append(b, `</td><td>`...)
		b = w.text(b, row.City)
		b = append(b, `</td><td>`...)
		b = w.text(b, row.SKU)
		b = append(b, `</td><td>`...)
		b = appendInt(b, row.Count)
		b = append(b, `</td><td>`...)
		b = appendInt(b, row.Cents)
		b = append(b, `</td></tr>`...)
	}
	return append(b, `</table></body></html>`...)
}

func (w *writer) article(b []byte, p *workload.Article) []byte {
	b = append(b, `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>`...)
	b = w.text(b, p.Title)
	b = append(b, `</title></head><body><article><h1>`...)
	b = w.text(b, p.Title)
	b = append(b, `</h1><p class="by">`...)
	b = w.text(b, p.Author)
	b = append(b, `, <time>`...)
	b = w.text(b, p.Date)
	b = append(b, `</time></p>`...)
	for i := range p.Sections {
		section := &p.Sections[i]
		b = append(b, `<section><h2>`...)
		b = w.text(b, section.Heading)
		b = append(b, `</h2>`...)
		for _, paragraph := range section.Paragraphs {
			b = append(b, `<p>`...)
			b = w.text(b, paragraph)
			b = append(b, `</p>`...)
		}
		b = append(b, `</section>`...)
	}
	return append(b, `</article></body></html>`...)
}

func (w *writer) contexts(b []byte, p *workload.Contexts) []byte {
	b = append(b, `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>`...)
	b = w.text(b, p.Title)
	b = append(b, `</title><style>body{background:`...)
	b = appendStyle(b, p.Theme)
	b = append(b, `}</style><script>const user = "`...)
	b = value.append(b, p.User)
	b = append(b, `", visits =  `...)
	b = appendInt(b, p.Visits)
	b = append(b, ` ; const hello = "Hello, `...)
	b = script.append(b, p.User)
	b = append(b, `!";</script></head><body><ul>`...)
	for i := range p.Entries {
		b = w.entry(b, &p.Entries[i])
	}
	return append(b, `</ul></body></html>`...)
}

func (w *writer) entry(b []byte, e *workload.Entry) []byte {
	b = append(b, `<li id="e-`...)
	b = appendInt(b, e.ID)
	b = append(b, `" title="`...)
	b = w.text(b, e.Title)
	b = append(b, `" data-kind=`...)
	b = appendUnquoted(b, e.Kind)
	b = append(b, `><a href="`...)
	b = appendURL(b, e.Link)
	b = append(b, `">`...)
	b = w.text(b, e.Title)
	b = append(b, `</a><a href="/search?q=`...)
	b = queryURL.append(b, e.Query)
	b = append(b, `&amp;from=`...)
	b = appendInt(b, e.ID)
	b = append(b, `">more</a><img src="/img/`...)
	b = wholeURL.append(b, e.Image)
	b = append(b, `.png" alt="`...)
	b = w.text(b, e.Title)
	b = append(b, `"><span style="color:`...)
	b = appendStyle(b, e.Color)
	b = append(b, `;width:`...)
	b = appendInt(b, e.Width)
	b = append(b, `px"></span><button onclick="pick( `...)
	b = appendInt(b, e.ID)
	b = append(b, ` ,&#34;`...)
	b = handler.append(b, e.Title)
	b = append(b, `&#34;)">Pick</button></li>`...)
	return b
}
