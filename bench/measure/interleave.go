package measure

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"time"
)

// A Subject is what is timed.
type Subject struct {
	Name string
	Run  func() error
}

// Options say how long to measure. The zero value is good for a report.
type Options struct {
	Rounds int           // 40 if zero
	Slice  time.Duration // how long a subject runs in a round, about; 20 ms if zero
	Limit  time.Duration // after which no round begins but the third; none if zero
	// Process counts the processor's time of this process alone, where the system
	// tells it, so that a busy machine changes little. What a subject leaves to
	// other goroutines counts, the collection of its garbage too.
	Process bool
	// Thread counts the processor's time of the subject's thread alone, which
	// changes least. What a subject leaves to other goroutines does not count.
	Thread bool
}

func (o Options) withDefaults() Options {
	if o.Rounds <= 0 {
		o.Rounds = 40
	}
	if o.Slice <= 0 {
		o.Slice = 20 * time.Millisecond
	}
	return o
}

// Times are the nanoseconds of one run of a subject, by round.
type Times []float64

// Interleave times the subjects, in an order that each round shuffles, and
// returns their times in the order of the subjects. Garbage is collected
// before each slice, so that a subject pays for its own alone; then it runs once
// before it is timed, as the collections of the others have emptied its pools.
func Interleave(subjects []Subject, options Options) ([]Times, error) {
	o := options.withDefaults()
	now, release := o.clock()
	defer release()
	runs := make([]int, len(subjects))
	for i, s := range subjects {
		n, err := calibrate(s, o.Slice, now)
		if err != nil {
			return nil, err
		}
		runs[i] = n
	}
	times := make([]Times, len(subjects))
	shuffle := rand.New(rand.NewPCG(1, 2))
	start := time.Now()
	for round := range o.Rounds {
		if o.Limit > 0 && round >= 3 && time.Since(start) > o.Limit {
			break
		}
		for _, i := range shuffle.Perm(len(subjects)) {
			runtime.GC()
			if _, err := run(subjects[i], 1, now); err != nil {
				return nil, err
			}
			d, err := run(subjects[i], runs[i], now)
			if err != nil {
				return nil, err
			}
			times[i] = append(times[i], float64(d.Nanoseconds())/float64(runs[i]))
		}
	}
	return times, nil
}

// calibrate returns how many runs fill a slice, and warms the subject up. The
// faster of two tries counts: a moment in which something else ran would leave
// the subject with slices that are too short for all rounds.
func calibrate(s Subject, slice time.Duration, now clock) (int, error) {
	for n := 1; ; n *= 2 {
		d, err := run(s, n, now)
		if err != nil {
			return 0, err
		}
		if d < slice/4 {
			continue
		}
		again, err := run(s, n, now)
		if err != nil {
			return 0, err
		}
		if d = min(d, again); d >= slice/4 {
			return max(1, int(float64(n)*float64(slice)/float64(d))), nil
		}
	}
}

func run(s Subject, n int, now clock) (time.Duration, error) {
	start := now()
	for range n {
		if err := s.Run(); err != nil {
			return 0, fmt.Errorf("measure: %s: %w", s.Name, err)
		}
	}
	return now() - start, nil
}
