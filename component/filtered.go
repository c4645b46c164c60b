package component

import (
	"context"

	"github.com/ropewalk/ropewalk/component/internal/run"
)

// ErrFiltered is what the error that [OnFiltered] reports wraps.
var ErrFiltered = run.ErrFiltered

// OnFiltered has renders with the returned context call f for each value that is not
// printed but replaced by #ZgotmplZ or ZgotmplZ, as html/template replaces a URL, a
// style or a name that it does not trust. The error has the place of the value in its
// template and wraps [ErrFiltered]; the render goes on. f runs in the goroutine of what
// renders, so several parts may call it at once, and it is called again for the same
// place by each render. Whoever has asked in ctx is told after it.
func OnFiltered(ctx context.Context, f func(*RenderError)) context.Context {
	return run.OnFiltered(ctx, f)
}
