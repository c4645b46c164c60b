package main

import (
	"embed"

	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/request"
)

//go:embed views static
var files embed.FS

// Every template is checked here, when the program starts, against the props it
// is bound to: a misspelt field stops the program and names its line.

// The parts that pages are made of. Each is a function from its props to a
// component.
var (
	parts   = component.Must(component.ParseFS(files, "views/parts/*.html"))
	layout  = component.Must(component.Bind[layoutProps](parts, "layout"))
	picture = component.Must(component.Bind[Picture](parts, "picture"))
	card    = component.Must(component.Bind[Product](parts, "card"))
)

// The pages, whose templates call the parts.
var (
	pages = component.Must(component.Parser{
		Funcs: map[string]any{"layout": layout, "picture": picture, "card": card},
	}.ParseFS(files, "views/*.html"))

	homePage    = component.Must(component.Bind[homeProps](pages, "home"))
	productPage = component.Must(component.Bind[productProps](pages, "product"))
	searchPage  = component.Must(component.Bind[searchProps](pages, "search"))
	cartPage    = component.Must(component.Bind[cartProps](pages, "cart"))
	loginPage   = component.Must(component.Bind[loginProps](pages, "login"))
	accountPage = component.Must(component.Bind[accountProps](pages, "account"))
	errorPage   = component.Must(component.Bind[errorProps](pages, "error"))

	reviewList      = component.Must(component.Bind[[]Review](pages, "reviews"))
	recommendedList = component.Must(component.Bind[[]Product](pages, "recommended"))
	sorryNote       = component.Must(component.Bind[string](pages, "sorry"))
)

type layoutProps struct {
	Title    string
	Visitor  visitor
	Query    string
	Children component.Component
}

// visitor is what the head of every page shows of the one who looks at it.
type visitor struct {
	Name   string // empty if not signed in
	Pieces int    // in the cart
}

type homeProps struct {
	Visitor  visitor
	Products []Product
}

type productProps struct {
	Visitor     visitor
	Product     Product
	Reviews     component.Component
	Recommended component.Component
}

type searchProps struct {
	Visitor  visitor
	Query    string
	Products []Product
}

type cartProps struct {
	Visitor visitor
	Lines   []cartLine
	Total   Cents
}

type cartLine struct {
	Product  Product
	Quantity int
	Price    Cents
}

type loginProps struct {
	Visitor visitor
	Next    string               // where to go afterwards
	Wrong   *request.FieldErrors // nil when the form is shown for the first time
}

type accountProps struct {
	Visitor visitor
	Orders  []Order
}

type errorProps struct {
	Visitor        visitor
	Status         int
	Title, Message string
}
