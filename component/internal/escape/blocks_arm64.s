//go:build !purego && !race

#include "textflag.h"

// FIND sets ones in V5 for the bytes of V5 that are in the set. It makes R8 zero if there are none, and changes V6.
#define FIND \
	VAND   V3.B16, V5.B16, V6.B16;   \
	VUSHR  $4, V5.B16, V5.B16;       \
	VTBL   V6.B16, [V1.B16], V6.B16; \
	VTBL   V5.B16, [V2.B16], V5.B16; \
	VCMTST V5.B16, V6.B16, V5.B16;   \
	VADDP  V5.B16, V5.B16, V6.B16;   \
	VMOV   V6.D[0], R8

// BITS makes R8 what FIND has found, a bit for each byte of the block. It changes V4, V5 and R4.
#define BITS \
	MOVD  $0x8040201008040201, R4;  \
	VDUP  R4, V4.D2;                \
	VAND  V4.B16, V5.B16, V5.B16;   \
	VADDP V5.B16, V5.B16, V5.B16;   \
	VADDP V5.B16, V5.B16, V5.B16;   \
	VADDP V5.B16, V5.B16, V5.B16;   \
	VMOV  V5.H[0], R8

// func copyClean(dst []byte, src string, set *byteSet) (clean int, found uint32)
TEXT ·copyClean(SB), NOSPLIT, $0-60
	MOVD  dst_base+0(FP), R0
	MOVD  src_base+24(FP), R1
	MOVD  src_len+32(FP), R2
	MOVD  set+40(FP), R3
	VLD1  (R3), [V1.B16, V2.B16]  // set.low and set.high
	VMOVI $15, V3.B16
	MOVD  ZR, R5                  // where the block begins
	SUBS  $16, R2, R6             // where the last block begins
	BLT   short

block:
	ADD  R1, R5, R7
	VLD1 (R7), [V5.B16]
	ADD  R0, R5, R7
	VST1 [V5.B16], (R7)
	FIND
	CBNZ R8, found
	ADD  $16, R5
	CMP  R6, R5
	BLE  block

	// Unless this was the end, the last block is left: some of it once more.
	CMP  R2, R5
	BEQ  done
	MOVD R6, R5
	B    block

found:
	BITS
	B    done

short: // the first and the last eight bytes, or four and four, in one block
	CMP   $8, R2
	BLT   shorter
	ADD   R1, R2, R7
	FMOVD (R1), F5
	FMOVD -8(R7), F6
	ADD   R0, R2, R7
	FMOVD F5, (R0)
	FMOVD F6, -8(R7)
	VMOV  V6.D[0], V5.D[1]
	B     whole

shorter:
	ADD   R1, R2, R7
	FMOVS (R1), F5
	FMOVS -4(R7), F6
	ADD   R0, R2, R7
	FMOVS F5, (R0)
	FMOVS F6, -4(R7)
	VMOV  V6.S[0], V5.S[1]
	VMOV  V5.D[0], V5.D[1]

whole:
	FIND
	CBNZ R8, found
	MOVD R2, R5                   // all of it is clean

done:
	MOVD R5, clean+48(FP)
	MOVW R8, found+56(FP)
	RET
