package request

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
)

// Form decodes a form into a T, a struct: the body of a POST, PUT or PATCH
// request, urlencoded or multipart, and the query of any other, where browsers
// put the fields of a form with method GET.
//
// Fields that do not fit give [*FieldErrors], with T filled as far as possible;
// a body that cannot be read gives an [*Error]. Any other error is a mistake in
// T itself.
//
// If all fields fit and T or *T has a method Validate() error, that has the last
// word. FieldErrors of its own are put beside their fields; an error of another
// kind is about the form as a whole, and its text is the message of the field "".
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
// [Form]: of what others have put into a link only a name of T can be wrong.
func Query[T any](r *http.Request, limits ...Limits) (T, error) {
	var v T
	l := chosen(limits)
	src, err := readQuery(r, l)
	if err == nil {
		err = formDecoder.decode(&v, src, l)
	}
	return v, err
}

func readQuery(r *http.Request, limits Limits) (source, error) {
	src := source{op: "Query", code: http.StatusBadRequest}
	var err error
	src.values, src.malformed, err = parsePairs("Query", r.URL.RawQuery, limits)
	return src, err
}

func readForm(r *http.Request, limits Limits) (source, error) {
	src := source{op: "Form", code: http.StatusUnprocessableEntity}
	switch r.Method {
	case http.MethodPost, http.MethodPut, http.MethodPatch:
	default:
		var err error
		src.values, src.malformed, err = parsePairs("Form", r.URL.RawQuery, limits)
		return src, err
	}
	if r.Body == nil || r.Body == http.NoBody {
		return src, nil
	}
	kind, err := contentType(r, "Form", "application/x-www-form-urlencoded", multipartType)
	if err == nil {
		err = limitBody(r, "Form", limits)
	}
	switch {
	case err != nil:
	case kind == multipartType:
		err = src.readMultipart(r, limits)
	default:
		err = src.readURLEncoded(r, limits)
	}
	return src, err
}

const multipartType = "multipart/form-data"

// readURLEncoded reads the body, and leaves in r.PostForm and r.Form what it
// found, where others look for it. It takes what others have left there.
func (src *source) readURLEncoded(r *http.Request, limits Limits) error {
	if r.PostForm == nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return bodyError("Form", err, http.StatusBadRequest)
		}
		src.values, src.malformed, err = parsePairs("Form", string(body), limits)
		if err != nil || src.malformed != nil { // the next to read finds the same
			r.Body = io.NopCloser(bytes.NewReader(body))
			return err
		}
		r.PostForm = src.values
	}
	_ = r.ParseForm() // what is wrong with the query is not about the form
	src.values = r.PostForm
	return nil
}

func (src *source) readMultipart(r *http.Request, limits Limits) error {
	_ = r.ParseForm() // else what is wrong with the query were an error of the next
	if err := r.ParseMultipartForm(inMemory(limits.Body)); err != nil {
		return bodyError("Form", err, http.StatusBadRequest)
	}
	src.values, src.files = r.PostForm, r.MultipartForm.File
	return nil
}

// parsePairs reads name=value&… and lists the names of values that are not
// encoded as they should be. Others may have put those into a link.
func parsePairs(op, text string, limits Limits) (values url.Values, malformed []string, err error) {
	values = url.Values{}
	n := 0
	for pair := range strings.SplitSeq(text, "&") {
		if pair == "" {
			continue
		}
		if n++; n > limits.Fields {
			return nil, nil, tooManyFields(op, limits)
		}
		name, value, err := unescapePair(pair)
		if err != nil {
			malformed = append(malformed, name)
			continue
		}
		values[name] = append(values[name], value)
	}
	return values, malformed, nil
}

// unescapePair refuses semicolons, as net/http does: others take them for the end
// of a pair, so that a proxy would see another request than we do.
func unescapePair(pair string) (name, value string, err error) {
	raw, rest, _ := strings.Cut(pair, "=")
	if name, err = url.QueryUnescape(raw); err != nil {
		return raw, "", err
	}
	if strings.Contains(pair, ";") {
		return name, "", errors.New("a semicolon separates nothing")
	}
	value, err = url.QueryUnescape(rest)
	return name, value, err
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
	case errors.Is(err, os.ErrDeadlineExceeded):
		code = http.StatusRequestTimeout
	}
	return &Error{Op: op, Code: code, Err: err}
}
