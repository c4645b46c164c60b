//go:build (amd64 || arm64) && !purego && !race

package escape

// copyClean copies src to dst, which is at least as long, up to the first block that has a byte of the set. It returns
// how many bytes come before that block and which of the block are in the set, the first one in the lowest bit. The block
// may be copied too. The last one ends where src ends, and so may overlap the one before it.
//
// A src shorter than a block, which has at least shortest bytes, is copied in whole. If a byte of it is in the set, clean
// is zero, and found is of its first and its last eight bytes, or of its first and its last four; see [positions].
//
//go:noescape
func copyClean(dst []byte, src string, set *byteSet) (clean int, found uint32)
