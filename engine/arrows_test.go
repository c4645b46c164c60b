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

// arrows lists, for each package of the module, what of the module and of other
// modules it may import. The picture is in ARCHITECTURE.md.
var arrows = map[string][]string{
	"cookie":    {},
	"request":   {},
	"response":  {"cookie", "request"},
	"stream":    {"github.com/valyala/bytebufferpool"},
	"component": {"stream", "github.com/valyala/bytebufferpool"},
	"engine":    {"component", "stream", "response", "request", "cookie", "github.com/klauspost/compress"},
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
		from, _, _ := strings.Cut(rel, "/")
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

func allowed(from, path string) bool {
	if first, _, _ := strings.Cut(path, "/"); !strings.Contains(first, ".") {
		return true // the standard library
	}
	path = strings.TrimPrefix(path, module+"/")
	return slices.ContainsFunc(append([]string{from}, arrows[from]...), func(to string) bool {
		return path == to || strings.HasPrefix(path, to+"/")
	})
}
