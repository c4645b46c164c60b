package escape

import (
	"errors"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"
	texttemplate "text/template"
)

// Error is a failure of the named function on a value, for instance a panic of the value's MarshalJSON method.
type Error struct {
	Func string // the function's name in the template, such as _html_template_jsvalescaper
	Err  error
}

func (e *Error) Error() string { return "error calling " + e.Func + ": " + e.Err.Error() }

func (e *Error) Unwrap() error { return e.Err }

// standard calls the standard library's own functions, the output of each given to the next.
//
// It is a template in which the functions are called by name. When the template is first executed, html/template puts
// its own functions in place of those registered under the names it reserves.
type standard struct {
	first string
	tmpl  *template.Template
}

// call is the template's data: it holds what goes in and catches what comes out.
type call struct {
	V   any
	out string
}

// Ret catches the last function's result.
func (c *call) Ret(s string) string {
	c.out = s
	return ""
}

var errUnreplaced = errors.New("escape: html/template no longer puts its escapers in place of functions registered under their names; " +
	"this Go release needs a new version of this package")

// unreplaced stands in for a function until html/template replaces it.
func unreplaced(...any) (string, error) { return "", errUnreplaced }

var standards sync.Map // of the names joined by spaces to *standard

// standardOf returns the named functions called in order on one value.
func standardOf(names []string) (*standard, error) {
	key := strings.Join(names, " ")
	if s, ok := standards.Load(key); ok {
		return s.(*standard), nil
	}
	funcs := template.FuncMap{}
	for _, name := range names {
		if t, ok := propertiesOf[name]; !ok {
			return nil, fmt.Errorf("escape: no escaper is named %s", name)
		} else if !t.builtin {
			funcs[name] = unreplaced
		}
	}
	tmpl, err := template.New("escape").Funcs(funcs).Parse(callText(names))
	if err != nil {
		return nil, fmt.Errorf("escape: calling %v: %w", names, err)
	}
	s, _ := standards.LoadOrStore(key, &standard{names[0], tmpl})
	return s.(*standard), nil
}

// callText returns a template that hands Ret what the functions make of V.
func callText(names []string) string {
	return "{{.Ret (.V | " + strings.Join(names, " | ") + ")}}"
}

func (s *standard) value(v any) (string, error) {
	c := &call{V: v}
	err := s.tmpl.Execute(io.Discard, c)
	if err == nil {
		return c.out, nil
	}
	// The template's own name and position mean nothing to the caller: keep the function and its failure.
	var exec texttemplate.ExecError
	if errors.As(err, &exec) {
		if cause := errors.Unwrap(exec.Err); cause != nil {
			err = cause
		}
	}
	return "", &Error{s.first, err}
}
