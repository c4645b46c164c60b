// Package report turns measurements into tables, into report.json, and into
// report.html: one file that needs no network.
//
// A measurement is a [Result]: the [Row] that report.json holds, and the spread
// that says how far to trust it. [Report.Tables] groups them; [WriteText] and
// [WriteMarkdown] print those.
package report
