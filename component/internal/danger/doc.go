// Package danger finds the places of a template where data could run as script
// although html/template escapes it, because a browser reads the place in another way.
//
// html/template goes by the name of an attribute and the text before an action. A
// browser also undoes entities, reads a value by what other attributes say, joins a
// scheme from several parts, and parses a script with a whole grammar. So the templates
// are walked once more, after the escaping, by a state that follows a browser:
//
//	text ── tags (tag.go, name.go, value.go) ──┬── the scheme of a URL (url.go)
//	                                           ├── scripts (script.go)
//	                                           ├── animations and refreshes (tag.go)
//	                                           └── attributes that libraries run (code.go)
//
// Branches are followed one by one (walk.go): what is known of an action holds in all
// of them. [Find] says what it found as a [Place] for each action, and [Place.Judge]
// compares that with the escapers that html/template chose. Where the two disagree, or
// the walk does not know, data is refused: see [Verdict].
//
// [Rename] is the other half. It gives attributes that html/template does not know the
// names of ones that it does, for the time of the escaping.
package danger
