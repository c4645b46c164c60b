package peer

import (
	"net/http"

	"github.com/ropewalk/ropewalk/bench/workload"
)

// A Streamer serves the page of parts, sending what is ready while it waits for
// the rest.
type Streamer struct {
	Name string
	// Handler serves the page.
	Handler func(page *workload.Parts) (http.Handler, error)
	// How says what the author of the page had to do.
	How string
	// Bound marks what is no engine but a bound to compare engines with.
	Bound bool
	// Sequential marks a page that loads one part after the other, as an engine's
	// pages do if nobody builds more: it waits for the sum of the delays.
	Sequential bool
}
