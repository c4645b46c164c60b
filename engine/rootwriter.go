package engine

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"sync/atomic"

	"github.com/ropewalk/ropewalk/response"
)

// rootWriter is what all handlers of an exchange write to in the end. It sees to
// it that cookies and hooks reach the head whoever writes it.
type rootWriter struct {
	w        http.ResponseWriter
	page     atomic.Pointer[response.Context] // the response now meant; an error page replaces it
	started  atomic.Bool                      // a handler may run beside its middleware: http.TimeoutHandler
	patience patience
}

// start completes the header, once. A hook's panic passes through.
func (w *rootWriter) start() {
	if w.started.Load() {
		return
	}
	w.page.Load().Commit(w.w.Header())
	w.started.Store(true)
}

func (w *rootWriter) Unwrap() http.ResponseWriter { return w.w }

func (w *rootWriter) Header() http.Header { return w.w.Header() }

func (w *rootWriter) WriteHeader(status int) {
	if status >= 200 || status == http.StatusSwitchingProtocols {
		w.start()
	}
	w.w.WriteHeader(status)
}

func (w *rootWriter) Write(p []byte) (int, error) {
	w.start()
	return w.w.Write(p)
}

func (w *rootWriter) WriteString(s string) (int, error) {
	w.start()
	return io.WriteString(w.w, s)
}

// ReadFrom keeps net/http's way of sending files.
func (w *rootWriter) ReadFrom(r io.Reader) (int64, error) {
	w.start()
	return io.Copy(w.w, r)
}

// FlushError and Hijack would be found through Unwrap too, but then the head
// would leave incomplete.
func (w *rootWriter) FlushError() error {
	w.start()
	return http.NewResponseController(w.w).Flush()
}

// Flush is for those who ask for an http.Flusher.
func (w *rootWriter) Flush() { w.FlushError() }

func (w *rootWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(w.w).Hijack()
	if err == nil {
		w.started.Store(true) // the response is not ours any more
	}
	return conn, buffered, err
}
