package answer

import "github.com/ropewalk/ropewalk/response"

// failure is an error that was answered or ended the response.
type failure struct{ err error }

// failed notes why there was an error page or no end.
func (x *Exchange) failed(err error) { x.failure.Store(&failure{err}) }

// Outcome implements [response.Exchange].
func (x *Exchange) Outcome() response.Outcome {
	o := response.Outcome{
		Status: int(x.root.status.Load()),
		Bytes:  x.root.bytes.Load(),
	}
	if route := x.route.Load(); route != nil {
		o.Route = *route
	}
	if f := x.failure.Load(); f != nil {
		o.Err = f.err
	}
	return o
}
