package compile

import (
	"fmt"
	"reflect"
	"sync"
	"testing"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/component/internal/source"
)

// pages is a set of n pages on one layout, which calls a part of its own.
func pages(t testing.TB, n int) *Set {
	files := []source.File{
		{Name: "head", Text: `<title>{{.}}</title>{{template "nav" .}}`},
		{Name: "nav", Text: `<nav title="{{.}}">{{.}}</nav>`},
	}
	for i := range n {
		files = append(files, source.File{Name: fmt.Sprint("page", i), Text: `{{template "head" .}}<p>{{.}}</p>`})
	}
	set, err := Parse(Options{}, files...)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// Whatever the number of roots, each template is escaped once, and compiled once for each
// type of dot.
func TestManyRootsOneCompile(t *testing.T) {
	is := is.New(t)
	const n = 40
	set := pages(t, n)
	for range 2 { // binding again compiles nothing
		for i := range n {
			_, err := set.Compile(fmt.Sprint("page", i), reflect.TypeFor[string](), false)
			is.NoErr(err)
		}
		is.Equal(len(set.units), n+2)
		is.Equal(len(set.escaped), n+2)
	}
	_, err := set.Compile("page0", reflect.TypeFor[int](), false)
	is.NoErr(err)
	is.Equal(len(set.units), n+2+3)
	_, err = set.Compile("nav", reflect.TypeFor[string](), false) // which was no likely root
	is.NoErr(err)
	is.Equal(len(set.units), n+2+3)
	is.Equal(len(set.escaped), n+2)
}

// A root that cannot be escaped, or is wrong for its type, is told alone, however often.
func TestFailingRootsLeaveTheOthersAlone(t *testing.T) {
	is := is.New(t)
	files := []source.File{{Name: "shared", Text: `<b title="{{.}}">{{.}}</b>`}}
	for i := range 20 {
		text := `{{template "shared" .}}`
		switch i {
		case 3, 11:
			text += `<p title="{{.}}>`
		case 7:
			text += `{{len .}}`
		}
		files = append(files, source.File{Name: fmt.Sprint("page", i), Text: text})
	}
	set, err := Parse(Options{}, files...)
	is.NoErr(err)
	for range 2 {
		for i := range 20 {
			_, err := set.Compile(fmt.Sprint("page", i), reflect.TypeFor[int](), false)
			wrong := i == 3 || i == 11 || i == 7
			is.Equal(err != nil, wrong)
		}
	}
}

// Two roots that put one template at places of different danger do not share it.
func TestDangerIsNotShared(t *testing.T) {
	is := is.New(t)
	set, err := Parse(Options{},
		source.File{Name: "value", Text: `{{.}}`},
		source.File{Name: "harmless", Text: `<p title="{{template "value" .}}"></p>`},
		source.File{Name: "dangerous", Text: `<iframe srcdoc="{{template "value" .}}"></iframe>`})
	is.NoErr(err)
	for range 2 {
		_, err = set.Compile("harmless", reflect.TypeFor[string](), false)
		is.NoErr(err)
		_, err = set.Compile("dangerous", reflect.TypeFor[string](), false)
		is.True(err != nil)
	}
}

func TestConcurrentCompile(t *testing.T) {
	set := pages(t, 20)
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			if _, err := set.Compile(fmt.Sprint("page", i%20), reflect.TypeFor[string](), false); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// Contexts of a script that have the same words say how they differ.
func TestContextsInWords(t *testing.T) {
	const outside = "{stateJS delimNone urlPartNone jsCtxRegexp [] attrNone elementScript <nil>}"
	const inside = "{stateJS delimNone urlPartNone jsCtxRegexp [0] attrNone elementScript <nil>}"
	is.New(t).Equal(inWords("{{if}} branches end in different contexts: "+inside+", "+outside),
		"{{if}} branches end in different places: a script in ${…}, a script outside of ${…}")
}
