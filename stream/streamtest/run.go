package streamtest

import (
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/ropewalk/ropewalk/stream"
)

// Run renders a page once for every one of the [Orders] of n things, and reports an error
// if the documents are not all the same. page makes the page; where it loads thing i, it
// calls order.Wait(ctx, i). Run returns the document, for the test to look at.
//
// Each time is a subtest in a synctest bubble of its own, named after the order, so that
// one can be run alone. What page uses has to be made in page, inside the bubble.
func Run(t *testing.T, n int, page func(order Order) stream.Renderable) (document string) {
	t.Helper()
	known := false
	for order := range Orders(n) {
		t.Run(fmt.Sprint(order), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				rec := NewRecorder()
				abandoned := new(stream.Abandoned)
				r := stream.Renderer{Abandoned: abandoned}
				defer abandoned.Wait(t.Context()) // nothing may stay in the bubble
				if err := r.Render(t.Context(), rec, page(order)); err != nil {
					t.Fatal(err)
				}
				if !known {
					document, known = rec.Text(), true
				}
				if got := rec.Text(); got != document {
					t.Errorf("the document depends on the order in which its parts end: it is\n%s\nand was\n%s", got, document)
				}
			})
		})
	}
	return document
}
