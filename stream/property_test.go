package stream_test

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/ropewalk/ropewalk/stream"
)

var (
	trees     = flag.Int("trees", cases(400), "random trees to try")
	firstTree = flag.Int("first", 0, "seed of the first")
)

// node is a tree that knows what it prints, however it is rendered.
type node struct {
	kind  string
	kids  []*node
	text  string
	scale time.Duration // of a timeout
}

// grow makes a tree. fails allows parts that fail outside of a Catch.
func grow(rnd *rand.Rand, depth int, fails bool) *node {
	kinds := []string{"text", "text", "text", "lent", "flush", "pause"}
	if depth > 0 {
		kinds = append(kinds, "join", "join", "async", "async", "async", "catch", "catch", "timeout", "blocking", "passing", "buffering")
	}
	if fails {
		kinds = append(kinds, "fail", "panic", "stuck")
	}
	n := &node{kind: kinds[rnd.IntN(len(kinds))]}
	switch n.kind {
	case "text", "lent":
		n.text = fmt.Sprintf("%d.", rnd.IntN(1000))
	case "join", "passing", "buffering":
		for range 1 + rnd.IntN(6) {
			n.kids = append(n.kids, grow(rnd, depth-1, fails))
		}
	case "catch":
		n.kids = []*node{grow(rnd, depth-1, true), grow(rnd, depth-1, fails)}
	case "async", "timeout", "blocking":
		n.kids = []*node{grow(rnd, depth-1, fails)}
	}
	if n.kind == "timeout" || n.kind == "async" { // more often a list than a single thing
		n.kids[0] = &node{kind: "join", kids: []*node{n.kids[0], grow(rnd, depth-1, fails)}}
	}
	// The pauses of all that is inside are too short for this, and that of a timeout
	// outside is long enough for many of it.
	n.scale = 10 * ms
	for range depth {
		n.scale *= 40
	}
	return n
}

// want is the rendering one after the other, up to the first failure.
func (n *node) want() (s string, ok bool) {
	switch n.kind {
	case "text", "lent":
		return n.text, true
	case "fail", "panic", "stuck":
		return "", false
	case "catch":
		if s, ok := n.kids[0].want(); ok {
			return s, true
		}
		return n.kids[1].want()
	}
	for _, k := range n.kids {
		t, ok := k.want()
		s += t
		if !ok {
			return s, false
		}
	}
	return s, true
}

// rd makes the tree a Renderable whose pauses, and so the order in which its parts
// end, are drawn from rnd.
func (n *node) rd(rnd *rand.Rand) rd {
	var kids []rd
	for _, k := range n.kids {
		kids = append(kids, k.rd(rnd))
	}
	pause := wait(time.Duration(rnd.IntN(4)) * 20 * time.Microsecond)
	switch n.kind {
	case "text":
		return text(n.text)
	case "lent":
		return fn(func(_ context.Context, w io.Writer) error {
			if sw, ok := w.(*stream.Writer); ok {
				return sw.Give(append(sw.Take(), n.text...))
			}
			_, err := io.WriteString(w, n.text)
			return err
		})
	case "flush":
		return flush
	case "pause":
		return pause
	case "fail":
		return join(pause, fail(errBad))
	case "panic":
		return join(pause, fn(func(context.Context, io.Writer) error { panic(errBad) }))
	case "stuck": // until somebody cancels it
		return timeout(5*ms, join(text("stuck"), wait(1<<62)))
	case "async":
		return async(pause, kids[0])
	case "catch":
		return catch(kids[0], func(error) rd { return kids[1] })
	case "timeout":
		return timeout(n.scale, kids[0])
	case "blocking":
		return blocking(kids[0])
	case "passing":
		return wrapped(propagating, kids...)
	case "buffering":
		return wrapped(buffering, kids...)
	}
	return join(kids...)
}

// B1.1: whatever the tree, the limits and the order in which parts end, the bytes are
// those of the sequential rendering; and when it fails, the beginning of them.
func TestAnyTreeAnyOrder(t *testing.T) {
	const orders = 8
	for seed := *firstTree; seed < *firstTree+*trees; seed++ {
		fails := seed%4 == 3
		tree := &node{kind: "join"}
		rnd := rand.New(rand.NewPCG(uint64(seed), 0))
		for range 6 {
			tree.kids = append(tree.kids, grow(rnd, 4, fails))
		}
		want, ok := tree.want()
		for order := range orders {
			rnd := rand.New(rand.NewPCG(uint64(seed), uint64(order)))
			limits := stream.Renderer{
				Spill:       []int{1, 3, 10, 100, 0}[rnd.IntN(5)],
				Concurrency: []int{1, 2, 3, 10, 0}[rnd.IntN(5)],
			}
			page := tree.rd(rnd)
			bubble(t, func(t *testing.T) {
				var out strings.Builder
				err := limits.Render(t.Context(), &out, page)
				switch {
				case ok && (err != nil || out.String() != want):
					t.Fatalf("seed %d order %d %+v: %v\n got %q\nwant %q", seed, order, limits, err, &out, want)
				case !ok && err == nil:
					t.Fatalf("seed %d order %d %+v: rendered %q, want an error after %q", seed, order, limits, &out, want)
				case !strings.HasPrefix(want, out.String()):
					t.Fatalf("seed %d order %d %+v: %v\n got %q\nwant the beginning of %q", seed, order, limits, err, &out, want)
				}
			})
		}
	}
}
