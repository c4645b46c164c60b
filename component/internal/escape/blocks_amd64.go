//go:build !purego && !race

package escape

// haveBlocks says that copyClean may be called: PSHUFB came with SSSE3, three years after amd64 itself.
var haveBlocks = cpuid1()&(1<<9) != 0

// cpuid1 returns register ECX of leaf 1 of the CPUID instruction.
func cpuid1() (ecx uint32)
