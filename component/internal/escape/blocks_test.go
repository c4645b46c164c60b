package escape

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestByteSet(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	made := 0
	for range 2000 {
		in := randomSet(r, 1+r.IntN(9))
		set := newByteSet(in)
		if set == nil {
			continue
		}
		made++
		for c := range 256 {
			if got, want := set.low[c&15]&set.high[c>>4] != 0, in(byte(c)); got != want {
				t.Fatalf("%q in the set: %v, want %v", c, got, want)
			}
		}
	}
	if made < 1500 {
		t.Errorf("made %d of 2000 sets", made)
	}
	everyRowItsOwn := func(c byte) bool { return c&15 == c>>4 }
	if newByteSet(everyRowItsOwn) != nil {
		t.Error("a set whose sixteen rows differ fits into eight bits")
	}
}

// randomSet has rows of the given number of kinds, at most.
func randomSet(r *rand.Rand, kinds int) func(c byte) bool {
	var rows [16]uint16
	kind := make([]uint16, kinds)
	for i := range kind {
		kind[i] = 0xffff
		for range 3 { // a bit in eight stays
			kind[i] &= uint16(r.Uint32())
		}
	}
	for i := range rows {
		rows[i] = kind[r.IntN(kinds)]
	}
	return func(c byte) bool { return rows[c>>4]&(1<<(c&15)) != 0 }
}

func TestCopyClean(t *testing.T) {
	if !haveBlocks {
		t.Skip("this build looks bytes up in a table")
	}
	r := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		in := randomSet(r, 1+r.IntN(8))
		set := newByteSet(in)
		var stays, goes []byte
		for c := range 256 {
			if in(byte(c)) {
				goes = append(goes, byte(c))
			} else {
				stays = append(stays, byte(c))
			}
		}
		if len(stays) == 0 || len(goes) == 0 {
			continue
		}
		for size := shortest; size < 70; size++ {
			src := make([]byte, size)
			for i := range src {
				src[i] = stays[r.IntN(len(stays))]
			}
			checkCopyClean(t, string(src), set, in)
			for range 3 {
				src[r.IntN(size)] = goes[r.IntN(len(goes))]
				checkCopyClean(t, string(src), set, in)
			}
		}
	}
}

func checkCopyClean(t *testing.T, src string, set *byteSet, in func(c byte) bool) {
	t.Helper()
	const fence = 32
	room := bytes.Repeat([]byte{0xAA}, len(src)+fence)
	clean, found := copyClean(room[:len(src)], src, set)
	if got := string(room[len(src):]); got != strings.Repeat("\xAA", fence) {
		t.Fatalf("%q: written behind dst: %q", src, got)
	}
	if string(room[:clean]) != src[:clean] {
		t.Fatalf("%q: copied %q", src, room[:clean])
	}
	first := slices.IndexFunc([]byte(src), in)
	switch {
	case first < 0:
		if clean != len(src) || found != 0 {
			t.Fatalf("%q is clean: %d, %b", src, clean, found)
		}
	case len(src) < blockSize:
		var want uint32
		for i := range len(src) {
			if in(src[i]) {
				want |= 1 << i
			}
		}
		if clean != 0 || positions(found, len(src)) != want {
			t.Fatalf("%q: clean up to %d and then %016b, want %016b", src, clean, found, want)
		}
	default:
		var want uint32
		for i := range blockSize {
			if in(src[clean+i]) {
				want |= 1 << i
			}
		}
		if want == 0 || found != want || first < clean {
			t.Fatalf("%q: clean up to %d and then %016b, want %016b, the first at %d", src, clean, found, want, first)
		}
	}
}
