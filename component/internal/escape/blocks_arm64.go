//go:build !purego && !race

package escape

// haveBlocks says that copyClean may be called.
const haveBlocks = true
