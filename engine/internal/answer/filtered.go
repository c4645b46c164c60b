package answer

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/ropewalk/ropewalk/component"
)

// hears is a context that knows the key by which a render asks for who is to hear of a
// filtered value. An exchange answers for that key itself, so that no request has to
// carry a context for it.
var hears = component.OnFiltered(context.Background(), func(*component.RenderError) {})

// filterHook returns what a render calls for each filtered value if key asks for that,
// or nil. Whoever has asked around the exchange hears of it too.
func (x *Exchange) filterHook(key any) any {
	if hears.Value(key) == nil {
		return nil
	}
	around, _ := x.Context.Value(key).(func(*component.RenderError))
	return func(e *component.RenderError) {
		x.filtered(e)
		if around != nil {
			around(e)
		}
	}
}

// filteredPlace is a place in a template at which a value was replaced.
type filteredPlace struct {
	file      string
	line, col int
}

// filtered logs a value that html/template does not trust in its place, once for each
// place: the page shows ZgotmplZ there, and nothing else tells why.
func (x *Exchange) filtered(e *component.RenderError) {
	if !x.service.once(filteredPlace{e.File, e.Line, e.Col}) {
		return
	}
	attrs := []slog.Attr{
		slog.String("at", fmt.Sprintf("%s:%d:%d", e.File, e.Line, e.Col)),
		slog.String("action", e.Action),
	}
	if route := x.route.Load(); route != nil {
		attrs = append(attrs, slog.String("route", *route))
	}
	x.log(&x.request, slog.LevelWarn, "a page shows ZgotmplZ in place of a value: if it is trusted, make it a template.URL "+
		"or the type that the place takes; if it is a URL, give it a scheme that html/template trusts: http, https or mailto", e, attrs...)
}
