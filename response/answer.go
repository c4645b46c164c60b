package response

import (
	"errors"
	"fmt"
	"net/http"
	"net/textproto"
	"strconv"
)

// StatusError answers with an error page: [NotFound] and [Status] make it.
type StatusError struct {
	Code int
	Err  error // the cause, for the log; may be nil
}

// NotFound is the error that answers with the 404 page.
func NotFound() error { return Status(http.StatusNotFound) }

// Status is the error that answers with the error page of a status from 400 to
// 599, or, below 400, with that status and no body (304, 204). The cause, if
// one is given, is for the log and for error pages that look for it.
func Status(code int, cause ...error) error {
	if code < 200 || code > 599 {
		return fmt.Errorf("response: Status(%d): want a status from 200 to 599", code)
	}
	e := &StatusError{Code: code}
	if len(cause) > 0 {
		e.Err = cause[0]
	}
	return e
}

// Error is the public message, such as "404 Not Found", and safe to print on a
// page. The cause is behind Unwrap only.
func (e *StatusError) Error() string {
	if text := http.StatusText(e.Code); text != "" {
		return strconv.Itoa(e.Code) + " " + text
	}
	return "status " + strconv.Itoa(e.Code)
}

// Unwrap returns the cause.
func (e *StatusError) Unwrap() error { return e.Err }

// Status returns Code. The engine asks any error for such a method.
func (e *StatusError) Status() int { return e.Code }

// ResponseError answers with a complete response: [Respond], [JSON] and [Bytes]
// make it.
type ResponseError struct {
	Response *http.Response

	// Merge sends the context's headers too, and its status if the response has
	// none; where both have a header the response's counts.
	Merge bool
}

// Respond is the error that answers with r as it is: its status, its header and
// its body, which will be closed, at the latest when the client leaves. Cookies set
// through the context are added; headers set through the context are not sent.
//
// A body of unknown length, which is what a ContentLength of zero or less says if the
// header has no Content-Length either, is flushed as its pieces come. One that fails
// before its first byte is answered with an error page; later the connection is cut, as
// for a body that is shorter or longer than its length.
//
// Fields that belong to a connection, such as Connection and Transfer-Encoding, are
// refused with an error, and so are fields that HTTP does not allow: remove them from
// the header of a response that comes from elsewhere.
func Respond(r *http.Response) error {
	if r == nil {
		return errors.New("response: Respond: the response is nil")
	}
	if err := checkStatus("Respond", r.StatusCode); err != nil {
		return err
	}
	if err := checkFields("Respond", r.Header); err != nil {
		return err
	}
	return &ResponseError{Response: r}
}

func (e *ResponseError) Error() string { return "response: respond with a complete response" }

// checkFields refuses what net/http would mend, drop or take for its own.
func checkFields(op string, h http.Header) error {
	for name, values := range h {
		if ofConnection(name) {
			return fmt.Errorf("response: %s: the response has the field %s, which belongs to the connection it came by: remove it with Header.Del(%q)", op, name, name)
		}
		for _, value := range values {
			if err := checkField(op, name, value); err != nil {
				return err
			}
		}
	}
	return checkLength(op, h["Content-Length"])
}

func checkLength(op string, values []string) error {
	if len(values) == 0 {
		return nil
	}
	if n, err := strconv.ParseInt(values[0], 10, 64); err != nil || n < 0 || len(values) > 1 {
		return fmt.Errorf("response: %s: the response has the Content-Length %q: want one number of bytes", op, values)
	}
	return nil
}

// ofConnection reports the fields that are about one connection and end with it
// (RFC 9110, section 7.6.1).
func ofConnection(name string) bool {
	switch textproto.CanonicalMIMEHeaderKey(name) {
	case "Connection", "Proxy-Connection", "Keep-Alive", "Te", "Trailer", "Transfer-Encoding", "Upgrade":
		return true
	}
	return false
}

// checkStatus lets 0 stand for what is usual.
func checkStatus(op string, code int) error {
	if code != 0 && (code < 200 || code > 999) {
		return fmt.Errorf("response: %s: the response has the status %d: want one from 200 to 999", op, code)
	}
	return nil
}
