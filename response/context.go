package response

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"github.com/ropewalk/ropewalk/cookie"
)

// Context is one response while it can still be decided: its status, headers
// and cookies, beside the request it answers. Page functions receive one, and
// components find it with [From].
type Context struct {
	// Request is the request being answered. It is there to be read.
	Request *http.Request

	onLocked func(*LockedError)

	mu        sync.Mutex // guards all that follows
	jar       *cookie.Jar
	status    int
	fields    map[string]field
	hooks     []func(http.Header)
	delivery  delivery
	fixed     bool // an error page's status was decided before it ran
	locked    bool
	committed bool
}

// Options are for those who make a Context; the zero value works.
type Options struct {
	// OnLocked is told of every change that the lock refused, as callers drop
	// errors. It runs on the goroutine that tried.
	OnLocked func(*LockedError)
}

// New returns the context of the answer to r. The engine makes one for each
// request; a test of a page function makes its own.
func New(r *http.Request, opts Options) *Context {
	c := new(Context)
	c.Start(r, opts)
	return c
}

// Start is New for those who keep c, which is new, in something of their own.
func (c *Context) Start(r *http.Request, opts Options) {
	c.Request, c.onLocked, c.status = r, opts.OnLocked, http.StatusOK
}

// Continue sets Request to r, with what has been added to it since c was made. It
// is for the engine, whose pages may run beside their middleware (in the goroutine
// of http.TimeoutHandler).
func (c *Context) Continue(r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.Request = r
}

type contextKey struct{}

// With returns a context that carries c, for [From].
func With(ctx context.Context, c *Context) context.Context {
	return &Carrier{ctx, c}
}

// Carrier is what [With] returns, for those who keep it in something of their own.
type Carrier struct {
	context.Context
	Response *Context
}

// Value leads to the response.
func (c *Carrier) Value(key any) any {
	if key == (contextKey{}) {
		return c.Response
	}
	return c.Context.Value(key)
}

// From returns the response that ctx belongs to, or nil outside of one. Reading
// methods and [Context.Locked] work on nil, changing ones return an error that
// says that there is no response.
func From(ctx context.Context) *Context {
	c, _ := ctx.Value(contextKey{}).(*Context)
	return c
}

// String names the context, and not what is in it.
func (c *Carrier) String() string { return "response.Carrier" }

// Header is the header of the response.
func (c *Context) Header() Header { return Header{c} }

// Cookies are the cookies of the request together with those the response sets.
func (c *Context) Cookies() *cookie.Jar {
	if c == nil {
		return cookie.NewJar(nil, func(op, _ string) error { return errNoResponse(op) })
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.jar == nil {
		c.jar = cookie.NewJar(c.Request, c.guard)
	}
	return c.jar
}

// Status is the status as it stands: 200 until [Context.SetStatus].
func (c *Context) Status() int {
	if c == nil {
		return http.StatusOK
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.status
}

// SetStatus sets the status of the page that is being rendered; to answer with
// an error page instead, return [Status] or [NotFound] from the page function.
func (c *Context) SetStatus(code int) error {
	if code < 200 || code > 599 {
		return fmt.Errorf("response: SetStatus(%d): want a status from 200 to 599", code)
	}
	return c.change("SetStatus", strconv.Itoa(code), func() error {
		if c.fixed && code != c.status {
			return fmt.Errorf("response: SetStatus(%d): an error page keeps the status it is shown for, here %d", code, c.status)
		}
		c.status = code
		return nil
	})
}

// OnCommit registers a last word: hook runs just before the head is written and
// may change the header it is given, cookies included. Hooks run in reverse
// order of registration, so that the outermost middleware has the last of all.
func (c *Context) OnCommit(hook func(http.Header)) error {
	if hook == nil {
		return errors.New("response: OnCommit: the hook is nil")
	}
	return c.change("OnCommit", "", func() error {
		c.hooks = append(c.hooks, hook)
		return nil
	})
}

// Locked reports whether the response has started: status, headers and cookies
// can no longer change.
func (c *Context) Locked() bool {
	if c == nil {
		return true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.locked
}

// Lock refuses every later change. The engine calls it at the first fork, the
// first spill or flush, or the end of the synchronous render. Calling it again
// does nothing.
func (c *Context) Lock() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.locked = true
}

// change applies a change unless the response is locked.
func (c *Context) change(op, arg string, apply func() error) error {
	if c == nil {
		return errNoResponse(op)
	}
	c.mu.Lock()
	if !c.locked {
		defer c.mu.Unlock()
		return apply()
	}
	c.mu.Unlock()
	return c.refuse(op, arg)
}

// guard stands before every change to the cookies.
func (c *Context) guard(op, arg string) error {
	if !c.Locked() {
		return nil
	}
	return c.refuse(op, arg)
}

// Commit locks c and completes h, the header that is about to be written: with
// the headers set here, then the cookies, then the hooks' last words. Only the
// first call does anything, which it reports. If a hook panics h is unchanged.
func (c *Context) Commit(h http.Header) bool {
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
func (c *Context) Replace(status int, keep func(name string) bool) *Context {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.locked, c.committed = true, true
	next := New(c.Request, Options{OnLocked: c.onLocked})
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
