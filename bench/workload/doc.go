// Package workload holds the data of the pages that the engines render.
//
// There are six pages. Fortunes is short and mostly text, cards is a usual
// page, table has many small values, article has a few long ones, contexts has
// values in attributes, URLs, scripts and styles, and issues is a page as sites
// have it, with a layout and calls of functions. What an engine would have to
// format in its own way, such as a price, is formatted beforehand or by functions
// that all engines call: the comparison is of rendering. [Set.Functions] is those
// functions alone.
//
// [Load] gives the typed data, and [Set.Dynamic] the same as maps.
package workload
