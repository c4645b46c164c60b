package stream_test

import (
	"context"
	"errors"
	"fmt"
	"io"
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
