package main

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ropewalk/ropewalk/bench/measure"
)

// sample is quiet unless the spread says otherwise.
func sample(ratio, spread float64, allocs uint64) Sample {
	half := ratio * spread / 2
	return Sample{measure.Stat{Median: ratio, Low: ratio - half, High: ratio + half}, allocs}
}

// passes are one for each ratio, of the figure "a".
func passes(ratios ...float64) []Pass {
	var list []Pass
	for _, ratio := range ratios {
		list = append(list, Pass{"a": sample(ratio, 0.05, 0)})
	}
	return list
}

var (
	home = Machine{"amd64", "some", "go1.26"}
	one  = File{home, map[string]Figure{"a": {1, 0}}}
)

func TestJudge(t *testing.T) {
	for name, test := range map[string]struct {
		trial trial
		worse bool
		text  string // that the report holds
	}{
		"same":             {trial{file: one, here: home, ours: passes(1, 1.01, 0.99)}, false, "+0%"},
		"within tolerance": {trial{file: one, here: home, ours: passes(1.14, 1.14, 1.14)}, false, "+14%"},
		"slower":           {trial{file: one, here: home, ours: passes(1.2, 1.3, 1.2)}, true, "SLOWER"},
		"better":           {trial{file: one, here: home, ours: passes(0.8, 0.8, 0.8)}, false, "-update"},
		"passes disagree":  {trial{file: one, here: home, ours: passes(1.2, 1, 1.3, 1.05, 1.3)}, false, "too noisy to tell of [\"a\"]"},
		"most agree":       {trial{file: one, here: home, ours: passes(1.2, 1, 1.3, 1.2)}, true, "SLOWER"},
		"too few to trust": {trial{file: one, here: home, ours: append(passes(1.5, 1.5), Pass{"a": sample(1.5, 0.5, 0)})}, false, "too noisy"},

		"slower than the base":     {trial{file: one, here: home, ours: passes(1.1, 1.1, 1.1), base: passes(0.9, 0.9, 0.9)}, true, "+22%"},
		"as slow as the base":      {trial{file: one, here: home, ours: passes(1.2, 1.2, 1.2), base: passes(1.2, 1.2, 1.2)}, true, "SLOWER"},
		"elsewhere, as the base":   {trial{file: one, here: Machine{"amd64", "other", "go1.26"}, ours: passes(1.2, 1.2, 1.2), base: passes(1.2, 1.2, 1.2)}, false, "the base, measured in the same run, decides"},
		"elsewhere, slower":        {trial{file: one, here: Machine{"arm64", "other", "go1.26"}, ours: passes(2.5, 2.5, 2.5), base: passes(2, 2, 2)}, true, "SLOWER"},
		"elsewhere, no base":       {trial{file: one, here: Machine{"amd64", "other", "go1.26"}, ours: passes(1.2, 1.2, 1.2)}, true, "SLOWER"},
		"arm64, no base":           {trial{file: one, here: Machine{"arm64", "other", "go1.26"}, ours: passes(2, 2, 2)}, false, "no ratio was judged"},
		"more allocations":         {trial{file: one, here: home, ours: []Pass{{"a": sample(1, 0, 2)}, {"a": sample(1, 0, 1)}, {"a": sample(1, 0, 2)}}}, true, "ALLOCATES MORE, it was 0"},
		"more allocations, noisy":  {trial{file: one, here: home, ours: []Pass{{"a": sample(1, 0.9, 1)}, {"a": sample(1, 0.9, 1)}, {"a": sample(1, 0.9, 1)}}}, true, "ALLOCATES MORE"},
		"more allocations, arm64":  {trial{file: one, here: Machine{GOARCH: "arm64"}, ours: []Pass{{"a": sample(1, 0, 1)}}}, true, "ALLOCATES MORE"},
		"fewer allocations":        {trial{file: File{home, map[string]Figure{"a": {1, 2}}}, here: home, ours: []Pass{{"a": sample(1, 0, 2)}, {"a": sample(1, 0, 1)}}}, true, "FEWER ALLOCATIONS, it had 2"},
		"a pool forgot, in a pass": {trial{file: one, here: home, ours: []Pass{{"a": sample(1, 0, 1)}, {"a": sample(1, 0, 0)}, {"a": sample(1, 0, 0)}}}, false, "+0%"},
		"new":                      {trial{file: File{Machine: home}, here: home, ours: passes(9, 9, 9)}, false, "new"},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			err := test.trial.report(&out)
			if errors.Is(err, errWorse) != test.worse {
				t.Errorf("got %v", err)
			}
			if !strings.Contains(out.String(), test.text) {
				t.Errorf("%q is missing in\n%s", test.text, out.String())
			}
		})
	}
}

// What is open gets more passes: it may be innocent yet.
func TestOpen(t *testing.T) {
	trial := trial{file: one, here: home, ours: passes(1.2, 1, 1.3)}
	if got := trial.judge(); !slices.Equal(got.open(), []string{"a"}) || len(got.worse()) > 0 {
		t.Errorf("open are %q, worse are %q", got.open(), got.worse())
	}
}

func TestNewFileHasTheMiddle(t *testing.T) {
	got := newFile([]Pass{{"a": sample(3, 0, 1)}, {"a": sample(1, 0, 0)}, {"a": sample(2, 0, 0)}})
	if got.Figures["a"] != (Figure{2, 0}) || got.Machine != thisMachine() {
		t.Errorf("got %v", got)
	}
}

// Every figure that is measured is committed, and no other.
func TestFiguresAreComplete(t *testing.T) {
	now, err := measureAll(measure.Options{Rounds: 1, Slice: time.Microsecond, Thread: true})
	if err != nil {
		t.Fatal(err)
	}
	committed, err := load("figures.json")
	if err != nil {
		t.Fatal(err)
	}
	for key := range now {
		if _, ok := committed.Figures[key]; !ok {
			t.Errorf("%s is not in figures.json: run the guard with -update", key)
		}
	}
	for key := range committed.Figures {
		if _, ok := now[key]; !ok {
			t.Errorf("%s is in figures.json and nowhere else", key)
		}
	}
	if committed.Machine.GOARCH == "" || committed.Machine.Go == "" {
		t.Errorf("figures.json does not say which machine it is of: %+v", committed.Machine)
	}
}

func TestFiguresAreSavedAndRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "figures.json")
	if err := one.save(path); err != nil {
		t.Fatal(err)
	}
	got, err := load(path)
	if err != nil || len(got.Figures) != 1 || got.Figures["a"] != one.Figures["a"] || got.Machine != one.Machine {
		t.Errorf("got %v, %v", got, err)
	}
	if _, err := load(path + "x"); err == nil || !strings.Contains(err.Error(), "-figures") {
		t.Errorf("got %v", err)
	}
}

// What a change is compared with, in a repository that grows.
func TestResolve(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("there is no git")
	}
	t.Chdir(t.TempDir())
	for name, value := range map[string]string{
		"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null",
		"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a",
	} {
		t.Setenv(name, value)
	}
	do := func(args ...string) string {
		t.Helper()
		got, err := git(args...)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	commit := func(text string) string {
		t.Helper()
		if err := os.WriteFile("file", []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		do("add", "file")
		do("commit", "-q", "-m", text)
		return do("rev-parse", "HEAD")
	}
	check := func(when, name, want string) {
		t.Helper()
		if got, err := resolve(name); err != nil || got != want {
			t.Errorf("%s: got %q, %v, want %q", when, got, err, want)
		}
	}
	do("init", "-q", "-b", "main")
	first := commit("1")
	if _, err := resolve(""); err == nil {
		t.Error("nothing comes before the first commit, and it is no error")
	}
	second := commit("2")
	check("on main", "", first)
	if err := os.WriteFile("file", []byte("3"), 0o666); err != nil {
		t.Fatal(err)
	}
	check("with work that is not committed", "", second)
	do("checkout", "-q", "-b", "branch")
	commit("3")
	third := commit("4")
	check("on a branch", "", second)
	check("by name", "HEAD", third)
	if err := unpack(second, "out"); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile("out/file"); err != nil || string(text) != "2" {
		t.Errorf("unpacked is %q, %v", text, err)
	}
}

func TestAgainstNothing(t *testing.T) {
	program, done, err := build("none", io.Discard)
	if done(); program != "" || err == nil {
		t.Errorf("got %q, %v", program, err)
	}
}
