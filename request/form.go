package request

import (
	"errors"
	"fmt"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
)

// Form decodes a form into a T, a struct: the body of a POST, PUT or PATCH
// request, urlencoded or multipart, and the query of any other, where browsers
// put the fields of a form with method GET.
//
// Fields that do not fit give [*FieldErrors], with T filled as far as possible;
// a body that cannot be read gives an [*Error]. Any other error is a mistake in
// T itself.
func Form[T any](r *http.Request, limits ...Limits) (T, error) {
	var v T
	l := chosen(limits)
	src, err := readForm(r, l)
	if err == nil {
		err = formDecoder.decode(&v, src, l)
	}
	return v, err
}

// Query decodes the URL's query into a T, a struct, and otherwise works like
// [Form].
func Query[T any](r *http.Request, limits ...Limits) (T, error) {
	var v T
	src, err := readQuery(r)
	if err == nil {
		err = formDecoder.decode(&v, src, chosen(limits))
	}
	return v, err
}

func readQuery(r *http.Request) (source, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return source{}, &Error{Op: "Query", Code: http.StatusBadRequest, Err: err}
	}
	return source{op: "Query", code: http.StatusBadRequest, values: values}, nil
}

func readForm(r *http.Request, limits Limits) (source, error) {
	src := source{op: "Form", code: http.StatusUnprocessableEntity}
	switch r.Method {
	case http.MethodPost, http.MethodPut, http.MethodPatch:
	default:
		query, err := readQuery(r)
		src.values = query.values
		return src, err
	}
	if r.Body == nil || r.Body == http.NoBody {
		return src, nil
	}
	if err := parseForm(r, limits); err != nil {
		return src, err
	}
	src.values = r.PostForm
	if r.MultipartForm != nil {
		src.files = r.MultipartForm.File
	}
	return src, nil
}

// parseForm parses the body into r.PostForm and r.MultipartForm, where others
// find it too.
func parseForm(r *http.Request, limits Limits) error {
	kind, err := contentType(r, "Form", "application/x-www-form-urlencoded", "multipart/form-data")
	if err == nil {
		err = limitBody(r, "Form", limits)
	}
	if err != nil {
		return err
	}
	if kind == "multipart/form-data" {
		err = r.ParseMultipartForm(inMemory(limits.Body))
	} else {
		err = r.ParseForm()
	}
	if err != nil {
		return bodyError("Form", err, http.StatusBadRequest)
	}
	return nil
}

// inMemory is more than a body of that size can take up, with the most headers
// mime/multipart accepts. So no file is ever put on disk, where it would stay if
// the request was copied on its way here: the server removes only those of the
// request it made itself.
func inMemory(body int64) int64 { return 2*min(body, 1<<61) + 8<<20 }

func contentType(r *http.Request, op string, accepted ...string) (string, error) {
	header := r.Header.Get("Content-Type")
	kind, _, err := mime.ParseMediaType(header)
	if err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) || !slices.Contains(accepted, kind) {
		return "", &Error{Op: op, Code: http.StatusUnsupportedMediaType,
			Err: fmt.Errorf("the Content-Type is %q: send %s", header, accepted[0])}
	}
	return kind, nil
}

// limitBody refuses a body that says it is too large, and stops one that does
// not.
func limitBody(r *http.Request, op string, limits Limits) error {
	if r.ContentLength > limits.Body {
		return bodyTooLarge(op, limits.Body)
	}
	r.Body = http.MaxBytesReader(nil, r.Body, limits.Body)
	return nil
}

func bodyTooLarge(op string, limit int64) error {
	return tooLarge(op, "the body has more than %d bytes: raise Limits.Body if that is meant", limit)
}

// bodyError classifies an error met while reading a body.
func bodyError(op string, err error, code int) error {
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return bodyTooLarge(op, large.Limit)
	case errors.Is(err, multipart.ErrMessageTooLarge):
		code = http.StatusRequestEntityTooLarge
	case errors.Is(err, http.ErrBodyReadAfterClose): // not the client's fault
		return fmt.Errorf("request: %s: %w: the response has started, and the server can no longer read the request: do it in the page function", op, err)
	}
	return &Error{Op: op, Code: code, Err: err}
}
