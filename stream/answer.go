package stream

import (
	"errors"
	"fmt"
)

// An answer is an error that stands for another response than the page; see
// [Renderer.Answer]. Whether it can be given must not depend on how far the page has got,
// so it is decided by the place at which it arises:
//
//   - in the root, before the lock;
//   - in a Blocking that the root began before anything could leave, or in anything
//     inside that. See render.opened for what that means.
//
// Anywhere else it becomes a MisplacedError, whether or not a byte has left.

// MisplacedError is an answer from a place where it may come too late: a part that is in no
// [Blocking], or the root after the lock. It is an error like any other, which a [Catch]
// may catch. It has no Unwrap, so that nobody takes it for the answer.
type MisplacedError struct {
	Part string // the name of the part; empty in the root
	Err  error  // the answer
}

func (e *MisplacedError) Error() string {
	place := "the page after its first part or flush"
	if e.Part != "" {
		place = "the part " + e.Part
	}
	return fmt.Sprintf("stream: %s was answered with %q, which may come too late: let the page function decide that, or put what decides it in a Blocking before anything leaves", place, e.Err)
}

// isAnswer reports whether err is an answer to the page.
func (r *render) isAnswer(err error) (yes bool) {
	if err == nil || r.opts.Answer == nil {
		return false
	}
	quietly(func() { yes = r.opts.Answer(err) })
	return yes
}

// checkAnswer returns err, or a MisplacedError if it is an answer that was given where w is.
// A panic for which Answer reports true ends the page from anywhere.
func (w *Writer) checkAnswer(err error) error {
	if !w.r.isAnswer(err) || isPanic(err) || w.mayAnswer(err) {
		return err
	}
	return &MisplacedError{Part: w.partName(), Err: err}
}

func isPanic(err error) bool {
	var panicked *PanicError
	return errors.As(err, &panicked)
}

func (w *Writer) mayAnswer(err error) bool {
	switch {
	case w.inRoot() && !w.r.out.locked, w.group != nil && w.group.answers:
		return true
	}
	for g := w.deferred; g != nil; g = g.nextDeferred { // it has come out of g
		if g.answers && errors.Is(err, g.err) {
			return true
		}
	}
	return w.r.failedWith(err) // it has been given already
}

// inRoot reports whether w renders the root, and not a part in its place.
func (w *Writer) inRoot() bool { return w.part == nil && w.inPlaceOf() == nil }

// failedWith reports whether err is that with which the page has failed.
func (r *render) failedWith(err error) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failure != nil && errors.Is(err, r.failure.err)
}
