package run

import (
	"fmt"
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

func (s *Site) error(err error) *Error {
	at := s.File.SpanOf(s.Node)
	line, col := s.File.Position(at.Start)
	return &Error{Template: s.Template, File: s.File.Label(), Line: line, Col: col, Action: s.action(), Err: err}
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
}

func (e *Error) Error() string {
	return fmt.Sprintf("component: %s:%d:%d: executing %q at <%s>: %v", e.File, e.Line, e.Col, e.Template, e.Action, e.Err)
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
