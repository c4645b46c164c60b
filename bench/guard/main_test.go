package main

import (
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestJudge(t *testing.T) {
	was := Figures{"same": {1.2, 0}, "noise": {1.2, 0}, "slow": {1.2, 0}, "hungry": {1.2, 2}, "better": {2, 3}}
	now := Figures{"same": {1.2, 0}, "noise": {1.37, 0}, "slow": {1.39, 0}, "hungry": {1.2, 3}, "better": {1, 2}, "new": {9, 9}}
	all := judge(now, was)
	if got, want := all.worse(), []string{"hungry", "slow"}; !slices.Equal(got, want) {
		t.Errorf("worse are %q, want %q", got, want)
	}
	var out strings.Builder
	if err := report(&out, all); !errors.Is(err, errSlower) {
		t.Errorf("got %v", err)
	}
	for _, want := range []string{"ALLOCATES MORE, it was 2", "SLOWER", "-update", "new"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, out.String())
		}
	}
	delete(now, "slow")
	delete(now, "hungry")
	if err := report(io.Discard, judge(now, was)); err != nil {
		t.Errorf("got %v", err)
	}
}

func TestOnlyASecondBadMeasurementCounts(t *testing.T) {
	was, now := Figures{"a": {1, 0}, "b": {1, 0}}, Figures{"a": {2, 0}, "b": {2, 0}}
	now.improve(Figures{"a": {1.1, 0}, "b": {1.9, 0}})
	if got := judge(now, was).worse(); !slices.Equal(got, []string{"b"}) {
		t.Errorf("worse are %q", got)
	}
}

func TestMiddle(t *testing.T) {
	got := middle([]Figures{{"a": {3, 1}}, {"a": {1, 0}}, {"a": {2, 0}}})
	if got["a"] != (Figure{2, 0}) {
		t.Errorf("got %v", got)
	}
}

func TestAllocationsComeFromTheFile(t *testing.T) {
	got := Figures{"a": {1, 7}, "b": {1, 7}}.withAllocs(Figures{"a": {5, 2}})
	if got["a"] != (Figure{1, 2}) || got["b"] != (Figure{1, 7}) {
		t.Errorf("got %v", got)
	}
}

// Every figure that is measured is committed, and no other.
func TestFiguresAreComplete(t *testing.T) {
	now, err := measureAll(options{Rounds: 1, Slice: time.Microsecond}, nil)
	if err != nil {
		t.Fatal(err)
	}
	committed, err := load("figures.json")
	if err != nil {
		t.Fatal(err)
	}
	for key := range now {
		if _, ok := committed[key]; !ok {
			t.Errorf("%s is not in figures.json: run the guard with -update", key)
		}
	}
	for key := range committed {
		if _, ok := now[key]; !ok {
			t.Errorf("%s is in figures.json and nowhere else", key)
		}
	}
}

func TestFiguresAreSavedAndRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "figures.json")
	want := Figures{"render/cards/ropewalk": {1.25, 3}}
	if err := want.save(path); err != nil {
		t.Fatal(err)
	}
	got, err := load(path)
	if err != nil || len(got) != 1 || got["render/cards/ropewalk"] != want["render/cards/ropewalk"] {
		t.Errorf("got %v, %v", got, err)
	}
	if _, err := load(path + "x"); err == nil || !strings.Contains(err.Error(), "-figures") {
		t.Errorf("got %v", err)
	}
}

func TestOnlyTheKeysThatAreAskedFor(t *testing.T) {
	got, err := measureAll(options{Rounds: 1, Slice: time.Microsecond}, []string{"render/fortunes/ropewalk"})
	if err != nil || len(got) != 1 || got["render/fortunes/ropewalk"].Ratio <= 0 {
		t.Errorf("got %v, %v", got, err)
	}
}
