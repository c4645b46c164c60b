//go:build !purego && !race

#include "go_asm.h"
#include "textflag.h"
#include "blocks_amd64.h"

// func copyStretch(b []byte, s *Stretch, base unsafe.Pointer, turns, at, enough int) (size, left, next, leftOfLoop, nextOfLoop int)
//
//	AX, BX  scratch, as is R14
//	CX      how much of the string is left; in the block loop, 16 less
//	DX      what becomes of each byte
//	SI, DI  where to read and to write
//	R8, R9  the part, the element
//	R10     how far to write at most, if up to slack bytes may be written from there on
//	R11     the stretch, or that of a loop among its parts
//	R12     how many turns are left
//	R13     where the part is written
//
// While a loop runs, what R8, R9 and R12 are for the stretch itself is in the frame.
TEXT ·copyStretch(SB), NOSPLIT, $24-104
	MOVQ  b_base+0(FP), R10
	MOVQ  b_len+8(FP), DI
	MOVQ  s+24(FP), R11
	MOVQ  base+32(FP), R9
	MOVQ  turns+40(FP), R12
	MOVQ  at+48(FP), R8
	ADDQ  R10, DI
	ADDQ  b_cap+16(FP), R10
	ADDQ  Stretch_begin(R11), R8
	SUBQ  $const_slack, R10
	MOVQ  Stretch_short(R11), DX
	MOVOU Stretch_dirty+byteSet_low(R11), X1
	MOVOU Stretch_dirty+byteSet_high(R11), X2
	MOVOU lowNibbles<>(SB), X3
	PXOR  X0, X0

part:
	MOVQ DI, R13
	MOVQ part_offset(R8), SI
	ADDQ R9, SI
	CMPQ part_kind(R8), $const_StringPart
	JNE  other
	MOVQ 8(SI), CX
	MOVQ 0(SI), SI

string:
	LEAQ (DI)(CX*1), AX
	CMPQ AX, R10
	JGT  stop
	SUBQ $16, CX
	JLT  short

	PCALIGN $32                // or a long text takes up to a quarter longer
block:
	MOVOU (SI), X4
	MOVOU X4, (DI)
	FIND
	JNZ   dirty
	ADDQ  $16, SI
	ADDQ  $16, DI
	SUBQ  $16, CX
	JGE   block

	// Unless this was the end, the last block is left: some of it once more.
	CMPQ CX, $-16
	JEQ  text
	ADDQ CX, SI
	ADDQ CX, DI
	XORL CX, CX
	JMP  block

dirty:
	CMPQ CX, $16
	JLT  one
	LEAQ const_roomForBlock(DI)(CX*1), AX
	CMPQ AX, R10
	JGT  one

	PCALIGN $32
each: // of the block's bytes to replace: the byte at AX, and then the sixteen behind it as they are
	BSFL    BX, AX
	MOVBLZX (SI)(AX*1), R14
	MOVOU   1(SI)(AX*1), X4
	SHLL    $4, R14
	MOVQ    replacement_word(DX)(R14*1), X5
	MOVQ    X5, (DI)(AX*1)
	ADDQ    replacement_n(DX)(R14*1), DI
	MOVOU   X4, (DI)(AX*1)
	DECQ    DI                 // so that what is at (SI)(AX*1) goes to (DI)(AX*1) again
	LEAL    -1(BX), R14
	ANDL    R14, BX            // without its lowest bit
	JNZ     each
	ADDQ    $16, SI
	ADDQ    $16, DI
	SUBQ    $16, CX
	JMP     block

one: // near the end of the string or of the room: the first, and then look again
	BSFL BX, BX

replace: // the byte at BX, and then go on behind it
	ADDQ    BX, SI
	ADDQ    BX, DI
	SUBQ    BX, CX
	MOVBLZX (SI), AX
	SHLL    $4, AX
	MOVQ    replacement_word(DX)(AX*1), BX
	MOVQ    BX, (DI)
	ADDQ    replacement_n(DX)(AX*1), DI
	INCQ    SI
	ADDQ    $15, CX
	JMP     string

short: // the first and the last eight bytes, or four and four, in one block
	ADDQ       $16, CX
	CMPQ       CX, $8
	JLT        shorter
	MOVQ       (SI), X4
	MOVQ       -8(SI)(CX*1), X5
	MOVQ       X4, (DI)
	MOVQ       X5, -8(DI)(CX*1)
	PUNPCKLQDQ X5, X4
	FIND
	JNZ        halves
	ADDQ       CX, DI
	JMP        text

halves:
	BSFL    BX, BX
	SUBQ    $16, CX
	LEAQ    (BX)(CX*1), AX     // where it is if it is one of the last eight
	CMPL    BX, $8
	CMOVQCC AX, BX
	JMP     replace

shorter:
	CMPQ       CX, $const_shortest
	JLT        shortest
	MOVL       (SI), X4
	MOVL       -4(SI)(CX*1), X5
	MOVL       X4, (DI)
	MOVL       X5, -4(DI)(CX*1)
	PUNPCKLLQ  X5, X4
	PUNPCKLQDQ X4, X4
	FIND
	JNZ        quarters
	ADDQ       CX, DI
	JMP        text

quarters:
	BSFL    BX, BX
	SUBQ    $16, CX
	LEAQ    8(BX)(CX*1), AX    // where it is if it is one of the last four
	CMPL    BX, $4
	CMOVQCC AX, BX
	JMP     replace

shortest: // each of up to three bytes becomes its replacement, which may be itself
	DECQ    CX
	JLT     text
	MOVBLZX (SI), AX
	SHLL    $4, AX
	MOVQ    replacement_word(DX)(AX*1), BX
	MOVQ    BX, (DI)
	ADDQ    replacement_n(DX)(AX*1), DI
	INCQ    SI
	JMP     shortest

other:
	CMPQ DI, R10
	JGT  stop
	CMPQ part_kind(R8), $const_IntPart
	JGT  noInt
	MOVQ (SI), AX
	CMPQ AX, $100000000
	JCC  stop

	// Eight digits, a byte each: two fours, four pairs, eight ones.
	XORL   BX, BX
	CMPQ   AX, $10000
	JCS    four
	MOVL   AX, BX
	MOVL   $3518437209, CX
	IMULQ  CX, BX
	SHRQ   $45, BX             // u / 10000
	IMUL3L $10000, BX, CX
	SUBL   CX, AX

four:
	SHLQ  $32, AX
	ORQ   BX, AX
	IMUL3Q $10486, AX, BX
	SHRQ  $20, BX
	MOVQ  $0x0000007f0000007f, CX
	ANDQ  CX, BX               // each / 100
	IMUL3Q $100, BX, CX
	SUBQ  CX, AX
	SHLQ  $16, AX
	ORQ   BX, AX
	IMUL3Q $103, AX, BX
	SHRQ  $10, BX
	MOVQ  $0x000f000f000f000f, CX
	ANDQ  CX, BX               // each / 10
	IMUL3Q $10, BX, CX
	SUBQ  CX, AX
	SHLQ  $8, AX
	ORQ   BX, AX

	// The zeros at the beginning are the low bytes. The last digit stays.
	MOVQ $0x0100000000000000, CX
	ORQ  AX, CX
	BSFQ CX, CX
	ANDL $0x38, CX
	SHRQ CX, AX
	MOVQ $0x3030303030303030, BX
	ORQ  BX, AX
	MOVQ AX, (DI)
	SHRL $3, CX
	SUBQ CX, DI
	ADDQ $8, DI

text:
	MOVQ part_size(R8), CX

store: // CX bytes of the text
	MOVOU part_text+0(R8), X4
	MOVOU part_text+16(R8), X5
	MOVOU X4, (DI)
	MOVOU X5, 16(DI)
	CMPQ  CX, $32
	JLE   next
	MOVOU part_text+32(R8), X4
	MOVOU part_text+48(R8), X5
	MOVOU X4, 32(DI)
	MOVOU X5, 48(DI)

next:
	ADDQ CX, DI
	CMPQ R8, Stretch_last(R11)
	LEAQ part__size(R8), R8
	JNE  part
	DECQ R12
	JEQ  end
	MOVQ Stretch_first(R11), R8
	ADDQ Stretch_stride(R11), R9
	MOVQ DI, R13
	MOVQ DI, AX
	SUBQ b_base+0(FP), AX
	CMPQ AX, enough+56(FP)
	JLT  part
	JMP  stop

end: // of the last turn: back to the part that the loop is, if it is one
	SUBQ Stretch_before(R11), DI
	MOVQ DI, R13
	CMPQ R11, s+24(FP)
	JEQ  stop
	MOVQ s+24(FP), R11
	MOVQ outerPart-8(SP), R8
	MOVQ outerElement-16(SP), R9
	MOVQ outerTurns-24(SP), R12
	JMP  text

noInt: // but text, which depends on a bool or does not, or a loop
	CMPQ    part_kind(R8), $const_LoopPart
	JEQ     loop
	JGT     text
	MOVBQZX (SI), CX
	NEGQ    CX
	ANDQ    part_size(R8), CX
	JMP     store

loop:
	MOVQ  8(SI), CX
	TESTQ CX, CX
	JEQ   text
	MOVQ  R8, outerPart-8(SP)
	MOVQ  R9, outerElement-16(SP)
	MOVQ  R12, outerTurns-24(SP)
	MOVQ  part_loop(R8), R11
	MOVQ  Stretch_begin(R11), R8
	MOVQ  0(SI), R9
	MOVQ  CX, R12
	JMP   part

stop: // b ends where the part would be written
	SUBQ b_base+0(FP), R13
	MOVQ R13, size+64(FP)
	XORL AX, AX
	XORL BX, BX
	CMPQ R11, s+24(FP)
	JEQ  outer
	MOVQ R12, AX
	MOVQ R8, BX
	SUBQ Stretch_begin(R11), BX
	MOVQ s+24(FP), R11
	MOVQ outerPart-8(SP), R8
	MOVQ outerTurns-24(SP), R12

outer:
	SUBQ Stretch_begin(R11), R8
	MOVQ R12, left+72(FP)
	MOVQ R8, next+80(FP)
	MOVQ AX, leftOfLoop+88(FP)
	MOVQ BX, nextOfLoop+96(FP)
	RET
