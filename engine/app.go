package engine

import (
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ropewalk/ropewalk/engine/internal/encode"
	"github.com/ropewalk/ropewalk/response"
	"github.com/ropewalk/ropewalk/stream"
)

// App serves pages and other handlers by [http.ServeMux] patterns. The zero
// value works. Its fields are set before it serves and not changed then.
type App struct {
	// Logger gets what visitors do not see. slog.Default() if nil.
	Logger *slog.Logger

	// Stream holds the limits and habits of rendering: how much of a page may wait, how
	// long it may take. If its Shared is nil the pages of the App share a Budget of 256 MiB.
	// What Caught and Others are told is logged, whether they are set or not.
	Stream stream.Renderer

	// Encoding says how pages are compressed: zstd and gzip, unless told otherwise.
	Encoding Encoding

	// Buffer reports whether a request gets a page whole, and not as its parts become
	// ready. DefaultBuffer if nil. A page has the last word, with
	// [response.Context.SetBuffered].
	Buffer func(*http.Request) bool

	// StallTimeout is how long a client may take nothing of a page that is being
	// sent, before it is cut off; 30 seconds if zero, for ever if negative. It needs a
	// server with write deadlines, as net/http's are; an earlier deadline of the server
	// counts, and one that a handler of the App sets itself.
	StallTimeout time.Duration

	// ProxyBuffering lets a proxy in front of the server gather streamed pages. If
	// false they are sent with X-Accel-Buffering: no, which nginx and others heed.
	ProxyBuffering bool

	mux   http.ServeMux
	chain atomic.Pointer[http.Handler] // the middleware around dispatch; nil until it is asked for

	mu         sync.RWMutex
	sites      map[string]string // pattern -> where it was registered
	errorPages map[int]errorPage
	middleware []func(http.Handler) http.Handler

	lateChanges sync.Map // lateChange -> logged already

	once  sync.Once
	ready prepared

	encoders encode.Pool
	scratch  sync.Pool // of buffers for whole bodies
}

func (a *App) stallTimeout() time.Duration {
	if a.StallTimeout == 0 {
		return 30 * time.Second
	}
	return a.StallTimeout
}

// ServeHTTP answers r: middleware around the page or handler whose pattern
// matches, or around the 404 or 405 page.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x, r := newExchange(a, w, r)
	x.serve(r, func() {
		if a.cleanURL(x, r) {
			return
		}
		a.handler().ServeHTTP(&x.root, r)
	})
}

// cleanURL redirects a path with // or dots in it, as the mux would, but before
// any middleware: no middleware judges a path by another spelling than the one
// that is served.
func (a *App) cleanURL(x *exchange, r *http.Request) bool {
	if !strings.Contains(r.URL.Path, "//") && !strings.Contains(r.URL.Path, "/.") {
		return false
	}
	h, _ := a.mux.Handler(r)
	if _, ours := h.(route); ours {
		return false
	}
	m := muxWriter{ResponseWriter: &x.root}
	h.ServeHTTP(&m, r)
	if m.location() == "" {
		return false
	}
	x.answerMux(&x.root, r, &m)
	return true
}

// dispatch hands r to the handler that the mux chooses.
func (a *App) dispatch(w http.ResponseWriter, r *http.Request) {
	m := muxWriter{ResponseWriter: w}
	a.mux.ServeHTTP(&m, r)
	if m.status == 0 {
		return // a registered handler has answered
	}
	x := exchangeOf(r)
	if x == nil || !x.claim() {
		x, r = newExchange(a, w, r) // the middleware replaced the request's context
		w = &x.root
	}
	x.answerMux(w, r, &m)
}

// route is what the mux holds. It takes the real writer out of the muxWriter, so
// what is written to a muxWriter is the mux's own answer.
type route struct{ h http.Handler }

func (t route) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	t.h.ServeHTTP(w.(*muxWriter).ResponseWriter, r)
}

// muxWriter notes what the mux answers by itself: 404, 405, redirects.
type muxWriter struct {
	http.ResponseWriter
	header http.Header
	status int
}

func (m *muxWriter) Unwrap() http.ResponseWriter { return m.ResponseWriter }

func (m *muxWriter) Header() http.Header {
	if m.header == nil {
		m.header = make(http.Header)
	}
	return m.header
}

func (m *muxWriter) WriteHeader(status int) { m.status = status }

func (m *muxWriter) Write(p []byte) (int, error) { return len(p), nil }

// location is where the mux redirects to, or "".
func (m *muxWriter) location() string {
	if m.status < 300 || m.status > 399 {
		return ""
	}
	return m.header.Get("Location")
}

// answerMux gives the mux's answer in the app's way.
func (x *exchange) answerMux(w http.ResponseWriter, r *http.Request, m *muxWriter) {
	page := x.root.page.Load()
	page.Continue(r)
	if to := m.location(); to != "" {
		x.sendHead(w, r, page, m.status, to)
		return
	}
	if allow := m.header.Get("Allow"); allow != "" {
		// Beside the page's own header, as an error page may not lose it.
		w.Header().Set("Allow", allow)
	}
	x.showError(w, r, page, &response.StatusError{Code: m.status})
}
