package escape

import (
	"errors"
	"html/template"
	"maps"
	"slices"
	"testing"
	"time"
)

func FuzzString(f *testing.F) {
	chains := allChains()
	for i, s := range probeStrings {
		f.Add(uint8(i%len(chains)), uint8(i)%uint8(numTypes), s)
	}
	f.Fuzz(func(t *testing.T, i, typ uint8, s string) {
		sameString(t, chains[int(i)%len(chains)], Type(typ)%numTypes, s)
	})
}

// FuzzMarkup covers the chains of text and attributes, whose longest strings take another way.
func FuzzMarkup(f *testing.F) {
	for _, s := range probeStrings {
		f.Add(s, uint16(600))
	}
	c := allChains()[0]
	f.Fuzz(func(t *testing.T, s string, n uint16) {
		for len(s) > 0 && len(s) < int(n)%4096 {
			s += s
		}
		sameString(t, c, Plain, s)
	})
}

// FuzzChain makes chains that html/template never writes.
func FuzzChain(f *testing.F) {
	names := slices.Sorted(maps.Keys(propertiesOf))
	for _, s := range probeStrings {
		f.Add(uint8(1), uint8(7), uint8(30), s)
	}
	f.Fuzz(func(t *testing.T, x, y, z uint8, s string) {
		list := []string{names[int(x)%len(names)], names[int(y)%len(names)]}
		if int(z) < len(names) {
			list = append(list, names[z])
		}
		c, ok := For(list)
		if !ok {
			t.Fatal(list)
		}
		std, err := standardOf(list)
		if err != nil {
			t.Fatal(err)
		}
		sameString(t, chain{names: list, c: c, std: std}, Plain, s)
	})
}

func FuzzAny(f *testing.F) {
	chains := allChains()
	for i, s := range probeStrings {
		f.Add(uint8(i%len(chains)), uint8(i), s, int64(i), float64(i)*1.5)
	}
	f.Fuzz(func(t *testing.T, i, kind uint8, s string, n int64, x float64) {
		same(t, chains[int(i)%len(chains)], generated(kind, s, n, x))
	})
}

func generated(kind uint8, s string, n int64, x float64) any {
	typ := Type(n&0xff) % numTypes
	values := []any{
		s, n, int(n), int8(n), uint64(n), uint16(n), x, float32(x), n&1 == 0, name(s), shout(s), number(n), textual(s), marshaled(s), badJSON{s},
		typ.value(s), at(typ.value(s)), template.HTML(s), at(template.HTML(s)), at(at(template.JS(s))), []byte(s), []any{s, n, x, nil, typ.value(s)},
		map[string]any{s: typ.value(s)}, at(s), at(n), at(x), at(any(s)), at(name(s)), errors.New(s), record{A: s, C: template.HTML(s)}, &record{A: s}, ptr{s}, &ptr{s},
		time.Duration(n), complex(x, float64(n)), rune(n), failing{int(n)}, level(x), nested{s}, toggle(n&1 == 1), [1]string{s}, at(shout(s)), at(at(number(n))), at(many(s)), many(s), at(failing{int(n)}),
	}
	return values[int(kind)%len(values)]
}
