package escape

// A Part is a string or an integer within an element, which is printed as in text, and the text behind it.
type Part struct {
	Kind   PartKind
	Offset uintptr
	Text   string
}

// PartKind says what a part prints.
type PartKind int

const (
	StringPart PartKind = iota
	IntPart
	TextPart // nothing but its text
)
