package engine

import (
	"math"
	"net/http"
	"sync/atomic"
	"time"
)

// patience gives up a client that takes nothing, by the write deadline of its
// response.
type patience struct {
	limit  time.Duration // 0: without end
	latest time.Time     // the server's own deadline; zero: none
	until  time.Time     // the deadline that we have set; zero: none
	used   bool          // a page was written to w
	fires  bool          // a deadline ends the response also while there is nothing to write, as in HTTP/2
	theirs atomic.Bool   // a handler has set one, which counts
}

// begin looks up when the server ends the response anyway.
func (p *patience) begin(r *http.Request, limit time.Duration) {
	p.limit, p.fires = min(max(limit, 0), math.MaxInt64/2), r.ProtoMajor != 1
	if server, _ := r.Context().Value(http.ServerContextKey).(*http.Server); server != nil && server.WriteTimeout > 0 {
		p.latest = time.Now().Add(server.WriteTimeout)
	}
}

// expect renews the deadline, unless enough is left of it.
func (p *patience) expect(w http.ResponseWriter) {
	if p.limit == 0 || p.theirs.Load() {
		return
	}
	if !p.until.IsZero() && (time.Until(p.until) >= p.limit || p.until.Equal(p.latest)) {
		return
	}
	until := time.Now().Add(p.limit + p.limit/8) // so that it need not be renewed at each write
	if !p.latest.IsZero() && p.latest.Before(until) {
		until = p.latest
	}
	if http.NewResponseController(w).SetWriteDeadline(until) != nil {
		p.limit = 0 // w has none, or the connection is gone
		return
	}
	p.until = until
}

// last is for what net/http still holds back when the handler returns. It takes
// the deadline off the connection when that has left.
func (p *patience) last(w http.ResponseWriter) {
	if p.used {
		p.expect(w)
	}
}

// rest takes the deadline back, while nothing is expected of the client.
func (p *patience) rest(w http.ResponseWriter) {
	if p.until.IsZero() || p.theirs.Load() {
		return
	}
	p.until = time.Time{}
	http.NewResponseController(w).SetWriteDeadline(p.latest)
}

// SetWriteDeadline leaves the deadline to the handler that sets one.
func (w *rootWriter) SetWriteDeadline(t time.Time) error {
	w.patience.theirs.Store(true)
	return http.NewResponseController(w.w).SetWriteDeadline(t)
}
