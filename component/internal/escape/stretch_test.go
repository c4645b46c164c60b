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

// An element of the tests' stretches, and of the loops in them.
type element struct {
	s [3]string
	i [3]int
	b [9]bool
	l [2][]element
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

// A body is what a stretch is made of.
type body struct {
	begin string
	parts []Part
	loops []*body // of the parts that are loops
}

func (o *body) addLoop(i int, loop *body, text string) {
	offset := unsafe.Offsetof(element{}.l) + uintptr(i)*unsafe.Sizeof([]element{})
	o.parts = append(o.parts, Part{Kind: LoopPart, Offset: offset, Loop: loop.stretch(), Text: text})
	o.loops = append(o.loops, loop)
}

func (o *body) stretch() *Stretch { return NewStretch(o.begin, o.parts, unsafe.Sizeof(element{})) }

// printed is what a stretch must append for an element: byte by byte, and by strconv.
func (o *body) printed(b []byte, e *element) []byte {
	b = append(b, o.begin...)
	loops := o.loops
	for _, p := range o.parts {
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
		case LoopPart:
			list := *(*[]element)(value)
			for i := range list {
				b = loops[0].printed(b, &list[i])
			}
			loops = loops[1:]
		}
		b = append(b, p.Text...)
	}
	return b
}

func newStretch(t *testing.T, parts ...Part) *Stretch {
	if !haveBlocks {
		t.Skip("this processor looks bytes up in a table")
	}
	return NewStretch("", parts, unsafe.Sizeof(element{}))
}

// fenced returns room for n bytes, and a function that reports whether anything has been written around it.
func fenced(n int) (room []byte, intact func() bool) {
	const fence = 2 * slack
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
			want := string((&body{parts: parts}).printed(nil, e))
			for n := size & 1; n < len(want)+slack; n += step {
				room, intact := fenced(n)
				b := s.Append(room, unsafe.Pointer(e), 1, math.MaxInt, nil)
				if string(b) != want || !intact() {
					t.Fatalf("%q with room for %d: %q, want %q; all of the room and no more: %v", text, n, b, want, intact())
				}
			}
		}
	}
}

// A loop that ends where the room ends, with all that is written behind that.
func TestStretchLoopRoom(t *testing.T) {
	full := strings.Repeat("abcdefgh", textSize/8)
	inner := &body{parts: []Part{stringPart(0, full)}}
	outer := &body{parts: []Part{stringPart(1, "")}}
	outer.addLoop(0, inner, full)
	outer.addLoop(1, inner, full)
	s := outer.stretch()
	if s == nil {
		t.Skip("this processor looks bytes up in a table")
	}
	for _, text := range []string{"", "abc", `"""`, `abcd"`, `"""""""""""""""""""`} {
		e := &element{l: [2][]element{{{}, {}}, {{}}}}
		e.l[0][0].s[0], e.l[0][1].s[0], e.l[1][0].s[0] = text, "plain", text
		want := string(outer.printed(nil, e))
		for n := range len(want) + 2*slack {
			room, intact := fenced(n)
			if b := s.Append(room, unsafe.Pointer(e), 1, math.MaxInt, nil); string(b) != want || !intact() {
				t.Fatalf("%q with room for %d: %q, want %q; all of the room and no more: %v", text, n, b, want, intact())
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
				if b := s.Append(dest[from:from:len(dest)], unsafe.Pointer(e), 1, math.MaxInt, nil); string(b) != string(HTML(nil, e.s[0]))+"</p>" {
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
	s := NewStretch("", []Part{{Kind: IntPart, Text: ","}}, unsafe.Sizeof(0))
	edge := endOfMemory(t)
	ints := unsafe.Slice((*int)(unsafe.Pointer(&edge[0])), len(edge)/int(unsafe.Sizeof(0)))
	want := ""
	for i := range ints {
		ints[i] = i * i * i
		want += strconv.Itoa(ints[i]) + ","
	}
	if b := s.Append(nil, unsafe.Pointer(&ints[0]), len(ints), math.MaxInt, nil); string(b) != want {
		t.Fatalf("%q", b)
	}
}

func TestStretchInts(t *testing.T) {
	parts := []Part{intPart(0, "")}
	s := newStretch(t, parts...)
	buf := make([]byte, 0, 1000)
	check := func(i int) {
		e := &element{i: [3]int{i}}
		if b := s.Append(buf, unsafe.Pointer(e), 1, math.MaxInt, nil); string(b) != strconv.Itoa(i) {
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
	var newBody func(most, kinds int) *body
	newBody = func(most, kinds int) *body {
		o := &body{begin: text(100)}
		for range r.IntN(most) {
			switch r.IntN(kinds) {
			case 0, 1, 2:
				o.parts = append(o.parts, stringPart(r.IntN(3), text(100)))
			case 3:
				o.parts = append(o.parts, intPart(r.IntN(3), text(300)))
			case 4, 5:
				o.parts = append(o.parts, boolPart(r.IntN(9), text(200), text(100)))
			case 6:
				o.parts = append(o.parts, Part{Kind: TextPart, Text: text(20)})
			default:
				o.addLoop(r.IntN(2), newBody(3, 7), text(100))
			}
		}
		o.parts = append(o.parts, stringPart(0, text(20)))
		if kinds > 7 && r.IntN(5) == 0 {
			o.addLoop(r.IntN(2), newBody(3, 7), text(9))
		}
		return o
	}
	newElements := func(n int) []element {
		elements := make([]element, n)
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
		return elements
	}
	rounds := 20_000
	if testing.Short() {
		rounds = 2000
	}
	for range rounds {
		o := newBody(5, 10)
		s := o.stretch()
		if s == nil {
			t.Skip("this processor looks bytes up in a table")
		}
		elements := newElements(1 + r.IntN(6))
		for i := range elements {
			for k := range elements[i].l {
				elements[i].l[k] = newElements(r.IntN(1 + r.IntN(5)))
			}
		}
		all := []byte(text(50))
		room, intact := fenced(len(all) + r.IntN(2000))
		b := append(room, all...)
		for i := range elements {
			all = o.printed(all, &elements[i])
		}
		want := string(all)
		var got []byte
		enough, step := r.IntN(600), 1+r.IntN(300)
		b = s.Append(b, unsafe.Pointer(&elements[0]), len(elements), enough, func(b []byte) ([]byte, int) {
			if len(b) < enough {
				t.Fatalf("after %d bytes, not %d", len(b), enough)
			}
			if r.IntN(2) == 0 {
				got = append(got, b...)
				b = b[:0]
			}
			enough = len(b) + step
			if r.IntN(4) == 0 {
				enough = step // and be called after each turn
			}
			return b, enough
		})
		if got = append(got, b...); string(got) != want || !intact() {
			t.Fatalf("%+v of %#v:\n%q, want\n%q; all of the room and no more: %v", o, elements, got, want, intact())
		}
	}
}

// A loop among the parts, however long it is, is handed on piece by piece.
func TestStretchBoundsPieces(t *testing.T) {
	inner := &body{begin: "<li>", parts: []Part{stringPart(0, "</li>")}}
	outer := &body{begin: "<ul>", parts: []Part{stringPart(0, "")}}
	outer.addLoop(0, inner, "</ul>")
	s := outer.stretch()
	if s == nil {
		t.Skip("this processor looks bytes up in a table")
	}
	list := make([]element, 20_000)
	for i := range list {
		list[i].s[0] = strconv.Itoa(i)
	}
	elements := make([]element, 3)
	for i := range elements {
		elements[i].l[0] = list[i:]
	}
	var want []byte
	for i := range elements {
		want = outer.printed(want, &elements[i])
	}
	const enough = 1000
	for _, room := range []int{0, enough, 2 * enough, 100 * enough, len(want) + slack} {
		var got []byte
		largest := 0
		b := s.Append(make([]byte, 0, room), unsafe.Pointer(&elements[0]), len(elements), enough, func(b []byte) ([]byte, int) {
			got = append(got, b...)
			largest = max(largest, len(b))
			return b[:0], enough
		})
		if got = append(got, b...); string(got) != string(want) {
			t.Fatalf("with room for %d: %d bytes, want %d", room, len(got), len(want))
		}
		if largest > enough+100 || cap(b) > max(room, 4*enough) {
			t.Errorf("with room for %d: up to %d bytes at once, and then room for %d", room, largest, cap(b))
		}
	}
}

// The elements of a loop may end where memory ends.
func TestStretchLoopReadsNoFurther(t *testing.T) {
	if !haveBlocks {
		t.Skip("this processor looks bytes up in a table")
	}
	edge := endOfMemory(t)
	for i := range edge {
		edge[i] = byte(i % 3 % 2)
	}
	loop := NewStretch("", []Part{{Kind: BoolPart, Yes: "yes", Text: ","}}, 1)
	s := NewStretch("[", []Part{{Kind: LoopPart, Loop: loop, Text: "]"}}, unsafe.Sizeof(edge))
	for n := range 200 {
		list := [][]byte{edge[len(edge)-n:], edge[len(edge):], edge[len(edge)-n:]}
		want := ""
		for _, l := range list {
			want += "["
			for _, c := range l {
				want += strings.Repeat("yes", int(c)) + ","
			}
			want += "]"
		}
		for room := 0; room < len(want)+2*slack; room += 1 + room/8 {
			if b := s.Append(make([]byte, 0, room), unsafe.Pointer(&list[0]), len(list), math.MaxInt, nil); string(b) != want {
				t.Fatalf("%d: %q, want %q", n, b, want)
			}
		}
	}
}

// BenchmarkStretch compares a list's items as a stretch with the same by calls, for each kind of text.
func BenchmarkStretch(b *testing.B) {
	const items, text = 50, "</li><li>"
	s := NewStretch("", []Part{{Kind: StringPart, Text: text}}, unsafe.Sizeof(""))
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
					buf = s.Append(buf[:0], unsafe.Pointer(&list[0]), items, math.MaxInt, nil)
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
