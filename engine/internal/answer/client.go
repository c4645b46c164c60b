package answer

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/ropewalk/ropewalk/response"
)

// client is the way to the client, as the pages of an exchange see it. Whatever is
// written to it has to be taken in time.
type client struct {
	x     *Exchange
	w     http.ResponseWriter
	root  *rootWriter // the outermost behind w; nil if w leads elsewhere
	limit time.Duration
}

// to returns the way to the client through w, for page.
func (x *Exchange) to(w http.ResponseWriter, page *response.Context) client {
	return client{x, w, outermostRoot(w), page.StallTimeout(x.service.StallTimeout)}
}

// Write writes p piece by piece.
func (c *client) Write(p []byte) (n int, err error) {
	defer c.rest()
	piece := pieceWithin(c.limit)
	for {
		c.expect()
		m, err := c.w.Write(p[n:min(n+piece, len(p))])
		n += m
		c.wrote(m)
		if err != nil || n >= len(p) {
			return n, err
		}
	}
}

// flush sends what was written. A writer that cannot flush is no error: what was
// written arrives later.
func (c *client) flush() error {
	defer c.rest()
	c.expect()
	err := http.NewResponseController(c.w).Flush()
	if errors.Is(err, errors.ErrUnsupported) {
		c.x.cannotFlush(c.w)
		return nil
	}
	return err
}

// cannotFlush tells the log, once for each type of writer, why pages arrive at their end.
func (x *Exchange) cannotFlush(w http.ResponseWriter) {
	for inner := unwrap(w); inner != nil; inner = unwrap(w) {
		w = inner
	}
	name := fmt.Sprintf("%T", w)
	if x.service.once(name) {
		x.log(x.response().Request, slog.LevelWarn, "pages cannot be streamed through "+name+
			", which has neither Flush nor Unwrap: give it a method Unwrap() http.ResponseWriter", nil)
	}
}

// begin is for a response that may be so short that only net/http writes to the
// connection, at the end.
func (c *client) begin() {
	if c.root != nil {
		c.root.stall.limit = c.limit
	}
}

// expect starts the time in which the client has to take something.
func (c *client) expect() {
	if c.root != nil {
		c.root.stall.account(c.limit)
		c.root.stall.expect(c.root.w, c.limit)
	}
}

// wrote notes what the client may have to take before it can take more.
func (c *client) wrote(n int) {
	if c.root != nil {
		c.root.stall.sent += n
	}
}

// rest ends it, where that makes a difference.
func (c *client) rest() {
	if c.root != nil && c.root.stall.fires {
		c.root.stall.rest(c.root.w)
	}
}

// duplex lets parts of a page read the request's body while the page is sent. HTTP/1.1
// would close the body otherwise; not all clients read before they have sent it all, but
// those wait for their answer in any case.
func (c *client) duplex(r *http.Request) {
	if r.ProtoMajor == 1 && r.Body != nil && r.Body != http.NoBody {
		http.NewResponseController(c.w).EnableFullDuplex()
	}
}
