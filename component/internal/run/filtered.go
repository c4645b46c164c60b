package run

import (
	"context"
	"errors"

	"github.com/ropewalk/ropewalk/component/internal/escape"
)

// ErrFiltered is why a value was replaced: html/template does not trust it in its place.
var ErrFiltered = errors.New("a value was replaced by ZgotmplZ, for it is not safe there: if it is trusted, make it a template.URL, or the type that the place takes")

type filteredKey struct{}

// OnFiltered has renders with the context call f for each value that is replaced by the
// filter, with its place, and then whoever has asked in ctx. f is called in the goroutine of
// the render.
func OnFiltered(ctx context.Context, f func(*Error)) context.Context {
	return context.WithValue(ctx, filteredKey{}, func(e *Error) {
		f(e)
		reportFiltered(ctx, e)
	})
}

func reportFiltered(ctx context.Context, e *Error) {
	if f, ok := ctx.Value(filteredKey{}).(func(*Error)); ok {
		f(e)
	}
}

// NoticeFiltered reports the site if out is not the value that a chain was given there.
func (s *Site) NoticeFiltered(st *State, chain *escape.Chain, out []byte) {
	if chain.Replaced(out) {
		s.ReportFiltered(st)
	}
}

// ReportFiltered tells whoever asked that the value at the site was replaced.
func (s *Site) ReportFiltered(st *State) {
	if st.ctx.Value(filteredKey{}) != nil { // else nobody needs the error
		reportFiltered(st.ctx, s.error(ErrFiltered))
	}
}
