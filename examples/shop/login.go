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
	return loginPage(loginProps{Visitor: s.visitor(page), Next: next}), nil
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
		return loginPage(loginProps{s.visitor(page), form.Next, wrong}), nil
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
	user, err := s.store.Login(page.Request.Context(), form.Email, form.Password)
	if errors.Is(err, ErrLogin) {
		wrong := &request.FieldErrors{Values: page.Request.PostForm}
		wrong.Add("password", "This is not the password of that address.")
		return wrong
	}
	if err != nil {
		return err
	}
	return s.user.Set(page.Cookies(), user)
}

func (s *Shop) logout(page *response.Context) (component.Component, error) {
	if err := s.user.Delete(page.Cookies()); err != nil {
		return nil, err
	}
	return nil, response.Redirect("/")
}

func (s *Shop) account(page *response.Context) (component.Component, error) {
	user, err := s.user.Get(page.Cookies())
	if err != nil {
		return nil, response.Redirect("/login?next=/account")
	}
	orders, err := s.store.Orders(page.Request.Context(), user)
	if err != nil {
		return nil, err
	}
	return accountPage(accountProps{s.visitor(page), orders}), nil
}
