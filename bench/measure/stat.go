package measure

import (
	"fmt"
	"math"
	"slices"
)

// A Stat is a median, and the quarters that half of the samples lie between.
type Stat struct{ Median, Low, High float64 }

// Spread is how far apart the quarters are, in parts of the median.
func (s Stat) Spread() float64 { return (s.High - s.Low) / s.Median }

// String is such as 0.42 [0.41 0.44].
func (s Stat) String() string {
	digits := 2
	if s.High < 0.1 {
		digits = 3
	}
	return fmt.Sprintf("%.*f [%.*f %.*f]", digits, s.Median, digits, s.Low, digits, s.High)
}

// Stat summarizes the times.
func (t Times) Stat() Stat {
	sorted := slices.Sorted(slices.Values(t))
	return Stat{Median: quantile(sorted, 0.5), Low: quantile(sorted, 0.25), High: quantile(sorted, 0.75)}
}

// Ratio summarizes the ratios of two subjects' times, round by round.
func Ratio(subject, base Times) Stat {
	ratios := make(Times, min(len(subject), len(base)))
	for i := range ratios {
		ratios[i] = subject[i] / base[i]
	}
	return ratios.Stat()
}

// quantile interpolates between the two nearest samples.
func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	at := q * float64(len(sorted)-1)
	below := int(at)
	above := min(below+1, len(sorted)-1)
	return sorted[below] + (at-float64(below))*(sorted[above]-sorted[below])
}
