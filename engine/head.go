package engine

import (
	"net/http"
	"runtime/debug"

	"github.com/ropewalk/ropewalk/response"
	"github.com/ropewalk/ropewalk/stream"
)

// commit completes h with what page holds. The error is the panic of a hook.
func commit(page *response.Context, h http.Header) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &stream.PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	setDefault(h, "X-Content-Type-Options", "nosniff")
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
	return status == http.StatusNoContent || status == http.StatusNotModified
}

func setDefault(h http.Header, key, value string) {
	if _, ok := h[key]; !ok {
		h[key] = []string{value}
	}
}
