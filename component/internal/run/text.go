package run

import "strconv"

// A staticText is text of the template. Short text is also kept with bytes
// behind it, all of which are stored from registers and then cut to length:
// copying a few bytes by memmove takes several times as long.
type staticText struct {
	size       int
	head, tail [half]byte
	text       string
}

func (t *staticText) Append(b []byte) []byte {
	n := len(b)
	if t.size > shortText || cap(b)-n < shortText {
		return append(b, t.text...)
	}
	*(*[half]byte)(b[n : n+half]) = t.head
	*(*[half]byte)(b[n+half : n+shortText]) = t.tail
	return b[:n+t.size]
}

const (
	half      = 32
	shortText = 2 * half
)

func NewStaticText(text string) staticText {
	t := staticText{size: len(text), text: text}
	n := copy(t.head[:], text)
	copy(t.tail[:], text[n:])
	return t
}

// AppendInt is strconv.AppendInt for base 10 without its buffer and its calls for
// the integers of up to eight digits.
func AppendInt(b []byte, i int) []byte {
	n := len(b)
	if uint(i) >= 1e8 || cap(b)-n < 8 {
		return strconv.AppendInt(b, int64(i), 10)
	}
	u := uint32(i)
	size := digits(u)
	room := b[n : n+8][:size]
	for k := size - 1; k > 0; k -= 2 {
		q := u / 100
		pair := (u - q*100) * 2
		room[k], room[k-1] = twoDigits[pair+1], twoDigits[pair]
		u = q
	}
	if size&1 == 1 {
		room[0] = byte('0' + u)
	}
	return b[:n+size]
}

const twoDigits = "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899"

func digits(u uint32) int {
	switch {
	case u < 10:
		return 1
	case u < 100:
		return 2
	case u < 1e3:
		return 3
	case u < 1e4:
		return 4
	case u < 1e5:
		return 5
	case u < 1e6:
		return 6
	case u < 1e7:
		return 7
	}
	return 8
}
