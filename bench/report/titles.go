package report

import "strings"

// titles say what a workload is. Those that say it themselves are not here.
var titles = map[string]string{
	"parts-5":    "a page of 5 parts that take 20, 100, 50, 10 and 80 ms",
	"parts-1000": "a page of 1,000 parts that take 20 ms each",
	"waiting":    "a stream that waits for a part",
}

func title(group, workload string) string {
	if group == HTTP && workload == "parts-5" {
		return "a page of 5 parts that take no time"
	}
	for name, text := range titles {
		if rest, ok := strings.CutPrefix(workload, name); ok {
			for _, coding := range []string{"gzip", "zstd"} {
				if after, ok := strings.CutPrefix(rest, "-"+coding); ok {
					text, rest = text+", with "+coding, after
				}
			}
			return text + strings.ReplaceAll(strings.Replace(rest, "-", ": ", 1), "-", " ")
		}
	}
	if readers, ok := strings.CutPrefix(workload, "crowd-"); ok {
		return readers + " readers at once of a page of 5 parts, CPU of each"
	}
	if size, ok := strings.CutPrefix(workload, "slow-reader-"); ok {
		return "a page of " + size + " whose reader does not read"
	}
	if size, ok := strings.CutPrefix(workload, "size-"); ok {
		return "a table of " + size
	}
	return workload
}
