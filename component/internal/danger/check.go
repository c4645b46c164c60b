package danger

import (
	"bytes"
	"html"
	"regexp"
	"slices"
	"strings"
)

// A Check is what is known of a value only when its data is printed.
type Check struct {
	quote           byte
	scheme, refresh bool
	name            bool
	follows         []string
	code            []string
}

// Passes reports whether the value of an attribute that page ends in can be no script.
// It looks for the beginning of the value in page, which therefore must have it.
func (c *Check) Passes(page []byte) bool {
	quote := c.quote
	if quote == 0 {
		quote = '='
	}
	i := bytes.LastIndexByte(page, quote) // the escapers leave none in data
	if i < 0 {
		return false
	}
	if i+1 < len(page) && !c.name && !c.refresh && bytes.IndexByte([]byte("/?#"), page[i+1]) >= 0 {
		return true // no scheme begins so, whatever follows
	}
	value := string(page[i+1:])
	switch {
	case c.name && DangerousName(nameBefore(page[:i], c.quote), c.code):
		return false
	case c.refresh && scriptRefresh.MatchString(cleanURL(value)):
		return false
	}
	return !c.scheme || !c.scriptURL(value)
}

// scriptURL reports whether a URL has the scheme of a script, or may get it from what follows.
func (c *Check) scriptURL(value string) bool {
	isScript := func(u string) bool {
		name, _, end := cutScheme(u)
		return end == ':' && isScriptScheme(name)
	}
	return isScript(value) || slices.ContainsFunc(c.follows, func(f string) bool { return isScript(value + f + ":") })
}

// nameBefore is the name of the attribute whose value begins behind page.
func nameBefore(page []byte, quote byte) string {
	text := strings.TrimRight(string(page[max(0, len(page)-1024):]), spaces)
	if quote != 0 {
		text = strings.TrimRight(strings.TrimSuffix(text, "="), spaces)
	}
	return html.UnescapeString(text[strings.LastIndexAny(text, spaces+"/\"'")+1:])
}

// scriptRefresh matches the content of a refresh whose URL is a script, as cleanURL leaves
// it. What is not complete counts as well.
var scriptRefresh = regexp.MustCompile(`^[0-9.]*[;,]?(url=?)?["']?(javascript|vbscript|data)(:|$)`)
