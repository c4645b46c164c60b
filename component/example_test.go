package component_test

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"io"
	"os"
	"time"

	"github.com/ropewalk/ropewalk/component"
)

func ExampleRender() {
	page := component.Join(component.Raw("<h1>"), component.Text("Fish & chips"), component.Raw("</h1>"))
	if err := component.Render(context.Background(), os.Stdout, page); err != nil {
		fmt.Println(err)
	}
	// Output: <h1>Fish &amp; chips</h1>
}

func ExampleFunc() {
	now := component.Func(func(ctx context.Context, w io.Writer) error {
		_, err := fmt.Fprintf(w, "<time>%02d:%02d</time>", 9, 30)
		return err
	})
	component.Render(context.Background(), os.Stdout, now)
	// Output: <time>09:30</time>
}

func ExampleText() {
	component.Render(context.Background(), os.Stdout, component.Text(`1 + 1 < "3"`))
	// Output: 1 &#43; 1 &lt; &#34;3&#34;
}

func ExampleRaw() {
	component.Render(context.Background(), os.Stdout, component.Raw(template.HTML("<hr>")))
	// Output: <hr>
}

// A component is a function from props to a Component.
func ExampleJoin() {
	card := func(title string, children ...component.Component) component.Component {
		return component.Join(
			component.Raw("<article><h2>"), component.Text(title), component.Raw("</h2>"),
			component.Join(children...),
			component.Raw("</article>"),
		)
	}
	component.Render(context.Background(), os.Stdout, card("Rope", component.Text("hemp"), nil))
	// Output: <article><h2>Rope</h2>hemp</article>
}

func ExampleAsync() {
	greeting := component.Async(func(ctx context.Context) (component.Component, error) {
		name := "Ada" // of a query, while the rest of the page renders
		return component.Text("Hello, " + name), nil
	})
	page := component.Join(component.Raw("<p>"), greeting, component.Raw("</p>"))
	component.Render(context.Background(), os.Stdout, page)
	// Output: <p>Hello, Ada</p>
}

// Both values are fetched at the same time; the page is in order all the same.
func ExampleLoad() {
	fetched := make(chan struct{})
	first := component.Load(func(ctx context.Context) (string, error) {
		<-fetched // the second is quicker
		return "first, ", nil
	}, component.Text)
	second := component.Load(func(ctx context.Context) (string, error) {
		close(fetched)
		return "second", nil
	}, component.Text)
	page := component.Join(first, second)
	component.Render(context.Background(), os.Stdout, page)
	// Output: first, second
}

func ExampleEach() {
	item := func(s string) component.Component {
		return component.Join(component.Raw("<li>"), component.Text(s), component.Raw("</li>"))
	}
	component.Render(context.Background(), os.Stdout, component.Each([]string{"hemp", "sisal"}, item))
	// Output: <li>hemp</li><li>sisal</li>
}

func ExampleSeq() {
	countdown := func(yield func(int) bool) {
		for n := 3; n > 0 && yield(n); n-- {
			// may wait here for the next
		}
	}
	page := component.Seq(countdown, func(n int) component.Component { return component.Text(fmt.Sprint(n, " ")) })
	component.Render(context.Background(), os.Stdout, page)
	// Output: 3 2 1
}

func ExampleCatch() {
	reviews := component.Load(func(ctx context.Context) (string, error) {
		return "", errors.New("database is away")
	}, component.Text)
	page := component.Join(
		component.Raw("<h1>Rope</h1>"),
		component.Catch(reviews, func(err error) component.Component {
			return component.Raw("<p>No reviews now.</p>")
		}),
	)
	component.Render(context.Background(), os.Stdout, page)
	// Output: <h1>Rope</h1><p>No reviews now.</p>
}

func ExampleTimeout() {
	slow := component.Async(func(ctx context.Context) (component.Component, error) {
		<-ctx.Done() // what a query does that heeds its context
		return nil, ctx.Err()
	})
	page := component.Catch(component.Timeout(10*time.Millisecond, slow), func(err error) component.Component {
		var late *component.TimeoutError
		if errors.As(err, &late) {
			return component.Text(fmt.Sprint("nothing within ", late.After))
		}
		return component.Text("failed")
	})
	component.Render(context.Background(), os.Stdout, page)
	// Output: nothing within 10ms
}

func ExampleBlocking() {
	product := component.Load(func(ctx context.Context) (string, error) {
		return "", errors.New("no such product")
	}, component.Text)
	page := component.Join(component.Raw("<!DOCTYPE html>"), component.Blocking(product))
	err := component.Render(context.Background(), os.Stdout, page)
	fmt.Println("nothing has left:", err)
	// Output: nothing has left: no such product
}

func ExampleFlush() {
	page := component.Join(component.Raw("<head></head>\n"), component.Flush(), component.Raw("<body></body>"))
	component.Render(context.Background(), os.Stdout, page)
	// Output:
	// <head></head>
	// <body></body>
}

// element is a node that needs no context, as gomponents' are.
type element string

func (e element) Render(w io.Writer) error {
	_, err := fmt.Fprintf(w, "<%s></%[1]s>", string(e))
	return err
}

func ExampleNode() {
	component.Render(context.Background(), os.Stdout, component.Node(element("div")))
	// Output: <div></div>
}
