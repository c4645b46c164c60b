package stream

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

// PanicError is the error of a component, a fallback or a destination that
// panicked.
type PanicError struct {
	Value any    // what was passed to panic
	Stack []byte // the stack of the goroutine that panicked, as debug.Stack prints it
}

// Error says what the panic value was; the stack is in Stack.
func (e *PanicError) Error() string { return fmt.Sprintf("stream: panic: %v", e.Value) }

// Unwrap returns Value if it is an error, so that panic(http.ErrAbortHandler) can
// be told from other panics with errors.Is.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// TimeoutError is the error of a [Timeout] whose body was not done in time.
// errors.Is reports it to be context.DeadlineExceeded.
type TimeoutError struct {
	After time.Duration // the time that was given
}

func (e *TimeoutError) Error() string { return fmt.Sprintf("stream: not done within %v", e.After) }

// Timeout reports true: it is what net.Error and os.IsTimeout ask for.
func (e *TimeoutError) Timeout() bool { return true }

// Is makes a TimeoutError equal to context.DeadlineExceeded.
func (e *TimeoutError) Is(target error) bool { return target == context.DeadlineExceeded }

// TooLargeError is the error of a Catch, Timeout or Blocking, or of a page that leaves as a
// whole, which has grown past [Renderer.Held].
type TooLargeError struct {
	Limit int // the bytes that may be held
}

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("stream: more than %d bytes held back: raise Renderer.Held, or take what is large out of the Catch, Timeout, Blocking or FlushNone that keeps it until it is done", e.Limit)
}

var (
	errGoexit = errors.New("stream: a component ended its goroutine with runtime.Goexit (does it call t.FailNow?)")
	errEnded  = errors.New("stream: write after the component that was given the writer has returned")
)

// unwound is the error of a function that did not return: recovered is what
// recover gave, and nothing was recovered of a Goexit.
func unwound(recovered any) error {
	if recovered == nil {
		return errGoexit
	}
	return &PanicError{Value: recovered, Stack: debug.Stack()}
}
