package engine

import (
	"net/http"
	"runtime/debug"
	"sync/atomic"

	"github.com/ropewalk/ropewalk/request"
	"github.com/ropewalk/ropewalk/response"
	"github.com/ropewalk/ropewalk/stream"
)

// exchange is one request on its way through an app, or through a page that
// stands alone. It is the context of that request too, and holds what is found
// through it, so that all of it is allocated at once.
type exchange struct {
	response.Carrier // of the first response
	first            response.Context
	locals           request.Locals
	request          http.Request

	app     *App
	root    rootWriter
	claimed atomic.Bool
	out     pageWriter // of the first page that is rendered
	outUsed atomic.Bool
}

// standalone serves pages that belong to no App. It holds no state but the late
// changes already logged, and buffers.
var standalone = App{Encoding: Encoding{Off: true}}

type exchangeKey struct{}

// Value leads to the exchange, to its first response and to its locals.
func (x *exchange) Value(key any) any {
	if key == (exchangeKey{}) {
		return x
	}
	return x.Carrier.Value(key)
}

// String keeps the visitor's cookies out of what is printed with a context.
func (x *exchange) String() string { return "engine.exchange" }

func exchangeOf(r *http.Request) *exchange {
	x, _ := r.Context().Value(exchangeKey{}).(*exchange)
	return x
}

// newExchange returns the exchange and the request to go on with, whose context
// leads to it.
func newExchange(app *App, w http.ResponseWriter, r *http.Request) (*exchange, *http.Request) {
	x := &exchange{app: app}
	x.first.Start(&x.request, response.Options{OnLocked: app.prepared().onLocked})
	x.Carrier = response.Carrier{Context: x.locals.In(r.Context()), Response: &x.first}
	x.request = *r.WithContext(x)
	x.root.w = w
	x.root.page.Store(&x.first)
	x.root.patience.begin(r, app.stallTimeout())
	return x, &x.request
}

// claim gives the response context to the first page that asks: a page that is
// served inside another one's handler, to a writer of its own, gets its own.
func (x *exchange) claim() bool { return !x.claimed.Swap(true) }

// begun reports whether the head has left, through x or through root, which may
// be nil.
func (x *exchange) begun(root *rootWriter) bool {
	return x.root.started.Load() || root != nil && root.started.Load()
}

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
		x.root.Header().Del("Content-Encoding") // no middleware encodes what goes to x.root
		x.answer(&x.root, r, x.root.page.Load(), err)
		x.root.patience.last(x.root.w)
	}()
	handlers()
	x.root.start()
	x.root.patience.last(x.root.w)
}
