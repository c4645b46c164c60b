package answer

import (
	"bufio"
	"io"
	"iter"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/ropewalk/ropewalk/response"
)

// rootWriter is what all handlers of an exchange write to in the end. It sees to
// it that cookies and hooks reach the head whoever writes it.
type rootWriter struct {
	w      http.ResponseWriter
	x      *Exchange
	page   atomic.Pointer[response.Context] // the response now meant; an error page replaces it
	status atomic.Int32                     // of the head that is committed; 0: none is. A handler may run beside its middleware: http.TimeoutHandler
	cut    atomic.Bool                      // the response has failed half-way: nothing is written any more
	bytes  atomic.Int64
	stall  stall
}

// committed reports whether the head has left.
func (w *rootWriter) committed() bool { return w.status.Load() != 0 }

// commit completes the header, once. A hook's panic passes through.
func (w *rootWriter) commit(status int) {
	if w.committed() {
		return
	}
	response.NewController(w.page.Load()).Commit(w.w.Header())
	w.status.Store(int32(status))
}

func (w *rootWriter) Unwrap() http.ResponseWriter { return w.w }

func (w *rootWriter) Header() http.Header { return w.w.Header() }

func (w *rootWriter) WriteHeader(status int) {
	if w.cut.Load() {
		return
	}
	if status >= 200 || status == http.StatusSwitchingProtocols {
		w.commit(status)
	}
	w.w.WriteHeader(status)
}

func (w *rootWriter) Write(p []byte) (int, error) {
	if w.cut.Load() {
		return 0, http.ErrAbortHandler
	}
	w.commit(http.StatusOK)
	n, err := w.w.Write(p)
	w.bytes.Add(int64(n))
	return n, err
}

func (w *rootWriter) WriteString(s string) (int, error) {
	if w.cut.Load() {
		return 0, http.ErrAbortHandler
	}
	w.commit(http.StatusOK)
	n, err := io.WriteString(w.w, s)
	w.bytes.Add(int64(n))
	return n, err
}

// ReadFrom keeps net/http's way of sending files.
func (w *rootWriter) ReadFrom(r io.Reader) (int64, error) {
	if w.cut.Load() {
		return 0, http.ErrAbortHandler
	}
	w.commit(http.StatusOK)
	n, err := io.Copy(w.w, r)
	w.bytes.Add(n)
	return n, err
}

// FlushError and Hijack would be found through Unwrap too, but then the head
// would leave incomplete.
func (w *rootWriter) FlushError() error {
	if w.cut.Load() {
		return http.ErrAbortHandler
	}
	w.commit(http.StatusOK)
	return http.NewResponseController(w.w).Flush()
}

// Flush is for those who ask for an http.Flusher.
func (w *rootWriter) Flush() { w.FlushError() }

func (w *rootWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(w.w).Hijack()
	if err == nil {
		w.status.Store(http.StatusSwitchingProtocols) // the response is not ours any more
	}
	return conn, buffered, err
}

// SetWriteDeadline leaves the deadline to the handler that sets one.
func (w *rootWriter) SetWriteDeadline(t time.Time) error {
	w.stall.foreign.Store(true)
	return http.NewResponseController(w.w).SetWriteDeadline(t)
}

// settle is called when all has been written.
func (w *rootWriter) settle() { w.stall.last(w.w) }

// unwrap returns what is behind a wrapper that says so, or nil.
func unwrap(w http.ResponseWriter) http.ResponseWriter {
	if wrapper, ok := w.(interface{ Unwrap() http.ResponseWriter }); ok {
		return wrapper.Unwrap()
	}
	return nil
}

// outermostRoot looks through the wrappers of middleware for the rootWriter of the
// outermost app. It returns nil if there is none.
func outermostRoot(w http.ResponseWriter) (root *rootWriter) {
	for ; w != nil; w = unwrap(w) {
		if t, ok := w.(*rootWriter); ok {
			root = t
		}
	}
	return root
}

// roots are the rootWriters behind w, the innermost first.
func roots(w http.ResponseWriter) iter.Seq[*rootWriter] {
	return func(yield func(*rootWriter) bool) {
		for ; w != nil; w = unwrap(w) {
			if root, ok := w.(*rootWriter); ok && !yield(root) {
				return
			}
		}
	}
}
