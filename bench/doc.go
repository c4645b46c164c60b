// Bench compares ropewalk with other engines on this machine:
//
//	go -C bench run . -short    less than a minute
//	go -C bench run .           seven minutes, for figures to be quoted
//	go -C bench run . -markdown the same, with the tables as a README has them
//
// It prints tables and writes report.html, which is one file and needs no
// network, and report.json. Every engine's page is proved to be the same
// document before it is timed. Engines take turns, round after round; what is
// compared is the ratio of two engines within a round, of which the median is
// shown with the quarters that half of the rounds lie between. What could not be
// measured, and what was disturbed, is told at the end.
//
// Each step of the comparison asks a server of its own, so that no pool has
// learnt from other pages.
//
// The page of issues calls functions. What they take alone, called by Go with the
// same arguments, stands beside the engines as functions-alone.
//
// There are four groups: render (to memory), stream (to a writer, and pages
// whose parts come one after the other), http (on loopback, against a handler
// that writes the finished page), and memory (what a stream holds).
//
// # Other commands
//
//	go -C bench run ./ratios            the render group alone, against every peer
//	go -C bench run ./load URL          how a running page streams
//	go -C bench run ./guard             fails if ropewalk has become slower
//
// # For your own components
//
// A program cannot be imported, so the library is a folder further down:
//
//	import "github.com/ropewalk/ropewalk/bench/bench"
//
//	func BenchmarkCard(b *testing.B) { bench.Component(b, Card(props)) }
//	func BenchmarkPage(b *testing.B) { bench.Stream(b, Page(props)) }
//
// # report.json
//
//	{"rows":[{"group":"render","workload":"cards","engine":"ropewalk",
//	          "ns":12000,"ratio":1.3,"bytes":27055,"allocs":0,"alloc_bytes":0}]}
//
// In the groups render and stream, ns is the time of a page and ratio that time
// to handwritten's. In http, ns is the server's CPU time for a request and ratio
// that to the prebuilt handler's; a workload with /elapsed at its end is the time
// per request with several connections at work, which is requests per second
// upside down. In memory, alloc_bytes is what a stream holds and ratio that to
// handwritten's; where the number of streams grows (waiting-gzip-1000) it is to
// that of the prebuilt handler without compression. Workloads with -http2 at
// their end went over HTTP/2, without TLS. Bytes are those of the page, as they
// travel if that was measured: compressed, and on average. What was not measured
// is 0.
//
// The times of render, and of pages to a writer, are the processor's time of the
// process that renders, where the system tells that: another process changes them
// little, and an engine pays for the garbage that it leaves.
package main
