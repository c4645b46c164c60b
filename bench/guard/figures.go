package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
)

// A Figure is what must not get worse.
type Figure struct {
	Ratio  float64 `json:"ratio"` // of the time to handwritten's
	Allocs uint64  `json:"allocs"`
}

// A File is what is committed.
type File struct {
	Machine Machine `json:"machine"`
	// Figures are by group, workload and engine: "render/cards/ropewalk".
	Figures map[string]Figure `json:"figures"`
}

// A Machine is what ratios depend on.
type Machine struct {
	GOARCH string `json:"goarch"`
	CPU    string `json:"cpu"` // its kind, if the system tells
	Go     string `json:"go"`  // without the number of the fix
}

func (m Machine) String() string { return fmt.Sprintf("%s, %s, %s", m.CPU, m.GOARCH, m.Go) }

func thisMachine() Machine {
	release := strings.SplitN(runtime.Version(), ".", 3)
	return Machine{runtime.GOARCH, cpu(), strings.Join(release[:min(2, len(release))], ".")}
}

// cpu is the kind of processor where the system tells it in a file, with the
// numbers by which one that hides its name can be told from others.
func cpu() string {
	file, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return ""
	}
	defer file.Close()
	found := map[string]string{}
	for lines := bufio.NewScanner(file); lines.Scan() && lines.Text() != ""; {
		name, value, _ := strings.Cut(lines.Text(), ":")
		found[strings.TrimSpace(name)] = strings.TrimSpace(value)
	}
	if found["model name"] == "" {
		return ""
	}
	return fmt.Sprintf("%s (%s.%s.%s)", found["model name"], found["cpu family"], found["model"], found["stepping"])
}

// newFile has the middle of several passes.
func newFile(passes []Pass) File {
	f := File{Machine: thisMachine(), Figures: map[string]Figure{}}
	for key := range passes[0] {
		f.Figures[key] = middle(passes, key)
	}
	return f
}

// middle is the median of the ratios, and the least of the allocations.
func middle(passes []Pass, key string) Figure {
	var ratios []float64
	allocs := passes[0][key].Allocs
	for _, pass := range passes {
		ratios = append(ratios, pass[key].Ratio.Median)
		allocs = min(allocs, pass[key].Allocs)
	}
	return Figure{round(median(ratios)), allocs}
}

func median(list []float64) float64 {
	sorted := slices.Sorted(slices.Values(list))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

func round(v float64) float64 { return float64(int(v*1000+0.5)) / 1000 }

func (f File) save(path string) error {
	text, err := json.MarshalIndent(f, "", "\t")
	if err != nil {
		return fmt.Errorf("guard: %w", err)
	}
	if err := os.WriteFile(path, append(text, '\n'), 0o666); err != nil {
		return fmt.Errorf("guard: %w", err)
	}
	return nil
}

func load(path string) (File, error) {
	var f File
	text, err := os.ReadFile(path)
	if err != nil {
		return f, fmt.Errorf("guard: %w: run it in the folder bench, or name the file with -figures", err)
	}
	if err := json.Unmarshal(text, &f); err != nil {
		return f, fmt.Errorf("guard: %s: %w", path, err)
	}
	return f, nil
}
