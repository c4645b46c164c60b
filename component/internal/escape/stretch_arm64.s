//go:build !purego && !race

#include "go_asm.h"
#include "textflag.h"
#include "blocks_arm64.h"

// func copyStretch(b []byte, s *Stretch, base unsafe.Pointer, turns, at, enough int) (size, left, next, leftOfLoop, nextOfLoop int)
//
//	R1, R0   where to read and to write
//	R2       how much of the string is left; in the block loop, 16 less
//	R3, R5   the part, the element
//	R6       how far to write at most, if up to slack bytes may be written from there on
//	R7       the stretch, or that of a loop among its parts
//	R8, R12… scratch
//	R9       how many turns are left
//	R10      where the part is written
//	R11      what becomes of each byte
//
// While a loop runs, what R3, R5 and R9 are for the stretch itself is in the frame.
TEXT ·copyStretch(SB), NOSPLIT, $24-104
	MOVD  b_base+0(FP), R6
	MOVD  b_len+8(FP), R0
	MOVD  b_cap+16(FP), R8
	MOVD  s+24(FP), R7
	MOVD  base+32(FP), R5
	MOVD  turns+40(FP), R9
	MOVD  at+48(FP), R3
	ADD   R6, R0
	ADD   R8, R6
	SUB   $const_slack, R6
	MOVD  Stretch_begin(R7), R8
	ADD   R8, R3
	MOVD  Stretch_short(R7), R11
	ADD   $(Stretch_dirty+byteSet_low), R7, R8
	VLD1  (R8), [V1.B16, V2.B16]  // low and high
	VMOVI $15, V3.B16

part:
	MOVD R0, R10
	MOVD part_offset(R3), R1
	ADD  R5, R1
	MOVD part_kind(R3), R8
	CMP  $const_StringPart, R8
	BNE  other
	MOVD 8(R1), R2
	MOVD (R1), R1

string:
	ADD  R2, R0, R8
	CMP  R6, R8
	BGT  stop
	SUBS $16, R2
	BLT  short

block:
	VLD1 (R1), [V5.B16]
	VST1 [V5.B16], (R0)
	FIND
	CBNZ R8, dirty
	ADD  $16, R1
	ADD  $16, R0
	SUBS $16, R2
	BGE  block

	// Unless this was the end, the last block is left: some of it once more.
	CMP  $-16, R2
	BEQ  text
	ADD  R2, R1
	ADD  R2, R0
	MOVD ZR, R2
	B    block

dirty:
	CMP $16, R2
	BLT one
	ADD R2, R0, R12
	ADD $const_roomForBlock, R12
	CMP R6, R12
	BGT one
	BITS

each: // of the block's bytes to replace: the byte at R12, and then the sixteen behind it as they are
	RBIT    R8, R12
	CLZ     R12, R12
	ADD     R1, R12, R13
	MOVBU.P 1(R13), R14
	VLD1    (R13), [V5.B16]
	ADD     R14<<4, R11, R14
	MOVD    replacement_word(R14), R13
	MOVD    replacement_n(R14), R14
	ADD     R0, R12
	MOVD    R13, (R12)
	ADD     R14, R12
	VST1    [V5.B16], (R12)
	ADD     R14, R0
	SUB     $1, R0                // so that each byte goes as far behind R0 as it is behind R1 again
	SUB     $1, R8, R13
	AND     R13, R8               // without its lowest bit
	CBNZ    R8, each
	ADD     $16, R1
	ADD     $16, R0
	SUB     $16, R2
	B       block

one: // near the end of the string or of the room: the first, and then look again
	FIRST

replace: // the byte at R8, and then go on behind it
	ADD     R8, R1
	ADD     R8, R0
	SUB     R8, R2
	MOVBU.P 1(R1), R12
	ADD     R12<<4, R11, R12
	MOVD    replacement_word(R12), R13
	MOVD    replacement_n(R12), R14
	MOVD    R13, (R0)
	ADD     R14, R0
	ADD     $15, R2
	B       string

short: // the first and the last eight bytes, or four and four, in one block
	ADD   $16, R2
	CMP   $8, R2
	BLT   shorter
	ADD   R1, R2, R12
	FMOVD (R1), F5
	FMOVD -8(R12), F6
	ADD   R0, R2, R12
	FMOVD F5, (R0)
	FMOVD F6, -8(R12)
	VMOV  V6.D[0], V5.D[1]
	FIND
	CBNZ  R8, halves
	ADD   R2, R0
	B     text

halves:
	FIRST
	SUB $16, R2
	CMP $8, R8
	BLT replace
	ADD R2, R8                    // it is one of the last eight
	B   replace

shorter:
	CMP   $const_shortest, R2
	BLT   shortest
	ADD   R1, R2, R12
	FMOVS (R1), F5
	FMOVS -4(R12), F6
	ADD   R0, R2, R12
	FMOVS F5, (R0)
	FMOVS F6, -4(R12)
	VMOV  V6.S[0], V5.S[1]
	VMOV  V5.D[0], V5.D[1]
	FIND
	CBNZ  R8, quarters
	ADD   R2, R0
	B     text

quarters:
	FIRST
	SUB $16, R2
	CMP $4, R8
	BLT replace
	ADD R2, R8                    // it is one of the last four
	ADD $8, R8
	B   replace

shortest: // each of up to three bytes becomes its replacement, which may be itself
	SUBS    $1, R2
	BLT     text
	MOVBU.P 1(R1), R12
	ADD     R12<<4, R11, R12
	MOVD    replacement_word(R12), R13
	MOVD    replacement_n(R12), R14
	MOVD    R13, (R0)
	ADD     R14, R0
	B       shortest

other:
	CMP  R6, R0
	BGT  stop
	CMP  $const_IntPart, R8
	BGT  noInt
	MOVD (R1), R8
	MOVD $100000000, R12
	CMP  R12, R8
	BHS  stop

	// Eight digits, a byte each: two fours, four pairs, eight ones.
	MOVD ZR, R12
	MOVD $10000, R13
	CMP  R13, R8
	BLO  four
	MOVD $3518437209, R14
	MUL  R14, R8, R12
	LSR  $45, R12                 // u / 10000
	MSUB R13, R8, R12, R8

four:
	ORR  R8<<32, R12, R8
	MOVD $10486, R13
	MUL  R13, R8, R12
	LSR  $20, R12
	AND  $0x0000007f0000007f, R12 // each / 100
	MOVD $100, R13
	MSUB R13, R8, R12, R8
	ORR  R8<<16, R12, R8
	MOVD $103, R13
	MUL  R13, R8, R12
	LSR  $10, R12
	AND  $0x000f000f000f000f, R12 // each / 10
	MOVD $10, R13
	MSUB R13, R8, R12, R8
	ORR  R8<<8, R12, R8

	// The zeros at the beginning are the low bytes. The last digit stays.
	ORR  $0x0100000000000000, R8, R12
	RBIT R12, R12
	CLZ  R12, R12
	AND  $0x38, R12
	LSR  R12, R8
	ORR  $0x3030303030303030, R8
	MOVD R8, (R0)
	SUB  R12>>3, R0
	ADD  $8, R0

text:
	MOVD part_size(R3), R2

store: // R2 bytes of the text
	VLD1 (R3), [V5.B16, V6.B16]
	VST1 [V5.B16, V6.B16], (R0)
	CMP  $32, R2
	BLE  next
	ADD  $32, R3, R12
	ADD  $32, R0, R13
	VLD1 (R12), [V5.B16, V6.B16]
	VST1 [V5.B16, V6.B16], (R13)

next:
	ADD  R2, R0
	MOVD Stretch_last(R7), R8
	CMP  R8, R3
	ADD  $part__size, R3
	BNE  part
	SUBS $1, R9
	BEQ  end
	MOVD Stretch_first(R7), R3
	MOVD Stretch_stride(R7), R8
	ADD  R8, R5
	MOVD R0, R10
	MOVD b_base+0(FP), R8
	SUB  R8, R0, R8
	MOVD enough+56(FP), R12
	CMP  R12, R8
	BLT  part
	B    stop

end: // of the last turn: back to the part that the loop is, if it is one
	MOVD Stretch_before(R7), R8
	SUB  R8, R0
	MOVD R0, R10
	MOVD s+24(FP), R8
	CMP  R8, R7
	BEQ  stop
	MOVD R8, R7
	MOVD outerPart-8(SP), R3
	MOVD outerElement-16(SP), R5
	MOVD outerTurns-24(SP), R9
	B    text

noInt: // but text, which depends on a bool or does not, or a loop
	CMP   $const_LoopPart, R8
	BEQ   loop
	BGT   text
	MOVBU (R1), R8
	MOVD  part_size(R3), R2
	MUL   R8, R2
	B     store

loop:
	MOVD 8(R1), R8
	CBZ  R8, text
	MOVD R3, outerPart-8(SP)
	MOVD R5, outerElement-16(SP)
	MOVD R9, outerTurns-24(SP)
	MOVD part_loop(R3), R7
	MOVD Stretch_begin(R7), R3
	MOVD (R1), R5
	MOVD R8, R9
	B    part

stop: // b ends where the part would be written
	MOVD b_base+0(FP), R8
	SUB  R8, R10
	MOVD R10, size+64(FP)
	MOVD ZR, R12
	MOVD ZR, R13
	MOVD s+24(FP), R8
	CMP  R8, R7
	BEQ  outer
	MOVD R9, R12
	MOVD Stretch_begin(R7), R13
	SUB  R13, R3, R13
	MOVD R8, R7
	MOVD outerPart-8(SP), R3
	MOVD outerTurns-24(SP), R9

outer:
	MOVD Stretch_begin(R7), R8
	SUB  R8, R3
	MOVD R9, left+72(FP)
	MOVD R3, next+80(FP)
	MOVD R12, leftOfLoop+88(FP)
	MOVD R13, nextOfLoop+96(FP)
	RET
