package request_test

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/matryer/is"
	"github.com/ropewalk/ropewalk/request"
)

type branch struct {
	Name     string
	Branches []branch
}

// A short form must not make a tree of a million structs: each index makes all
// elements before it, on each level.
func TestListsWithinListsAreBoundedTogether(t *testing.T) {
	is := is.New(t)
	query := url.Values{}
	for i := range 900 {
		query.Set(fmt.Sprintf("Branches.%d.Branches.%d.Branches.99.Branches.99.Name", i/30+70, i%30+70), "x")
	}
	_, err := request.Query[branch](httptest.NewRequest("GET", "/?"+query.Encode(), nil))
	var fields *request.FieldErrors
	is.True(errors.As(err, &fields))
	is.True(errors.Is(err, request.ErrTooMany))

	query = url.Values{}
	for i := range 900 { // as a form has them: no gaps
		query.Set(fmt.Sprintf("Branches.%d.Branches.%d.Name", i/30, i%30), "x")
	}
	tree, err := request.Query[branch](httptest.NewRequest("GET", "/?"+query.Encode(), nil))
	is.NoErr(err)
	is.Equal(len(tree.Branches), 30)
	is.Equal(tree.Branches[29].Branches[29].Name, "x")
}
