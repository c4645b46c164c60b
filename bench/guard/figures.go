package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
)

// A Figure is what must not get worse.
type Figure struct {
	Ratio  float64 `json:"ratio"` // of the time to handwritten's
	Allocs uint64  `json:"allocs"`
}

// Figures are by group, workload and engine: "render/cards/ropewalk".
type Figures map[string]Figure

func (f Figures) write(w io.Writer) error {
	text, err := json.MarshalIndent(f, "", "\t")
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

func (f Figures) save(path string) error {
	file, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("guard: %w", err)
	}
	if err := f.write(file); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}

func load(path string) (Figures, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("guard: %w: run it in the folder bench, or name the file with -figures", err)
	}
	var f Figures
	if err := json.Unmarshal(text, &f); err != nil {
		return nil, fmt.Errorf("guard: %s: %w", path, err)
	}
	return f, nil
}

// improve takes what is better in other figures.
func (f Figures) improve(other Figures) {
	for key, o := range other {
		mine := f[key]
		f[key] = Figure{min(mine.Ratio, o.Ratio), min(mine.Allocs, o.Allocs)}
	}
}

// withAllocs has the allocations of other figures, which are the same on every
// machine.
func (f Figures) withAllocs(other Figures) Figures {
	merged := maps.Clone(f)
	for key, figure := range merged {
		if o, ok := other[key]; ok {
			figure.Allocs = o.Allocs
			merged[key] = figure
		}
	}
	return merged
}

// middle is the median of several measurements, figure by figure.
func middle(all []Figures) Figures {
	m := Figures{}
	for key := range all[0] {
		var ratios []float64
		allocs := all[0][key].Allocs
		for _, f := range all {
			ratios = append(ratios, f[key].Ratio)
			allocs = min(allocs, f[key].Allocs)
		}
		slices.Sort(ratios)
		m[key] = Figure{ratios[len(ratios)/2], allocs}
	}
	return m
}

func median3(measure func() (Figures, error)) (Figures, error) {
	var all []Figures
	for range 3 {
		f, err := measure()
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return middle(all), nil
}
