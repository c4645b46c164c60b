package engine

import (
	"net/http"

	"github.com/ropewalk/ropewalk/engine/internal/answer"
)

// DefaultBuffer is what [App.Buffer] is if it is nil. It holds for clients that
// speak HTTP/1.0, to whom half a page looks like a whole one, and for the crawlers
// of search engines and link previews, who wait for a page anyway and should see
// the right status.
func DefaultBuffer(r *http.Request) bool { return answer.WholeByDefault(r) }
