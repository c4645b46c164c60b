package escape

import (
	"math/bits"
	"slices"
)

// A byteSet is a set of bytes in the form in which a processor tests sixteen bytes at once: c is in the set if
// low[c&15]&high[c>>4] is not zero. Each bit stands for one way in which a row of sixteen values, those with one high
// nibble, meets the set. There may be no more than eight such ways, and there seldom are.
//
// The method is that of G. Langdale and D. Lemire, Parsing Gigabytes of JSON per Second, The VLDB Journal 28 (2019),
// section 3.1.2.
type byteSet struct{ low, high [16]uint8 }

// newByteSet returns nil if the rows meet the set in too many ways.
func newByteSet(contains func(c byte) bool) *byteSet {
	set := &byteSet{}
	bits := map[uint16]uint8{} // by the columns of a row that are in the set
	for row := range 16 {
		var columns uint16
		for column := range 16 {
			if contains(byte(row<<4 | column)) {
				columns |= 1 << column
			}
		}
		if columns == 0 {
			continue
		}
		bit, ok := bits[columns]
		if !ok {
			if len(bits) == 8 {
				return nil
			}
			bit = 1 << len(bits)
			bits[columns] = bit
			for column := range 16 {
				if columns&(1<<column) != 0 {
					set.low[column] |= bit
				}
			}
		}
		set.high[row] = bit
	}
	return set
}

const (
	blockSize = 16 // how many bytes copyClean takes at a time
	shortest  = 4  // how many bytes it needs
)

// positions turns what [copyClean] found in a string of n bytes, fewer than a block, into one bit for each of them. It
// puts the beginning and the end of such a string side by side.
func positions(found uint32, n int) uint32 {
	if n >= blockSize/2 {
		return found&0xff | found>>8<<(n-8)
	}
	return found&0xf | found>>4&0xf<<(n-4)
}

// roomForBlock is enough for the most that can become of a block, and for the whole block that is stored before the last
// of it.
const roomForBlock = blockSize*maxReplacement + blockSize

// copyOn appends from s[i:] as [copyClean] does. It returns how far it got.
func (t *table) copyOn(b []byte, s string, i int) (_ []byte, at int, found uint32) {
	n := len(b)
	if cap(b)-n < len(s)-i {
		b = slices.Grow(b, len(s)-i+roomForBlock)
	}
	clean, found := copyClean(b[n:cap(b)], s[i:], t.dirty)
	return b[:n+clean], i + clean, found
}

// appendBlocks appends what becomes of s[i:], where copyOn found bytes that do not stay: as far as they have replacements,
// and there is enough left for copyOn. It returns how far it got.
func (t *table) appendBlocks(b []byte, s string, i int, found uint32) ([]byte, int) {
	for found != 0 {
		short := len(s)-i < blockSize
		if short {
			found = positions(found, len(s)-i)
		}
		if cap(b)-len(b) < roomForBlock {
			b = slices.Grow(b, len(s)-i+roomForBlock)
		}
		for block := i; found != 0; found &= found - 1 {
			at := block + bits.TrailingZeros32(found)
			n := len(b)
			if len(s)-i >= blockSize {
				copy(b[n:n+blockSize], s[i:i+blockSize]) // a copy of constant length is two instructions
				b = b[:n+at-i]
			} else {
				b = append(b, s[i:at]...)
			}
			i = at
			c := s[i]
			if t.class[c] != replaced {
				return b, i
			}
			b = t.short[c].append(b)
			i++
		}
		switch {
		case short:
			return append(b, s[i:]...), len(s)
		case len(s)-i < shortest:
			return b, i
		}
		b, i, found = t.copyOn(b, s, i)
	}
	return b, i
}
