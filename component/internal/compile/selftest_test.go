package compile

import (
	"testing"

	"github.com/matryer/is"
)

func TestFrontEnd(t *testing.T) {
	is := is.New(t)
	is.NoErr(frontEnd())
	is.Equal(escapedAsExpected(), "")
}
