package request_test

import (
	"fmt"
	"net/http/httptest"
	"net/url"
	"strconv"
	"testing"

	"github.com/matryer/is"
	"github.com/ropewalk/ropewalk/request"
)

type branch struct {
	Name     string
	Branches []branch
}

// A short form must not make a tree of a million structs: what was skipped is not
// made, on any level.
func TestListsHoldWhatWasSent(t *testing.T) {
	is := is.New(t)
	query := url.Values{}
	for i := range 900 {
		query.Set(fmt.Sprintf("Branches.%d.Branches.%d.Branches.99.Branches[99999999999999999999].Name", i/30+70, i%30+7000), strconv.Itoa(i))
	}
	tree, err := request.Query[branch](httptest.NewRequest("GET", "/?"+query.Encode(), nil))
	is.NoErr(err)
	is.Equal(len(tree.Branches), 30)
	for i, outer := range tree.Branches {
		is.Equal(len(outer.Branches), 30)
		for j, inner := range outer.Branches {
			is.Equal(len(inner.Branches), 1)
			is.Equal(len(inner.Branches[0].Branches), 1)
			is.Equal(inner.Branches[0].Branches[0].Name, strconv.Itoa(30*i+j)) // in the order of the numbers
		}
	}
}
