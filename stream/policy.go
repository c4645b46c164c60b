package stream

// FlushPolicy says when a Render flushes its destination.
type FlushPolicy uint8

const (
	// FlushAdaptive flushes when the next thing in the document is not ready, and not
	// otherwise: as few flushes as the slow parts allow, and nothing ready waits.
	FlushAdaptive FlushPolicy = iota
	// FlushEach flushes after each part and each stretch between two parts, also while
	// the root still renders. It costs a packet each.
	FlushEach
	// FlushNone keeps the whole document until it is complete. It leaves in one
	// WriteWhole, or Write, and an error in any part comes before the first byte. A
	// [Flush] in it does nothing.
	FlushNone
)

// String returns the name of the policy.
func (p FlushPolicy) String() string {
	switch p {
	case FlushAdaptive:
		return "adaptive"
	case FlushEach:
		return "each"
	case FlushNone:
		return "none"
	}
	return "invalid"
}
