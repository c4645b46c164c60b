package handwritten

import (
	"os"
	"strings"
	"testing"
)

// The bound has ropewalk's vectors, as they are now.
func TestSameVectors(t *testing.T) {
	code := func(path string) string {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		code := string(text)
		if i := strings.Index(code, "#include"); i >= 0 {
			code = code[i:] // behind the build constraint
		}
		return code
	}
	if name := "blocks_amd64.s"; code(name) != code("../../../component/internal/escape/"+name) {
		t.Errorf("%s is not the library's any more: copy that", name)
	}
}
