// Package escape runs html/template's contextual escapers as append functions: the same bytes, several times faster.
//
// html/template decides how each action is escaped and writes its decision into the parse tree as a list of function
// names. [For] turns such a list into a [Chain]:
//
//	chain, ok := escape.For([]string{"_html_template_urlfilter", "_html_template_urlnormalizer", "_html_template_attrescaper"})
//	b = chain.String(b, "/search?q=a b&c") // appends /search?q=a%20b&amp;c
//
// # How a chain is made
//
// The standard library's functions are the only source of truth. Nothing exports them, but html/template puts them in
// place of any function a template registers under their names, so a template that calls such a name runs the real one
// (standard.go). A chain shows each byte once to the real functions and keeps the answers in a table (probe.go), which
// is then applied to strings: sixteen bytes at a time where there are vector instructions for it (blocks.go), else eight
// (table.go). Escapers that judge a whole string, such as the URL
// filter, have a predicate that recognises the strings they certainly leave alone (filter.go).
//
// A string that a table or a predicate cannot decide about (noncharacters, line separators and invalid UTF-8 where they
// matter, tags in template.HTML inside an attribute, an unusual URL scheme) is given whole to the real functions. That
// costs two microseconds and is right by construction. [Check] compares both ways over strings on which a difference
// would show, so that a Go release that changes a function is noticed at once.
//
// # Values
//
// [Chain.String], [Chain.Int], [Chain.Uint], [Chain.Float], [Chain.Bool] and [Chain.Typed] serve values whose type is
// known when a template is compiled. [Chain.Any] serves every value, with html/template's rules for nil, pointers,
// errors, Stringers and JSON. [HTML] is the commonest chain as a plain function.
//
// # Concurrency
//
// Chains are memoised and safe for concurrent use.
//
// # Errors
//
// Only arbitrary values can fail, when a method of theirs panics inside an escaper. The error is an [*Error] that names
// the function, as text/template's own message does.
package escape
