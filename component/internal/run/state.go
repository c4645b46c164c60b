package run

import (
	"context"
	"io"
	"reflect"
	"sync"

	"github.com/ropewalk/ropewalk/stream"
)

// A State is what one render changes.
type State struct {
	ctx     context.Context
	out     *stream.Writer // the destination, if it lends its buffer
	w       io.Writer      // the destination
	own     []byte         // for a destination that lends no buffer
	Frame   []Slot         // the variables of the template that runs
	arena   []Slot         // where frames are cut from; frames never move
	Leave   Leaving
	args    []reflect.Value // where arguments of calls are cut from
	rest    []any           // see box.go
	strings []string
	depth   int
	Call    *Site // the call of user code that runs, for a panic in it
}

// A Slot is one variable: an address if its type is known, else a value.
type Slot struct {
	P Pointer
	V reflect.Value
}

// Leaving says that a break or continue is on its way to its loop.
type Leaving uint8

const (
	notLeaving Leaving = iota
	LeavingBreak
	LeavingContinue
)

// largestOwn is the largest buffer that a pooled state keeps. The buffer is kept
// here and not in a bytebufferpool.Pool because that learns one size for all
// pages: after 42,000 renders of small ones it drops every large one.
const largestOwn = 256 << 10

var states = sync.Pool{New: func() any { return new(State) }}

// arenaSlots is how many slots a new piece of the arena holds.
const arenaSlots = 64

// enter cuts a frame of n slots. It returns what exit needs.
func (st *State) enter(n int) (frame, arena []Slot) {
	if len(st.arena) < n {
		st.arena = make([]Slot, max(n, arenaSlots))
	}
	frame, arena = st.Frame, st.arena
	st.Frame, st.arena = arena[:n:n], arena[n:]
	return frame, arena
}

// exit gives up the frame that enter cut. Nothing refers to a frame after its
// exit, for captures copy it, so its slots can be used again.
func (st *State) exit(frame, arena []Slot) {
	clear(st.Frame)
	st.Frame, st.arena = frame, arena
}

// BeginArguments cuts room for n arguments of a call. It returns what EndArguments needs.
func (st *State) BeginArguments(n int) (in, outer []reflect.Value) {
	if len(st.args) < n {
		st.args = make([]reflect.Value, max(n, arenaSlots))
	}
	outer = st.args
	in, st.args = outer[:n:n], outer[n:]
	return in, outer
}

// EndArguments gives the room back when the call has returned.
func (st *State) EndArguments(in, outer []reflect.Value) {
	clear(in)
	st.args = outer
}

// BeginCall notes that user code is called at a site. The caller sets Call back to what
// it returns when the call has returned; after a panic it stays, and names the call.
func (st *State) BeginCall(s *Site) (outer *Site) {
	outer = st.Call
	st.Call = s
	return outer
}

// Context is the context of the render, for user code, which may keep it.
func (st *State) Context() context.Context {
	if st.out != nil {
		st.out.Share(nil)
	}
	return st.ctx
}

func (st *State) release() {
	if cap(st.own) > largestOwn {
		st.own = nil
	}
	*st = State{arena: st.arena, args: st.args, rest: st.rest, strings: st.strings, own: st.own[:0]}
	states.Put(st)
}
