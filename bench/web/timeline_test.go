package web

import (
	"testing"
	"time"
)

// The median of an even number of rounds is between the two in the middle, not
// the slower one.
func TestMedianOfTimelines(t *testing.T) {
	at := func(first, part, last time.Duration) Timeline {
		return Timeline{First: first, Parts: []time.Duration{part}, Last: last, Bytes: 7}
	}
	got := median([]Timeline{at(1, 30, 300), at(3, 10, 100)})
	if got.First != 2 || got.Parts[0] != 20 || got.Last != 200 || got.Bytes != 7 {
		t.Errorf("got %+v", got)
	}
	if len(got.Firsts) != 2 || got.Lasts[1] != 100 {
		t.Errorf("by round: got %v and %v", got.Firsts, got.Lasts)
	}
}
