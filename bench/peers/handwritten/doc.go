// Package handwritten renders the pages with functions that append to a slice,
// as one writes them for the last nanosecond. It is the bound that the engines
// are compared with.
//
// The escapers are those of ropewalk: the same bytes, which are html/template's,
// by the same means. They are written again here because ropewalk's own are
// internal to its module. They know what the pages need, which is less: see
// escape.go.
package handwritten
