package danger

import (
	"slices"
	"strings"
)

// CodeAttributes are the attributes that libraries run as code: those of htmx, Alpine,
// Vue, AngularJS and hyperscript. A * stands for anything. An attribute behind "!" is no
// code, although one of the others would say so. Each stands also for its data- form.
func CodeAttributes() []string {
	return []string{
		"hx-on*",
		"x-*", "!x-ref", "!x-cloak", "!x-ignore", "!x-teleport", "!x-transition*",
		"@*", ":*",
		"v-*", "!v-cloak", "!v-pre",
		"ng-*", "!ng-app", "!ng-controller", "!ng-cloak",
		"_", "script",
	}
}

// hyperscript lists the attributes that are code of another language than JavaScript, in
// which no escaper is safe.
var hyperscript = []string{"_", "script", "data-script"}

// isCode reports whether an attribute is one of the patterns, or the data- form of one.
func isCode(name string, patterns []string) bool {
	if isListed(name, patterns) {
		return true
	}
	short, ok := strings.CutPrefix(name, "data-")
	return ok && isListed(short, patterns)
}

func isListed(name string, patterns []string) (listed bool) {
	for _, p := range patterns {
		not, except := strings.CutPrefix(p, "!")
		switch {
		case except && matches(not, name):
			return false
		case !except && matches(p, name):
			listed = true
		}
	}
	return listed
}

// isHandler reports whether html/template takes an attribute for an event handler.
func isHandler(name string) bool {
	if short, ok := strings.CutPrefix(name, "data-"); ok {
		name = short
	} else if _, short, ok := strings.Cut(name, ":"); ok {
		name = short
	}
	return strings.HasPrefix(name, "on")
}

// isCode reports whether the value of an attribute is code.
func (w *walker) isCode(name string) bool { return isHandler(name) || isCode(name, w.code) }

func isHyperscript(name string) bool { return slices.Contains(hyperscript, name) }
