package measure

import "runtime"

// Allocs are what one run of a subject allocates.
type Allocs struct{ Count, Bytes uint64 }

// CountAllocs returns the average of several runs, rounded down, so that what
// pools allocate now and then does not count. Nothing else may run meanwhile.
func CountAllocs(s Subject) (Allocs, error) {
	const runs = 50
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if _, err := run(s, 2); err != nil {
		return Allocs{}, err
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := run(s, runs)
	runtime.ReadMemStats(&after)
	return Allocs{(after.Mallocs - before.Mallocs) / runs, (after.TotalAlloc - before.TotalAlloc) / runs}, err
}
