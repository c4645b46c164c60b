package response

import (
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// ErrLocked is what every [*LockedError] is, for errors.Is.
var ErrLocked = errors.New("response: the response has started")

// LockedError says that a change came too late: when it was tried, the status,
// the headers and the cookies had been decided.
type LockedError struct {
	Op     string // what was tried: "Header.Set", "SetStatus", "Cookie.Set", …
	Arg    string // on what: a header's or cookie's name, a status
	Caller string // who tried, "product.go:41"
	File   string // the same place with its whole path
	Line   int

	Request *http.Request // that the response answers
}

// Error names the call, its place and the way out.
func (e *LockedError) Error() string {
	arg := e.Arg
	if strings.Contains(e.Op, ".") && arg != "" {
		arg = strconv.Quote(arg)
	}
	return fmt.Sprintf("response: %s(%s) at %s: the response has started; change it in the page function, or before the first async part",
		e.Op, arg, e.Caller)
}

// Is reports whether target is [ErrLocked].
func (e *LockedError) Is(target error) bool { return target == ErrLocked }

func (c *Context) refuse(op, arg string) error {
	c.mu.Lock()
	e := &LockedError{Op: op, Arg: arg, Caller: "unknown place", Request: c.Request}
	c.mu.Unlock()
	if file, line, ok := caller(); ok {
		e.Caller, e.File, e.Line = filepath.Base(file)+":"+strconv.Itoa(line), file, line
	}
	c.exchange.Refused(e)
	return e
}

func errNoResponse(op string) error {
	return fmt.Errorf("response: %s: there is no response in this context: render through the engine, or give the context one with response.With", op)
}

// machinery are the packages a change passes through on its way here.
var machinery = []string{
	"github.com/ropewalk/ropewalk/response.",
	"github.com/ropewalk/ropewalk/cookie.",
	"github.com/ropewalk/ropewalk/engine.",
	"github.com/ropewalk/ropewalk/engine/internal/",
}

// caller finds the first frame that is not ours: the line to mend.
func caller() (file string, line int, ok bool) {
	var pcs [32]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for {
		f, more := frames.Next()
		if f.Function != "" && !isMachinery(f.Function) {
			return f.File, f.Line, true
		}
		if !more {
			return "", 0, false
		}
	}
}

func isMachinery(function string) bool {
	for _, prefix := range machinery {
		if strings.HasPrefix(function, prefix) {
			return true
		}
	}
	return false
}
