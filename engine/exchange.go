package engine

import (
	"context"
	"net/http"
	"runtime/debug"
	"sync/atomic"

	"github.com/ropewalk/ropewalk/request"
	"github.com/ropewalk/ropewalk/response"
	"github.com/ropewalk/ropewalk/stream"
)

// exchange is one request on its way through an app, or through a page that
// stands alone.
type exchange struct {
	app     *App
	root    rootWriter
	page    atomic.Pointer[response.Context] // the response now meant; an error page replaces it
	claimed atomic.Bool
	out     pageWriter // of the first page that is rendered
	outUsed atomic.Bool
}

// standalone serves pages that belong to no App. It holds no state but the late
// changes already logged, and buffers.
var standalone = App{Encoding: Encoding{Off: true}}

type exchangeKey struct{}

func exchangeOf(r *http.Request) *exchange {
	x, _ := r.Context().Value(exchangeKey{}).(*exchange)
	return x
}

// newExchange returns the exchange and the request to go on with, whose context
// leads to it.
func newExchange(app *App, w http.ResponseWriter, r *http.Request) (*exchange, *http.Request) {
	x := &exchange{app: app}
	x.root.w, x.root.x = w, x
	x.root.patience.begin(r, app.stallTimeout())
	page := response.New(r, response.Options{OnLocked: func(late *response.LockedError) {
		app.logLate(r, late)
	}})
	x.page.Store(page)
	ctx := request.ContextWithLocals(r.Context())
	ctx = context.WithValue(response.With(ctx, page), exchangeKey{}, x)
	page.Request = r.WithContext(ctx)
	return x, page.Request
}

// claim gives the response context to the first page that asks: a page that is
// served inside another one's handler, to a writer of its own, gets its own.
func (x *exchange) claim() bool { return !x.claimed.Swap(true) }

// enter runs a page in the exchange that its app has begun, or in a new one. A
// page that stands alone belongs to the app that serves it, if there is one.
func (a *App) enter(w http.ResponseWriter, r *http.Request, page PageFunc) {
	if x := exchangeOf(r); x != nil && (a == x.app || a == &standalone) {
		if x.claim() {
			page.serve(x, w, r)
			return
		}
		a = x.app
	}
	x, r := newExchange(a, w, r)
	x.claim()
	x.serve(r, func() { page.serve(x, &x.root, r) })
}

// serve runs the handlers of an exchange. Their panics become the 500 page.
func (x *exchange) serve(r *http.Request, handlers func()) {
	defer func() {
		v := recover()
		switch {
		case v == nil:
			return
		case v == http.ErrAbortHandler:
			panic(v)
		}
		err := &stream.PanicError{Value: v, Stack: debug.Stack()}
		if x.root.started.Load() {
			x.abort(r, err, nil)
		}
		clearContent(x.root.Header())
		x.answer(&x.root, r, x.page.Load(), err)
		x.root.patience.last(x.root.w)
	}()
	handlers()
	x.root.start()
	x.root.patience.last(x.root.w)
}
