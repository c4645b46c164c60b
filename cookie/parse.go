package cookie

import "strings"

// received is a cookie as the browser sent it.
type received struct{ name, raw string }

// parse reads Cookie headers as browsers write them: whatever a script has put
// into a value comes back in it, such as quotes, spaces, commas and other bytes
// that a server should not have set. net/http drops those cookies, and all of
// them if there are more than some thousands.
func parse(headers []string) []received {
	var all []received
	for _, header := range headers {
		for pair := range strings.SplitSeq(header, ";") {
			name, raw, _ := strings.Cut(pair, "=")
			if name = strings.Trim(name, white); name != "" {
				all = append(all, received{name, strings.Trim(raw, white)})
			}
		}
	}
	return all
}

const white = " \t\r\n" // what net/http cuts off

// unquote takes off a pair of quotes around a value.
func unquote(raw string) string {
	if n := len(raw) - 1; n > 0 && raw[0] == '"' && raw[n] == '"' {
		return raw[1:n]
	}
	return raw
}
