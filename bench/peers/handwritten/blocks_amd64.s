//go:build !purego

// A copy of ropewalk's own, see escape.go.

#include "textflag.h"

DATA lowNibbles<>+0(SB)/8, $0x0f0f0f0f0f0f0f0f
DATA lowNibbles<>+8(SB)/8, $0x0f0f0f0f0f0f0f0f
GLOBL lowNibbles<>(SB), RODATA|NOPTR, $16

// FIND sets ones in BX for the bytes of X4 that are in the set. It changes X4 to X7.
#define FIND \
	MOVOU    X4, X5;  \
	PAND     X3, X4;  \
	PSRLW    $4, X5;  \
	PAND     X3, X5;  \
	MOVOU    X1, X6;  \
	PSHUFB   X4, X6;  \
	MOVOU    X2, X7;  \
	PSHUFB   X5, X7;  \
	PAND     X6, X7;  \
	PCMPEQB  X0, X7;  \
	PMOVMSKB X7, BX;  \
	XORL     $0xffff, BX

// func copyClean(dst []byte, src string, set *byteSet) (clean int, found uint32)
TEXT ·copyClean(SB), NOSPLIT, $0-60
	MOVQ  dst_base+0(FP), DI
	MOVQ  src_base+24(FP), SI
	MOVQ  src_len+32(FP), CX
	MOVQ  set+40(FP), DX
	MOVOU (DX), X1             // set.low
	MOVOU 16(DX), X2           // set.high
	MOVOU lowNibbles<>(SB), X3
	PXOR  X0, X0
	XORL  AX, AX               // where the block begins
	SUBQ  $16, CX              // where the last block begins
	JLT   short

block:
	MOVOU (SI)(AX*1), X4
	MOVOU X4, (DI)(AX*1)
	FIND
	JNZ   done
	ADDQ  $16, AX
	CMPQ  AX, CX
	JLE   block

	// Unless this was the end, the last block is left: some of it once more.
	LEAQ 16(CX), R8
	CMPQ AX, R8
	JEQ  done
	MOVQ CX, AX
	JMP  block

short: // the first and the last eight bytes, or four and four, in one block
	ADDQ       $16, CX
	CMPQ       CX, $8
	JLT        shorter
	MOVQ       (SI), X4
	MOVQ       -8(SI)(CX*1), X5
	MOVQ       X4, (DI)
	MOVQ       X5, -8(DI)(CX*1)
	PUNPCKLQDQ X5, X4
	JMP        whole

shorter:
	MOVL       (SI), X4
	MOVL       -4(SI)(CX*1), X5
	MOVL       X4, (DI)
	MOVL       X5, -4(DI)(CX*1)
	PUNPCKLLQ  X5, X4
	PUNPCKLQDQ X4, X4

whole:
	FIND
	CMOVLEQ CX, AX             // all of it is clean

done:
	MOVQ AX, clean+48(FP)
	MOVL BX, found+56(FP)
	RET

// func cpuid1() (ecx uint32)
TEXT ·cpuid1(SB), NOSPLIT, $0-4
	MOVL $1, AX
	XORL CX, CX
	CPUID
	MOVL CX, ecx+0(FP)
	RET
