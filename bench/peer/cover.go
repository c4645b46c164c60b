package peer

// A Place is where in a document a value stands, which decides how it has to
// be escaped.
type Place string

const (
	Text        Place = "text"
	Attribute   Place = "attribute"
	URL         Place = "URL"          // a whole one: javascript: must not pass
	URLPart     Place = "part of URL"  // of a path or a query: must not end it
	ScriptValue Place = "script value" // a string or number in a script element
	ScriptText  Place = "script text"  // inside a string of a script
	Handler     Place = "handler"      // a script in an attribute
	StyleValue  Place = "style value"  // in a style attribute
	StyleSheet  Place = "style sheet"  // in a style element
)

// Places are all of them, in the order in which reports show them.
func Places() []Place {
	return []Place{Text, Attribute, URL, URLPart, ScriptValue, ScriptText, Handler, StyleValue, StyleSheet}
}

// A Care is who takes care of a place.
type Care int

const (
	// Unescaped: the engine has nothing for the place; a hostile value passes.
	Unescaped Care = iota
	// ByHand: the engine's page is safe because its author chose the right
	// function, of the engine or of Go's library; another, or none, would pass.
	ByHand
	// Automatic: a plain value is safe as it is.
	Automatic
)

func (c Care) String() string {
	return [...]string{"unescaped", "by hand", "automatic"}[c]
}

// A Cover says who takes care of each place. A place that is not listed is
// [Unescaped].
type Cover map[Place]Care

// Everywhere is the cover of an engine that knows all places.
func Everywhere(c Care) Cover {
	cover := Cover{}
	for _, place := range Places() {
		cover[place] = c
	}
	return cover
}
