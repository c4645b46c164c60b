// Package handwritten renders the pages with functions that append to a slice,
// as one writes them for the last nanosecond. It is the bound that the engines
// are compared with: of what appends value by value. ropewalk, which runs
// neighbouring fields by one routine in assembly, goes below it on some pages.
//
// The escapers are those of ropewalk: the same bytes, which are html/template's,
// by the same means. They are written again here, and the assembly is copied,
// because ropewalk's own are internal to its module. They know what the pages
// need, which is less: see escape.go. On arm64 they have no vectors, so there the
// bound is higher than it could be.
package handwritten
