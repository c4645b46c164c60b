package report

import (
	"fmt"
	"math"
)

// Time is a number of nanoseconds in the unit that suits it.
func Time(ns float64) string {
	switch {
	case ns <= 0:
		return "–"
	case ns < 1e3:
		return digits(ns) + " ns"
	case ns < 1e6:
		return digits(ns/1e3) + " µs"
	case ns < 1e9:
		return digits(ns/1e6) + " ms"
	}
	return digits(ns/1e9) + " s"
}

// Size is a number of bytes in the unit that suits it. A KB is 1,000 of them, as
// in the names of workloads and in MB/s.
func Size(n float64) string {
	switch {
	case n < 0:
		return "-" + Size(-n)
	case n < 1e3:
		return fmt.Sprintf("%.0f B", n)
	case n < 1e6:
		return digits(n/1e3) + " KB"
	case n < 1e9:
		return digits(n/1e6) + " MB"
	}
	return digits(n/1e9) + " GB"
}

// Count is a whole number with its thousands apart.
func Count(n float64) string {
	s := fmt.Sprintf("%.0f", n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Throughput is bytes per second, in millions.
func Throughput(bytes, ns float64) float64 {
	if ns <= 0 {
		return 0
	}
	return bytes / ns * 1e3
}

// digits shows three that count.
func digits(v float64) string {
	switch v = math.Abs(v); {
	case v < 10:
		return fmt.Sprintf("%.2f", v)
	case v < 100:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.0f", v)
}

// times is such as 0.42×.
func times(v float64) string {
	switch {
	case math.IsNaN(v) || v == 0:
		return ""
	case v < 0.1:
		return fmt.Sprintf("%.3f", v)
	case v < 10:
		return fmt.Sprintf("%.2f", v)
	}
	return fmt.Sprintf("%.1f", v)
}
