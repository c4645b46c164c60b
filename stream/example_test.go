package stream_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"time"

	"github.com/ropewalk/ropewalk/stream"
)

// slow is a part that takes its time and prints s.
func slow(d time.Duration, s string) stream.Func {
	return func(ctx context.Context, w io.Writer) error {
		select {
		case <-time.After(d):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		_, err := io.WriteString(w, s)
		return err
	}
}

func ExampleRender() {
	page := stream.Func(func(ctx context.Context, w io.Writer) error {
		_, err := io.WriteString(w, "<h1>Hello</h1>\n")
		return err
	})
	if err := stream.Render(context.Background(), os.Stdout, page); err != nil {
		fmt.Println(err)
	}
	// Output: <h1>Hello</h1>
}

func ExampleGo() {
	page := stream.Func(func(ctx context.Context, w io.Writer) error {
		io.WriteString(w, "<ul>\n")
		for _, part := range []stream.Func{
			slow(20*time.Millisecond, "<li>slow</li>\n"), // both load
			slow(time.Millisecond, "<li>quick</li>\n"),   // at the same time
		} {
			if err := stream.Go(ctx, w, part); err != nil {
				return err
			}
		}
		_, err := io.WriteString(w, "</ul>\n")
		return err
	})
	stream.Render(context.Background(), os.Stdout, page)
	// Output:
	// <ul>
	// <li>slow</li>
	// <li>quick</li>
	// </ul>
}

func ExampleCatch() {
	reviews := stream.Func(func(ctx context.Context, w io.Writer) error {
		io.WriteString(w, "<h2>Reviews</h2>\n")
		return errors.New("database is away")
	})
	page := stream.Func(func(ctx context.Context, w io.Writer) error {
		io.WriteString(w, "<h1>Product</h1>\n")
		return stream.Catch(ctx, w, reviews, func(err error) stream.Renderable {
			return slow(0, "<p>No reviews now.</p>\n")
		})
	})
	stream.Render(context.Background(), os.Stdout, page)
	// Output:
	// <h1>Product</h1>
	// <p>No reviews now.</p>
}

func ExampleTimeout() {
	page := stream.Func(func(ctx context.Context, w io.Writer) error {
		return stream.Timeout(ctx, w, 10*time.Millisecond, slow(time.Hour, "never"))
	})
	err := stream.Render(context.Background(), os.Stdout, page)
	var late *stream.TimeoutError
	fmt.Println(errors.As(err, &late), err)
	// Output: true stream: not done within 10ms
}

func ExampleBlocking() {
	errGone := errors.New("no such product")
	page := stream.Func(func(ctx context.Context, w io.Writer) error {
		io.WriteString(w, "<title>Product</title>")
		stream.Go(ctx, w, slow(20*time.Millisecond, "reviews"))
		return stream.Blocking(ctx, w, stream.Func(func(ctx context.Context, w io.Writer) error {
			return stream.Go(ctx, w, stream.Func(func(context.Context, io.Writer) error { return errGone }))
		}))
	})
	err := stream.Render(context.Background(), os.Stdout, page)
	fmt.Println("nothing was written:", err)
	// Output: nothing was written: no such product
}

func ExampleFlush() {
	page := stream.Func(func(ctx context.Context, w io.Writer) error {
		io.WriteString(w, "<head>…</head>\n")
		stream.Flush(ctx, w) // the browser may fetch the styles meanwhile
		_, err := io.WriteString(w, "<body>…</body>\n")
		return err
	})
	stream.Render(context.Background(), os.Stdout, page)
	// Output:
	// <head>…</head>
	// <body>…</body>
}

func ExampleWriter_Take() {
	greet := stream.Func(func(ctx context.Context, w io.Writer) error {
		if sw, ok := w.(*stream.Writer); ok {
			return sw.Give(append(sw.Take(), "Hello, 世界\n"...)) // with no copy
		}
		_, err := io.WriteString(w, "Hello, 世界\n")
		return err
	})
	stream.Render(context.Background(), os.Stdout, greet)
	// Output: Hello, 世界
}

func ExampleRenderer() {
	limits := stream.Renderer{Spill: 16 << 10, Concurrency: 4}
	err := limits.Render(context.Background(), os.Stdout, slow(time.Millisecond, "done\n"))
	fmt.Println(err)
	// Output:
	// done
	// <nil>
}

// A page that is to have a Content-Length, or whose status any of its parts may decide.
// A Caught hears of the errors that a Catch shows something else for.
func ExampleRenderer_caught() {
	ads := stream.Func(func(context.Context, io.Writer) error { return errors.New("the ad server is away") })
	page := stream.Func(func(ctx context.Context, w io.Writer) error {
		io.WriteString(w, "<main></main>")
		return stream.Catch(ctx, w, ads, nil) // the page does without
	})
	renderer := stream.Renderer{Caught: func(_ context.Context, err error) { fmt.Println("log:", err) }}
	renderer.Render(context.Background(), os.Stdout, page)
	// Output:
	// log: the ad server is away
	// <main></main>
}

func ExampleFlushPolicy() {
	usual := stream.Renderer{MinFlush: 20 * time.Millisecond, Timeout: 10 * time.Second}
	whole := usual
	whole.Flush = stream.FlushNone

	page := stream.Func(func(ctx context.Context, w io.Writer) error {
		io.WriteString(w, "<h1>Report</h1>\n")
		return stream.Go(ctx, w, slow(time.Millisecond, "<table>…</table>\n"))
	})
	err := whole.Render(context.Background(), os.Stdout, page) // one Write
	fmt.Println(err)
	// Output:
	// <h1>Report</h1>
	// <table>…</table>
	// <nil>
}

func ExampleBudget() {
	// For the life of the program, and all its pages.
	budget := &stream.Budget{Pending: 64 << 20, Concurrency: 10_000}
	pages := stream.Renderer{Shared: budget}

	pages.Render(context.Background(), os.Stdout, slow(time.Millisecond, "done\n"))
	bytes, parts := budget.InUse()
	fmt.Println(bytes, parts)
	// Output:
	// done
	// 0 0
}

func ExampleTooLargeError() {
	export := stream.Func(func(ctx context.Context, w io.Writer) error {
		for range 1000 {
			if _, err := io.WriteString(w, "<tr><td>a row of a large table</td></tr>"); err != nil {
				return err
			}
		}
		return nil
	})
	page := stream.Func(func(ctx context.Context, w io.Writer) error {
		return stream.Catch(ctx, w, export, func(err error) stream.Renderable {
			var large *stream.TooLargeError
			return slow(0, fmt.Sprintln("too large:", errors.As(err, &large)))
		})
	})
	limits := stream.Renderer{Held: 10_000, Spill: 4096}
	limits.Render(context.Background(), os.Stdout, page)
	// Output: too large: true
}

func ExampleWithTrace() {
	flushed := make(chan struct{})
	ctx := stream.WithTrace(context.Background(), &stream.Trace{
		PartReady: func(_ context.Context, part int, err error) { fmt.Println("part", part, "is ready:", err) },
		Flushed:   func(bytes int, err error) { fmt.Println("flushed", bytes, "bytes"); close(flushed) },
	})
	w := httptest.NewRecorder()
	stream.Render(ctx, w, stream.Func(func(ctx context.Context, w io.Writer) error {
		io.WriteString(w, "<h1>News</h1>")
		return stream.Go(ctx, w, stream.Func(func(ctx context.Context, w io.Writer) error {
			<-flushed // a slow part
			_, err := io.WriteString(w, "<p>…</p>")
			return err
		}))
	}))
	// Output:
	// flushed 13 bytes
	// part 1 is ready: <nil>
}
