package main

import (
	"errors"

	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/request"
	"github.com/ropewalk/ropewalk/response"
)

type loginForm struct {
	Email    string `form:"email,required"`
	Password string `form:"password,required"`
	Next     string `form:"next"`
}

func (s *Shop) showLogin(page *response.Context) (component.Component, error) {
	next := page.Request.URL.Query().Get("next")
	return loginPage(loginProps{Next: next}), nil
}

// login signs the visitor in, or shows the form again with what is wrong beside
// its field.
func (s *Shop) login(page *response.Context) (component.Component, error) {
	form, err := request.Form[loginForm](page.Request)
	if err == nil {
		err = s.signIn(page, form)
	}
	var wrong *request.FieldErrors
	if errors.As(err, &wrong) {
		page.SetStatus(wrong.Status())
		return loginPage(loginProps{form.Next, wrong}), nil
	}
	if err != nil {
		return nil, err
	}
	next, err := response.LocalOnly(form.Next) // never to another site
	if err != nil {
		next = "/account"
	}
	return nil, response.Redirect(next)
}

func (s *Shop) signIn(page *response.Context, form loginForm) error {
	ctx := page.Request.Context()
	user, err := s.store.Login(ctx, form.Email, form.Password)
	if errors.Is(err, ErrLogin) {
		return request.Fill(form).Add("password", "This is not the password of that address.")
	}
	if err == nil {
		user, err = s.store.BeginSession(ctx, user)
	}
	if err != nil {
		return err
	}
	return s.user.Set(page.Cookies(), user)
}

// signedIn returns who is signed in. The cookie alone does not tell: it may be a
// copy from before its owner signed out.
func (s *Shop) signedIn(page *response.Context) (user User, ok bool, err error) {
	if user, err = s.user.Get(page.Cookies()); err != nil {
		return User{}, false, nil
	}
	ok, err = s.store.SignedIn(page.Request.Context(), user)
	return user, ok, err
}

// logout ends the session on the server too.
func (s *Shop) logout(page *response.Context) (component.Component, error) {
	if user, err := s.user.Get(page.Cookies()); err == nil {
		if err := s.store.EndSession(page.Request.Context(), user); err != nil {
			return nil, err
		}
	}
	if err := s.user.Delete(page.Cookies()); err != nil {
		return nil, err
	}
	return nil, response.Redirect("/")
}

func (s *Shop) account(page *response.Context) (component.Component, error) {
	user, ok, err := s.signedIn(page)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, response.Redirect("/login?next=/account")
	}
	orders, err := s.store.Orders(page.Request.Context(), user)
	if err != nil {
		return nil, err
	}
	return accountPage(orders), nil
}
