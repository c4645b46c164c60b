package workload

import (
	"context"
	"fmt"
	"time"
)

// Parts is a page whose parts each wait for something before they can be shown.
type Parts struct {
	Title string
	Parts []Part
}

// A Part stands for what a slow query finds.
type Part struct {
	ID    int
	Delay time.Duration   // what the query takes
	Gate  <-chan struct{} // if not nil, the query takes until this is closed
	lines []string
}

// NewParts is a page with a part for each delay.
func NewParts(delays ...time.Duration) *Parts {
	page := &Parts{Title: "Stock & orders"}
	for i, delay := range delays {
		part := Part{ID: i + 1, Delay: delay}
		for n := range 8 {
			part.lines = append(part.lines, fmt.Sprintf("Order %d: %d m of rope, \"tarred\" & coiled", 1000+i*8+n, 5+n*7))
		}
		page.Parts = append(page.Parts, part)
	}
	return page
}

// Gated is the page with every part but the first waiting for a gate.
func (p *Parts) Gated(gate <-chan struct{}) *Parts {
	gated := &Parts{Title: p.Title}
	for i, part := range p.Parts {
		if i > 0 {
			part.Gate = gate
		}
		gated.Parts = append(gated.Parts, part)
	}
	return gated
}

// FiveDelays are those of the streamed page of the report: the third part holds
// up two that are ready before it.
func FiveDelays() []time.Duration {
	const ms = time.Millisecond
	return []time.Duration{20 * ms, 100 * ms, 50 * ms, 10 * ms, 80 * ms}
}

// Load waits as the query would, and returns what it finds.
func (p *Part) Load(ctx context.Context) ([]string, error) {
	switch {
	case p.Gate != nil:
		select {
		case <-p.Gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	case p.Delay > 0:
		timer := time.NewTimer(p.Delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return p.lines, nil
}

// A Loading is a part whose query runs: what the authors of pages build who
// have no engine that does it.
type Loading struct {
	ID     int
	answer chan loaded
}

type loaded struct {
	lines []string
	err   error
}

// Start starts the queries of all parts, side by side.
func (p *Parts) Start(ctx context.Context) []*Loading {
	all := make([]*Loading, len(p.Parts))
	for i := range p.Parts {
		part := &p.Parts[i]
		all[i] = &Loading{ID: part.ID, answer: make(chan loaded, 1)}
		go func(answer chan<- loaded) {
			lines, err := part.Load(ctx)
			answer <- loaded{lines, err}
		}(all[i].answer)
	}
	return all
}

// Ready tells whether Wait will return at once.
func (l *Loading) Ready() bool { return len(l.answer) > 0 }

// Wait returns what the query has found, once.
func (l *Loading) Wait() ([]string, error) {
	got := <-l.answer
	return got.lines, got.err
}
