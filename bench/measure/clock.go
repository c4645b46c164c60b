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

// clock is the one that the options ask for, where the system has it. Release
// gives back the thread that it is bound to.
func (o Options) clock() (c clock, release func()) {
	id := uintptr(processClock)
	if o.Thread {
		id = threadClock
	}
	if _, ok := worked(id); !ok || !o.Thread && !o.Process {
		return wall(), func() {}
	}
	runtime.LockOSThread()
	return func() time.Duration {
		d, _ := worked(id)
		return d
	}, runtime.UnlockOSThread
}
