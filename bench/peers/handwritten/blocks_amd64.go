//go:build !purego

package handwritten

var haveBlocks = cpuid1()&(1<<9) != 0

func cpuid1() (ecx uint32)

//go:noescape
func copyClean(dst []byte, src string, set *byteSet) (clean int, found uint32)
