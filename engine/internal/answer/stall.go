package answer

import (
	"net/http"
	"sync/atomic"
	"time"
)

// stall gives up a client that takes nothing, by the write deadline of its response.
//
// What is written first fills buffers on the way, and a write that waits may be woken only
// when much of that has left. So a client has beside its limit the time in which it takes
// at the floor what it was sent before, up to three times the limit.
type stall struct {
	limit   time.Duration // of a page that was written; 0: none was, negative: without end
	until   moment        // the deadline that we have set; 0: none
	latest  moment        // when the response ends anyway, by the server or the page
	taken   moment        // when a client at the floor will have what was written
	sent    int           // bytes that are not in taken yet
	fires   bool          // a deadline ends the response also while there is nothing to write, as in HTTP/2
	none    bool          // the connection has no deadlines, or is gone
	foreign atomic.Bool   // a handler has set one, which counts
}

// moment is a time as nanoseconds since the epoch, on the clock that nobody sets: a third
// of a [time.Time], and read in half the time. 0 is none.
type moment int64

// epoch lies so far back that all times we reckon with come after it.
var epoch = time.Now().Add(-50 * 365 * 24 * time.Hour)

func now() moment { return moment(time.Since(epoch)) }

func momentOf(t time.Time) moment {
	if t.IsZero() {
		return 0
	}
	return moment(t.Sub(epoch))
}

func (m moment) time() time.Time {
	if m == 0 {
		return time.Time{}
	}
	return epoch.Add(time.Duration(m))
}

// floor is the speed, in bytes per second, at which a client may take a page without
// being cut off, whatever its limit.
const floor = 1 << 10

// pieceWithin is how much is written under one deadline: what a client at the floor
// takes in that time. Larger pieces would cost it its page; smaller ones cost more
// system calls.
func pieceWithin(limit time.Duration) int {
	const most = 32 << 10
	if limit <= 0 || limit >= most/floor*time.Second {
		return most
	}
	return max(floor, int(limit.Seconds()*floor))
}

// account adds what was sent to what the client has yet to take.
func (s *stall) account(limit time.Duration) {
	if s.sent == 0 || limit <= 0 {
		return
	}
	now := now()
	taken := max(s.taken, now) + moment(s.sent)*moment(time.Second)/floor
	s.taken = min(taken, now+3*moment(min(limit, longest)))
	s.sent = 0
}

// longest is a limit that is as good as none, and can be reckoned with.
const longest = 100 * 365 * 24 * time.Hour / 8

// begin looks up when the server ends the response anyway.
func (s *stall) begin(r *http.Request) {
	s.fires = r.ProtoMajor != 1
	if server, _ := r.Context().Value(http.ServerContextKey).(*http.Server); server != nil && server.WriteTimeout > 0 {
		s.latest = now() + moment(server.WriteTimeout)
	}
}

// expect renews the deadline, unless enough is left of it.
func (s *stall) expect(w http.ResponseWriter, limit time.Duration) {
	if limit <= 0 || s.none || s.foreign.Load() {
		return
	}
	wait, from := moment(min(limit, longest)), max(s.taken, now())
	if s.until != 0 && (s.until-from >= wait || s.until == s.latest) {
		return
	}
	until := from + wait + wait/8 // so that it need not be renewed at each write
	if s.latest != 0 {
		until = min(until, s.latest)
	}
	if http.NewResponseController(w).SetWriteDeadline(until.time()) != nil {
		s.none = true
		return
	}
	s.until = until
}

// last is for what net/http still holds back when the handler returns. It takes
// the deadline off the connection when that has left.
func (s *stall) last(w http.ResponseWriter) {
	if s.taken != 0 { // more than one piece: buffers on the way may be full
		s.account(s.limit)
	}
	s.expect(w, s.limit)
}

// rest takes the deadline back, while nothing is expected of the client.
func (s *stall) rest(w http.ResponseWriter) {
	if s.until == 0 || s.foreign.Load() {
		return
	}
	s.until = 0
	http.NewResponseController(w).SetWriteDeadline(s.latest.time())
}

// SetWriteDeadline implements [response.Exchange]: the page's word counts in place of
// the server's.
func (x *Exchange) SetWriteDeadline(t time.Time) error {
	root := outermostRoot(&x.root)
	root.stall.latest, root.stall.until = momentOf(t), 0
	if root.stall.foreign.Load() {
		return nil // a handler's own deadline goes before
	}
	return http.NewResponseController(root.w).SetWriteDeadline(t)
}
