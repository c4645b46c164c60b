package compile

import (
	"regexp"
	"strings"
)

// html/template prints the contexts that its errors are about as structs of its own, such
// as {stateURL delimDoubleQuote urlPartPreQuery …}. This file has the words for them.

// Go 1.25 knows nothing of braces.
var contextDump = regexp.MustCompile(`\{state(\w+) delim(\w+) urlPart(\w+) jsCtx(\w+)(?: (\[[\d ]*\]))? attr(\w+) element(\w+) [^{}]*\}`)

// inWords puts the contexts in a description into words. Where two of them have the same
// words, these also say how they differ.
func inWords(description string) string {
	description = strings.ReplaceAll(description, "ends in a non-text context: ", "the template ends inside ")
	description = strings.ReplaceAll(description, "end in different contexts: ", "end in different places: ")
	dumps := contextDump.FindAllStringSubmatch(description, -1)
	words := make([]string, len(dumps))
	for i, dump := range dumps {
		words[i] = contextWords(dump)
	}
	if len(dumps) == 2 && words[0] == words[1] {
		words[0] += contextDifference(dumps[0], dumps[1])
		words[1] += contextDifference(dumps[1], dumps[0])
	}
	for i, dump := range dumps {
		description = strings.Replace(description, dump[0], words[i], 1)
	}
	return description
}

func contextWords(dump []string) string {
	words, ok := stateWords[dump[1]]
	if !ok {
		return dump[0]
	}
	return words + delimWords[dump[2]]
}

// contextDifference says what is particular to a context that has the words of another.
func contextDifference(dump, other []string) string {
	var out []string
	for i, words := range []map[string]string{3: urlPartWords, 4: jsContextWords} {
		if dump[i] != other[i] && words[dump[i]] != "" {
			out = append(out, words[dump[i]])
		}
	}
	if braces, others := openBraces(dump[5]), openBraces(other[5]); dump[5] != other[5] {
		switch len(braces) {
		case 0:
			out = append(out, "outside of ${…}")
		case len(others):
			out = append(out, "in ${…} behind "+braces[len(braces)-1]+" open braces")
		default:
			out = append(out, "in ${…}")
		}
	}
	if dump[6] != other[6] {
		out = append(out, "of an attribute "+attrWords[dump[6]])
	}
	if dump[7] != other[7] {
		out = append(out, "of "+elementWords[dump[7]])
	}
	if len(out) == 0 {
		return ""
	}
	return " " + strings.Join(out, ", ")
}

// openBraces are the numbers in a list of braces for each ${ that is open, such as [0 1].
func openBraces(list string) []string { return strings.Fields(strings.Trim(list, "[]")) }

var stateWords = map[string]string{
	"Text":           "text",
	"Tag":            "a tag",
	"AttrName":       "an attribute's name",
	"AfterName":      "a tag, after an attribute's name",
	"BeforeValue":    "a tag, before an attribute's value",
	"HTMLCmt":        "a comment",
	"RCDATA":         "a title or textarea",
	"Attr":           "an attribute",
	"URL":            "a URL",
	"Srcset":         "a srcset attribute",
	"MetaContent":    "a meta tag's content",
	"MetaContentURL": "a URL in a meta tag's content",
	"Error":          "an error",
	"Dead":           "code that never runs",
	"JS":             "a script",
	"JSDqStr":        "a script's string in double quotes",
	"JSSqStr":        "a script's string in single quotes",
	"JSTmplLit":      "a script's template literal",
	"JSRegexp":       "a script's regular expression",
	"JSBlockCmt":     "a script's comment",
	"JSLineCmt":      "a script's comment to the end of the line",
	"JSHTMLOpenCmt":  "a script's comment behind <!--",
	"JSHTMLCloseCmt": "a script's comment behind -->",
	"CSS":            "a style",
	"CSSDqStr":       "a style's string in double quotes",
	"CSSSqStr":       "a style's string in single quotes",
	"CSSDqURL":       "a style's URL in double quotes",
	"CSSSqURL":       "a style's URL in single quotes",
	"CSSURL":         "a style's URL",
	"CSSBlockCmt":    "a style's comment",
	"CSSLineCmt":     "a style's comment to the end of the line",
}

var delimWords = map[string]string{
	"DoubleQuote":   " in double quotes",
	"SingleQuote":   " in single quotes",
	"SpaceOrTagEnd": " without quotes",
}

var urlPartWords = map[string]string{
	"None":        "at its start",
	"PreQuery":    "before its query",
	"QueryOrFrag": "in its query or fragment",
	"Unknown":     "in a part that cannot be known",
}

var jsContextWords = map[string]string{
	"Regexp":  "where a value may follow",
	"DivOp":   "where an operator may follow a value",
	"Unknown": "where a value or an operator may follow",
}

var attrWords = map[string]string{
	"None":        "that is plain text",
	"Script":      "that is a script",
	"ScriptType":  "that is a script's type",
	"Style":       "that is a style",
	"URL":         "that is a URL",
	"Srcset":      "that is a srcset",
	"MetaContent": "that is a meta tag's content",
}

var elementWords = map[string]string{
	"None":     "no particular element",
	"Script":   "a script element",
	"Style":    "a style element",
	"Textarea": "a textarea",
	"Title":    "a title",
	"Meta":     "a meta element",
}
