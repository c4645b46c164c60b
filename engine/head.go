package engine

import (
	"net/http"
	"runtime/debug"

	"github.com/ropewalk/ropewalk/response"
	"github.com/ropewalk/ropewalk/stream"
)

// commit completes h with what page holds. The error is the panic of a hook.
func commit(page *response.Context, h http.Header, values *fieldValues) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &stream.PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	values.setDefault(h, "X-Content-Type-Options", "nosniff")
	page.Commit(h)
	return nil
}

// writeStatus leaves 200 to the first write, where net/http has it from: so a
// handler that calls WriteHeader and then Render gets its status.
func writeStatus(w http.ResponseWriter, status int) {
	if status != http.StatusOK {
		w.WriteHeader(status)
	}
}

func hasNoBody(status int) bool {
	switch status {
	case http.StatusNoContent, http.StatusResetContent, http.StatusNotModified:
		return true
	}
	return false
}

// fieldValues are room for the values of the header fields that a page always has, so
// that not each of them is allocated. No value is empty, and a nil one has no room.
type fieldValues [3]string

func (f *fieldValues) set(h http.Header, key, value string) {
	h[key] = append(f.room(), value)
}

// room returns an empty slice that has room for one value if there is some left.
func (f *fieldValues) room() []string {
	if f != nil {
		for i := range f {
			if f[i] == "" {
				return f[i : i : i+1]
			}
		}
	}
	return nil
}

func (f *fieldValues) setDefault(h http.Header, key, value string) {
	if _, ok := h[key]; !ok {
		f.set(h, key, value)
	}
}
