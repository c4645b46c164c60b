// Package workload holds the data of the pages that the engines render.
//
// There are five pages. Fortunes is short and mostly text, cards is a usual
// page, table has many small values, article has a few long ones, and contexts
// has values in attributes, URLs, scripts and styles. What an engine would
// have to format in its own way, such as a price, is formatted beforehand: the
// comparison is of rendering.
//
// [Load] gives the typed data, and [Set.Dynamic] the same as maps.
package workload
