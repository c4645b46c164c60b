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

// Templates call the parts that pages are made of as components: layout with the
// page as its children, picture and card with what they show. The visitor and the
// cart's badge are templates together with the functions that make what they show.
var (
	views = component.Must(component.Parser{Funcs: map[string]any{
		"layout":  component.Template[layoutProps]("parts/layout"),
		"picture": component.Template[Picture]("parts/picture"),
		"card":    component.Template[Product]("parts/card"),

		"visitor":   component.TemplateFunc("parts/visitor", userName),
		"cartbadge": component.TemplateFunc("parts/cartbadge", cartPieces),
		"username":  userName,
	}}.ParseFS(files, "views"))

	homePage    = component.Must(component.Bind[[]Product](views, "home"))
	productPage = component.Must(component.Bind[productProps](views, "product"))
	searchPage  = component.Must(component.Bind[searchProps](views, "search"))
	cartPage    = component.Must(component.Bind[cartProps](views, "cart"))
	loginPage   = component.Must(component.Bind[loginProps](views, "login"))
	accountPage = component.Must(component.Bind[[]Order](views, "account"))
	errorPage   = component.Must(component.Bind[errorProps](views, "error"))

	reviewList      = component.Must(component.Bind[[]Review](views, "reviews"))
	recommendedList = component.Must(component.Bind[[]Product](views, "recommended"))
	sorryNote       = component.Must(component.Bind[string](views, "sorry"))
)

type layoutProps struct {
	Title    string
	Query    string
	Children component.Component
}

type productProps struct {
	Product     Product
	Form        *request.FieldErrors // of an Item
	Reviews     component.Component
	Recommended component.Component
}

type searchProps struct {
	Query    string
	Products []Product
}

type cartProps struct {
	Lines []cartLine
	Total Cents
}

type cartLine struct {
	Product Product
	Form    *request.FieldErrors // of an Item
	Price   Cents
}

type loginProps struct {
	Next  string               // where to go afterwards
	Wrong *request.FieldErrors // nil when the form is shown for the first time
}

type errorProps struct {
	Status         int
	Title, Message string
}
