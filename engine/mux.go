package engine

import (
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/ropewalk/ropewalk/engine/internal/answer"
)

// cleanURL redirects a path with // or dots in it, as the mux would, but before
// any middleware: no middleware judges a path by another spelling than the one
// that is served.
func (a *App) cleanURL(x *answer.Exchange, r *http.Request) bool {
	if !strings.Contains(r.URL.Path, "//") && !strings.Contains(r.URL.Path, "/.") {
		return false
	}
	h, _ := a.mux.Handler(r)
	if _, ours := h.(route); ours {
		return false
	}
	m := muxWriter{ResponseWriter: x.Writer()}
	h.ServeHTTP(&m, r)
	if !m.redirects() {
		return false
	}
	x.Redirect(x.Writer(), r, nil, m.status, m.location(r))
	return true
}

// dispatch hands r to the handler that the mux chooses.
func (a *App) dispatch(w http.ResponseWriter, r *http.Request) {
	m := muxWriter{ResponseWriter: w}
	a.mux.ServeHTTP(&m, r)
	if m.status == 0 {
		return // a registered handler has answered
	}
	a.service().Claim(w, r, func(x *answer.Exchange, w http.ResponseWriter, r *http.Request) {
		if m.redirects() {
			x.Redirect(w, r, nil, m.status, m.location(r))
			return
		}
		if allow := m.header.Get("Allow"); allow != "" {
			// Beside the page's own header, as an error page may not lose it.
			w.Header().Set("Allow", allow)
		}
		x.Error(w, r, m.status)
	})
}

// route is what the mux holds. It takes the real writer out of the muxWriter, so
// what is written to a muxWriter is the mux's own answer.
type route struct {
	app *App
	h   http.Handler
}

func (t route) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w = w.(*muxWriter).ResponseWriter
	if x := answer.Of(r); x != nil {
		x.Matched(&r.Pattern)
	}
	if page, ok := t.h.(PageFunc); ok {
		t.app.service().Page(w, r, page, false) // also if a middleware has replaced the context
		return
	}
	t.h.ServeHTTP(w, r)
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

// redirects reports whether the mux sends the client to another spelling of the path.
func (m *muxWriter) redirects() bool {
	return m.status >= 300 && m.status <= 399 && m.header.Get("Location") != ""
}

// location is where to. The mux knows neither how the path was escaped nor what has been
// taken from its front on its way to the app.
func (m *muxWriter) location(r *http.Request) string {
	to := cleanPath(r.URL.EscapedPath())
	if theirs, _, _ := strings.Cut(m.header.Get("Location"), "?"); strings.HasSuffix(theirs, "/") && !strings.HasSuffix(to, "/") {
		to += "/"
	}
	to = mountedAt(r) + to
	if r.URL.RawQuery != "" {
		to += "?" + r.URL.RawQuery
	}
	return to
}

// cleanPath is path.Clean for a path that keeps a slash at its end.
func cleanPath(p string) string {
	clean := path.Clean("/" + p)
	if strings.HasSuffix(p, "/") && clean != "/" {
		clean += "/"
	}
	return clean
}

// mountedAt returns the prefix, escaped, that http.StripPrefix or a router has taken from
// the path that the client asked for. It is empty if there is none.
func mountedAt(r *http.Request) string {
	asked, err := url.ParseRequestURI(r.RequestURI)
	if err != nil {
		return ""
	}
	prefix, ok := strings.CutSuffix(asked.EscapedPath(), r.URL.EscapedPath())
	if !ok {
		return ""
	}
	return strings.TrimRight(prefix, "/")
}
