//go:build (!amd64 && !arm64) || purego || race

package escape

// haveBlocks says that there is no copyClean: bytes are looked up in a table instead.
const haveBlocks = false

func copyClean([]byte, string, *byteSet) (int, uint32) { panic("escape: no vectors") }
