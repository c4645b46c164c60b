package engine

import (
	"fmt"
	"net/http"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/engine/internal/answer"
	"github.com/ropewalk/ropewalk/response"
)

// ErrorFunc is the page shown for an error. err is a [*response.StatusError]
// whose text is safe to print; the cause, if there is one, is found with
// errors.As and errors.Unwrap, and is not for strangers.
type ErrorFunc func(page *response.Context, err error) (component.Component, error)

type errorPage struct {
	show ErrorFunc
	site string
}

// Page serves a page at a pattern of [http.ServeMux]: "/", "/product/{id}",
// "POST /cart". Without a method it answers GET and HEAD.
//
// A pattern that is malformed or conflicts with another is a mistake of the
// program: Page panics with a message that names both calls. So do the other
// methods that register something.
func (a *App) Page(pattern string, page PageFunc) {
	site := callSite()
	if page == nil {
		misuse(site, "Page(%q): the page function is nil", pattern)
	}
	full := pattern
	if !strings.ContainsAny(strings.TrimSpace(pattern), " \t") {
		full = "GET " + strings.TrimSpace(pattern)
	}
	a.register(site, fmt.Sprintf("Page(%q)", pattern), full, page)
}

// Handle serves any handler at a pattern of [http.ServeMux]; without a method it
// gets all of them. The status and the body it writes are sent as they are, also
// for errors; cookies and hooks of the [response.Context] are added to its head.
func (a *App) Handle(pattern string, h http.Handler) {
	site := callSite()
	if h == nil {
		misuse(site, "Handle(%q): the handler is nil", pattern)
	}
	a.register(site, fmt.Sprintf("Handle(%q)", pattern), pattern, h)
}

// Error sets the page for an error status from 400 to 599, or with 0 for all
// those that have none of their own. It is rendered with that status. If it fails
// itself, or there is none, the visitor gets the status as plain text; but it may
// redirect.
func (a *App) Error(status int, page ErrorFunc) {
	site := callSite()
	if status != 0 && !answer.IsErrorStatus(status) {
		misuse(site, "Error(%d): want an error status from 400 to 599, or 0 for all", status)
	}
	if page == nil {
		misuse(site, "Error(%d): the page function is nil", status)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if old, ok := a.errorPages[status]; ok {
		misuse(site, "Error(%d): there is such a page already, from %s", status, old.site)
	}
	if a.errorPages == nil {
		a.errorPages = make(map[int]errorPage)
	}
	a.errorPages[status] = errorPage{page, site}
}

// Middleware wraps everything the app answers, error pages included, but for the
// redirects that clean a path. The first one given is the outermost; nil is
// skipped.
//
// A middleware reaches the response through response.From(r.Context()): what it
// sets there survives errors and redirects, and with OnCommit it has the last
// word on the header.
func (a *App) Middleware(around ...func(http.Handler) http.Handler) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.middleware = append(a.middleware, around...)
	a.chain.Store(nil)
}

// handler returns the mux with all middleware around it.
func (a *App) handler() http.Handler {
	if chain := a.chain.Load(); chain != nil {
		return *chain
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	var chain http.Handler = http.HandlerFunc(a.dispatch)
	for _, around := range slices.Backward(a.middleware) {
		if around != nil {
			chain = around(chain)
		}
	}
	a.chain.Store(&chain)
	return chain
}

// errorPage returns the page for status, or nil.
func (a *App) errorPage(status int) answer.ErrorFunc {
	a.mu.RLock()
	defer a.mu.RUnlock()
	if p, ok := a.errorPages[status]; ok {
		return p.show
	}
	return a.errorPages[0].show
}

func (a *App) register(site, call, pattern string, h http.Handler) {
	a.mu.Lock()
	defer a.mu.Unlock()
	defer func() {
		if v := recover(); v != nil {
			misuse(site, "%s: %s", call, a.withSites(fmt.Sprint(v), site))
		}
	}()
	a.mux.Handle(pattern, route{a, h})
	if a.sites == nil {
		a.sites = make(map[string]string)
	}
	a.sites[pattern] = site
}

var registeredAt = regexp.MustCompile(`("(?:[^"\\]|\\.)*") \(registered at [^)]*\)`)

// withSites puts our callers' places into the mux's message about a conflict,
// which knows only the line of register. The new pattern comes first in it.
func (a *App) withSites(message, site string) string {
	first := true
	return registeredAt.ReplaceAllStringFunc(message, func(match string) string {
		quoted := registeredAt.FindStringSubmatch(match)[1]
		if !first {
			pattern, _ := strconv.Unquote(quoted)
			site = a.sites[pattern]
		}
		first = false
		return quoted + " (registered at " + site + ")"
	})
}

// callSite is the line that called the exported function that called this one.
func callSite() string {
	_, file, line, _ := runtime.Caller(2)
	return filepath.Base(file) + ":" + strconv.Itoa(line)
}

func misuse(site, format string, args ...any) {
	panic("engine: " + site + ": " + fmt.Sprintf(format, args...))
}
