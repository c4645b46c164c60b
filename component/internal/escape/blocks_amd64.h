// What the functions on blocks share: the set in X1 and X2, lowNibbles in X3, zeros in X0.

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
