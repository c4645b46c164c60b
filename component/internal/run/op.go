package run

import (
	"context"
	"io"
)

// A Component writes itself. It is the method set of component.Component, by
// which this package knows components without importing theirs.
type Component interface {
	Render(ctx context.Context, w io.Writer) error
}

// An Op appends what a node prints to b. It ends the render by a panic with an
// *Error, so that ops have no second result to test.
type Op func(st *State, b []byte, dot Pointer) []byte

// Nothing appends nothing.
func Nothing(_ *State, b []byte, _ Pointer) []byte { return b }

// InOrder runs first, which may be nil, and then the other.
func InOrder(first, then Op) Op {
	if first == nil {
		return then
	}
	return func(st *State, b []byte, dot Pointer) []byte { return then(st, first(st, b, dot), dot) }
}

// OrNothing is o, or Nothing if o is nil.
func OrNothing(o Op) Op {
	if o == nil {
		return Nothing
	}
	return o
}
