//go:build !unix

package web

import "time"

func processTime() (time.Duration, bool) { return 0, false }

func openFiles() int { return 1 << 14 }
