package response_test

import (
	"testing"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/response"
)

func TestBuffered(t *testing.T) {
	is := is.New(t)
	yes := func() bool { return true }
	no := func() bool { return false }
	var none *response.Context
	for _, c := range []*response.Context{newContext(), none} {
		is.True(c.Buffered(yes))
		is.True(!c.Buffered(no))
	}
	c := newContext()
	is.NoErr(c.SetBuffered(true))
	is.True(c.Buffered(no))
	is.NoErr(c.SetBuffered(false))
	is.True(!c.Buffered(yes))
	is.True(none.SetBuffered(true) != nil)
}

func TestCompressed(t *testing.T) {
	is := is.New(t)
	var none *response.Context
	is.True(none.Compressed())
	is.True(none.SetCompressed(false) != nil)
	c := newContext()
	is.True(c.Compressed())
	is.NoErr(c.SetCompressed(true))
	is.True(c.Compressed())
	is.NoErr(c.SetCompressed(false))
	is.True(!c.Compressed())
	keepAll := func(string) bool { return true }
	is.True(!response.NewController(c).Replace(500, keepAll).Compressed()) // the error page may show the same secret
}
