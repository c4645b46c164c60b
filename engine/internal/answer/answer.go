package answer

import (
	"context"
	"errors"
	"net/http"

	"github.com/ropewalk/ropewalk/response"
)

// answer gives the answer that err stands for, in place of the page, of which
// nothing was sent. There is none if a handler has sent something before.
func (x *Exchange) answer(w http.ResponseWriter, r *http.Request, page *response.Context, err error) {
	switch {
	case errors.Is(err, http.ErrAbortHandler), r.Context().Err() == context.Canceled, x.committed(outermostRoot(w)):
		x.abort(r, err, nil)
	case isAnswer(err) && x.answerInstead(w, r, page, err):
	default:
		closeAnswer(err)
		x.showError(w, r, page, statusOf(err))
	}
}

// isAnswer reports whether err says what is to be answered, and so is no failure. A
// panic is one, whatever it was called with.
func isAnswer(err error) bool {
	if errors.Is(err, http.ErrAbortHandler) {
		return true
	}
	found := answerOf(err)
	return found != nil && !inPanic(err, found)
}

// answerOf finds the answer in err: a redirect, a complete response or a status. It
// returns nil if there is none.
func answerOf(err error) error {
	var redirect *response.RedirectError
	var complete *response.ResponseError
	var status *response.StatusError
	switch {
	case errors.As(err, &redirect):
		return redirect
	case errors.As(err, &complete):
		return complete
	case errors.As(err, &status):
		return status
	}
	return nil
}

// answerInstead gives the answers that are no error pages, and reports whether err is one.
func (x *Exchange) answerInstead(w http.ResponseWriter, r *http.Request, page *response.Context, err error) bool {
	switch a := answerOf(err).(type) {
	case *response.RedirectError:
		to := response.Redirect(a.URL, a.StatusFor(r.Method))
		if !errors.As(to, &a) {
			return false // made by hand, and not one that Redirect makes
		}
		x.Redirect(w, r, page, a.Code, a.URL)
	case *response.ResponseError:
		x.respond(w, r, page, a)
	case *response.StatusError:
		if a.Code < 200 || a.Code > 399 {
			return false
		}
		x.sendHead(w, r, page, a.Code, "")
	default:
		return false
	}
	return true
}
