package engine

import (
	"net/http"
	"runtime/debug"

	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/response"
	"github.com/ropewalk/ropewalk/stream"
)

// PageFunc is a page: it decides about status, headers and cookies, and returns
// the tree to render, or an error that says what is answered instead.
//
// It is an [http.Handler], so that any router can serve one page with no [App].
// It then answers whatever method the router sends it, logs to slog.Default(),
// its errors are plain text, and it is not compressed; [App.Handler] gives it more.
//
// The first page of a request takes what its middleware has set, cookies included, to
// the writer it is served to. A page that is not the answer, but a mail, say, is for
// [component.Render].
type PageFunc func(page *response.Context) (component.Component, error)

// ServeHTTP answers r with the page.
func (f PageFunc) ServeHTTP(w http.ResponseWriter, r *http.Request) { standalone.enter(w, r, f) }

func (f PageFunc) serve(x *exchange, w http.ResponseWriter, r *http.Request) {
	page := x.root.page.Load()
	page.Continue(r)
	tree, err := call(func() (component.Component, error) { return f(page) })
	if err == nil {
		err = x.render(w, r, page, tree)
	}
	if err != nil {
		x.answer(w, r, page, err)
	}
}

// Handler is page for any router, with the logger, the options and the error
// pages of the app, but neither its patterns nor its middleware.
func (a *App) Handler(page PageFunc) http.Handler {
	if page == nil {
		misuse(callSite(), "Handler: the page function is nil")
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { a.enter(w, r, page) })
}

// Render answers r with a tree, from any handler. Whatever happens, the response
// is dealt with when it returns: before the first byte an error becomes an error
// page; after it, Render panics with [http.ErrAbortHandler], as every handler
// should whose response has failed half-way. It is the last thing a handler does:
// what net/http still holds of the page has to reach the client within
// [App.StallTimeout], which replaces a write deadline that was set before.
func Render(w http.ResponseWriter, r *http.Request, tree component.Component) {
	PageFunc(func(*response.Context) (component.Component, error) { return tree, nil }).ServeHTTP(w, r)
}

// render streams tree as the answer to r. An error means that it is not answered.
func (x *exchange) render(w http.ResponseWriter, r *http.Request, page *response.Context, tree component.Component) error {
	out := x.pageWriter(w, r, page)
	defer out.release()
	ctx := r.Context()
	if response.From(ctx) != page {
		ctx = response.With(ctx, page)
	}
	err := x.app.prepared().renderer.Render(ctx, out, tree)
	if err == nil {
		err = out.finish()
	}
	if err == nil || out.err == errBodyless {
		return nil
	}
	if out.started || x.begun(out.wire.root) {
		x.abort(r, err, out.err)
	}
	return err
}

// call calls a page function and turns its panic into an error.
func call(page func() (component.Component, error)) (tree component.Component, err error) {
	defer func() {
		if v := recover(); v != nil {
			tree, err = nil, &stream.PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	return page()
}
