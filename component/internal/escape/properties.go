package escape

import "html/template"

// Type is a type of html/template whose strings the author of a template vouches for.
type Type uint8

// The trusted types; Plain is any other string.
const (
	Plain Type = iota
	CSS
	HTMLType
	HTMLAttr
	JS
	JSStr
	URL
	Srcset
	numTypes
)

// value returns s as a value of the type.
func (t Type) value(s string) any {
	switch t {
	case CSS:
		return template.CSS(s)
	case HTMLType:
		return template.HTML(s)
	case HTMLAttr:
		return template.HTMLAttr(s)
	case JS:
		return template.JS(s)
	case JSStr:
		return template.JSStr(s)
	case URL:
		return template.URL(s)
	case Srcset:
		return template.Srcset(s)
	}
	return s
}

// properties say what is special about a function. The zero value is a function that replaces each rune by itself,
// whatever the type of the string.
type properties struct {
	builtin  bool   // text/template's, not html/template's
	trusts   Type   // strings of this type come out as they are
	rewrites Type   // strings of this type are escaped in a way of their own
	strips   bool   // tags are removed from a string of the rewritten type
	filter   filter // judges the whole string
	markup   bool   // may be fused with a function before it
	json     bool   // prints numbers as JSON
	ascii    bool   // what becomes of a non-ASCII rune cannot be probed
	constant bool   // the input does not matter
	copies   bool   // strings come out as they are, without their type
}

const prefix = "_html_template_"

var propertiesOf = map[string]properties{
	prefix + "attrescaper":      {rewrites: HTMLType, strips: true, markup: true},
	prefix + "commentescaper":   {constant: true},
	prefix + "cssescaper":       {},
	prefix + "cssvaluefilter":   {trusts: CSS, filter: cssValueFilter},
	prefix + "htmlescaper":      {trusts: HTMLType, markup: true},
	prefix + "htmlnamefilter":   {trusts: HTMLAttr, filter: nameFilter},
	prefix + "jsregexpescaper":  {},
	prefix + "jsstrescaper":     {rewrites: JSStr},
	prefix + "jstmpllitescaper": {},
	prefix + "jsvalescaper":     {trusts: JS, rewrites: JSStr, json: true},
	prefix + "nospaceescaper":   {rewrites: HTMLType, strips: true, markup: true},
	prefix + "rcdataescaper":    {rewrites: HTMLType, markup: true},
	prefix + "srcsetescaper":    {trusts: Srcset, rewrites: URL, filter: srcsetFilter},
	prefix + "urlescaper":       {rewrites: URL},
	prefix + "urlfilter":        {trusts: URL, filter: urlFilter},
	prefix + "urlnormalizer":    {},
	"_eval_args_":               {copies: true},
	"html":                      {builtin: true, markup: true},
	"js":                        {builtin: true, ascii: true},
	"urlquery":                  {builtin: true},
}
