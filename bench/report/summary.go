package report

// Summaries are the tables that a README has room for: a row for each page, and
// engines beside each other.
func (r *Report) Summaries() []Table {
	var tables []Table
	for _, t := range []Table{
		r.summary(Render, "time to render a page to memory, html/template = 1", "html-template",
			"ropewalk", "ropewalk-map", "quicktemplate", "templ", "gomponents", "jet", "handwritten"),
		r.summary(HTTP, "CPU time of a server for a request, a finished page = 1", "prebuilt",
			"ropewalk-new", "handwritten", "quicktemplate", "templ", "gomponents", "jet", "html-template"),
	} {
		if len(t.Rows) > 0 {
			tables = append(tables, t)
		}
	}
	return tables
}

// summary has the pages that all of the engines have rendered. Engines on maps
// are compared with the base on maps.
func (r *Report) summary(group, title, base string, engines ...string) Table {
	t := Table{Title: title, Head: append([]string{"page"}, engines...)}
	for _, workload := range r.In(group) {
		var row []string
		for _, engine := range engines {
			it, ok := r.Find(group, workload, engine)
			to, based := r.Find(group, workload, base+dynamic(engine))
			if !ok || !based || to.NS == 0 {
				break
			}
			ratio := float64(it.NS) / float64(to.NS)
			if base == "prebuilt" {
				ratio = it.Ratio // by rounds, as it is in the page's own table
			}
			row = append(row, times(ratio))
		}
		if len(row) == len(engines) {
			bytes := r.Of(group, workload)[0].Bytes
			t.Rows = append(t.Rows, append([]string{workload + ", " + Count(float64(bytes)) + " bytes"}, row...))
		}
	}
	return t
}

func dynamic(engine string) string {
	if engine == "ropewalk-map" {
		return "-map"
	}
	return ""
}
