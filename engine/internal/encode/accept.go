package encode

import "strings"

// Coding is a content coding, as it stands in a Content-Encoding header.
type Coding string

const (
	Identity Coding = "identity" // the bytes as they are; no header says so
	Gzip     Coding = "gzip"
	Zstd     Coding = "zstd"
)

// Accept is what an Accept-Encoding header says of the codings that we know. The
// zero value is the answer to no header: the bytes as they are.
type Accept struct{ gzip, zstd, identity, rest weight }

// weight is 0 where the header does not mention the coding; otherwise one more
// than its q in thousandths.
type weight int16

const refused weight = 1

// ParseAccept reads the lines of an Accept-Encoding header. A coding whose q is
// malformed counts as not mentioned; one that is mentioned twice has its lower q.
func ParseAccept(lines []string) (a Accept) {
	for _, line := range lines {
		for line != "" {
			var element string
			element, line, _ = strings.Cut(line, ",")
			name, params, _ := strings.Cut(element, ";")
			if at := a.at(strings.Trim(name, " \t")); at != nil {
				if w := parseWeight(params); *at == 0 || w != 0 && w < *at {
					*at = w
				}
			}
		}
	}
	return a
}

func (a *Accept) at(name string) *weight {
	switch {
	case strings.EqualFold(name, "gzip"), strings.EqualFold(name, "x-gzip"):
		return &a.gzip
	case strings.EqualFold(name, "zstd"):
		return &a.zstd
	case strings.EqualFold(name, "identity"):
		return &a.identity
	case name == "*":
		return &a.rest
	}
	return nil
}

// parseWeight returns the weight that the parameters of an element give it, or 0
// if they are malformed.
func parseWeight(params string) weight {
	for params != "" {
		var param string
		param, params, _ = strings.Cut(params, ";")
		name, value, _ := strings.Cut(strings.Trim(param, " \t"), "=")
		if strings.EqualFold(name, "q") {
			return parseQ(value)
		}
	}
	return 1000 + 1
}

// parseQ reads a qvalue: 0 or 1, a point, and up to three digits.
func parseQ(s string) weight {
	if s == "" || len(s) > len("0.000") || s[0] != '0' && s[0] != '1' || len(s) > 1 && s[1] != '.' {
		return 0
	}
	q, unit := weight(s[0]-'0')*1000, weight(100)
	for i := 2; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0
		}
		q += weight(s[i]-'0') * unit
		unit /= 10
	}
	if q > 1000 {
		return 0
	}
	return q + 1
}

// Best is the coding to use. At equal weights zstd comes before gzip, which is
// larger and slower, and both before the bytes as they are. Who takes anything
// (*) gets gzip: every client that says so without thinking can decode that.
func (a Accept) Best() Coding {
	best, w := Gzip, a.gzip
	if w == 0 {
		w = a.rest
	}
	if a.zstd >= w {
		best, w = Zstd, a.zstd
	}
	plain := a.identity
	if plain == 0 {
		plain = a.rest
	}
	if w <= refused || plain > w {
		return Identity
	}
	return best
}

// Takes reports whether the client takes a coding.
func (a Accept) Takes(c Coding) bool {
	w := a.identity
	switch c {
	case Gzip:
		w = a.gzip
	case Zstd:
		w = a.zstd
	}
	if w == 0 {
		w = a.rest
	}
	return w > refused || w == 0 && c == Identity
}
