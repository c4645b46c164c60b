package compile_test

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/matryer/is"
)

// The tests of text/template and html/template, read from the Go installation,
// run with testdata/stdtables/oracle.go.txt in the place of the package they test.
func TestStandardLibraryTables(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds another test binary")
	}
	for _, file := range []string{"text/template/exec_test.go", "html/template/exec_test.go", "html/template/escape_test.go"} {
		t.Run(file, func(t *testing.T) {
			is := is.New(t)
			out := runTables(t, file)
			m := regexp.MustCompile(`compared: (\d+) dynamic, (\d+) typed, 0 differences`).FindSubmatch(out)
			if m == nil {
				t.Fatalf("%s", out)
			}
			for _, n := range m[1:] {
				count, err := strconv.Atoi(string(n))
				is.NoErr(err)
				is.True(count >= 50) // the tables were found
			}
			t.Logf("%s", m[0])
		})
	}
}

// runTables builds the adapted test as a package of this module that exists
// in an overlay only.
func runTables(t *testing.T, file string) []byte {
	is := is.New(t)
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	is.NoErr(err)
	source := filepath.Join(strings.TrimSpace(string(goroot)), "src", filepath.FromSlash(file))
	dir := t.TempDir()
	adapted := filepath.Join(dir, "adapted_test.go")
	is.NoErr(os.WriteFile(adapted, adapt(t, source), 0o644))
	oracle, err := filepath.Abs("testdata/stdtables/oracle.go.txt")
	is.NoErr(err)
	virtual, err := filepath.Abs("testdata/stdtables")
	is.NoErr(err)
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{
		filepath.Join(virtual, "adapted_test.go"): adapted,
		filepath.Join(virtual, "oracle_test.go"):  oracle,
	}})
	is.NoErr(err)
	is.NoErr(os.WriteFile(filepath.Join(dir, "overlay.json"), overlay, 0o644))
	cmd := exec.Command("go", "test", "-vet=off", "-count=1", "-v", "-tags", buildTags, "-overlay", filepath.Join(dir, "overlay.json"), "./testdata/stdtables")
	out, _ := cmd.CombinedOutput()
	return out
}

// beyond are what tests use that the oracle does not offer: the insides of the
// packages, and what ropewalk has no counterpart for.
var beyond = []string{
	"AddParseTree", "Tree", "Root", "text", "ensurePipelineContains", "escapeText", "makeEscaper", "newIdentCmd", "redundantFuncs",
	"predefinedEscapers", "equivEscapers", "funcMap", "builtins", "builtinFuncs", "HTMLEscapeString", "JSEscapeString", "testenv", "godebugs",
	"ExecError", "DefinedTemplates", "Templates", "initFunctions", "maxExecDepth", "goodFunc", "context", "escFnsEq", "ParseFiles", "ParseGlob",
}

// adapt gives a test file the oracle's package name and drops the functions
// that use what is beyond it.
func adapt(t *testing.T, source string) []byte {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, source, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	f.Name.Name = "stdtables"
	dropped := map[string]bool{
		"TestMain":             true,
		"TestOrphanedTemplate": true, // it keeps a template that another of its name has replaced
		// The URL of a refresh is filtered whatever GODEBUG says: an intended difference.
		"TestMetaContentEscapeGODEBUG": true,
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if b, ok := n.(*ast.BlockStmt); ok {
			b.List = slices.DeleteFunc(b.List, looksInside)
		}
		return true
	})
	for changed := true; changed; {
		changed = false
		f.Decls = slices.DeleteFunc(f.Decls, func(d ast.Decl) bool {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || !mentions(fn, dropped) {
				return false
			}
			dropped[fn.Name.Name] = true
			changed = true
			return true
		})
	}
	for _, d := range f.Decls {
		if imports, ok := d.(*ast.GenDecl); ok && imports.Tok == token.IMPORT {
			imports.Specs = slices.DeleteFunc(imports.Specs, func(s ast.Spec) bool {
				path, _ := strconv.Unquote(s.(*ast.ImportSpec).Path.Value)
				return !uses(f, path[strings.LastIndexByte(path, '/')+1:])
			})
		}
	}
	var b bytes.Buffer
	if err := format.Node(&b, fset, f); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// looksInside reports whether a statement only checks a template's insides.
func looksInside(s ast.Stmt) bool {
	check, ok := s.(*ast.IfStmt)
	if !ok || check.Init != nil {
		return false
	}
	found := false
	ast.Inspect(check.Cond, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		found = found || ok && sel.Sel.Name == "Tree"
		return !found
	})
	return found
}

func mentions(fn *ast.FuncDecl, dropped map[string]bool) bool {
	found := fn.Recv == nil && dropped[fn.Name.Name]
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			found = found || dropped[n.Name] || slices.Contains(beyond, n.Name)
		}
		return !found
	})
	return found
}

func uses(f *ast.File, pkg string) bool {
	found := false
	for _, d := range f.Decls {
		ast.Inspect(d, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if id, ok := sel.X.(*ast.Ident); ok && id.Name == pkg && id.Obj == nil {
					found = true
				}
			}
			return !found
		})
	}
	return found
}
