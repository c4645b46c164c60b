package compile

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/ropewalk/ropewalk/component/internal/run"
)

func TestAppendInt(t *testing.T) {
	check := func(i int) {
		for room := range 24 {
			b := append(make([]byte, 0, 3+room), "abc"...)
			if got, want := string(run.AppendInt(b, i)), "abc"+strconv.Itoa(i); got != want {
				t.Fatalf("%d with room for %d: %q", i, room, got)
			}
		}
	}
	for i := range 20_000 {
		check(i)
	}
	for i := 1; i < math.MaxInt/10; i *= 10 {
		for _, d := range []int{-1, 0, 1, 37 % i} {
			check(i + d)
			check(-i - d)
		}
	}
	check(math.MaxInt)
	check(math.MinInt)
}

func TestStaticText(t *testing.T) {
	text := strings.Repeat("0123456789", 8)
	for n := range len(text) {
		st := run.NewStaticText(text[:n])
		for room := range 90 {
			b := append(make([]byte, 0, 2+room), "ab"...)
			if got := string(st.Append(b)); got != "ab"+text[:n] {
				t.Fatalf("%d bytes with room for %d: %q", n, room, got)
			}
		}
	}
}
