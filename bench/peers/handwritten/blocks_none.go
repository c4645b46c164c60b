//go:build !amd64 || purego

package handwritten

const haveBlocks = false

func copyClean([]byte, string, *byteSet) (int, uint32) { panic("no blocks") }
