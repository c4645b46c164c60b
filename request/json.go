package request

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"
)

// JSON decodes the body, one JSON value, into a T. Errors of the body are
// [*Error] and tell the byte: 400 for what is not JSON, 422 for JSON that does
// not fit T, 413 and 415 for size and Content-Type. If T has a Validate method,
// its error makes [*FieldErrors], as for [Form].
func JSON[T any](r *http.Request, limits ...Limits) (T, error) {
	var v T
	err := decodeJSON(r, &v, chosen(limits))
	if err == nil {
		err = validate(&v, source{op: "JSON", code: http.StatusUnprocessableEntity}, nil)
	}
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
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return bodyError("JSON", err, http.StatusBadRequest)
	}
	if err := checkJSON(body, limits); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(body))
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

// checkJSON bounds what decoding the body can take before it begins: a value of
// three bytes can take a hundred times as many. It does not tell whether the body
// is JSON, except that it is text.
func checkJSON(body []byte, limits Limits) error {
	if !utf8.Valid(body) { // the decoder would put another character in its place
		return &Error{Op: "JSON", Code: http.StatusBadRequest, Err: errors.New("the body is not UTF-8")}
	}
	values, depth := 1, 0
	before := byte(0) // the last byte that is no white space
	for i := 0; i < len(body); i++ {
		switch c := body[i]; c {
		case ' ', '\t', '\r', '\n':
			continue
		case ',':
			values++
		case '[', '{':
			depth++
			values++ // its first element
		case ']', '}':
			depth--
			if before == '[' || before == '{' {
				values-- // it has none
			}
		case '"':
			i = endOfString(body, i)
		}
		before = body[min(i, len(body)-1)]
		if depth > limits.Depth {
			return tooLarge("JSON", "byte %d is more than %d objects and arrays deep: raise Limits.Depth if that is meant", i, limits.Depth)
		}
		if values > limits.Values+1 { // an empty array or object at the end has counted as more
			return tooManyValues(limits)
		}
	}
	if values > limits.Values {
		return tooManyValues(limits)
	}
	return nil
}

func tooManyValues(limits Limits) error {
	return tooLarge("JSON", "the body has more than %d values: raise Limits.Values if so many are meant", limits.Values)
}

// endOfString returns where the string that begins at i ends.
func endOfString(body []byte, i int) int {
	for i++; i < len(body) && body[i] != '"'; i++ {
		if body[i] == '\\' {
			i++
		}
	}
	return i
}

// checkEnd refuses a second value: whoever sent it meant something else.
func checkEnd(d *json.Decoder) error {
	if _, err := d.Token(); err == io.EOF {
		return nil
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
		e.Code = http.StatusUnprocessableEntity
	}
	return e
}
