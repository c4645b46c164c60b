package web

import "time"

// Usage is what a server has used so far, and what it holds.
type Usage struct {
	CPU             time.Duration // before the garbage was collected
	Ready           time.Duration // and after
	Mallocs, Bytes  uint64        // allocated so far
	Held            uint64        // by what lives on the heap, and by stacks
	Goroutines      int
	CPUNotSupported bool // the system does not tell the CPU time of a process
}
