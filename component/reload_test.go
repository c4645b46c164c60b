package component_test

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/matryer/is"
	"github.com/ropewalk/ropewalk/component"
)

// edit writes a file, with a time of its own: the clock of a file system may be coarse.
func edit(t *testing.T, file, text string) {
	t.Helper()
	before, err := os.Stat(file)
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if err == nil {
		later := before.ModTime().Add(time.Second)
		if err := os.Chtimes(file, later, later); err != nil {
			t.Fatal(err)
		}
	}
}

func show(t *testing.T, c component.Component) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestReload(t *testing.T) {
	dir := t.TempDir()
	card, part := filepath.Join(dir, "card.html"), filepath.Join(dir, "part.html")
	edit(t, card, `<p>{{.Name}}</p>{{template "part" .}}`)
	edit(t, part, `one`)
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var outcomes []error
		views, err := component.Parser{Reload: true, OnReload: func(err error) { outcomes = append(outcomes, err) }}.ParseFS(os.DirFS(dir), "*.html")
		is.NoErr(err)
		view, err := component.Bind[person](views, "card")
		is.NoErr(err)
		ada := person{Name: "Ada"}
		is.Equal(show(t, view(ada)), "<p>Ada</p>one")
		old := view(ada)

		edit(t, part, `two`)
		is.Equal(show(t, view(ada)), "<p>Ada</p>one") // the files are not looked at again so soon
		time.Sleep(time.Second)
		is.Equal(show(t, view(ada)), "<p>Ada</p>two")
		is.Equal(show(t, old), "<p>Ada</p>one") // what was made before stays what it was
		is.Equal(outcomes, []error{nil})

		edit(t, card, `<p>{{.Nmae}}</p>`)
		time.Sleep(time.Second)
		is.Equal(show(t, view(ada)), "<p>Ada</p>two") // the last good version
		is.True(strings.HasPrefix(views.Err().Error(), "card.html:1:6: .Nmae: component_test.person has no field or method Nmae (did you mean Name?)"))

		edit(t, card, `<p>{{.Name`)
		time.Sleep(time.Second)
		is.Equal(show(t, view(ada)), "<p>Ada</p>two")
		is.True(strings.Contains(views.Err().Error(), "card.html:1:"))

		edit(t, card, `<b>{{.Name}}</b>`)
		time.Sleep(time.Second)
		is.Equal(show(t, view(ada)), "<b>Ada</b>")
		is.NoErr(views.Err())

		edit(t, filepath.Join(dir, "new.html"), `new`)
		time.Sleep(time.Second)
		is.Equal(views.Names(), []string{"card", "new", "part"})
	})
}

// A file that has gone is one change, however often the files are looked at.
func TestReloadOfAFileThatIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		files := fstest.MapFS{"card.html": {Data: []byte("one")}}
		var outcomes []error
		views, err := component.Parser{Reload: true, OnReload: func(err error) { outcomes = append(outcomes, err) }}.ParseFS(files, "card.html")
		is.NoErr(err)
		file := files["card.html"]
		delete(files, "card.html")
		for range 5 {
			time.Sleep(time.Second)
			is.Equal(views.Names(), []string{"card"})
		}
		is.Equal(len(outcomes), 1)
		is.Equal(views.Err(), outcomes[0])
		files["card.html"] = file
		time.Sleep(time.Second)
		is.NoErr(views.Err())
		is.Equal(len(outcomes), 2)
	})
}

func TestReloadOfComposedViews(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "part.html")
	edit(t, file, `one`)
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		parts, err := component.Parser{Reload: true}.ParseFS(os.DirFS(dir), "*.html")
		is.NoErr(err)
		pages, err := component.Parser{}.Parse(component.Source{Name: "page", Text: `<p>{{template "part"}}</p>`})
		is.NoErr(err)
		all, err := component.Compose(pages, parts)
		is.NoErr(err)
		view, err := component.Bind[any](all, "page")
		is.NoErr(err)
		is.Equal(show(t, view(nil)), "<p>one</p>")
		edit(t, file, `two`)
		time.Sleep(time.Second)
		is.Equal(show(t, view(nil)), "<p>two</p>")
		edit(t, file, `{{if`)
		time.Sleep(time.Second)
		is.Equal(show(t, view(nil)), "<p>two</p>")
		is.True(all.Err() != nil)
		edit(t, file, `three`)
		time.Sleep(time.Second)
		is.Equal(show(t, view(nil)), "<p>three</p>")
		is.NoErr(all.Err())
	})
}

func TestReloadSideBySide(t *testing.T) {
	is := is.New(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "n.html")
	edit(t, file, `0 {{.}}`)
	views, err := component.Parser{Reload: true}.ParseFS(os.DirFS(dir), "*.html")
	is.NoErr(err)
	view, err := component.Bind[int](views, "n")
	is.NoErr(err)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for i := range 200 {
				if got := show(t, view(i)); !strings.HasSuffix(got, "0") && !strings.Contains(got, " ") {
					t.Errorf("%q", got)
				}
			}
		})
	}
	edit(t, file, `1 {{.}}`)
	all.Wait()
}

func TestCompose(t *testing.T) {
	is := is.New(t)
	upper, err := component.Parser{Funcs: map[string]any{"f": strings.ToUpper}}.Parse(component.Source{Name: "upper", Text: `{{f .}}`})
	is.NoErr(err)
	lower, err := component.Parser{Funcs: map[string]any{"f": strings.ToLower}}.Parse(component.Source{Name: "main", Text: `{{f .}} {{template "upper" .}}`})
	is.NoErr(err)
	all, err := component.Compose(upper, lower)
	is.NoErr(err)
	view, err := component.Bind[string](all, "main")
	is.NoErr(err)
	is.Equal(show(t, view("aB")), "ab AB") // each keeps its own functions

	again, err := component.Parser{}.Parse(component.Source{Name: "upper", Text: "x"})
	is.NoErr(err)
	_, err = component.Compose(upper, again)
	is.Equal(err.Error(), `component: template "upper" is in upper and in upper: give one of them another name`)
}

// Data may be a reflect.Value, as in html/template.
func TestBindReflectValue(t *testing.T) {
	is := is.New(t)
	views, err := component.Parser{}.Parse(component.Source{Name: "main", Text: `{{.Name}} {{.Greeting "Hi"}}`})
	is.NoErr(err)
	v := reflect.ValueOf(person{Name: "Ada"})
	byAny, err := component.Bind[any](views, "main")
	is.NoErr(err)
	is.Equal(show(t, byAny(v)), "Ada Hi, Ada")
	byValue, err := component.Bind[reflect.Value](views, "main")
	is.NoErr(err)
	is.Equal(show(t, byValue(v)), "Ada Hi, Ada")
}
