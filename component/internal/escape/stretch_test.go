//go:build (amd64 || arm64) && !purego && !race

package escape

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"unsafe"
)

// An element of the tests' stretches.
type element struct {
	s [3]string
	i [3]int
	b [9]bool
}

func stringPart(i int, text string) Part {
	return Part{Kind: StringPart, Offset: unsafe.Offsetof(element{}.s) + uintptr(i)*unsafe.Sizeof(""), Text: text}
}

func intPart(i int, text string) Part {
	return Part{Kind: IntPart, Offset: unsafe.Offsetof(element{}.i) + uintptr(i)*unsafe.Sizeof(0), Text: text}
}

func boolPart(i int, yes, text string) Part {
	return Part{Kind: BoolPart, Offset: unsafe.Offsetof(element{}.b) + uintptr(i), Yes: yes, Text: text}
}

// printed is what a stretch must append for an element: byte by byte, and by strconv.
func printed(b []byte, parts []Part, e *element) []byte {
	for _, p := range parts {
		switch value := unsafe.Add(unsafe.Pointer(e), p.Offset); p.Kind {
		case StringPart:
			for _, c := range []byte(*(*string)(value)) {
				if r, ok := htmlReplacements[c]; ok {
					b = append(b, r...)
				} else {
					b = append(b, c)
				}
			}
		case IntPart:
			b = strconv.AppendInt(b, int64(*(*int)(value)), 10)
		case BoolPart:
			if *(*bool)(value) {
				b = append(b, p.Yes...)
			}
		}
		b = append(b, p.Text...)
	}
	return b
}

func newStretch(t *testing.T, parts ...Part) *Stretch {
	if !haveBlocks {
		t.Skip("this processor looks bytes up in a table")
	}
	return NewStretch(parts, unsafe.Sizeof(element{}))
}

// fenced returns room for n bytes, and a function that reports whether anything has been written around it.
func fenced(n int) (room []byte, intact func() bool) {
	const fence = 128
	untouched := bytes.Repeat([]byte{0xAA}, fence)
	all := bytes.Repeat([]byte{0xAA}, n+2*fence)
	return all[fence : fence : fence+n], func() bool {
		return bytes.Equal(all[:fence], untouched) && bytes.Equal(all[fence+n:], untouched)
	}
}

// Strings of every length with a byte to replace at every place, at all of them or at the first half, and each in every room.
func TestStretchRoom(t *testing.T) {
	parts := []Part{stringPart(0, `</b> and, which takes all of a part, <i>`), stringPart(1, "</i>")}
	s := newStretch(t, parts...)
	step := 1
	if testing.Short() {
		step = 7
	}
	for size := range 81 {
		clean := strings.Repeat("abcdefghi ", 9)[:size]
		for at := -1; at <= size+1; at++ {
			text := clean
			switch {
			case at == size:
				text = strings.Repeat(`"`, size)
			case at > size:
				text = strings.Repeat(`"`, size/2) + clean[size/2:]
			case at >= 0:
				text = clean[:at] + `"` + clean[at+1:]
			}
			e := &element{s: [3]string{text, "é" + text}}
			want := string(printed(nil, parts, e))
			for n := size & 1; n < len(want)+slack; n += step {
				room, intact := fenced(n)
				b, left := s.Append(room, unsafe.Pointer(e), 1, math.MaxInt)
				if string(b) != want || left != 0 || !intact() {
					t.Fatalf("%q with room for %d: %q, want %q; all of the room and no more: %v", text, n, b, want, intact())
				}
			}
		}
	}
}

// A string may end where memory ends, and room may end there too.
func TestStretchReadsNoFurther(t *testing.T) {
	s := newStretch(t, stringPart(0, "</p>"))
	source, dest := endOfMemory(t), endOfMemory(t)
	for size := range 100 {
		src := source[len(source)-size:]
		for at := range len(src) + 2 {
			copy(src, strings.Repeat("a", size))
			switch {
			case at < len(src):
				src[at] = '<'
			case at == len(src):
				copy(src, strings.Repeat("<", size))
			}
			e := &element{}
			if size > 0 {
				e.s[0] = asString(src)
			}
			for room := 0; room < size+150; room += 1 + room/16 {
				from := len(dest) - room
				if b, _ := s.Append(dest[from:from:len(dest)], unsafe.Pointer(e), 1, math.MaxInt); string(b) != string(HTML(nil, e.s[0]))+"</p>" {
					t.Fatalf("%q: %q", src, b)
				}
			}
		}
	}
}

// The integers of a slice may end where memory ends.
func TestStretchIntsReadNoFurther(t *testing.T) {
	if !haveBlocks {
		t.Skip("this processor looks bytes up in a table")
	}
	s := NewStretch([]Part{{Kind: IntPart, Text: ","}}, unsafe.Sizeof(0))
	edge := endOfMemory(t)
	ints := unsafe.Slice((*int)(unsafe.Pointer(&edge[0])), len(edge)/int(unsafe.Sizeof(0)))
	want := ""
	for i := range ints {
		ints[i] = i * i * i
		want += strconv.Itoa(ints[i]) + ","
	}
	if b, left := s.Append(nil, unsafe.Pointer(&ints[0]), len(ints), math.MaxInt); string(b) != want || left != 0 {
		t.Fatalf("%q, %d left", b, left)
	}
}

func TestStretchInts(t *testing.T) {
	parts := []Part{intPart(0, "")}
	s := newStretch(t, parts...)
	buf := make([]byte, 0, 1000)
	check := func(i int) {
		e := &element{i: [3]int{i}}
		if b, _ := s.Append(buf, unsafe.Pointer(e), 1, math.MaxInt); string(b) != strconv.Itoa(i) {
			t.Fatalf("%d: %q", i, b)
		}
	}
	for i := range 1_000_000 {
		check(i)
	}
	for i := 1; i < math.MaxInt/10; i *= 10 {
		for d := range 200 {
			check(i + d - 100)
			check(-i - d)
			check(i * (d%9 + 1))
			check(1<<(d%63) - 1)
			check(-1 << (d % 64))
		}
	}
	r := rand.New(rand.NewPCG(5, 6))
	for range 1_000_000 {
		check(r.IntN(200_000_000))
	}
}

// Any parts, elements, room and hand-over.
func TestStretchTurns(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	text := func(most int) string {
		b := make([]byte, r.IntN(1+r.IntN(most)))
		for i := range b {
			if b[i] = "abcdefghijklmnopqrstuvwxyz .,;=:_é"[r.IntN(34)]; r.IntN(25) == 0 {
				b[i] = "<>&'\"+\x00"[r.IntN(7)]
			}
		}
		return string(b)
	}
	rounds := 20_000
	if testing.Short() {
		rounds = 2000
	}
	for range rounds {
		var parts []Part
		for range r.IntN(5) {
			switch r.IntN(7) {
			case 0, 1, 2:
				parts = append(parts, stringPart(r.IntN(3), text(100)))
			case 3:
				parts = append(parts, intPart(r.IntN(3), text(300)))
			case 4, 5:
				parts = append(parts, boolPart(r.IntN(9), text(200), text(100)))
			default:
				parts = append(parts, Part{Kind: TextPart, Text: text(20)})
			}
		}
		parts = append(parts, stringPart(0, ""))
		s := newStretch(t, parts...)
		elements := make([]element, 1+r.IntN(9))
		for i := range elements {
			e := &elements[i]
			for k := range e.s {
				e.s[k] = text(80)
				e.i[k] = int(r.Int64() >> r.IntN(64))
			}
			for k := range e.b {
				e.b[k] = r.IntN(2) == 0
			}
		}
		want := []byte(text(50))
		room, intact := fenced(len(want) + r.IntN(2000))
		b := append(room, want...)
		enough := r.IntN(600)
		for done, left := 0, len(elements); left > 0; {
			for turns := 0; done < len(elements) && (turns == 0 || len(want) < enough); turns++ {
				want = printed(want, parts, &elements[done])
				done++
			}
			if b, left = s.Append(b, unsafe.Pointer(&elements[len(elements)-left]), left, enough); string(b) != string(want) || left != len(elements)-done || !intact() {
				t.Fatalf("%+v of %#v, %d left of %d, up to %d:\n%q, want\n%q; all of the room and no more: %v", parts, elements, left, len(elements), enough, b, want, intact())
			}
			if r.IntN(2) == 0 {
				b, want = b[:0], want[:0]
			}
		}
	}
}

// BenchmarkStretch compares a list's items as a stretch with the same by calls, for each kind of text.
func BenchmarkStretch(b *testing.B) {
	const items, text = 50, "</li><li>"
	s := NewStretch([]Part{{Kind: StringPart, Text: text}}, unsafe.Sizeof(""))
	if s == nil {
		b.Skip("this processor looks bytes up in a table")
	}
	for _, n := range []int{2, 5, 12, 40, 120, 1000} {
		for _, kind := range kinds {
			list := make([]string, items)
			for i := range list {
				list[i] = texts(n + i%5)[kind]
			}
			buf := make([]byte, 0, items*(6*n+100))
			b.Run(fmt.Sprintf("%d/%s/stretch", n, kind), func(b *testing.B) {
				for b.Loop() {
					buf, _ = s.Append(buf[:0], unsafe.Pointer(&list[0]), items, math.MaxInt)
				}
			})
			b.Run(fmt.Sprintf("%d/%s/calls", n, kind), func(b *testing.B) {
				for b.Loop() {
					buf = buf[:0]
					for i := range list {
						buf = append(HTML(buf, list[i]), text...)
					}
				}
			})
		}
	}
}
