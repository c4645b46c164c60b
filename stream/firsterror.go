package stream

import (
	"context"
	"errors"
	"maps"
)

// failure is why a page has failed.
type failure struct {
	err    error
	origin *segment // where in the document that was; nil if it was outside
}

// abort fails the page: nothing more is written, and its context is cancelled.
// origin is the segment in which err arose, or nil if it did not arise in the
// document. If the caller's context has ended, that is the reason, whatever the
// parts say of it.
func (r *render) abort(err error, origin *segment) {
	r.mu.Lock()
	if r.failed.Load() || r.complete {
		r.mu.Unlock()
		return
	}
	if r.page.parent.Err() != nil {
		err, origin = context.Cause(r.page.parent), nil
	}
	r.failure = &failure{err, origin}
	r.failed.Store(true)
	r.mu.Unlock()
	r.page.cancel(err)
	r.wakeUp()
}

// stopped returns the cause if the page has failed or the caller's context ended before
// all had left.
func (r *render) stopped() error {
	if !r.failed.Load() {
		if r.page.parent.Err() == nil {
			return nil
		}
		r.abort(context.Cause(r.page.parent), nil)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failure == nil { // all had left before
		return nil
	}
	return r.failure.err
}

// noteError notes the error of what was writing in s when it failed.
func (r *render) noteError(s *segment, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.errs == nil {
		r.errs = map[*segment]error{}
	}
	r.errs[s] = err
}

// firstError chooses the error that Render returns, and tells of the others. Those of
// parts that still run are not known.
func (r *render) firstError() error {
	errs := r.errors()
	first := r.failure.err
	if r.failure.origin != nil && len(errs) > 0 {
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
	r.mu.Lock()
	noted := maps.Clone(r.errs)
	r.mu.Unlock()
	var errs []error
	walk(r.head, nil, false, func(s *segment) {
		err := noted[s]
		switch {
		case err == nil:
		case s != r.failure.origin && (errors.Is(err, context.Canceled) || errors.Is(err, r.failure.err)):
		case len(errs) > 0 && same(errs[len(errs)-1], err): // noted where it arose and where it got to
		default:
			errs = append(errs, err)
		}
	}, func(*part) {})
	return errs
}

// same is a == b for errors that may not be comparable.
func same(a, b error) bool { return errors.Is(a, b) && errors.Is(b, a) }
