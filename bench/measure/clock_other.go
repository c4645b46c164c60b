//go:build !linux

package measure

import "time"

func threadTime() (time.Duration, bool) { return 0, false }
