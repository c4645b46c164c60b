package stream

import "context"

// Await runs f in a goroutine of its own and returns its error, or the cause of ctx if
// that ends first: then f is left behind, and so is what it returns. If behind is not
// nil it gets a channel that is closed when f has returned. A panic of f is a
// [*PanicError].
func Await(ctx context.Context, f func() error, behind func(done <-chan struct{})) error {
	done := make(chan struct{})
	err := errGoexit // unless f returns
	go func() {
		defer close(done)
		err = protect(f)
	}()
	select {
	case <-done:
		return err
	case <-ctx.Done():
	}
	select {
	case <-done: // both at once: the answer is there
		return err
	default:
	}
	if behind != nil {
		behind(done)
	}
	return context.Cause(ctx)
}
