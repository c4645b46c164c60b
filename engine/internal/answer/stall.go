package answer

import (
	"math"
	"net/http"
	"sync/atomic"
	"time"
)

// stall gives up a client that takes nothing, by the write deadline of its response.
type stall struct {
	limit   time.Duration // of a page that was written; 0: none was, negative: without end
	latest  time.Time     // when the response ends anyway, by the server or the page; zero: never
	until   time.Time     // the deadline that we have set; zero: none
	fires   bool          // a deadline ends the response also while there is nothing to write, as in HTTP/2
	none    bool          // the connection has no deadlines, or is gone
	foreign atomic.Bool   // a handler has set one, which counts
}

// Floor is the speed, in bytes per second, at which a client may take a page without
// being cut off, whatever its StallTimeout.
const Floor = 1 << 10

// pieceWithin is how much is written under one deadline: what a client at the floor
// takes in that time. Larger pieces would cost it its page; smaller ones cost more
// system calls.
func pieceWithin(limit time.Duration) int {
	const most = 32 << 10
	if limit <= 0 || limit >= most/Floor*time.Second {
		return most
	}
	return max(Floor, int(limit.Seconds()*Floor))
}

// begin looks up when the server ends the response anyway.
func (s *stall) begin(r *http.Request) {
	s.fires = r.ProtoMajor != 1
	if server, _ := r.Context().Value(http.ServerContextKey).(*http.Server); server != nil && server.WriteTimeout > 0 {
		s.latest = time.Now().Add(server.WriteTimeout)
	}
}

// expect renews the deadline, unless enough is left of it.
func (s *stall) expect(w http.ResponseWriter, limit time.Duration) {
	if limit <= 0 || s.none || s.foreign.Load() {
		return
	}
	limit = min(limit, math.MaxInt64/2)
	if !s.until.IsZero() && (time.Until(s.until) >= limit || s.until.Equal(s.latest)) {
		return
	}
	until := time.Now().Add(limit + limit/8) // so that it need not be renewed at each write
	if !s.latest.IsZero() && s.latest.Before(until) {
		until = s.latest
	}
	if http.NewResponseController(w).SetWriteDeadline(until) != nil {
		s.none = true
		return
	}
	s.until = until
}

// last is for what net/http still holds back when the handler returns. It takes
// the deadline off the connection when that has left.
func (s *stall) last(w http.ResponseWriter) { s.expect(w, s.limit) }

// rest takes the deadline back, while nothing is expected of the client.
func (s *stall) rest(w http.ResponseWriter) {
	if s.until.IsZero() || s.foreign.Load() {
		return
	}
	s.until = time.Time{}
	http.NewResponseController(w).SetWriteDeadline(s.latest)
}

// SetWriteDeadline implements [response.Exchange]: the page's word counts in place of
// the server's.
func (x *Exchange) SetWriteDeadline(t time.Time) error {
	root := outermostRoot(&x.root)
	root.stall.latest, root.stall.until = t, time.Time{}
	if root.stall.foreign.Load() {
		return nil // a handler's own deadline goes before
	}
	return http.NewResponseController(root.w).SetWriteDeadline(t)
}
