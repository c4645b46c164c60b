package compile

import (
	"reflect"
	"strings"
	"testing"

	"github.com/ropewalk/ropewalk/component/internal/source"
)

// What is wrong only for a type that a variable turned out not to have alone is no
// mistake, in the template or in one that it calls; what is wrong for all roots is told
// to each.
func TestMistakesOfAbandonedPasses(t *testing.T) {
	type doc struct{ Status string }
	type props struct {
		A bool
		D doc
		L []doc
	}
	for text, mistake := range map[string]string{
		`{{$d := ""}}{{if .A}}{{$d = .D}}{{end}}{{$d.Status}}`:                                                                               "",
		`{{$d := ""}}{{if .A}}{{template "t" $d}}{{$d = .D}}{{end}}{{template "t" $d}}{{define "t"}}{{.Status}}{{end}}`:                      "",
		`{{$d := 1}}{{range .L}}{{template "t" $d}}{{$d = .}}{{end}}{{define "t"}}{{template "u" .}}{{end}}{{define "u"}}{{.Status}}{{end}}`: "",
		`{{$d := ""}}{{range $d = .L}}{{$d.Status}}{{end}}`:                                                                                  "",
		`{{$d := ""}}{{$d.Status}}`:                                                  "string has no field or method Status",
		`{{$d := ""}}{{if .A}}{{$d = .D}}{{end}}{{.Nope}}{{$d.Status}}`:              "props has no field or method Nope",
		`{{$d := ""}}{{$d = .D}}{{template "t" ""}}{{define "t"}}{{.Status}}{{end}}`: "string has no field or method Status",
	} {
		set, err := Parse(Options{}, source.File{Name: "main", Text: text}, source.File{Name: "other", Text: `{{template "main" .}}`})
		if err != nil {
			t.Fatal(err)
		}
		for _, root := range []string{"main", "other", "main"} {
			_, err := set.Compile(root, reflect.TypeFor[props](), false)
			if (err == nil) != (mistake == "") || err != nil && (!strings.Contains(err.Error(), mistake) || len(err.(source.Diagnostics)) != 1) {
				t.Errorf("%s: %v; want %q", text, err, mistake)
			}
		}
	}
	// A unit that one root has called in a pass that it abandoned is wrong for the root that needs it.
	set, err := Parse(Options{},
		source.File{Name: "one", Text: `{{$d := ""}}{{if .A}}{{template "t" $d}}{{$d = .D}}{{end}}`},
		source.File{Name: "two", Text: `{{template "t" ""}}`},
		source.File{Name: "t", Text: `{{.Status}}`})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = set.Compile("one", reflect.TypeFor[props](), false); err != nil {
		t.Error(err)
	}
	if _, err = set.Compile("two", reflect.TypeFor[props](), false); err == nil {
		t.Error("a mistake is forgotten")
	}
}
