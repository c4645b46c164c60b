package main

import (
	"errors"
	"slices"

	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/request"
	"github.com/ropewalk/ropewalk/response"
)

// Cart is what a visitor means to buy. It lives in a signed cookie: the browser
// keeps it, and cannot change it.
type Cart []Item

// Item is a number of one product. It is both a form and a part of the cookie.
type Item struct {
	Product  int `form:"product" json:"p"`
	Quantity int `form:"quantity,required" json:"q"`
}

const maxQuantity = 99

// Validate tells what the type of a field does not.
func (i Item) Validate() error {
	if i.Quantity < 0 {
		return request.Fill(i).Add("quantity", "must not be negative")
	}
	return nil
}

// With returns the cart with quantity pieces of a product, none if it is 0.
func (c Cart) With(product, quantity int) Cart {
	item := Item{product, min(quantity, maxQuantity)}
	c = slices.Clone(c)
	i := slices.IndexFunc(c, func(it Item) bool { return it.Product == product })
	switch {
	case quantity <= 0:
		return slices.DeleteFunc(c, func(it Item) bool { return it.Product == product })
	case i >= 0:
		c[i] = item
		return c
	}
	return append(c, item)
}

// Quantity returns how many pieces of a product are in the cart.
func (c Cart) Quantity(product int) int {
	for _, item := range c {
		if item.Product == product {
			return item.Quantity
		}
	}
	return 0
}

// Pieces returns how many pieces are in the cart.
func (c Cart) Pieces() int {
	n := 0
	for _, item := range c {
		n += item.Quantity
	}
	return n
}

func (s *Shop) showCart(page *response.Context) (component.Component, error) {
	return s.cartWith(page, 0, nil)
}

// cartWith shows the cart, and in the line of one product a form that was wrong.
func (s *Shop) cartWith(page *response.Context, wrongProduct int, wrong *request.FieldErrors) (component.Component, error) {
	cart, _ := s.cart.Get(page.Cookies())
	var props cartProps
	for _, item := range cart {
		product, err := s.store.Product(page.Request.Context(), item.Product)
		if errors.Is(err, ErrNotFound) {
			continue // no longer sold
		}
		if err != nil {
			return nil, err
		}
		form := request.Fill(item)
		if item.Product == wrongProduct {
			form = wrong
		}
		price := product.Price * Cents(item.Quantity)
		props.Lines = append(props.Lines, cartLine{product, form, price})
		props.Total += price
	}
	return cartPage(props), nil
}

// Each change of the cart answers with a redirect to it, so that reloading the
// page does not send the form again. A wrong quantity is told beside its field, on
// the page it came from.

func (s *Shop) addToCart(page *response.Context) (component.Component, error) {
	item, err := request.Form[Item](page.Request)
	var wrong *request.FieldErrors
	if err != nil && (!errors.As(err, &wrong) || wrong.Message("quantity") == "" || wrong.Message("product") != "") {
		return nil, err
	}
	product, err := s.store.Product(page.Request.Context(), item.Product)
	if errors.Is(err, ErrNotFound) {
		return nil, response.NotFound()
	}
	if err != nil {
		return nil, err
	}
	if wrong != nil {
		page.SetStatus(wrong.Status())
		return s.productWith(page, product, wrong), nil
	}
	return nil, s.updateCart(page, func(c Cart) Cart {
		return c.With(item.Product, c.Quantity(item.Product)+min(max(1, item.Quantity), maxQuantity))
	})
}

func (s *Shop) changeCart(page *response.Context) (component.Component, error) {
	path, err := request.Path[productPath](page.Request)
	if err != nil {
		return nil, err
	}
	item, err := request.Form[Item](page.Request)
	var wrong *request.FieldErrors
	if errors.As(err, &wrong) && wrong.Message("quantity") != "" {
		page.SetStatus(wrong.Status())
		return s.cartWith(page, path.ID, wrong)
	}
	if err != nil {
		return nil, err
	}
	return nil, s.updateCart(page, func(c Cart) Cart {
		if c.Quantity(path.ID) == 0 {
			return c
		}
		return c.With(path.ID, item.Quantity)
	})
}

func (s *Shop) removeFromCart(page *response.Context) (component.Component, error) {
	path, err := request.Path[productPath](page.Request)
	if err != nil {
		return nil, err
	}
	return nil, s.updateCart(page, func(c Cart) Cart { return c.With(path.ID, 0) })
}

func (s *Shop) updateCart(page *response.Context, change func(Cart) Cart) error {
	cart, _ := s.cart.Get(page.Cookies())
	if err := s.cart.Set(page.Cookies(), change(cart)); err != nil {
		return err
	}
	return response.Redirect("/cart")
}

// order buys the cart. Whoever is not signed in is asked to, and comes back.
func (s *Shop) order(page *response.Context) (component.Component, error) {
	user, ok, err := s.signedIn(page)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, response.Redirect("/login?next=/cart")
	}
	cart, err := s.cart.Get(page.Cookies())
	if err != nil || len(cart) == 0 {
		return nil, response.Redirect("/cart")
	}
	if err := s.store.PlaceOrder(page.Request.Context(), user, cart); err != nil {
		return nil, err
	}
	if err := s.cart.Delete(page.Cookies()); err != nil {
		return nil, err
	}
	return nil, response.Redirect("/account")
}
