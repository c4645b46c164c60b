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

// appendBlocks appends what becomes of s[i:], as far as there are whole blocks of it and bytes that stay or have a
// replacement. It returns how far that was.
func (t *table) appendBlocks(b []byte, s string, i int) ([]byte, int) {
	const mostOfBlock = blockSize * maxReplacement
	for len(s)-i >= blockSize {
		n := len(b)
		if cap(b)-n < len(s)-i+mostOfBlock {
			b = slices.Grow(b, len(s)-i+mostOfBlock)
		}
		clean, found := copyClean(b[n:cap(b)], s[i:], t.dirty)
		b = b[:n+clean]
		i += clean
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
	}
	return b, i
}
