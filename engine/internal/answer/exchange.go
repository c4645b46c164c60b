package answer

import (
	"context"
	"net/http"
	"sync/atomic"

	"github.com/ropewalk/ropewalk/engine/internal/encode"
	"github.com/ropewalk/ropewalk/request"
	"github.com/ropewalk/ropewalk/response"
)

// Exchange is one request on its way. It is the context of that request too, and holds
// what is found through it, so that all of it is allocated at once. It is not used
// again, for a page may keep its request.
type Exchange struct {
	context.Context // of the request as it came
	first           response.Context
	locals          request.Locals
	request         http.Request

	service *Service
	root    rootWriter
	claimed atomic.Bool
	out     pageWriter // of the first page that is rendered
	outUsed atomic.Bool

	route   atomic.Pointer[string]
	failure atomic.Pointer[failure]

	coded    bool // there was a Content-Encoding when the request came
	packed   bool // somebody around the page compresses what it writes
	answered bool // a handler may have written a status before the page
}

type exchangeKey struct{}

// Value leads to the exchange, to its first response, to its locals and to its log.
func (x *Exchange) Value(key any) any {
	if key == (exchangeKey{}) {
		return x
	}
	if c := response.NewController(&x.first).Value(key); c != nil {
		return c
	}
	if hook := x.filterHook(key); hook != nil {
		return hook
	}
	found := x.Context.Value(key)
	if found == nil { // locals around the exchange come first, so that everyone shares them
		return x.locals.Value(key)
	}
	return found
}

// String keeps the visitor's cookies out of what is printed with a context.
func (x *Exchange) String() string { return "engine.exchange" }

// Of returns the exchange that r belongs to, or nil.
func Of(r *http.Request) *Exchange { return of(r.Context()) }

func of(ctx context.Context) *Exchange {
	x, _ := ctx.Value(exchangeKey{}).(*Exchange)
	return x
}

// Begin returns the exchange of r and the request to go on with, whose context leads
// to it.
func (s *Service) Begin(w http.ResponseWriter, r *http.Request) (*Exchange, *http.Request) {
	x := &Exchange{Context: r.Context(), service: s}
	response.NewController(&x.first).Start(&x.request, x)
	x.request = *r.WithContext(x)
	x.root.w, x.root.x = w, x
	x.root.page.Store(&x.first)
	x.root.stall.begin(r)
	x.coded = len(w.Header()["Content-Encoding"]) > 0
	x.lookAround(w.Header())
	return x, &x.request
}

// Writer is what handlers of the exchange write to.
func (x *Exchange) Writer() http.ResponseWriter { return &x.root }

// Matched notes the pattern of the route that the request takes, which stays as it is.
func (x *Exchange) Matched(pattern *string) { x.route.Store(pattern) }

// response returns the response that is now meant, which is not the first one once an
// error page has replaced it.
func (x *Exchange) response() *response.Context { return x.root.page.Load() }

// claim gives the response context to the first page that asks: a page that is
// served inside another one's handler, to a writer of its own, gets its own.
func (x *Exchange) claim() bool { return !x.claimed.Swap(true) }

// committed reports whether a head has left, through x or through root, which may be
// nil.
func (x *Exchange) committed(root *rootWriter) bool {
	return x.root.committed() || root != nil && root.committed()
}

// lookAround notes that a middleware compresses what is written to it: whoever asks
// for the client's codings says so in Vary, before anything is written, even if it
// decides only then.
func (x *Exchange) lookAround(h http.Header) {
	if len(h) > 0 && encode.Varies(h) {
		x.packed = true
	}
}

// Serve runs the handlers of an exchange. Their panics become the 500 page.
func (x *Exchange) Serve(r *http.Request, handlers func()) {
	defer func() {
		if v := recover(); v != nil {
			x.recovered(r, v)
		}
	}()
	handlers()
	if x.root.cut.Load() { // and somebody has recovered from the panic that came of it
		panic(http.ErrAbortHandler)
	}
	x.root.commit(http.StatusOK)
	x.root.settle()
}

// recovered answers in place of handlers that panicked.
func (x *Exchange) recovered(r *http.Request, v any) {
	if v == http.ErrAbortHandler {
		x.cut()
		panic(v)
	}
	err := panicError(v)
	if x.root.committed() {
		x.abort(r, err, nil)
	}
	if !x.coded { // what encodes inside of the exchange is not on the way of its error page
		x.root.Header().Del("Content-Encoding")
	}
	x.answer(&x.root, r, x.response(), err)
	x.root.settle()
}
