package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/cookie"
	"github.com/ropewalk/ropewalk/engine"
	"github.com/ropewalk/ropewalk/request"
	"github.com/ropewalk/ropewalk/response"
)

// Shop is what all pages share.
type Shop struct {
	store *Store
	user  cookie.Cookie[User]
	cart  cookie.Cookie[Cart]
}

func newShop(ctx context.Context, store *Store) (*Shop, error) {
	secret, err := store.Secret(ctx)
	if err != nil {
		return nil, err
	}
	const week = 7 * 24 * time.Hour
	s := &Shop{
		store: store,
		// Insecure, because this server speaks plain http, and over that neither
		// curl nor Safari keeps a Secure cookie, not even from localhost.
		user: cookie.Cookie[User]{Name: "user", MaxAge: week, Insecure: true, Keys: cookie.Encrypted(secret)},
		cart: cookie.Cookie[Cart]{Name: "cart", MaxAge: 4 * week, Insecure: true, Keys: cookie.Signed(secret)},
	}
	return s, errors.Join(s.user.Check(), s.cart.Check())
}

// behindHTTPS is for a shop whose visitors come over https: their browsers then
// send the cookies over nothing else.
func (s *Shop) behindHTTPS() {
	s.user.Insecure, s.cart.Insecure = false, false
}

// Handler serves the whole shop.
func (s *Shop) Handler() http.Handler {
	app := new(engine.App)
	app.Middleware(http.NewCrossOriginProtection().Handler, secure, s.inside)
	app.Page("/{$}", s.home)
	app.Page("/product/{id}", s.product)
	app.Page("/search", s.search)
	app.Page("/cart", s.showCart)
	app.Page("POST /cart", s.addToCart)
	app.Page("POST /cart/{id}", s.changeCart)
	app.Page("POST /cart/{id}/remove", s.removeFromCart)
	app.Page("POST /order", s.order)
	app.Page("/account", s.account)
	app.Page("/login", s.showLogin)
	app.Page("POST /login", s.login)
	app.Page("POST /logout", s.logout)
	app.Handle("GET /static/{file}", http.HandlerFunc(static))
	app.Error(0, s.sorry)
	return app
}

func (s *Shop) home(page *response.Context) (component.Component, error) {
	products, err := s.store.Products(page.Request.Context())
	if err != nil {
		return nil, err
	}
	return homePage(products), nil
}

// product finds the product first, since without one the answer is a 404. Its
// reviews and recommendations are loaded while the page is on its way.
func (s *Shop) product(page *response.Context) (component.Component, error) {
	path, err := request.Path[productPath](page.Request)
	if err != nil {
		return nil, err
	}
	product, err := s.store.Product(page.Request.Context(), path.ID)
	if errors.Is(err, ErrNotFound) {
		return nil, response.NotFound()
	}
	if err != nil {
		return nil, err
	}
	return s.productWith(page, product, request.Fill(Item{Product: product.ID, Quantity: 1})), nil
}

// productWith shows a product, and a form to put it into the cart.
func (s *Shop) productWith(page *response.Context, product Product, form *request.FieldErrors) component.Component {
	reviews := component.Load(func(ctx context.Context) ([]Review, error) {
		return s.store.Reviews(ctx, product.ID)
	}, reviewList)
	recommended := component.Load(func(ctx context.Context) ([]Product, error) {
		return s.store.Recommended(ctx, product.ID)
	}, recommendedList)
	return productPage(productProps{
		Product:     product,
		Form:        form,
		Reviews:     optional(reviews, "The reviews cannot be shown right now."),
		Recommended: optional(recommended, "The recommendations cannot be shown right now."),
	})
}

// productPath is the {id} of a product's address.
type productPath struct {
	ID int `path:"id"`
}

// optional shows a note in the place of a part that fails. The page is fine
// without it.
func optional(part component.Component, note string) component.Component {
	return component.Catch(part, func(err error) component.Component {
		slog.Error("a part of the page failed", "error", err)
		return sorryNote(note)
	})
}

func (s *Shop) search(page *response.Context) (component.Component, error) {
	in, err := request.Query[struct {
		Query string `form:"q"`
	}](page.Request)
	if err != nil {
		return nil, err
	}
	products, err := s.store.Search(page.Request.Context(), in.Query)
	if err != nil {
		return nil, err
	}
	return searchPage(searchProps{in.Query, products}), nil
}

// sorry is the page for every error: 404, 500 and the rest.
func (s *Shop) sorry(page *response.Context, err error) (component.Component, error) {
	props := errorProps{Status: page.Status()}
	switch {
	case props.Status == http.StatusNotFound:
		props.Title, props.Message = "This line leads nowhere", "There is nothing at this address. The thing you want may be one knot further."
	case props.Status >= 500:
		props.Title, props.Message = "Something parted", "That was our fault, and it has been written down. Please try again in a moment."
	default:
		props.Title, props.Message = http.StatusText(props.Status), "The shop could not make sense of that."
	}
	return errorPage(props), nil
}

// secure lets pages load and send to nothing but this shop.
func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy",
			"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		next.ServeHTTP(w, r)
	})
}

// static serves the embedded files. They have no time of change, so a hash of
// their content tells browsers whether theirs is still good.
func static(w http.ResponseWriter, r *http.Request) {
	name := "static/" + r.PathValue("file")
	if content, err := files.ReadFile(name); err == nil {
		w.Header().Set("ETag", fmt.Sprintf(`"%x"`, sha256.Sum256(content)))
	}
	http.ServeFileFS(w, r, files, name)
}
