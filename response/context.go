package response

import (
	"context"
	"errors"
	"fmt"
	"net/http"
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

	exchange Exchange

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
	NewController(c).Start(r, nowhere(opts))
	return c
}

type contextKey struct{}

// With returns a context that carries c, for [From].
func With(ctx context.Context, c *Context) context.Context {
	return &carrier{ctx, c}
}

type carrier struct {
	context.Context
	c *Context
}

func (t *carrier) Value(key any) any {
	if key == (contextKey{}) {
		return t.c
	}
	return t.Context.Value(key)
}

// String names the context, and not what is in it.
func (t *carrier) String() string { return "response.With" }

// From returns the response that ctx belongs to, or nil outside of one. Reading
// methods and [Context.Locked] work on nil, changing ones return an error that
// says that there is no response.
func From(ctx context.Context) *Context {
	c, _ := ctx.Value(contextKey{}).(*Context)
	return c
}

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
