package interop

import (
	"bytes"
	"context"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/a-h/templ"
	"github.com/matryer/is"
	gomponents "maragu.dev/gomponents"
	"maragu.dev/gomponents/html"

	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/engine"
)

// Templ components and ours have one interface.
var (
	_ component.Component = templ.Component(nil)
	_ templ.Component     = component.Component(nil)
)

const parts = 3

// A tree mixes the three parts, which may be asynchronous, with templ.
var trees = map[string]func(part [parts]component.Component) component.Component{
	"templ inside ours": func(part [parts]component.Component) component.Component {
		return component.Join(leaf("one"), part[0], leaf("two"), part[1], part[2], leaf("three"))
	},
	"a templ page around ours": func(part [parts]component.Component) component.Component {
		return page("A page", component.Join(part[0], part[1]), part[2])
	},
	"ours as the children of templ": func(part [parts]component.Component) component.Component {
		inside := component.Join(component.Text("<"), part[0], leaf("mid"), part[1])
		return component.Join(withChildren(frame("a"), inside), withChildren(frame("b"), part[2]))
	},
	"templ's Flush between ours": func(part [parts]component.Component) component.Component {
		return component.Join(part[0], withChildren(templ.Flush(), part[1]), withChildren(templ.Flush(), leaf("x")), part[2])
	},
	"a templ page around ours around templ": func(part [parts]component.Component) component.Component {
		framed := func(i int) component.Component {
			return component.Async(func(context.Context) (component.Component, error) {
				return Own(page(fmt.Sprint("inner ", i), part[i], leaf("last"))), nil
			})
		}
		return page("outer", component.Join(framed(0), framed(1)), withChildren(frame("<third>"), framed(2)))
	},
	"a gomponents node": func(part [parts]component.Component) component.Component {
		node := component.Node(html.Div(html.Class("box"), gomponents.Text("a < b")))
		return component.Join(part[0], node, part[1], withChildren(frame("c"), component.Join(node, part[2])))
	},
}

// withChildren does in Go what @parent() { ... } does in templ.
func withChildren(parent templ.Component, children component.Component) component.Component {
	return component.Func(func(ctx context.Context, w io.Writer) error {
		return parent.Render(templ.WithChildren(ctx, children), w)
	})
}

// text is what part i prints.
func text(i int) component.Component {
	return component.Raw([]template.HTML{"<b>part 0</b>", "<i>part 1</i>", "<u>part 2</u>"}[i])
}

// want renders the tree with parts that are ready, to a plain buffer.
func want(t *testing.T, tree func([parts]component.Component) component.Component) string {
	t.Helper()
	var b bytes.Buffer
	if err := tree([parts]component.Component{text(0), text(1), text(2)}).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// gated are asynchronous parts that wait until they are let through.
type gated struct {
	gate, done [parts]chan struct{}
}

func newGated() *gated {
	g := new(gated)
	for i := range parts {
		g.gate[i], g.done[i] = make(chan struct{}), make(chan struct{})
	}
	return g
}

func (g *gated) parts() (all [parts]component.Component) {
	for i := range parts {
		all[i] = component.Async(func(ctx context.Context) (component.Component, error) {
			select {
			case <-g.gate[i]:
			case <-ctx.Done():
				return nil, context.Cause(ctx)
			}
			return component.Func(func(ctx context.Context, w io.Writer) error {
				defer close(g.done[i])
				return text(i).Render(ctx, w)
			}), nil
		})
	}
	return all
}

var orders = [][parts]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}

// In every order of completion, over a real connection, the bytes are those of
// the plain render. The parts do run side by side: a later one completes while
// an earlier one waits, or this test would hang.
func TestOrder(t *testing.T) { // B1.1, B1.2
	for name, tree := range trees {
		t.Run(name, func(t *testing.T) {
			want := want(t, tree)
			for _, order := range orders {
				g := newGated()
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					engine.Render(w, r, tree(g.parts()))
				}))
				got := make(chan string, 1)
				go func() { got <- get(server.URL) }()
				for _, i := range order {
					close(g.gate[i])
					<-g.done[i]
				}
				if got := <-got; got != want {
					t.Errorf("order %v:\n got %s\nwant %s", order, got, want)
				}
				server.Close()
			}
		})
	}
}

// templ.Handler knows nothing of ropewalk, so the parts run one after the other,
// in its way of buffering and in its way of streaming.
func TestTemplHandler(t *testing.T) {
	for name, tree := range trees {
		for _, streaming := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, streaming %v", name, streaming), func(t *testing.T) {
				want := want(t, tree)
				for _, order := range orders {
					g := newGated()
					h := templ.Handler(tree(g.parts()))
					h.StreamResponse = streaming
					server := httptest.NewServer(h)
					got := make(chan string, 1)
					go func() { got <- get(server.URL) }()
					for _, i := range order {
						close(g.gate[i])
					}
					if got := <-got; got != want {
						t.Errorf("order %v:\n got %s\nwant %s", order, got, want)
					}
					server.Close()
				}
			})
		}
	}
}

// What is before a waiting part leaves while it waits, from inside templ's
// buffer too.
func TestHeadLeavesBeforeThePart(t *testing.T) { // B1.5
	is := is.New(t)
	g := newGated()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		all := g.parts()
		engine.Render(w, r, page("A page", all[0], all[1]))
	}))
	defer server.Close()
	resp, err := http.Get(server.URL)
	is.NoErr(err)
	defer resp.Body.Close()
	head := "<!doctype html><html lang=\"en\"><head><title>A page</title></head><body><section aria-label=\"first\"><h2>Before first</h2>"
	early := make([]byte, len(head))
	_, err = io.ReadFull(resp.Body, early)
	is.NoErr(err)
	is.Equal(string(early), head)
	close(g.gate[1])
	<-g.done[1]
	close(g.gate[0])
	rest, err := io.ReadAll(resp.Body)
	is.NoErr(err)
	is.True(bytes.HasSuffix(rest, []byte("<footer>The end</footer></body></html>")))
}

// get returns a body, or the error as text, which no test expects.
func get(url string) string {
	resp, err := http.Get(url)
	if err != nil {
		return err.Error()
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return string(body) + err.Error()
	}
	return string(body)
}

// Templ flushes at the end of every component. A page without parts has its length all the
// same.
func TestSynchronousTemplPageHasItsLength(t *testing.T) {
	is := is.New(t)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		engine.Render(w, r, page("A page", leaf("one"), leaf("two")))
	}))
	defer s.Close()
	resp, err := http.Get(s.URL)
	is.NoErr(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	is.NoErr(err)
	is.Equal(resp.ContentLength, int64(len(body)))
}
