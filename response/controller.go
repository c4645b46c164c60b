package response

import (
	"maps"
	"net/http"
	"slices"

	"github.com/ropewalk/ropewalk/cookie"
)

// Controller does to a response what only the engine may do, and no page. It is to a
// [Context] what http.ResponseController is to an http.ResponseWriter.
type Controller struct{ c *Context }

// NewController returns the controller of c.
func NewController(c *Context) Controller { return Controller{c} }

// Start makes a new response that was not made by [New] the answer to r, on its way
// through exchange.
func (k Controller) Start(r *http.Request, exchange Exchange) {
	k.c.Request, k.c.exchange, k.c.status = r, exchange, http.StatusOK
}

// SetRequest replaces the request, by one to which something has been added since the
// response was made. Nothing else is touched: a page may run beside its middleware, in
// the goroutine of http.TimeoutHandler.
func (k Controller) SetRequest(r *http.Request) {
	k.c.mu.Lock()
	defer k.c.mu.Unlock()
	k.c.Request = r
}

// Value makes a context of whoever keeps the response: it returns the response for the
// key that [From] asks with, and nil for all others.
func (k Controller) Value(key any) any {
	if key == (contextKey{}) {
		return k.c
	}
	return nil
}

// Lock refuses every later change. The moment for it is the first fork, the first
// spill or flush, or the end of the synchronous render. Calling it again does
// nothing.
func (k Controller) Lock() {
	k.c.mu.Lock()
	defer k.c.mu.Unlock()
	k.c.locked = true
}

// Commit locks the response and completes h, the header that is about to be written: with
// the headers set here, then the cookies, then the hooks' last words. Only the
// first call does anything, which it reports. If a hook panics h is unchanged.
func (k Controller) Commit(h http.Header) bool {
	c := k.c
	c.mu.Lock()
	if c.committed {
		c.mu.Unlock()
		return false
	}
	c.locked, c.committed = true, true
	fields, hooks, jar := c.fields, c.hooks, c.jar // no longer written to
	c.mu.Unlock()

	if len(hooks) == 0 {
		complete(h, fields, jar)
		return true
	}
	final := make(http.Header, len(h)+len(fields))
	maps.Copy(final, h)
	complete(final, fields, jar)
	for i := range slices.Backward(hooks) {
		c.runHook(hooks, i, final)
	}
	clear(h)
	maps.Copy(h, final)
	return true
}

func complete(h http.Header, fields map[string]field, jar *cookie.Jar) {
	for name, f := range fields {
		f.writeTo(h, name)
	}
	if jar != nil {
		jar.WriteTo(h)
	}
}

// runHook drops a hook that panics, so that it cannot spoil the error page too.
func (c *Context) runHook(hooks []func(http.Header), i int, h http.Header) {
	returned := false
	defer func() {
		if !returned {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.hooks = slices.Delete(slices.Clone(hooks), i, i+1)
		}
	}()
	hooks[i](h)
	returned = true
}

// Replace returns the context of a response that is sent instead of this one, an
// error page for example: unlocked, with its status decided, and with the
// request, the cookies, the hooks and those headers that keep, which gets their
// canonical names, reports true for.
//
// The old context is locked for good: whoever still holds it changes nothing.
func (k Controller) Replace(status int, keep func(name string) bool) *Context {
	c := k.c
	c.mu.Lock()
	defer c.mu.Unlock()
	c.locked, c.committed = true, true
	next := new(Context)
	NewController(next).Start(c.Request, c.exchange)
	next.status, next.fixed = status, true
	next.hooks = slices.Clone(c.hooks)
	next.delivery.uncompressed = c.delivery.uncompressed // what must not be measured may be on the other page too
	for name, f := range c.fields {
		if keep(name) {
			next.setField(name, f)
		}
	}
	if c.jar != nil {
		next.Cookies().Merge(c.jar) // cannot be refused: next is not locked
	}
	return next
}
