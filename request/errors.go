package request

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

var (
	// ErrRequired is the cause of a [FieldError] for a required field without a
	// value.
	ErrRequired = errors.New("a required field has no value")

	// ErrUnknown is the cause of a [FieldError] for a name that leads nowhere
	// within a field and, under [Limits.Strict], for any that leads to none.
	ErrUnknown = errors.New("the field is unknown")

	// ErrTooMany is the cause of a [FieldError] for a list that is too long, or
	// for several files where one is taken.
	ErrTooMany = errors.New("the list has too many elements")

	// ErrFileTooLarge is the cause of a [FieldError] for a file with more bytes
	// than [Limits.File].
	ErrFileTooLarge = errors.New("the file is too large")
)

// Error says that a request could not be read at all. It is meant for the log;
// Status is what the client should get.
type Error struct {
	Op     string // "Form", "Query", "JSON", "Stream"
	Code   int    // 400, 408, 413, 415 or 422
	Offset int64  // byte of the JSON body at which it went wrong, or zero
	Field  string // dotted path of the JSON value that does not fit, if known
	Err    error
}

func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "request: %s: ", e.Op)
	if e.Offset > 0 {
		fmt.Fprintf(&b, "byte %d: ", e.Offset)
	}
	if e.Field != "" {
		fmt.Fprintf(&b, "%s: ", e.Field)
	}
	b.WriteString(e.Err.Error())
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

// Status returns the HTTP status that says the same.
func (e *Error) Status() int { return e.Code }

func tooLarge(op, format string, args ...any) error {
	return &Error{Op: op, Code: http.StatusRequestEntityTooLarge, Err: fmt.Errorf(format, args...)}
}

// FieldError is what is wrong with one field.
type FieldError struct {
	Name    string // as in the form: "email", "items.0.price"; "" is the form as a whole
	Message string // to print next to the field: "must be a whole number"
	Err     error  // the cause, such as ErrRequired; may be nil
}

func (e *FieldError) Error() string { return strings.TrimPrefix(e.Name+" "+e.Message, " ") }

func (e *FieldError) Unwrap() error { return e.Err }

// FieldErrors is what is wrong with the fields of a form, with what was sent, so
// that a page can show the form again. The zero value is ready for [Add], and
// reading from a nil *FieldErrors finds nothing, so a template may ask it
// without a check.
//
// [Add]: FieldErrors.Add
type FieldErrors struct {
	Fields []*FieldError

	// Values is what was sent, by the names of the struct's fields. It holds
	// passwords too: print only what belongs back into the page.
	Values url.Values

	op   string
	code int
}

// Add records a mistake the program found itself, and returns e:
//
//	return request.Fill(in).Add("email", "is taken")
func (e *FieldErrors) Add(name, message string) *FieldErrors {
	e.Fields = append(e.Fields, &FieldError{Name: name, Message: message})
	return e
}

// Err returns e, or nil if no field is wrong.
func (e *FieldErrors) Err() error {
	if e == nil || len(e.Fields) == 0 {
		return nil
	}
	return e
}

// Message returns what is wrong with the field, or "". Here and below a name may
// be written in every way that the reader of a form takes, items[0][price] too.
func (e *FieldErrors) Message(name string) string {
	if e != nil {
		for _, f := range e.Fields {
			if sameName(f.Name, name) {
				return f.Message
			}
		}
	}
	return ""
}

// Value returns what was sent for the field, or "". Of several values that is the
// last, as it is for a field that takes one.
func (e *FieldErrors) Value(name string) string {
	values := e.all(name)
	if len(values) == 0 {
		return ""
	}
	return values[len(values)-1]
}

// Has reports whether value is one of those sent for the field: which option of a
// select is selected, or which of several checkboxes or radio buttons is checked.
func (e *FieldErrors) Has(name, value string) bool { return slices.Contains(e.all(name), value) }

// Checked reports whether the field was sent as yes: whether its checkbox is
// checked.
func (e *FieldErrors) Checked(name string) bool {
	checked, err := parseBool(e.Value(name))
	return err == nil && checked
}

func (e *FieldErrors) all(name string) []string {
	if e == nil {
		return nil
	}
	if values, ok := e.Values[name]; ok {
		return values
	}
	for sent, values := range e.Values {
		if sameName(sent, name) {
			return values
		}
	}
	return nil
}

// Status returns the HTTP status that says the same: 422 for a form, 400 for a
// query, 404 for a path.
func (e *FieldErrors) Status() int { return cmp.Or(e.code, http.StatusUnprocessableEntity) }

func (e *FieldErrors) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "request: %s: ", cmp.Or(e.op, "Form"))
	for i, f := range e.Fields {
		if i == 3 {
			fmt.Fprintf(&b, " (and %d more)", len(e.Fields)-i)
			break
		}
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(f.Error())
	}
	return b.String()
}

func (e *FieldErrors) Unwrap() []error {
	all := make([]error, len(e.Fields))
	for i, f := range e.Fields {
		all[i] = f
	}
	return all
}

// mistakes collects at most one error for each field.
type mistakes map[string]*FieldError

func (m mistakes) add(name, message string, cause error) {
	if m[name] == nil {
		m[name] = &FieldError{Name: name, Message: message, Err: cause}
	}
}

func (m mistakes) sorted() []*FieldError {
	fields := make([]*FieldError, 0, len(m))
	for _, name := range slices.Sorted(maps.Keys(m)) {
		fields = append(fields, m[name])
	}
	return fields
}
