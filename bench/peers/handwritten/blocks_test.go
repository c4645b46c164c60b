package handwritten

import (
	"os"
	"strings"
	"testing"
)

// The bound has ropewalk's vectors, as they are now.
func TestSameVectors(t *testing.T) {
	const begin = "#include"
	code := func(path string) string {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		_, code, found := strings.Cut(string(text), begin)
		if !found {
			t.Fatalf("%s has no %s", path, begin)
		}
		return code
	}
	if code("blocks_amd64.s") != code("../../../component/internal/escape/blocks_amd64.s") {
		t.Error("blocks_amd64.s is not the library's any more: copy that")
	}
}
