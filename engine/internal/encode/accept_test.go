package encode

import (
	"strings"
	"testing"

	"github.com/matryer/is"
)

func TestBest(t *testing.T) {
	for header, want := range map[string]Coding{
		"":                          Identity,
		"gzip":                      Gzip,
		"x-gzip":                    Gzip,
		"GZip":                      Gzip,
		"zstd":                      Zstd,
		"gzip, deflate, br, zstd":   Zstd,
		"zstd,gzip":                 Zstd,
		"gzip;q=0.9, zstd;q=0.8":    Gzip,
		"gzip;q=0.8, zstd;q=0.9":    Zstd,
		"gzip;q=0":                  Identity,
		"gzip;q=0.000":              Identity,
		"gzip;q=0.001":              Gzip,
		"gzip;q=1.000":              Gzip,
		"gzip ; q=0.5":              Gzip,
		"\tgzip\t;\tQ=0.5\t,":       Gzip,
		"gzip;q=1.001":              Identity, // malformed: as if it were not there
		"gzip;q=2":                  Identity,
		"gzip;q=":                   Identity,
		"gzip;q=.5":                 Identity,
		"gzip;q=0.1234":             Identity,
		"gzip;q=-1":                 Identity,
		"gzip;q=1,gzip;q=0":         Identity,
		"gzip;level=9;q=0, zstd":    Zstd,
		"gzip;level=9":              Gzip,
		"gzip zstd":                 Identity,
		"*":                         Gzip,
		"*;q=0":                     Identity,
		"gzip;q=0, *":               Identity,
		"*;q=0, zstd;q=0.1":         Zstd,
		"identity":                  Identity,
		"identity, gzip;q=0.5":      Identity,
		"identity;q=0.5, gzip;q=.5": Identity,
		"identity;q=0.5, gzip":      Gzip,
		"identity, gzip":            Gzip,
		"gzip;q=0.5, *;q=0.8":       Identity, // which * stands for
		"identity;q=0, gzip;q=0.1":  Gzip,
		"identity;q=0":              Identity, // better than nothing
		"identity;q=0, *":           Gzip,
		"br, deflate":               Identity,
		", ,;;q=1,=;q,gzip":         Gzip,
	} {
		if got := ParseAccept([]string{header}).Best(); got != want {
			t.Errorf("%q: got %s, want %s", header, got, want)
		}
	}
	is := is.New(t)
	is.Equal(ParseAccept(nil).Best(), Identity)                      // no header
	is.Equal(ParseAccept([]string{"br", "gzip;q=0.1"}).Best(), Gzip) // several lines
}

func TestTakes(t *testing.T) {
	for header, want := range map[string]string{
		"":                     "identity",
		"gzip":                 "gzip identity",
		"zstd, gzip;q=0":       "zstd identity",
		"*":                    "gzip zstd identity",
		"*;q=0":                "",
		"*;q=0, gzip":          "gzip",
		"identity;q=0, gzip":   "gzip",
		"*;q=0, identity;q=.1": "",
		"*;q=0, identity;q=1":  "identity",
	} {
		a := ParseAccept([]string{header})
		var got []string
		for _, c := range []Coding{Gzip, Zstd, Identity} {
			if a.Takes(c) {
				got = append(got, string(c))
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: takes %v, want %s", header, got, want)
		}
	}
}

func FuzzParseAccept(f *testing.F) {
	for _, seed := range []string{"", "gzip, deflate, br, zstd", "*;q=0.5, identity;q=0", "gzip;q=1.000;q=0,,x-gzip", "zstd ;\tq=0."} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, one, two string) {
		a := ParseAccept([]string{one, two})
		if a != ParseAccept([]string{one + "," + two}) || a != ParseAccept([]string{two, one}) {
			t.Error("lines mean what one line means, in any order")
		}
		if a != ParseAccept([]string{one + ", br;q=0.3", two}) {
			t.Error("a coding that we do not know changes something")
		}
		best := a.Best()
		if best != Identity && !a.Takes(best) {
			t.Errorf("the best coding, %s, is refused", best)
		}
		if best == Identity && !a.Takes(Identity) && (a.Takes(Gzip) || a.gzip == 0 && a.zstd > refused) {
			t.Error("nothing is encoded although the client wants it so")
		}
		refusal := ParseAccept([]string{one, two, "gzip;q=0", "zstd;q=0"})
		if refusal.Best() != Identity {
			t.Errorf("refused codings are used: %s", refusal.Best())
		}
	})
}
