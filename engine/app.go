package engine

import (
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ropewalk/ropewalk/engine/internal/answer"
	"github.com/ropewalk/ropewalk/stream"
)

// App serves pages and other handlers by [http.ServeMux] patterns. The zero
// value works. Its fields are set before it serves and not changed then.
type App struct {
	// Logger gets what visitors do not see. slog.Default() if nil.
	Logger *slog.Logger

	// Stream holds the limits and habits of rendering: how much of a page may wait, how
	// long it may take. If its Shared is nil the pages of the App share a Budget of 256 MiB.
	// Its Timeout is the time for a page function and its tree. What Caught, Others and Left
	// are told is logged, whether they are set or not.
	Stream stream.Renderer

	// Encoding says how pages are compressed: zstd and gzip, unless told otherwise.
	Encoding Encoding

	// Buffer reports whether a request gets a page whole, and not as its parts become
	// ready. DefaultBuffer if nil. A page has the last word, with
	// [response.Context.SetBuffered].
	Buffer func(*http.Request) bool

	// StallTimeout is how long a client may take nothing of a page that is being
	// sent, before it is cut off; 30 seconds if zero, for ever if negative. A page may ask
	// for another, with [response.Context.SetStallTimeout]. It needs a server with write
	// deadlines, as net/http's are; an earlier deadline of the server counts, and one that a
	// handler of the App sets itself.
	//
	// Whatever it is, a client that takes 1,024 bytes per second is not cut off. For what was
	// sent just before, and may be held on the way, it has that much time too, up to three
	// times StallTimeout.
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

	once sync.Once
	own  *answer.Service // what answers by the fields above, from the first request on
}

// service returns what answers the requests of the app.
func (a *App) service() *answer.Service {
	a.once.Do(func() {
		whole := a.Buffer
		if whole == nil {
			whole = DefaultBuffer
		}
		a.own = answer.NewService(answer.Settings{
			Logger: a.Logger, Stream: a.Stream, Encoding: answer.Encoding(a.Encoding), Whole: whole,
			StallTimeout: a.StallTimeout, ProxyBuffering: a.ProxyBuffering, ErrorPage: a.errorPage,
		})
	})
	return a.own
}

// Abandoned counts the parts of pages, and page functions, that ignore the end of their
// context and go on when their page has ended. A test waits for them with
// [stream.Abandoned.Wait].
func (a *App) Abandoned() *stream.Abandoned { return a.service().Abandoned() }

// ServeHTTP answers r: middleware around the page or handler whose pattern
// matches, or around the 404 or 405 page.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x, r := a.service().Begin(w, r)
	x.Serve(r, func() {
		if a.cleanURL(x, r) {
			return
		}
		a.handler().ServeHTTP(x.Writer(), r)
	})
}
