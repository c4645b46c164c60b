// Package interop shows ropewalk beside what a program may have already: a chi
// router or a bare http.ServeMux, templ components, gomponents nodes. Its tests
// are the examples.
//
// A templ component and a ropewalk component have the same method, so each can
// stand where the other is expected, and no adapter is needed. A gomponents node
// goes through component.Node.
//
// A ropewalk part inside a templ page runs concurrently when ropewalk renders
// the page: as a page of an engine.App, with engine.Render or component.Render.
// Under templ.Handler the same page is rendered piece after piece, with the same
// bytes.
//
// There is one thing to know: templ keeps state for each render in the context,
// and it is not made for two goroutines. See [Own].
package interop

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.977 generate
