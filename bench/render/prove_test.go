package render_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/ropewalk/ropewalk/bench/peer"
	"github.com/ropewalk/ropewalk/bench/render"
	"github.com/ropewalk/ropewalk/bench/testdata"
	"github.com/ropewalk/ropewalk/bench/workload"
)

func load(t testing.TB) *workload.Set {
	t.Helper()
	data, err := workload.Load()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// eachPage runs a test of each engine's each page.
func eachPage(t *testing.T, test func(t *testing.T, e peer.Engine, name workload.Name)) {
	for _, name := range workload.Names() {
		for _, e := range render.Engines() {
			t.Run(string(name)+"/"+e.Name, func(t *testing.T) { test(t, e, name) })
		}
	}
}

func output(t *testing.T, e peer.Engine, name workload.Name, data *workload.Set) []byte {
	t.Helper()
	page, err := e.Page(name, data)
	if err != nil {
		t.Fatal(err)
	}
	if err := page.Render(); err != nil {
		t.Fatal(err)
	}
	return page.Output()
}

func TestEveryEngineRendersTheSameDocument(t *testing.T) {
	data := load(t)
	eachPage(t, func(t *testing.T, e peer.Engine, name workload.Name) {
		if _, err := render.Prove(e, name, data); err != nil {
			t.Error(err)
		}
	})
}

// Engines that write html/template's bytes, on hostile values too.
func TestBytesOfTheReference(t *testing.T) {
	data := load(t)
	hostile := &workload.Set{Contexts: workload.Hostile()}
	reference, err := render.Engine(render.Reference)
	if err != nil {
		t.Fatal(err)
	}
	check := func(t *testing.T, e peer.Engine, name workload.Name, data *workload.Set) {
		got, want := output(t, e, name, data), output(t, reference, name, data)
		if !bytes.Equal(got, want) {
			t.Errorf("%s", firstDifference(got, want))
		}
	}
	for _, engine := range []string{"html-template-map", "handwritten", "memcpy", "ropewalk", "ropewalk-new", "ropewalk-map"} {
		e, err := render.Engine(engine)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range workload.Names() {
			t.Run(engine+"/"+string(name), func(t *testing.T) { check(t, e, name, data) })
		}
		t.Run(engine+"/hostile", func(t *testing.T) { check(t, e, workload.ContextsPage, hostile) })
	}
}

// The golden files spell two characters in another way than most engines do,
// and a doctype in capitals. Nothing else may differ.
func TestGoldenPages(t *testing.T) {
	data := load(t)
	golden := map[workload.Name][]byte{
		workload.FortunesPage: testdata.Fortunes,
		workload.CardsPage:    testdata.Cards,
	}
	spelling := strings.NewReplacer("&#34;", "&quot;", "&#43;", "+", "<!doctype html>", "<!DOCTYPE html>")
	eachPage(t, func(t *testing.T, e peer.Engine, name workload.Name) {
		want, ok := golden[name]
		if !ok {
			t.Skip("no golden file")
		}
		got := output(t, e, name, data)
		if !e.Golden {
			got = []byte(spelling.Replace(string(got)))
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s", firstDifference(got, want))
		}
	})
}

func firstDifference(got, want []byte) string {
	i := 0
	for i < min(len(got), len(want)) && got[i] == want[i] {
		i++
	}
	excerpt := func(b []byte) string { return string(b[max(0, i-60):min(len(b), i+60)]) }
	return "got\n\t" + excerpt(got) + "\nwant\n\t" + excerpt(want)
}
