package engine

import (
	"net/http"
	"sync"

	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/engine/internal/answer"
	"github.com/ropewalk/ropewalk/response"
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
func (f PageFunc) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	standalone().Page(w, r, f, false)
}

// standalone answers for pages that no App has begun to answer for. It holds no state
// but what the log has been told once, and buffers.
var standalone = sync.OnceValue(func() *answer.Service {
	return answer.NewService(answer.Settings{
		Encoding: answer.Encoding{Off: true}, Whole: DefaultBuffer, Guest: true,
		ErrorPage: func(int) answer.ErrorFunc { return nil },
	})
})

// Handler is page for any router, with the logger, the options and the error
// pages of the app, but neither its patterns nor its middleware.
func (a *App) Handler(page PageFunc) http.Handler {
	if page == nil {
		misuse(callSite(), "Handler: the page function is nil")
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { a.service().Page(w, r, page, false) })
}

// Render answers r with a tree, from any handler. Whatever happens, the response
// is dealt with when it returns: before the first byte an error becomes an error
// page; after it, Render panics with [http.ErrAbortHandler], as every handler
// should whose response has failed half-way. It is the last thing a handler does:
// what net/http still holds of the page has to reach the client within
// [App.StallTimeout], which replaces a write deadline that was set before.
func Render(w http.ResponseWriter, r *http.Request, tree component.Component) {
	standalone().Page(w, r, func(*response.Context) (component.Component, error) { return tree, nil }, true)
}
