package compile

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/ropewalk/ropewalk/component/internal/run"
	"github.com/ropewalk/ropewalk/component/internal/source"
)

// What is compiled for a type that turns up may be wrong for that type only.

type lateItem struct{ A int }

func renderLate(t *testing.T, text string, data any) (*run.Template, string, error) {
	t.Helper()
	set, err := Parse(Options{}, source.File{Name: "main", Text: text})
	if err != nil {
		t.Fatal(err)
	}
	template, err := set.Compile("main", nil, false)
	if err != nil {
		t.Fatal(err)
	}
	slots := template.Unit.Slots
	var b strings.Builder
	r := template.Rendering(reflect.ValueOf(&data).Elem())
	err = r.Render(context.Background(), &b)
	if template.Unit.Slots != slots {
		t.Errorf("%s: a render made the frames larger, from %d slots to %d", text, slots, template.Unit.Slots)
	}
	return template, b.String(), err
}

func TestLateMistakes(t *testing.T) {
	for text, want := range map[string]string{
		`{{$x := false}}{{range .}}{{$x = eq .A "x"}}{{end}}`:      "incompatible types for comparison",
		`{{$x := 1}}{{range .}}{{$x = len .}}{{end}}`:              "len of type compile.lateItem",
		`{{$x := 1}}{{range .}}{{range $x = len .}}{{end}}{{end}}`: "len of type compile.lateItem",
		`{{range .}}{{range len .}}{{$y := .}}{{end}}{{end}}`:      "len of type compile.lateItem",
	} {
		_, _, err := renderLate(t, text, []lateItem{{1}})
		if !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestDollarAssigned(t *testing.T) {
	const text = `[{{$.A}}]{{range .B}}[{{$.A}}]{{end}}{{$ = 1}}[{{$}}]{{$ = .}}[{{$.A}}]`
	type dot struct {
		A string
		B []int
	}
	data := dot{"a", []int{1}}
	if _, got, err := renderLate(t, text, data); got != "[a][a][1][a]" || err != nil {
		t.Errorf("any: %s, %v", got, err)
	}
	set, err := Parse(Options{}, source.File{Name: "main", Text: text})
	if err != nil {
		t.Fatal(err)
	}
	template, err := set.Compile("main", reflect.TypeFor[dot](), false)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	r := template.Rendering(reflect.ValueOf(&data).Elem())
	if err := r.Render(context.Background(), &b); b.String() != "[a][a][1][a]" || err != nil {
		t.Errorf("typed: %s, %v", b.String(), err)
	}
}
