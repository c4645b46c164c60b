package escape

import (
	"strings"
	"testing"
)

// What becomes of a string does not depend on the room that there is for it.
func TestRoom(t *testing.T) {
	var texts []string
	for _, s := range []string{"\x00", "<", "\"'", "a\x00", "plain text, ", "é<", "%", "&amp;\x00\x00"} {
		for _, n := range []int{1, 3, 7, 15, 16, 17, 31, 40} {
			texts = append(texts, strings.Repeat(s, n))
		}
	}
	for _, c := range allChains() {
		for _, s := range texts {
			want := string(c.c.String(nil, s))
			for room := range 400 {
				b := append(make([]byte, 0, 2+room), "<>"...)
				if got := string(c.c.String(b, s)); got != "<>"+want {
					t.Fatalf("%s of %q with room for %d: %q, want %q", c, s, room, got, want)
				}
			}
		}
	}
}
