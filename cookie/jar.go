package cookie

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// Jar holds the cookies of one request and those its response will set, which
// hide the former. The zero value is a jar without a request.
type Jar struct {
	request *http.Request
	guard   func(op, arg string) error

	mu       sync.Mutex
	parsed   bool
	received []received
	pending  []pending // in order of first insertion, one for each identity
	changes  int       // how many there were
	taken    int       // how often WriteTo, or a Merge into another jar, has run
}

// identity is what browsers tell cookies apart by.
type identity struct{ name, domain, path string }

func identify(c *http.Cookie) identity {
	return identity{c.Name, strings.ToLower(strings.TrimPrefix(c.Domain, ".")), c.Path}
}

// pending is a cookie the response will set.
type pending struct {
	wire *http.Cookie // as it is sent: value encoded
	text string       // the value before encoding
	gone bool         // it tells the browser to forget the cookie

	order int // of the changes
}

// NewJar returns the jar of r, which may be nil.
//
// If guard is not nil it is asked before every change, with the operation and
// the cookie's name, such as ("Cookie.Set", "seen"), and its error refuses the
// change. It may be asked twice for one change, and may use the jar itself.
func NewJar(r *http.Request, guard func(op, arg string) error) *Jar {
	return &Jar{request: r, guard: guard}
}

// Get returns a cookie's text, percent-decoded if that is possible and else as
// it came. Of several cookies with one name the first that the browser sent
// counts, and of those that were set the last.
//
// A browser does not say for which path and domain it keeps a cookie. So once one
// of the name was deleted, and none set, there is none.
func (j *Jar) Get(name string) (string, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if p, ok := j.named(name); ok {
		return p.text, !p.gone
	}
	raw, ok := j.sent(name)
	return unescape(unquote(raw)), ok
}

// get returns the text of a declared cookie: what was set for its path and domain,
// or else what counts for its name. exact asks for what was sent as it came.
func (j *Jar) get(id identity, exact bool) (string, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if i := j.find(id); i >= 0 {
		return j.pending[i].text, !j.pending[i].gone
	}
	if p, ok := j.named(id.name); ok {
		return p.text, !p.gone
	}
	raw, ok := j.sent(id.name)
	if exact {
		return raw, ok
	}
	return unescape(unquote(raw)), ok
}

// named returns the last cookie of a name that was set, or else one that was
// deleted.
func (j *Jar) named(name string) (found pending, ok bool) {
	for _, p := range j.pending {
		if p.wire.Name == name && (!ok || found.gone || !p.gone && p.order > found.order) {
			found, ok = p, true
		}
	}
	return found, ok
}

// Has reports whether there is a cookie of that name, even an empty one.
func (j *Jar) Has(name string) bool {
	_, ok := j.Get(name)
	return ok
}

// Set makes the response set c. It is the way for cookies that are not declared
// as a [Cookie]: the value is percent-encoded where needed, but the attributes
// are sent as they are, with none of Cookie's defaults, since an http.Cookie
// cannot tell "not HttpOnly" from "not said". A negative MaxAge removes the
// cookie.
func (j *Jar) Set(c *http.Cookie) error {
	if c == nil {
		return errors.New("cookie: Cookies.Set: the cookie is nil")
	}
	attributes := *c
	return j.put("Cookies.Set", &attributes, c.Value)
}

// Merge adds what other will set to j; for a cookie that both set, other wins.
func (j *Jar) Merge(other *Jar) error {
	if other == nil || other == j {
		return nil
	}
	other.mu.Lock()
	other.taken++
	added := slices.Clone(other.pending)
	other.mu.Unlock()
	if len(added) == 0 {
		return nil
	}
	return j.change("Cookies.Merge", "", func() {
		for _, p := range added {
			j.replace(p)
		}
	})
}

// WriteTo adds a Set-Cookie line to h for each cookie set or deleted: the last
// state of each, in the order they were first set. A cookie is its name, path and
// domain.
func (j *Jar) WriteTo(h http.Header) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.taken++
	for _, p := range j.pending {
		h.Add("Set-Cookie", p.wire.String())
	}
}

// put checks the cookie with text as its value and makes it pending.
func (j *Jar) put(op string, c *http.Cookie, text string) error {
	c.Value = escape(text)
	if err := check(c); err != nil {
		return err
	}
	p := pending{wire: c, text: text, gone: c.MaxAge < 0 || c.MaxAge == 0 && past(c.Expires)}
	if p.gone {
		p.text = ""
	}
	return j.change(op, c.Name, func() { j.replace(p) })
}

// change applies a change the guard allows. The guard is called without the
// mutex, so that it may log through code that reads cookies; if the cookies were
// taken between its answer and the change, the answer is out of date and it is
// asked again. So no change is ever accepted and then not sent.
func (j *Jar) change(op, arg string, apply func()) error {
	for {
		j.mu.Lock()
		taken := j.taken
		j.mu.Unlock()
		if j.guard != nil {
			if err := j.guard(op, arg); err != nil {
				return err
			}
		}
		j.mu.Lock()
		if j.taken == taken {
			apply()
			j.mu.Unlock()
			return nil
		}
		j.mu.Unlock()
	}
}

func (j *Jar) replace(p pending) {
	j.changes++
	p.order = j.changes
	if i := j.find(identify(p.wire)); i >= 0 {
		j.pending[i] = p
		return
	}
	j.pending = append(j.pending, p)
}

func (j *Jar) find(id identity) int {
	return slices.IndexFunc(j.pending, func(p pending) bool { return identify(p.wire) == id })
}

// sent returns the value of the first cookie of a name in the request, as it
// came. The header is parsed when it is first needed.
func (j *Jar) sent(name string) (raw string, ok bool) {
	if !j.parsed && j.request != nil {
		j.received = parse(j.request.Header["Cookie"])
	}
	j.parsed = true
	for _, c := range j.received {
		if c.name == name {
			return c.raw, true
		}
	}
	return "", false
}
