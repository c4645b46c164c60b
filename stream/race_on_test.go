//go:build race

package stream_test

// The race detector makes sync.Pool forget at random, and so allocations uncountable.
const raceEnabled = true
