package compile

import (
	"context"
	"fmt"
	"io"
	"reflect"
	"runtime"
	"runtime/debug"
	"sync"
	"text/template/parse"

	"github.com/ropewalk/ropewalk/stream"
)

// A Component writes itself. It is the method set of component.Component, by
// which this package knows components without importing theirs.
type Component interface {
	Render(ctx context.Context, w io.Writer) error
}

// An op appends what a node prints to b. It ends the render by a panic with an
// *Error, so that ops have no second result to test.
type op func(st *state, b []byte, dot pointer) []byte

// A state is what one render changes.
type state struct {
	ctx   context.Context
	out   *stream.Writer // the destination, if it lends its buffer
	w     io.Writer      // the destination
	own   []byte         // for a destination that lends no buffer
	frame []slot         // the variables of the template that runs
	arena []slot         // where frames are cut from; frames never move
	leave leaving
	depth int
	site  *site // the call of user code that runs, for a panic in it
}

// A slot is one variable: an address if its type is known, else a value.
type slot struct {
	p pointer
	v reflect.Value
}

// leaving says that a break or continue is on its way to its loop.
type leaving uint8

const (
	notLeaving leaving = iota
	leavingBreak
	leavingContinue
)

// maxDepth bounds the templates and components inside one another, as text/template
// does: a stack that overflows ends the program.
var maxDepth = func() int {
	if runtime.GOARCH == "wasm" {
		return 1000
	}
	return 100_000
}()

// largestOwn is the largest buffer that a pooled state keeps. The buffer is kept
// here and not in a bytebufferpool.Pool because that learns one size for all
// pages: after 42,000 renders of small ones it drops every large one.
const largestOwn = 256 << 10

var states = sync.Pool{New: func() any { return new(state) }}

// arenaSlots is how many slots a new piece of the arena holds.
const arenaSlots = 64

// enter cuts a frame of n slots. It returns what exit needs.
func (st *state) enter(n int) (frame, arena []slot) {
	if len(st.arena) < n {
		st.arena = make([]slot, max(n, arenaSlots))
	}
	frame, arena = st.frame, st.arena
	st.frame, st.arena = arena[:n:n], arena[n:]
	return frame, arena
}

// exit gives up the frame that enter cut. Nothing refers to a frame after its
// exit, for captures copy it, so its slots can be used again.
func (st *state) exit(frame, arena []slot) {
	clear(st.frame)
	st.frame, st.arena = frame, arena
}

// calls notes that user code is called at a site. What it returns is the site to
// go back to, which is set when the call has returned: after a panic it is not.
func (st *state) calls(s *site) (outer *site) {
	outer = st.site
	st.site = s
	return outer
}

// A site is a place in a template that can fail while it runs.
type site struct {
	src  *Source
	name string // the template being executed
	node parse.Node
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

// failf ends the render with an error at a site.
func (s *site) failf(format string, args ...any) { s.fail(fmt.Errorf(format, args...)) }

func (s *site) fail(err error) { panic(s.error(err)) }

func (s *site) error(err error) *Error {
	at := s.src.spanOf(s.node)
	line, col := s.src.position(at.start)
	action := s.node.String()
	if n, ok := s.node.(*parse.ActionNode); ok { // without the escapers that it was given
		pipe := *n.Pipe
		pipe.Cmds, _ = splitEscapers(pipe.Cmds)
		action = pipe.String()
	}
	return &Error{Template: s.name, File: s.src.file(), Line: line, Col: col, Action: action, Err: err}
}

// recovered makes the error of a render from what it panicked with: an *Error
// of its own, an error that a nested component returned, or anything, from a
// function or method of the user's.
func (st *state) recovered(r any) (err error) {
	switch r := r.(type) {
	case *Error:
		return r
	case componentError:
		return r.err
	}
	err = &stream.PanicError{Value: r, Stack: debug.Stack()}
	if st.site != nil {
		err = st.site.error(fmt.Errorf("error calling %s: %w", st.site.calling(), err))
	}
	return err
}

// calling names the function or method that a site calls.
func (s *site) calling() string {
	switch n := s.node.(type) {
	case *parse.IdentifierNode:
		return n.Ident
	case *parse.FieldNode:
		return n.Ident[len(n.Ident)-1]
	case *parse.VariableNode:
		return n.Ident[len(n.Ident)-1]
	case *parse.ChainNode:
		return n.Field[len(n.Field)-1]
	}
	return s.node.String()
}

// componentError carries the error of a nested component through the ops.
type componentError struct{ err error }

// component renders a component in place.
func (st *state) component(b []byte, c Component) []byte {
	if c == nil {
		return b
	}
	if r, ok := c.(*Rendering); ok {
		return r.append(st, b)
	}
	if st.out == nil {
		if _, err := st.w.Write(b); err != nil {
			panic(componentError{err})
		}
		if err := c.Render(st.ctx, st.w); err != nil {
			panic(componentError{err})
		}
		return b[:0]
	}
	if err := st.out.Give(b); err != nil {
		panic(componentError{err})
	}
	st.out.Share(c)
	if err := c.Render(st.ctx, st.out); err != nil {
		panic(componentError{err})
	}
	return st.out.Take()
}

// handOn gives the destination what a loop has made so far, which is at least
// handOnSize bytes: a page may be larger than memory should be.
func (st *state) handOn(b []byte) []byte {
	if st.out == nil {
		return b
	}
	if err := st.out.Give(b); err != nil {
		panic(componentError{err})
	}
	return st.out.Take()
}

const handOnSize = 32 << 10

// A Rendering is a template with what it is to be rendered with: the values of
// the variables, and dot. It is a Component, and renders any number of times,
// also at the same time.
type Rendering struct {
	unit  *unit
	code  op // the unit's own, or that of a piece of it
	dot   pointer
	frame []slot // to be copied; nil if the code is a whole unit's
	depth int    // how many templates and components were around when it was made
}

// deeper is the depth of a rendering that is made now.
func (s *site) deeper(st *state) int {
	if st.depth >= maxDepth {
		s.failf("exceeded maximum template depth (%v)", maxDepth)
	}
	return st.depth + 1
}

// Confined says that Render keeps nothing that it is given; see [stream.Confined].
func (r *Rendering) Confined() {}

// Render writes the template. A *stream.Writer lends its buffer; any other
// writer gets one Write for each piece between nested components. Outside of a
// stream's Render one is begun if there are components, for these may be parts.
func (r *Rendering) Render(ctx context.Context, w io.Writer) (err error) {
	out, _ := w.(*stream.Writer)
	if out == nil && r.unit.program.components && !stream.Active(ctx) {
		return stream.Render(ctx, w, r)
	}
	st := states.Get().(*state)
	st.ctx, st.w, st.out, st.depth = ctx, w, out, -1
	defer func() {
		if v := recover(); v != nil {
			err = st.recovered(v)
			st.arena = nil // what the frames left in it is in the way
		}
		st.release()
	}()
	if st.out != nil {
		return st.out.Give(r.append(st, st.out.Take()))
	}
	if st.own = r.append(st, st.own[:0]); len(st.own) > 0 {
		_, err = w.Write(st.own)
	}
	return err
}

func (st *state) release() {
	if cap(st.own) > largestOwn {
		st.own = nil
	}
	*st = state{arena: st.arena, own: st.own[:0]}
	states.Put(st)
}

// append runs the code in a frame of its own.
func (r *Rendering) append(st *state, b []byte) []byte {
	depth := st.depth
	st.depth = max(depth+1, r.depth)
	frame, arena := st.enter(r.unit.slots)
	if r.frame != nil {
		copy(st.frame, r.frame)
	} else {
		st.frame[0] = r.unit.dollar(r.dot)
	}
	b = r.code(st, b, r.dot)
	st.exit(frame, arena)
	st.depth = depth
	return b
}
