package escape

// A Part is what is printed for a value within an element, and the text behind it.
type Part struct {
	Kind   PartKind
	Offset uintptr
	Yes    string   // what a bool prints if it is true
	Loop   *Stretch // of the elements of a slice; it has no loops
	Text   string
}

// PartKind says what a part prints.
type PartKind int

const (
	StringPart PartKind = iota // escaped as in text
	IntPart
	BoolPart
	LoopPart
	TextPart // nothing but its text
)
