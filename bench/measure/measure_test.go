package measure_test

import (
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/ropewalk/ropewalk/bench/measure"
)

func TestInterleaveTimesEachSubjectInEachRound(t *testing.T) {
	var calls [2]int
	subjects := []measure.Subject{
		{Name: "a", Run: func() error { calls[0]++; return nil }},
		{Name: "b", Run: func() error { calls[1]++; return nil }},
	}
	times, err := measure.Interleave(subjects, measure.Options{Rounds: 5, Slice: 10 * time.Microsecond})
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"a", "b"} {
		if len(times[i]) != 5 {
			t.Errorf("%s has %d times, want one for each of 5 rounds", name, len(times[i]))
		}
		if calls[i] < 5 {
			t.Errorf("%s ran %d times in 5 rounds", name, calls[i])
		}
	}
}

// The collections between slices empty pools, so the first run after one is not
// what is timed.
func TestOneRunFillsPools(t *testing.T) {
	var collections []uint32 // before each run
	subject := measure.Subject{Name: "a", Run: func() error {
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)
		collections = append(collections, memory.NumGC)
		return nil
	}}
	const rounds = 5
	if _, err := measure.Interleave([]measure.Subject{subject}, measure.Options{Rounds: rounds, Slice: 1}); err != nil {
		t.Fatal(err)
	}
	if len(collections) != 2+2*rounds { // two calibrate
		t.Fatalf("there were %d runs, want one before that of each of %d rounds", len(collections), rounds)
	}
	for i := 2; i < len(collections); i += 2 {
		if collections[i] == collections[i-1] || collections[i+1] != collections[i] {
			t.Errorf("collections before each run: %v", collections)
		}
	}
}

func TestInterleaveNamesTheSubjectThatFails(t *testing.T) {
	broken := errors.New("broken")
	_, err := measure.Interleave([]measure.Subject{{Name: "bad", Run: func() error { return broken }}}, measure.Options{})
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "bad") {
		t.Errorf("got %v", err)
	}
}

// A machine that is half as fast in some rounds changes the times but not the ratio.
func TestRatioIsTakenWithinRounds(t *testing.T) {
	base := measure.Times{100, 200, 100, 400, 100}
	subject := measure.Times{50, 100, 50, 200, 50}
	if got, want := measure.Ratio(subject, base), (measure.Stat{Median: 0.5, Low: 0.5, High: 0.5}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestStatIsTheMedianAndTheQuarters(t *testing.T) {
	for _, test := range []struct {
		times measure.Times
		want  measure.Stat
	}{
		{measure.Times{3}, measure.Stat{Median: 3, Low: 3, High: 3}},
		{measure.Times{4, 1, 3, 2, 5}, measure.Stat{Median: 3, Low: 2, High: 4}},
		{measure.Times{1, 2}, measure.Stat{Median: 1.5, Low: 1.25, High: 1.75}},
	} {
		if got := test.times.Stat(); got != test.want {
			t.Errorf("%v: got %v, want %v", test.times, got, test.want)
		}
	}
}

func TestCountAllocs(t *testing.T) {
	var keep []byte
	got, err := measure.CountAllocs(measure.Subject{Run: func() error {
		keep = make([]byte, 1024)
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	if got.Count != 1 || got.Bytes < 1024 || len(keep) != 1024 {
		t.Errorf("got %+v, want one of 1024 bytes", got)
	}
}
