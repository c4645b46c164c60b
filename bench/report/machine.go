package report

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
)

// A Machine is what the figures were measured on and with.
type Machine struct {
	Go, Platform, CPU string
	CPUs              int
	Modules           []Module
}

// A Module is a module of the comparison.
type Module struct{ Path, Version string }

// ThisMachine describes this process. Of the modules that it was built with it
// names those in paths.
func ThisMachine(paths []string) Machine {
	m := Machine{
		Go:       runtime.Version(),
		Platform: runtime.GOOS + "/" + runtime.GOARCH,
		CPU:      cpu(),
		CPUs:     runtime.GOMAXPROCS(0),
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return m
	}
	for _, path := range paths {
		for _, module := range info.Deps {
			if module.Path == path {
				m.Modules = append(m.Modules, Module{path, module.Version})
			}
		}
	}
	return m
}

// cpu is the processor's name where the system tells it in a file.
func cpu() string {
	file, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return ""
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), ":")
		if strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// String is the machine in one line.
func (m Machine) String() string {
	s := fmt.Sprintf("%s %s, %d CPUs", m.Go, m.Platform, m.CPUs)
	if m.CPU != "" {
		s += " of " + m.CPU
	}
	return s
}

// Versions are the modules in one line.
func (m Machine) Versions() string {
	var list []string
	for _, module := range m.Modules {
		name := module.Path[strings.LastIndex(module.Path, "/")+1:]
		if name == "v6" {
			name = "jet"
		}
		list = append(list, name+" "+module.Version)
	}
	return strings.Join(list, ", ")
}
