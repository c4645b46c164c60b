package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// A trial is the passes over this code and, if it could be built, over the
// other; those of the same number ran one after the other.
type trial struct {
	file       File
	here       Machine
	ours, base []Pass
}

// Passes are run at least, if the answer is bad, and at most.
const fewest, enough, most = 3, 5, 9

// measure runs passes until no question is open, or the time is up.
func (t *trial) measure(self, other string, budget time.Duration, progress io.Writer) error {
	start := time.Now()
	for n := range most {
		if n >= fewest {
			verdicts := t.judge()
			open := verdicts.open()
			sure := n >= enough && len(open) == len(verdicts.worse())
			if len(open) == 0 || sure || time.Since(start) > budget {
				return nil
			}
			fmt.Fprintf(progress, "guard: once more for %q\n", open)
		}
		if err := t.pass(n, self, other); err != nil {
			return err
		}
		fmt.Fprintf(progress, "guard: pass %d, %.0fs\n", n+1, time.Since(start).Seconds())
	}
	return nil
}

// pass measures both, which of them first changing from pass to pass.
func (t *trial) pass(n int, self, other string) error {
	ours := func() error { return run1(self, &t.ours) }
	base := func() error { return run1(other, &t.base) }
	order := []func() error{ours, base}
	switch {
	case other == "":
		order = order[:1]
	case n%2 == 1:
		order[0], order[1] = base, ours
	}
	for _, next := range order {
		if err := next(); err != nil {
			return err
		}
	}
	return nil
}

// run1 adds a pass of a program. It runs a copy of its own: five passes of one file
// have been 17 % slower, all of them, than those of the next run of the same code,
// and where in memory the system keeps the file is what they had in common.
func run1(program string, list *[]Pass) error {
	fresh, err := duplicate(program)
	if err != nil {
		return fmt.Errorf("guard: a copy of the program: %w", err)
	}
	defer os.Remove(fresh)
	command := exec.Command(fresh, "-pass")
	command.Stderr = os.Stderr
	text, err := command.Output()
	if err != nil {
		return fmt.Errorf("guard: a pass: %w", err)
	}
	var p Pass
	if err := json.Unmarshal(text, &p); err != nil {
		return fmt.Errorf("guard: a pass: %w", err)
	}
	*list = append(*list, p)
	return nil
}

func duplicate(program string) (path string, err error) {
	text, err := os.ReadFile(program)
	if err != nil {
		return "", err
	}
	file, err := os.CreateTemp("", "guard-pass*"+filepath.Ext(program))
	if err != nil {
		return "", err
	}
	_, err = file.Write(text)
	err = errors.Join(err, file.Chmod(0o700), file.Close())
	if err != nil {
		os.Remove(file.Name())
	}
	return file.Name(), err
}

func repeat(program string, times int, progress io.Writer) ([]Pass, error) {
	var list []Pass
	for n := range times {
		if err := run1(program, &list); err != nil {
			return nil, err
		}
		fmt.Fprintf(progress, "guard: pass %d of %d\n", n+1, times)
	}
	return list, nil
}
