package handwritten

import (
	"strconv"

	"github.com/ropewalk/ropewalk/bench/peer"
	"github.com/ropewalk/ropewalk/bench/workload"
)

// Engine is the functions as an engine.
func Engine() peer.Engine {
	return peer.Engine{Name: "handwritten", Cover: peer.Everywhere(peer.ByHand), Page: page, Bound: true}
}

func page(name workload.Name, data *workload.Set) (*peer.Page, error) {
	switch name {
	case workload.FortunesPage:
		return peer.Appended(func(b []byte) []byte { return fortunes(b, &data.Fortunes) }), nil
	case workload.CardsPage:
		return peer.Appended(func(b []byte) []byte { return cards(b, &data.Cards) }), nil
	case workload.TablePage:
		return peer.Appended(func(b []byte) []byte { return rows(b, &data.Table) }), nil
	case workload.ArticlePage:
		return peer.Appended(func(b []byte) []byte { return article(b, &data.Article) }), nil
	case workload.ContextsPage:
		return peer.Appended(func(b []byte) []byte { return contexts(b, &data.Contexts) }), nil
	case workload.IssuesPage:
		ctx := workload.Context()
		return peer.Appended(func(b []byte) []byte { return issues(b, ctx, &data.Issues) }), nil
	}
	return nil, &workload.UnknownError{Page: name}
}

func appendInt(b []byte, n int) []byte { return strconv.AppendInt(b, int64(n), 10) }

func fortunes(b []byte, p *workload.Fortunes) []byte {
	b = append(b, `<!DOCTYPE html><html><head><title>Fortunes</title></head><body><table><tr><th>id</th><th>message</th></tr>`...)
	for i := range p.Rows {
		row := &p.Rows[i]
		b = append(b, `<tr><td>`...)
		b = appendInt(b, row.ID)
		b = append(b, `</td><td>`...)
		b = appendText(b, row.Message)
		b = append(b, `</td></tr>`...)
	}
	return append(b, `</table></body></html>`...)
}

func cards(b []byte, p *workload.Cards) []byte {
	b = append(b, `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Products</title></head><body><nav><ul>`...)
	for i := range p.Nav {
		link := &p.Nav[i]
		b = append(b, `<li><a href="`...)
		b = appendURL(b, link.Href)
		b = append(b, `">`...)
		b = appendText(b, link.Label)
		b = append(b, `</a></li>`...)
	}
	b = append(b, `</ul></nav><main><h1>Products</h1><div class="grid">`...)
	for i := range p.Products {
		b = card(b, &p.Products[i])
	}
	return append(b, `</div></main><footer><p>Made for a benchmark. No rights reserved.</p></footer></body></html>`...)
}

func card(b []byte, p *workload.Product) []byte {
	b = append(b, `<article class="card" id="p-`...)
	b = appendInt(b, p.ID)
	b = append(b, `"><h3><a href="/products/`...)
	b = appendInt(b, p.ID)
	b = append(b, `">`...)
	b = appendText(b, p.Name)
	b = append(b, `</a></h3><p>`...)
	b = appendText(b, p.Description)
	b = append(b, `</p><p class="price">$`...)
	b = appendText(b, p.Price)
	if p.OnSale {
		b = append(b, `<span class="badge">Sale</span>`...)
	}
	b = append(b, `</p><ul class="tags">`...)
	for _, tag := range p.Tags {
		b = append(b, `<li>`...)
		b = appendText(b, tag)
		b = append(b, `</li>`...)
	}
	return append(b, `</ul></article>`...)
}

func rows(b []byte, p *workload.Table) []byte {
	b = append(b, `<!DOCTYPE html><html><head><title>Table</title></head><body><table><tr><th>id</th><th>name</th><th>city</th><th>sku</th><th>count</th><th>cents</th></tr>`...)
	for i := range p.Rows {
		row := &p.Rows[i]
		b = append(b, `<tr><td>`...)
		b = appendInt(b, row.ID)
		b = append(b, `</td><td>`...)
		b = appendText(b, row.Name)
		b = append(b, `</td><td>`...)
		b = appendText(b, row.City)
		b = append(b, `</td><td>`...)
		b = appendText(b, row.SKU)
		b = append(b, `</td><td>`...)
		b = appendInt(b, row.Count)
		b = append(b, `</td><td>`...)
		b = appendInt(b, row.Cents)
		b = append(b, `</td></tr>`...)
	}
	return append(b, `</table></body></html>`...)
}

func article(b []byte, p *workload.Article) []byte {
	b = append(b, `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>`...)
	b = appendText(b, p.Title)
	b = append(b, `</title></head><body><article><h1>`...)
	b = appendText(b, p.Title)
	b = append(b, `</h1><p class="by">`...)
	b = appendText(b, p.Author)
	b = append(b, `, <time>`...)
	b = appendText(b, p.Date)
	b = append(b, `</time></p>`...)
	for i := range p.Sections {
		section := &p.Sections[i]
		b = append(b, `<section><h2>`...)
		b = appendText(b, section.Heading)
		b = append(b, `</h2>`...)
		for _, paragraph := range section.Paragraphs {
			b = append(b, `<p>`...)
			b = appendText(b, paragraph)
			b = append(b, `</p>`...)
		}
		b = append(b, `</section>`...)
	}
	return append(b, `</article></body></html>`...)
}

func contexts(b []byte, p *workload.Contexts) []byte {
	b = append(b, `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>`...)
	b = appendText(b, p.Title)
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
		b = entry(b, &p.Entries[i])
	}
	return append(b, `</ul></body></html>`...)
}

func entry(b []byte, e *workload.Entry) []byte {
	b = append(b, `<li id="e-`...)
	b = appendInt(b, e.ID)
	b = append(b, `" title="`...)
	b = appendText(b, e.Title)
	b = append(b, `" data-kind=`...)
	b = appendUnquoted(b, e.Kind)
	b = append(b, `><a href="`...)
	b = appendURL(b, e.Link)
	b = append(b, `">`...)
	b = appendText(b, e.Title)
	b = append(b, `</a><a href="/search?q=`...)
	b = queryURL.append(b, e.Query)
	b = append(b, `&amp;from=`...)
	b = appendInt(b, e.ID)
	b = append(b, `">more</a><img src="/img/`...)
	b = wholeURL.append(b, e.Image)
	b = append(b, `.png" alt="`...)
	b = appendText(b, e.Title)
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
