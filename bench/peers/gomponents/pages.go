package gomponents

import (
	"encoding/json"
	"net/url"
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/ropewalk/ropewalk/bench/workload"
)

func fortunes(p *workload.Fortunes) g.Node {
	return h.Doctype(h.HTML(
		h.Head(h.TitleEl(g.Text("Fortunes"))),
		h.Body(h.Table(
			h.Tr(h.Th(g.Text("id")), h.Th(g.Text("message"))),
			g.Map(p.Rows, func(row workload.Fortune) g.Node {
				return h.Tr(h.Td(number(row.ID)), h.Td(g.Text(row.Message)))
			}),
		)),
	))
}

// number is a text that needs no escaping.
func number(n int) g.Node { return g.Raw(strconv.Itoa(n)) }

func cards(p *workload.Cards) g.Node {
	return h.Doctype(h.HTML(h.Lang("en"),
		h.Head(h.Meta(h.Charset("utf-8")), h.TitleEl(g.Text("Products"))),
		h.Body(
			h.Nav(h.Ul(g.Map(p.Nav, func(link workload.Link) g.Node {
				return h.Li(h.A(h.Href(link.Href), g.Text(link.Label)))
			}))),
			h.Main(
				h.H1(g.Text("Products")),
				h.Div(h.Class("grid"), g.Map(p.Products, card)),
			),
			h.Footer(h.P(g.Text("Made for a benchmark. No rights reserved."))),
		),
	))
}

func card(p workload.Product) g.Node {
	id := strconv.Itoa(p.ID)
	return h.Article(h.Class("card"), h.ID("p-"+id),
		h.H3(h.A(h.Href("/products/"+id), g.Text(p.Name))),
		h.P(g.Text(p.Description)),
		h.P(h.Class("price"),
			g.Text("$"+p.Price),
			g.If(p.OnSale, h.Span(h.Class("badge"), g.Text("Sale"))),
		),
		h.Ul(h.Class("tags"), g.Map(p.Tags, func(tag string) g.Node { return h.Li(g.Text(tag)) })),
	)
}

func table(p *workload.Table) g.Node {
	return h.Doctype(h.HTML(
		h.Head(h.TitleEl(g.Text("Table"))),
		h.Body(h.Table(
			h.Tr(h.Th(g.Text("id")), h.Th(g.Text("name")), h.Th(g.Text("city")), h.Th(g.Text("sku")), h.Th(g.Text("count")), h.Th(g.Text("cents"))),
			g.Map(p.Rows, func(row workload.Row) g.Node {
				return h.Tr(
					h.Td(number(row.ID)), h.Td(g.Text(row.Name)), h.Td(g.Text(row.City)),
					h.Td(g.Text(row.SKU)), h.Td(number(row.Count)), h.Td(number(row.Cents)),
				)
			}),
		)),
	))
}

func article(p *workload.Article) g.Node {
	return h.Doctype(h.HTML(h.Lang("en"),
		h.Head(h.Meta(h.Charset("utf-8")), h.TitleEl(g.Text(p.Title))),
		h.Body(h.Article(
			h.H1(g.Text(p.Title)),
			h.P(h.Class("by"), g.Text(p.Author), g.Text(", "), h.Time(g.Text(p.Date))),
			g.Map(p.Sections, func(section workload.Section) g.Node {
				return h.Section(
					h.H2(g.Text(section.Heading)),
					g.Map(section.Paragraphs, func(text string) g.Node { return h.P(g.Text(text)) }),
				)
			}),
		)),
	))
}

func contexts(p *workload.Contexts) g.Node {
	user := quoted(p.User)
	return h.Doctype(h.HTML(h.Lang("en"),
		h.Head(
			h.Meta(h.Charset("utf-8")),
			h.TitleEl(g.Text(p.Title)),
			h.StyleEl(g.Raw("body{background:"+p.Theme+"}")),
			h.Script(g.Raw("const user = "+user+", visits = "+strconv.Itoa(p.Visits)+`; const hello = "Hello, `+user[1:len(user)-1]+`!";`)),
		),
		h.Body(h.Ul(g.Map(p.Entries, entry))),
	))
}

func entry(e workload.Entry) g.Node {
	id := strconv.Itoa(e.ID)
	return h.Li(h.ID("e-"+id), h.Title(e.Title), h.Data("kind", e.Kind),
		h.A(h.Href(e.Link), g.Text(e.Title)),
		h.A(h.Href("/search?q="+url.QueryEscape(e.Query)+"&from="+id), g.Text("more")),
		h.Img(h.Src("/img/"+e.Image+".png"), h.Alt(e.Title)),
		h.Span(h.Style("color:"+e.Color+";width:"+strconv.Itoa(e.Width)+"px")),
		h.Button(g.Attr("onclick", "pick("+id+","+quoted(e.Title)+")"), g.Text("Pick")),
	)
}

// quoted is a string of JavaScript: JSON as Go writes it, which is safe in a
// script element.
func quoted(s string) string {
	text, _ := json.Marshal(s) // strings always can
	return string(text)
}
