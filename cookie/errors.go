package cookie

import (
	"errors"
	"fmt"
)

var (
	// ErrNotFound says that neither the request nor the response has the cookie.
	ErrNotFound = errors.New("cookie: not found")

	// ErrForged says that a value was not made with any of the cookie's secrets,
	// or was made for a cookie of another name.
	ErrForged = errors.New("the value was not made with the keys of this cookie")

	// ErrExpired says that a signed or encrypted value is genuine and too old.
	ErrExpired = errors.New("the value has expired")

	// ErrTooLarge says that a cookie exceeds what browsers keep.
	ErrTooLarge = errors.New("the cookie is too large")
)

// DecodeError says that a cookie is there and its value cannot be used. Err is
// [ErrForged], [ErrExpired], or why the text does not make the cookie's type.
type DecodeError struct {
	Name string
	Err  error
}

func (e *DecodeError) Error() string { return fmt.Sprintf("cookie: %q: %v", e.Name, e.Err) }

func (e *DecodeError) Unwrap() error { return e.Err }

// notFound is ErrNotFound with the name, formatted only when it is printed:
// a missing cookie is an everyday event.
type notFound string

func (n notFound) Error() string { return fmt.Sprintf("cookie: %q: not found", string(n)) }

func (n notFound) Is(target error) bool { return target == ErrNotFound }
