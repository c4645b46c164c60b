//go:build (!amd64 && !arm64) || purego || race

package escape

// haveBlocks says that there is no copyClean: bytes are looked up in a table instead.
const haveBlocks = false

func copyClean([]byte, string, *byteSet) (int, uint32) { panic("escape: no vectors") }

// A Stretch is not to be had without vectors.
type Stretch struct{}

// NewStretch returns nil.
func NewStretch(string, []Part, uintptr) *Stretch { return nil }

// More is for Append.
type More func(b []byte) (next []byte, enough int)

// Append is never called.
func (*Stretch) Append([]byte, any, int, int, More) []byte { panic("escape: no vectors") }

// Loops is never called.
func (*Stretch) Loops() bool { panic("escape: no vectors") }
