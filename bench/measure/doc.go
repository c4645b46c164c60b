// Package measure times functions against each other on a machine that has
// other things to do.
//
// A machine's speed changes by the second, so times that were taken one after
// the other do not compare. [Interleave] runs all subjects in short slices,
// round after round; the ratio of two subjects is taken within each round, and
// [Ratio] is the median of those, with the spread that says how far to trust it.
package measure
