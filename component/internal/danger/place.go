package danger

import (
	"fmt"
	"html/template"
	"reflect"
	"slices"
	"strings"
	"text/template/parse"
)

// A Place is what is known of where an action stands. What several branches say of it is
// all in it.
type Place struct {
	danger    *Danger // wherever it is
	urlDanger *Danger // if it is in a URL
	hole      hole
	doubt     string // why nothing is known of the script around
	outside   bool   // it stands outside of scripts, in some branch

	scheme     bool     // it may be part of a scheme, with text or data before it
	follows    []string // what may follow it up to the colon of a scheme
	refresh    bool     // it is in the content of a meta refresh
	refreshURL bool     // "url=" is before it there, if it is a meta refresh
	name       bool     // the attribute's name is partly data
	boolean    string   // the attribute is true whatever its value
	quote      byte     // around the value
}

// A Danger says why data is refused.
type Danger struct {
	Reason  string
	Fix     string
	Trusted reflect.Type // what may stand there for all that; nil if nothing may
}

var (
	dangerSrcdoc      = &Danger{Reason: "srcdoc is a document of its own, in which escaped data is markup again", Trusted: reflect.TypeFor[template.HTML]()}
	dangerAnimate     = &Danger{Reason: "this value can become an href, and so a script", Trusted: reflect.TypeFor[template.URL]()}
	dangerScript      = &Danger{Reason: "behind javascript: data is code, and behind data: it may be", Trusted: reflect.TypeFor[template.URL]()}
	dangerUnknown     = &Danger{Reason: "more branches before it than can be followed make the scheme of this URL", Trusted: reflect.TypeFor[template.URL]()}
	dangerHyperscript = &Danger{Reason: "the attribute is code of a language that has no escaper", Fix: "put the data into a data- attribute, and read it from there"}
)

// WayOutOfScripts is what to do about data that cannot be followed in a script.
const WayOutOfScripts = `put the data into a data- attribute, or into a <script type="application/json">, and have the script read it from there`

func (w *walker) place(n *parse.ActionNode) *Place {
	p := w.places[n]
	if p == nil {
		p = new(Place)
		w.places[n] = p
	}
	return p
}

func (p *Place) refuse(d *Danger) {
	if p.danger == nil {
		p.danger = d
	}
}

func (p *Place) refuseURL(d *Danger) {
	if p.urlDanger == nil {
		p.urlDanger = d
	}
}

func (p *Place) follow(text string) {
	if !slices.Contains(p.follows, text) {
		p.follows = append(p.follows, text)
	}
}

// inScript moves a script past the place.
func (p *Place) inScript(s *script) {
	switch h := s.action(); {
	case h == doubtHole:
		p.hole, p.doubt = doubtHole, s.doubt
	case p.hole == noHole:
		p.hole = h
	case p.hole != h:
		p.hole, p.doubt = doubtHole, "the branches before it leave the script in different places"
	}
}

// Summary tells places apart of which the same escapers may get different verdicts. It is
// empty for most.
func (p *Place) Summary() string {
	ordinary := p.danger == nil && p.urlDanger == nil && p.hole == noHole && len(p.follows) == 0 && p.boolean == ""
	if ordinary && !p.scheme && !p.refresh && !p.name {
		return ""
	}
	return fmt.Sprint(p.danger, p.urlDanger, p.hole, p.doubt, p.outside, p.scheme, p.follows, p.refresh, p.refreshURL, p.name, p.boolean, p.quote)
}

// A Verdict is what becomes of data in a place.
type Verdict struct {
	Danger   *Danger  // why it is refused; nil if it is not
	Escapers []string // those to use
	Check    *Check   // what to do when it is printed; nil if nothing
	Boolean  string   // the attribute that a false value does not make false; "" if there is none
}

// Judge compares what is known of a place with the escapers that html/template chose.
// code is as in [Find].
func (p *Place) Judge(escapers, code []string) Verdict {
	v := Verdict{Escapers: escapers, Boolean: p.boolean, Danger: p.danger}
	isURL := hasEscaper(escapers, "urlfilter", "urlnormalizer", "urlescaper")
	switch {
	case v.Danger != nil:
	case isURL && p.urlDanger != nil:
		v.Danger = p.urlDanger
	default:
		v.Danger = p.scriptDanger(holeOf(escapers))
	}
	if p.refresh && p.refreshURL && !hasEscaper(escapers, "urlfilter") {
		v.Escapers = append([]string{escaperPrefix + "urlfilter"}, escapers...)
	}
	scheme := isURL && (p.scheme || len(p.follows) > 0)
	name := p.name && holeOf(escapers) == noHole // in a script it has been followed as one
	if scheme || name || p.refresh {
		v.Check = &Check{quote: p.quote, scheme: scheme, follows: p.follows, refresh: p.refresh, name: name, code: code}
	}
	return v
}

// scriptDanger says why a place is not the one in a script that html/template took it for.
func (p *Place) scriptDanger(theirs hole) *Danger {
	why := ""
	switch {
	case p.hole == doubtHole:
		why = p.doubt
	case p.hole == noHole && (theirs == noHole || theirs == commentHole):
	case p.hole != theirs || p.outside:
		why = "html/template takes it to stand " + theirs.String() + ", and a browser " + p.hole.String()
	}
	if why == "" {
		return nil
	}
	return &Danger{Reason: "where this stands in the script is not certain: " + why, Fix: WayOutOfScripts}
}

const escaperPrefix = "_html_template_"

func hasEscaper(escapers []string, names ...string) bool {
	return slices.ContainsFunc(escapers, func(e string) bool { return slices.Contains(names, strings.TrimPrefix(e, escaperPrefix)) })
}

// holeOf is the place in a script that html/template chose escapers for.
func holeOf(escapers []string) hole {
	switch {
	case hasEscaper(escapers, "jsvalescaper"):
		return valueHole
	case hasEscaper(escapers, "jsstrescaper"):
		return stringHole
	case hasEscaper(escapers, "jstmpllitescaper"):
		return templateHole
	case hasEscaper(escapers, "jsregexpescaper"):
		return regexpHole
	case hasEscaper(escapers, "commentescaper"):
		return commentHole
	}
	return noHole
}

func (h hole) String() string {
	switch h {
	case valueHole:
		return "as a value"
	case stringHole:
		return "in a string"
	case templateHole:
		return "in a template literal"
	case regexpHole:
		return "in a regexp"
	case commentHole:
		return "in a comment"
	}
	return "outside of scripts"
}
