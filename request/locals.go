package request

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
)

// ErrNoLocals says that a [Key] was set in a context that has no place for it.
var ErrNoLocals = errors.New("the context has no locals: wrap the request with WithLocals first")

// Key names a value that middleware, page, endpoint and error page of one
// request share. Declare it as a package variable and use it through that
// variable: a copy is another key.
//
//	var user request.Key[*User]
//
//	user.Set(r.Context(), u)          // in a middleware
//	u, ok := user.Get(r.Context())    // in a page
type Key[T any] struct {
	// Name is for error messages. (It also keeps keys from being of size zero,
	// which would let two of them have one address.)
	Name string
}

// NewKey returns a key with a name.
func NewKey[T any](name string) *Key[T] { return &Key[T]{Name: name} }

// Set sets the value for all who share the request. The error is [ErrNoLocals]
// if the context does not come from a request with locals.
func (k *Key[T]) Set(ctx context.Context, v T) error {
	l := localsOf(ctx)
	if l == nil {
		return fmt.Errorf("request: Key.Set(%q): %w", k.Name, ErrNoLocals)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.values == nil {
		l.values = map[any]any{}
	}
	l.values[k] = value[T]{v}
	return nil
}

// Get returns the value and whether one was set.
func (k *Key[T]) Get(ctx context.Context) (T, bool) {
	l := localsOf(ctx)
	if l == nil {
		var zero T
		return zero, false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	v, ok := l.values[k].(value[T])
	return v.v, ok
}

// WithLocals returns r with a place for the values of keys. If it has one
// already, r itself is returned, so that everyone shares the first.
func WithLocals(r *http.Request) *http.Request {
	if localsOf(r.Context()) != nil {
		return r
	}
	return r.WithContext(ContextWithLocals(r.Context()))
}

// ContextWithLocals does for a context what [WithLocals] does for a request.
func ContextWithLocals(ctx context.Context) context.Context {
	if localsOf(ctx) != nil {
		return ctx
	}
	return &carrier{Context: ctx}
}

// carrier is a context with locals.
type carrier struct {
	context.Context
	locals Locals
}

func (c *carrier) Value(key any) any {
	if l := c.locals.Value(key); l != nil {
		return l
	}
	return c.Context.Value(key)
}

// String keeps the values out of what is printed with a context.
func (c *carrier) String() string { return "request.Locals" }

// Locals are a place for the values of keys, for those who make a context of their
// own. The zero value is an empty place. It is not copied once it is used.
type Locals struct {
	mu     sync.Mutex
	values map[any]any // by *Key[T]
}

type localsKey struct{}

// Value makes a context of whoever keeps l: it returns l for the key by which a [Key]
// looks for its values, and nil for all others.
func (l *Locals) Value(key any) any {
	if key == (localsKey{}) {
		return l
	}
	return nil
}

func localsOf(ctx context.Context) *Locals {
	l, _ := ctx.Value(localsKey{}).(*Locals)
	return l
}

// value keeps an interface T that holds nil apart from no value.
type value[T any] struct{ v T }
