package compile

import (
	"strings"
	"testing"

	"github.com/ropewalk/ropewalk/component/internal/run"
	"github.com/ropewalk/ropewalk/component/internal/source"

	"github.com/matryer/is"
)

// The caret stands under the first character that is meant, and the line under all
// of them, however many bytes they take.
func TestCaret(t *testing.T) {
	for text, want := range map[string]string{
		"\té {{.Größe}}\r\n":      "\n\t\té {{.Größe}}\n\t\t    ^~~~~~",
		"日本\t{{.N}}":              "\n\t日本\t{{.N}}\n\t  \t  ^~",
		"{{if":                    "\n\t{{if\n\t^~~~",
		"a\r\nb\r\n {{nope 1}} c": "\n\t {{nope 1}} c\n\t   ^~~~",
	} {
		is := is.New(t)
		set, err := Parse(Options{}, source.File{Name: "main", Text: text})
		if err == nil {
			_, err = set.Compile("main", run.IntType, false)
		}
		is.True(err != nil)
		_, shown, _ := strings.Cut(err.Error(), "\n")
		is.Equal("\n"+shown, want)
	}
}
