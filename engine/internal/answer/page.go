package answer

import (
	"context"
	"net/http"

	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/response"
	"github.com/ropewalk/ropewalk/stream"
)

// Page answers r with a page, in the exchange that r belongs to or in a new one.
// answered says that a handler may have written a status to w before.
func (s *Service) Page(w http.ResponseWriter, r *http.Request, page PageFunc, answered bool) {
	if x := s.claim(r); x != nil {
		x.page(w, r, page, answered)
		return
	}
	x, r := s.own(w, r)
	x.Serve(r, func() { x.page(&x.root, r, page, answered) })
}

// Claim has answer answer r, in the exchange that r belongs to or in a new one.
func (s *Service) Claim(w http.ResponseWriter, r *http.Request, answer func(*Exchange, http.ResponseWriter, *http.Request)) {
	if x := s.claim(r); x != nil {
		answer(x, w, r)
		return
	}
	x, r := s.own(w, r)
	x.Serve(r, func() { answer(x, &x.root, r) })
}

// claim returns the exchange that r belongs to if it is for s to answer in it and nobody
// else has begun to, or nil.
func (s *Service) claim(r *http.Request) *Exchange {
	if x := Of(r); x != nil && (s == x.service || s.Guest) && x.claim() {
		return x
	}
	return nil
}

// own returns an exchange of its own for who could not claim that of r.
func (s *Service) own(w http.ResponseWriter, r *http.Request) (*Exchange, *http.Request) {
	switch x := Of(r); {
	case x == nil:
		s = s.around(w)
	case s.Guest:
		s = x.service
	}
	x, r := s.Begin(w, r)
	x.claim()
	return x, r
}

// around returns the service in whose exchange w was made, in case a middleware has
// replaced the request's context, which leads there otherwise.
func (s *Service) around(w http.ResponseWriter) *Service {
	if s.Guest {
		for root := range roots(w) {
			return root.x.service
		}
	}
	return s
}

// page runs a page and answers with what becomes of it.
func (x *Exchange) page(w http.ResponseWriter, r *http.Request, page PageFunc, answered bool) {
	x.answered = answered
	x.lookAround(w.Header())
	p := x.response()
	if err := x.show(w, r, p, page, page); err != nil {
		x.answer(w, r, p, err)
	}
}

// show runs a page function and renders its tree, both within the time for a page. An
// error means that nothing was sent. named is the function by whose name f goes.
func (x *Exchange) show(w http.ResponseWriter, r *http.Request, page *response.Context, f PageFunc, named any) error {
	if x.service.timeout > 0 {
		return x.showInTime(w, r, page, f, named)
	}
	response.NewController(page).SetRequest(r)
	tree, err := call(f, page)
	if err != nil {
		return err
	}
	return x.render(w, r, page, tree)
}

func (x *Exchange) showInTime(w http.ResponseWriter, r *http.Request, page *response.Context, f PageFunc, named any) error {
	limit := x.service.timeout
	ctx, cancel := context.WithTimeoutCause(r.Context(), limit, &stream.TimeoutError{After: limit})
	defer cancel()
	r = r.WithContext(ctx)
	response.NewController(page).SetRequest(r)
	var tree component.Component
	err := x.service.renderer.Await(ctx, stream.FuncName(named), func() (err error) { tree, err = f(page); return err })
	if err != nil {
		response.NewController(page).Lock() // f may still be running
		return err
	}
	return x.render(w, r, page, tree)
}

// render streams tree as the answer to r. An error means that nothing was sent.
func (x *Exchange) render(w http.ResponseWriter, r *http.Request, page *response.Context, tree component.Component) error {
	out := x.pageWriter(w, r, page)
	defer out.release()
	ctx := r.Context()
	if response.From(ctx) != page {
		ctx = response.With(ctx, page)
	}
	err := x.service.renderer.Render(ctx, out, tree)
	if err == nil {
		err = out.finish()
	}
	if err == nil || out.err == errBodyless {
		return nil
	}
	if out.committed || x.committed(out.client.root) {
		x.abort(r, err, out.err)
	}
	return err
}

// call calls a page function and turns its panic into an error.
func call(f PageFunc, page *response.Context) (tree component.Component, err error) {
	defer func() {
		if v := recover(); v != nil {
			tree, err = nil, panicError(v)
		}
	}()
	return f(page)
}
