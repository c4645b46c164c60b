package main

import (
	"time"

	"github.com/ropewalk/ropewalk/bench/measure"
	"github.com/ropewalk/ropewalk/bench/web"
)

// An effort is how long to measure.
type effort struct {
	render        measure.Options
	ladder        measure.Options
	http          web.Options
	timelines     int   // how often each streamed page is asked for
	sizes         []int // of pages, in bytes
	webSizes      []int // of those asked for over HTTP
	crowds        []int // of streams at once
	crowdRounds   int
	waiting       int   // streams whose memory is measured
	waitingAt     []int // streams, to see how that grows
	waitingRounds int   // at most
	slow          int   // readers of a large page that do not read
	slowPage      int   // its size, more than systems keep for a connection
	paced         int   // readers of such a page that take some of it all the time
	pacedRounds   int
	pace          float64 // bytes that each of them takes in a second
}

var long = effort{
	render:        measure.Options{Rounds: 30, Slice: 12 * time.Millisecond, Process: true},
	ladder:        measure.Options{Rounds: 12, Slice: 10 * time.Millisecond, Process: true},
	http:          web.Options{Rounds: 41, Slice: 25 * time.Millisecond, Limit: 30 * time.Second},
	timelines:     15,
	sizes:         []int{1_000, 10_000, 100_000, 1_000_000, 10_000_000},
	webSizes:      []int{1_000, 10_000, 100_000, 1_000_000, 10_000_000},
	crowds:        []int{1, 10, 100, 1_000, 10_000},
	crowdRounds:   7,
	waiting:       2_000,
	waitingAt:     []int{1, 10, 100, 1_000, 10_000},
	waitingRounds: 10,
	slow:          40,
	slowPage:      10_000_000,
	paced:         20,
	pacedRounds:   5,
	pace:          10_000_000,
}

var brief = effort{
	render:        measure.Options{Rounds: 11, Slice: 3 * time.Millisecond, Limit: time.Second, Process: true},
	ladder:        measure.Options{Rounds: 5, Slice: 3 * time.Millisecond, Limit: time.Second, Process: true},
	http:          web.Options{Rounds: 15, Slice: 12 * time.Millisecond, Limit: 2500 * time.Millisecond},
	timelines:     3,
	sizes:         []int{1_000, 100_000},
	webSizes:      []int{100_000},
	crowds:        []int{10, 1_000},
	crowdRounds:   3,
	waiting:       500,
	waitingAt:     []int{50, 500},
	waitingRounds: 4,
	slow:          5,
	slowPage:      10_000_000,
	paced:         4,
	pacedRounds:   1,
	pace:          50_000_000,
}
