package report

import (
	"strconv"
	"strings"
)

// Names says what the names of engines leave open.
const Names = "ropewalk renders a component that was made once, ropewalk-new one made for each page, as a page function does. " +
	"With -map the data are maps, with -streaming the page is written to the connection as it is rendered, with -sequential it loads its parts one after the other."

// titles say what a workload is. Those that say it themselves are not here.
var titles = map[string]string{
	"parts-5":    "a page of 5 parts that take 20, 100, 50, 10 and 80 ms",
	"parts-1000": "a page of 1,000 parts that take 20 ms each",
	"waiting":    "a stream that waits for a part",
}

func title(group, workload string) string {
	if group == HTTP && workload == "parts-5" {
		return "a page of 5 parts that take no time; quicktemplate, templ and html-template flush after each, the others when they have to wait"
	}
	if growing, ok := strings.CutPrefix(workload, "waiting-"); ok {
		coding, count, _ := strings.Cut(growing, "-")
		n, _ := strconv.ParseFloat(count, 64)
		text := Count(n) + " streams that wait for a part"
		if n == 1 {
			text = "one stream that waits for a part"
		}
		if coding != "plain" {
			text += ", with " + coding
		}
		return text
	}
	for name, text := range titles {
		if rest, ok := strings.CutPrefix(workload, name); ok {
			for _, coding := range []string{"gzip", "zstd"} {
				if after, ok := strings.CutPrefix(rest, "-"+coding); ok {
					text, rest = text+", with "+coding, after
				}
			}
			if after, ok := strings.CutPrefix(rest, "-http2"); ok {
				text, rest = text+", over HTTP/2", after
			}
			return text + strings.ReplaceAll(strings.Replace(rest, "-", ": ", 1), "-", " ")
		}
	}
	if readers, ok := strings.CutPrefix(workload, "crowd-"); ok {
		n, _ := strconv.ParseFloat(readers, 64)
		if n == 1 {
			return "one reader of a page of 5 parts, CPU"
		}
		return Count(n) + " readers at once of a page of 5 parts, CPU of each"
	}
	if size, ok := strings.CutPrefix(workload, "slow-reader-"); ok {
		return "a page of " + size + " whose reader does not read"
	}
	if pace, ok := strings.CutPrefix(workload, "paced-"); ok {
		return "a page to readers that take " + pace + " of it a second, CPU of each, and what is held for it half-way"
	}
	if name, ok := strings.CutSuffix(workload, "-http2"); ok {
		return name + ", over HTTP/2"
	}
	if size, ok := strings.CutPrefix(workload, "size-"); ok {
		return "a table of " + size
	}
	return workload
}
