package request

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
)

// JSON decodes the body, one JSON value, into a T. Errors of the body are
// [*Error] and tell the byte: 400 for what is not JSON, 422 for JSON that does
// not fit T, 413 and 415 for size and Content-Type.
func JSON[T any](r *http.Request, limits ...Limits) (T, error) {
	var v T
	err := decodeJSON(r, &v, chosen(limits))
	return v, err
}

func decodeJSON(r *http.Request, v any, limits Limits) error {
	if err := checkJSONType(r); err != nil {
		return err
	}
	if r.Body == nil {
		return jsonError(io.EOF)
	}
	if err := limitBody(r, "JSON", limits); err != nil {
		return err
	}
	d := json.NewDecoder(r.Body)
	if limits.Strict {
		d.DisallowUnknownFields()
	}
	if err := d.Decode(v); err != nil {
		return jsonError(err)
	}
	return checkEnd(d)
}

func checkJSONType(r *http.Request) error {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if strings.HasPrefix(kind, "application/") && strings.HasSuffix(kind, "+json") {
		return nil
	}
	_, err := contentType(r, "JSON", "application/json")
	return err
}

// checkEnd refuses a second value: whoever sent it meant something else.
func checkEnd(d *json.Decoder) error {
	_, err := d.Token()
	var syntax *json.SyntaxError
	switch {
	case err == io.EOF:
		return nil
	case err != nil && !errors.As(err, &syntax):
		return bodyError("JSON", err, http.StatusBadRequest)
	}
	return &Error{Op: "JSON", Code: http.StatusBadRequest, Offset: d.InputOffset(), Err: errors.New("there is more after the value: send one")}
}

// jsonError classifies an error of json.Decoder. What it does not know comes
// from the type's own UnmarshalJSON or from Strict: JSON that does not fit.
func jsonError(err error) error {
	var syntax *json.SyntaxError
	var mismatch *json.UnmarshalTypeError
	e := &Error{Op: "JSON", Code: http.StatusBadRequest, Err: err}
	switch {
	case err == io.EOF:
		e.Err = errors.New("the body is empty: send a JSON value")
	case errors.Is(err, io.ErrUnexpectedEOF):
		e.Err = fmt.Errorf("the body ends within the value: %w", err)
	case errors.As(err, &syntax):
		e.Offset = syntax.Offset
	case errors.As(err, &mismatch):
		e.Code, e.Offset, e.Field = http.StatusUnprocessableEntity, mismatch.Offset, mismatch.Field
		e.Err = fmt.Errorf("a JSON %s does not fit into %v", mismatch.Value, mismatch.Type)
	default:
		return bodyError("JSON", err, http.StatusUnprocessableEntity)
	}
	return e
}
