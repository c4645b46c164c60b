package main

import (
	"io"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	var out strings.Builder
	args := []string{"-rounds", "2", "-slice", "10us", "-workload", "fortunes", "-engine", "ropewalk,handwritten,html-template"}
	if err := run(args, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"fortunes, ", "\nropewalk ", "\nhandwritten ", "\nhtml-template ", "/ quicktemplate"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, out.String())
		}
	}
}

func TestRunRefusesNamesItDoesNotKnow(t *testing.T) {
	for _, args := range [][]string{{"-engine", "mustache"}, {"-workload", "blog", "-engine", "handwritten"}} {
		err := run(args, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), args[1]) {
			t.Errorf("%v: got %v", args, err)
		}
	}
}
