package run

import (
	"cmp"
	"fmt"
	"reflect"
	"runtime/debug"
	"text/template/parse"

	"github.com/ropewalk/ropewalk/component/internal/source"

	"github.com/ropewalk/ropewalk/stream"
)

// A Site is a place in a template that can fail while it runs.
type Site struct {
	File     *source.File
	Template string // the template being executed
	Node     parse.Node
}

// Failf ends the render with an error at a site.
func (s *Site) Failf(format string, args ...any) { s.Fail(fmt.Errorf(format, args...)) }

// Fail ends the render with err at the site.
func (s *Site) Fail(err error) { panic(s.error(err)) }

// FailHint ends the render with an error and the way out of it.
func (s *Site) FailHint(hint, format string, args ...any) {
	e := s.error(fmt.Errorf(format, args...))
	e.Hint = hint
	panic(e)
}

// FailNil ends the render because the name in a chain is asked of a nil pointer of type t.
func (s *Site) FailNil(t reflect.Type, name string) {
	s.FailHint(s.guard(name), "nil pointer evaluating %s.%s", t, name)
}

// guard is what to write around a chain whose part before a name may be nil.
func (s *Site) guard(name string) string {
	base, names := ".", []string(nil)
	switch n := s.Node.(type) {
	case *parse.FieldNode:
		base, names = "", n.Ident
	case *parse.VariableNode:
		base, names = n.Ident[0], n.Ident[1:]
	case *parse.ChainNode:
		base, names = n.Node.String(), n.Field
	}
	for last := len(names) - 1; last >= 0; last-- {
		if names[last] == name { // of several the last: a chain that repeats a name gets further than the first
			names = names[:last]
			break
		}
	}
	for _, before := range names {
		base += "." + before
	}
	if base == "" {
		base = "."
	}
	left, right := cmp.Or(s.File.Delims[0], "{{"), cmp.Or(s.File.Delims[1], "}}")
	return fmt.Sprintf("it may be nil: write %swith %s%s…%send%s around it", left, base, right, left, right)
}

func (s *Site) error(err error) *Error {
	at := s.File.SpanOf(s.Node)
	d := source.Diagnose(s.File, at, "", "")
	return &Error{Template: s.Template, File: d.File, Line: d.Line, Col: d.Col, Action: s.action(), Err: err, Code: d.Code, Width: d.Width}
}

// action is the node as the template has it: without the escapers that it was given.
func (s *Site) action() string {
	n, ok := s.Node.(*parse.ActionNode)
	if !ok {
		return s.Node.String()
	}
	pipe := *n.Pipe
	pipe.Cmds, _ = SplitEscapers(pipe.Cmds)
	return pipe.String()
}

// calling names the function or method that a site calls.
func (s *Site) calling() string {
	switch n := s.Node.(type) {
	case *parse.IdentifierNode:
		return n.Ident
	case *parse.FieldNode:
		return n.Ident[len(n.Ident)-1]
	case *parse.VariableNode:
		return n.Ident[len(n.Ident)-1]
	case *parse.ChainNode:
		return n.Field[len(n.Field)-1]
	}
	return s.Node.String()
}

// An Error says where a render failed.
type Error struct {
	Template  string // the template that was being executed
	File      string
	Line, Col int    // 1-based
	Action    string // the failing piece of the template
	Err       error  // why
	Hint      string // the way out, if there is one to tell
	Code      string // the source line
	Width     int    // how many bytes of Code, from Col, are meant
}

// Error gives the position, the reason and the hint on the first line, then the source
// line with a caret under what is meant.
func (e *Error) Error() string {
	hint := ""
	if e.Hint != "" {
		hint = " (" + e.Hint + ")"
	}
	return fmt.Sprintf("component: %s:%d:%d: executing %q at <%s>: %v%s%s", e.File, e.Line, e.Col, e.Template, e.Action, e.Err, hint,
		source.Excerpt(e.Code, e.Col, e.Width))
}

func (e *Error) Unwrap() error { return e.Err }

// recovered makes the error of a render from what it panicked with: an *Error
// of its own, an error that a nested component returned, or anything, from a
// function or method of the user's.
func (st *State) recovered(r any) (err error) {
	switch r := r.(type) {
	case *Error:
		return r
	case componentError:
		return r.err
	}
	err = &stream.PanicError{Value: r, Stack: debug.Stack()}
	if st.Call != nil {
		err = st.Call.error(fmt.Errorf("error calling %s: %w", st.Call.calling(), err))
	}
	return err
}

// componentError carries the error of a nested component through the ops.
type componentError struct{ err error }
