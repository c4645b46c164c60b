package stream

import (
	"context"
	"errors"
)

// verdict chooses the error that Render returns, when every part has ended, and tells
// of the others.
func (r *render) verdict() error {
	errs := r.errors()
	first := r.cause
	if r.origin != nil && len(errs) > 0 {
		first = errs[0]
	}
	if r.opts.Others == nil {
		return first
	}
	others := errs[:0]
	for _, err := range errs {
		if !same(err, first) {
			others = append(others, err)
		}
	}
	if len(others) > 0 {
		quietly(func() { r.opts.Others(r.page.parent, others) })
	}
	return first
}

// errors returns the errors in what has not left, in document order, but for those that
// follow from the cancellation of the page.
func (r *render) errors() []error {
	var errs []error
	for s := r.head; s != nil; s = s.after() {
		switch {
		case s.err == nil:
		case s != r.origin && (errors.Is(s.err, context.Canceled) || errors.Is(s.err, r.cause)):
		case len(errs) > 0 && same(errs[len(errs)-1], s.err): // noted where it arose and where it got to
		default:
			errs = append(errs, s.err)
		}
	}
	return errs
}

// same is a == b for errors that may not be comparable.
func same(a, b error) bool { return errors.Is(a, b) && errors.Is(b, a) }
