// What the functions on blocks share: the set in V1 and V2, a mask of low nibbles in V3.

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

// FIRST makes R8 the place of the first byte that FIND has found.
#define FIRST \
	BITS;         \
	RBIT R8, R8;  \
	CLZ  R8, R8
