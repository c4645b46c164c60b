package measure

import (
	"runtime"
	"time"
)

// A clock tells the time since some moment.
type clock func() time.Duration

func wall() clock {
	start := time.Now()
	return func() time.Duration { return time.Since(start) }
}

// threadClock counts the processor's time of this thread alone, where the system
// tells it: what another process takes meanwhile does not count. Release gives
// the thread back.
func threadClock() (c clock, release func()) {
	if _, ok := threadTime(); !ok {
		return wall(), func() {}
	}
	runtime.LockOSThread()
	return func() time.Duration {
		d, _ := threadTime()
		return d
	}, runtime.UnlockOSThread
}
