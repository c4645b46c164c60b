package request_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/request"
)

type ids struct {
	ID   int    `path:"id"`
	Rest string `path:"rest"`
}

// route sends a request through a ServeMux and decodes its path.
func route[T any](t *testing.T, pattern, target string) (T, error) {
	t.Helper()
	var v T
	var err error
	mux := http.NewServeMux()
	mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { v, err = request.Path[T](r) })
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest("GET", target, nil))
	if w.Code != 200 {
		t.Fatalf("%s does not match %s: %d", target, pattern, w.Code)
	}
	return v, err
}

func TestPath(t *testing.T) { // B5.4
	is := is.New(t)
	v, err := route[ids](t, "GET /p/{id}/{rest...}", "/p/12/a%2Fb+c/%C3%A9")
	is.NoErr(err)
	is.Equal(v, ids{12, "a/b+c/é"})
	v, err = route[ids](t, "/p/{id}/{rest...}", "/p/12/")
	is.NoErr(err)
	is.Equal(v, ids{12, ""}) // B5.5

	paged, err := route[struct {
		Page int `path:"page,default:1"`
	}](t, "/list/{page...}", "/list/")
	is.NoErr(err)
	is.Equal(paged.Page, 1) // a part that is not there was not sent

	type untagged struct{ ID, Slug string }
	u, err := route[untagged](t, "/{slug}/{id}/{$}", "/a/b/")
	is.NoErr(err)
	is.Equal(u, untagged{"b", "a"}) // by name in any case
}

func TestPathThatDoesNotFit(t *testing.T) {
	is := is.New(t)
	_, err := route[ids](t, "/p/{id}/{rest...}", "/p/abc/")
	var wrong *request.FieldErrors
	is.True(errors.As(err, &wrong))
	is.Equal(wrong.Status(), 404)
	is.Equal(wrong.Value("id"), "abc")
	is.Equal(err.Error(), "request: Path: id must be a whole number")
	type must struct {
		Rest string `path:"rest,required"`
	}
	_, err = route[must](t, "/p/{rest...}", "/p/")
	is.Equal(status(err), 404)
}

func TestPathMistakes(t *testing.T) {
	is := is.New(t)
	_, err := route[ids](t, "/p/{pid}/{rest...}", "/p/1/")
	is.Equal(err.Error(), `request: Path: request_test.ids: the pattern "/p/{pid}/{rest...}" has no {id}: rename the wildcard, or tag the field with its name`)
	_, err = route[struct{ ID []int }](t, "/{id}", "/1")
	is.True(strings.Contains(err.Error(), "one value"))
	_, err = route[int](t, "/{id}", "/1")
	is.True(strings.Contains(err.Error(), "not a struct"))
}

// A router that keeps its values to itself would make every page that of id 0.
func TestPathOfAnotherRouter(t *testing.T) {
	is := is.New(t)
	r := httptest.NewRequest("GET", "/", nil)
	_, err := request.Path[struct{ ID int }](r) // gin, echo
	is.True(err != nil)
	is.Equal(status(err), 0)
	is.True(strings.Contains(err.Error(), `call r.SetPathValue("ID", value) before the page`))

	r.SetPathValue("id", "5")
	v, err := request.Path[struct{ ID int }](r)
	is.NoErr(err)
	is.Equal(v.ID, 5)
	_, err = request.Path[struct{ ID, None int }](r)
	is.True(err != nil)
	w, err := request.Path[struct {
		ID   int    `path:"id"`
		Rest string `path:"rest,default:"`
	}](r)
	is.NoErr(err)
	is.Equal(w.ID, 5)
	is.Equal(w.Rest, "")

	r.Pattern = "/product/{ID:[0-9]*}/*" // chi
	r.SetPathValue("id", "")
	u, err := request.Path[struct {
		ID   string `path:"id"`
		Rest string `path:"*"`
	}](r)
	is.NoErr(err)
	is.Equal(u.ID+u.Rest, "")
}

// B5.6: the path is decoded once, so that what a page sees is what was routed.
func TestPathIsDecodedOnce(t *testing.T) {
	is := is.New(t)
	v, err := route[struct{ Name string }](t, "/p/{name}", "/p/%2566ortunes")
	is.NoErr(err)
	is.Equal(v.Name, "%66ortunes")
}
