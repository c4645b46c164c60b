package measure

import (
	"runtime"
	"time"
)

// Allocs are what one run of a subject allocates.
type Allocs struct{ Count, Bytes uint64 }

// CountAllocs returns the average of several runs, rounded down, so that what
// pools allocate now and then does not count. Nothing else may run meanwhile.
func CountAllocs(s Subject) (Allocs, error) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	warm, err := run(s, 2, wall())
	if err != nil {
		return Allocs{}, err
	}
	// Fifty, or what half a second is enough for.
	runs := min(50, max(2, uint64(time.Second/max(1, warm))))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err = run(s, int(runs), wall())
	runtime.ReadMemStats(&after)
	return Allocs{(after.Mallocs - before.Mallocs) / runs, (after.TotalAlloc - before.TotalAlloc) / runs}, err
}
