// Package render compares how fast engines render the pages of package
// workload to memory.
//
//	go test -bench . ./render              times and allocations, in the form that benchstat reads
//	go run ./ratios                        engines against each other, interleaved
//
// [Engines] lists who takes part. [Prove] must hold for an engine and a page
// before the two are timed: that the document is the one that html/template
// writes. What an engine leaves unescaped is in its [peer.Engine.Cover].
package render
