package engine_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/matryer/is"
)

const module = "github.com/ropewalk/ropewalk"

// arrows lists, for each package of the module with the packages below it, what of the
// module and of other modules it may import. The picture is in ARCHITECTURE.md.
var arrows = map[string][]string{
	"cookie":   {},
	"request":  {},
	"response": {"cookie", "request"},
	"stream":   {"github.com/valyala/bytebufferpool"},

	"component/internal/source":  {},
	"component/internal/escape":  {},
	"component/internal/danger":  {},
	"component/internal/run":     {"component/internal/source", "component/internal/escape", "stream"},
	"component/internal/compile": {"component/internal/source", "component/internal/escape", "component/internal/danger", "component/internal/run"},
	"component":                  {"component/internal/source", "component/internal/escape", "component/internal/danger", "component/internal/run", "component/internal/compile", "stream"},

	"engine/internal/encode": {"github.com/klauspost/compress"},
	"engine/internal/route":  {},
	"engine/internal/answer": {"engine/internal/encode", "component", "stream", "response", "request", "cookie"},
	"engine":                 {"engine/internal/answer", "engine/internal/route", "component", "stream", "response", "request", "cookie"},
	"engine/static":          {"engine"},
	"engine/adapter":         {"engine"},
	"engine/dev":             {"engine", "component", "stream"},
}

func TestArrowsRunDown(t *testing.T) {
	is := is.New(t)
	files := 0
	err := filepath.WalkDir("..", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel("..", file)
		rel = filepath.ToSlash(rel)
		if d.IsDir() && (rel == "bench" || rel == "examples" || strings.HasPrefix(d.Name(), ".") && rel != ".") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(rel, ".go") || strings.HasSuffix(rel, "_test.go") {
			return nil
		}
		files++
		from := packageOf(rel)
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			path, _ := strconv.Unquote(spec.Path.Value)
			if !allowed(from, path) {
				t.Errorf("%s imports %s: package %s may import only %v and itself", rel, path, from, arrows[from])
			}
		}
		return nil
	})
	is.NoErr(err)
	is.True(files > 20) // the walk found the module
}

// packageOf returns the package of arrows that a path of the module belongs to.
func packageOf(path string) (found string) {
	for name := range arrows {
		if (path == name || strings.HasPrefix(path, name+"/")) && len(name) > len(found) {
			found = name
		}
	}
	return found
}

func allowed(from, path string) bool {
	if first, _, _ := strings.Cut(path, "/"); !strings.Contains(first, ".") {
		return true // the standard library
	}
	if inside, ok := strings.CutPrefix(path, module+"/"); ok {
		to := packageOf(inside)
		return to == from || slices.Contains(arrows[from], to)
	}
	return slices.ContainsFunc(arrows[from], func(to string) bool {
		return path == to || strings.HasPrefix(path, to+"/")
	})
}

func TestArrowsThatWouldRunUp(t *testing.T) {
	for from, to := range map[string]string{
		"engine/app.go": "engine/dev", "engine/mux.go": "engine/static", "engine/key.go": "engine/adapter/lambda",
		"engine/internal/answer/exchange.go": "engine", "stream/doc.go": "component", "component/internal/run/state.go": "component/internal/compile",
		"component/internal/danger/walk.go": "component/internal/compile", "request/form.go": "response",
	} {
		if allowed(packageOf(from), module+"/"+to) {
			t.Errorf("%s may import %s", from, to)
		}
	}
}
