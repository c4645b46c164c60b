package compile

import (
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// A row is what the pieces of these tests print.
type row struct {
	Name, City string
	Yes        bool
	ID, Count  int
	Note       string
	Rows       []row
}

func haveStretches() bool {
	return joined([]piece{{kind: markupText}, {kind: plainInt}})[0].kind == fieldStretch
}

// Joined pieces print what they print one by one, once and in a loop.
func TestJoined(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	rounds := 5000
	if testing.Short() {
		rounds = 500
	}
	long, nested := 0, 0
	for range rounds {
		pieces := randomPieces(r, 3)
		rows := randomRows(r, 1+r.IntN(6), 3)
		var want []byte
		st := &state{}
		for i := range rows {
			want = runPieces(st, want, pointerTo(reflect.ValueOf(&rows[i]).Elem()), pieces)
		}
		turns := newTurns(pieces, reflect.TypeFor[row]().Size())
		data, count := sliceAt(pointerTo(reflect.ValueOf(&rows).Elem()))
		once := opOf(pieces, false)
		for range 20 {
			b := make([]byte, 0, r.IntN(len(want)+200))
			if got := turns.run(st, b, data, count); string(got) != string(want) {
				t.Fatalf("in a loop, with room for %d: %q, want %q", cap(b), got, want)
			}
			for i := range rows {
				b = once(st, b, pointerTo(reflect.ValueOf(&rows[i]).Elem()))
			}
			if string(b) != string(want) {
				t.Fatalf("one by one, with room for %d: %q, want %q", cap(b), b, want)
			}
		}
		if got := turns.run(st, nil, data, 0); len(got) != 0 {
			t.Fatalf("no turn prints %q", got)
		}
		if turns.fields != nil {
			long++
			if turns.fields.Loops() {
				nested++
			}
		}
	}
	if haveStretches() && min(long/4, nested) < rounds/100 {
		t.Errorf("only %d of %d loops were one stretch, and %d with loops in them", long, rounds, nested)
	}
}

func randomRows(r *rand.Rand, n, depth int) []row {
	rows := make([]row, n)
	for i := range rows {
		rows[i] = row{randomText(r, 90), randomText(r, 9), r.IntN(2) == 0, r.IntN(300), int(r.Int64() >> r.IntN(64)), randomText(r, 300), nil}
		if depth > 0 {
			rows[i].Rows = randomRows(r, r.IntN(4), depth-1)
		}
	}
	return rows
}

// randomPieces returns pieces with up to depth loops inside one another.
func randomPieces(r *rand.Rand, depth int) []piece {
	var q sequence
	fields := reflect.VisibleFields(reflect.TypeFor[row]())
	most := 1 + r.IntN(7)
	for range 1 + r.IntN(6) {
		q.addText([]byte(randomText(r, []int{1, 40, 90, 600}[r.IntN(4)])))
		f := fields[r.IntN(len(fields))]
		p := &piece{field: location{}.field(f)}
		switch f.Type.Kind() {
		case reflect.String:
			p.kind = markupText
		case reflect.Int:
			p.kind = plainInt
		case reflect.Slice:
			if depth == 0 {
				continue
			}
			p.kind, p.turns = eachElement, newTurns(randomPieces(r, r.IntN(depth)), reflect.TypeFor[row]().Size())
		default:
			p.kind, p.turns = textWhenTrue, &turns{end: newStaticText(randomText(r, 300))}
			if most < 3 {
				p.kind, p.op = whenTrue, nothing
			}
		}
		q.add(p, false)
	}
	q.addText([]byte(randomText(r, 90)))
	return q.end()
}

func randomText(r *rand.Rand, most int) string {
	b := []byte(strings.Repeat("a quick brown fox, ", most/19+1)[:r.IntN(most)])
	for range r.IntN(1 + r.IntN(4)) {
		if len(b) > 0 {
			b[r.IntN(len(b))] = "<>&'\"+\x00\xff"[r.IntN(8)]
		}
	}
	return string(b)
}

// Text too long for a stretch parts it in two.
func TestPartsOf(t *testing.T) {
	name, id := location{}, location{}
	list := func(texts ...int) []piece {
		var q sequence
		for i, n := range texts {
			q.addText([]byte(strings.Repeat("x", n)))
			if i == len(texts)-1 {
				break
			}
			if i%2 == 0 {
				q.add(&piece{kind: markupText, field: name}, false)
			} else {
				q.add(&piece{kind: plainInt, field: id}, false)
			}
		}
		return q.end()
	}
	branch := func(n int) piece {
		return piece{kind: textWhenTrue, text: newStaticText("text"), turns: &turns{end: newStaticText(strings.Repeat("x", n))}}
	}
	loop := func(body []piece) piece {
		return piece{kind: eachElement, text: newStaticText("text"), turns: newTurns(body, reflect.TypeFor[row]().Size())}
	}
	if !haveStretches() {
		t.Skip("there is no assembly for stretches here")
	}
	for _, c := range []struct {
		pieces   []piece
		parts, n int
		last     int // the text of the last part
	}{
		{list(3, 4, 5, 6), 3, 4, 6},
		{list(math.MaxInt16, 4, 5, 0), 3, 3, 0},
		{list(3, 4, longestJoined, 6), 3, 4, 6},
		{list(3, 4, longestJoined+1, 6), 2, 2, 0},
		{list(3, 4, 5, longestJoined+1), 3, 3, 0},
		{list(3), 0, 0, 0},
		{nil, 0, 0, 0},
		{append(list(3, 4, 0), piece{kind: whenTrue, text: newStaticText("text")}), 2, 2, 0},
		{append(list(3, 4, 0), branch(longestJoined)), 3, 3, 0},
		{append(list(3, 4, 0), branch(longestJoined+1)), 2, 2, 0},
		{append(list(3, 4, 0), loop(list(1, 1))), 3, 3, 0},
		{append(list(3, 4, 0), loop(append(list(1, 0), loop(list(1, 1))))), 2, 2, 0}, // one in another
		{append(list(3, 4, 0), loop([]piece{{kind: action, op: nothing}})), 2, 2, 0},
	} {
		parts, n := partsOf(c.pieces)
		if len(parts) != c.parts || n != c.n || len(parts) > 0 && len(parts[len(parts)-1].Text) != c.last {
			t.Errorf("%d parts of %d pieces of %d, the last with %v", len(parts), n, len(c.pieces), parts)
		}
	}
}
