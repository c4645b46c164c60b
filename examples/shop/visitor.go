package main

import (
	"context"
	"net/http"

	"github.com/ropewalk/ropewalk/engine"
	"github.com/ropewalk/ropewalk/response"
)

// The layout asks for its visitor itself, so that no page needs to know of one.
// What it asks are functions of the request's context: they find the shop there,
// and the cookies of the request as they are by now. A cookie that is missing or
// forged counts for nothing. No database is asked: what these say is shown, and
// allows nothing.

var shopOf engine.Key[*Shop]

// inside lets what shows a request's answer find the shop.
func (s *Shop) inside(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		shopOf.Set(r.Context(), s)
		next.ServeHTTP(w, r)
	})
}

// userName is the name of the visitor, empty for one who has not signed in.
func userName(ctx context.Context) string {
	s, ok := shopOf.Get(ctx)
	if !ok {
		return ""
	}
	user, _ := s.user.Get(response.From(ctx).Cookies())
	return user.Name
}

// cartPieces is how many pieces are in the visitor's cart.
func cartPieces(ctx context.Context) int {
	s, ok := shopOf.Get(ctx)
	if !ok {
		return 0
	}
	cart, _ := s.cart.Get(response.From(ctx).Cookies())
	return cart.Pieces()
}
