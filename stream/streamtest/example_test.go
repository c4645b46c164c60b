package streamtest_test

import (
	"context"
	"fmt"
	"io"

	"github.com/ropewalk/ropewalk/stream"
	"github.com/ropewalk/ropewalk/stream/streamtest"
)

// A test would render in synctest.Test, and look at the times too.
func ExampleRecorder() {
	page := stream.Func(func(ctx context.Context, w io.Writer) error {
		io.WriteString(w, "<head>…</head>")
		stream.Flush(ctx, w)
		_, err := io.WriteString(w, "<body>…</body>")
		return err
	})
	rec := streamtest.NewRecorder()
	if err := stream.Render(context.Background(), rec, page); err != nil {
		fmt.Println(err)
	}
	for _, chunk := range rec.Chunks() {
		fmt.Println(chunk.Text, chunk.Flushed)
	}
	// Output:
	// <head>…</head> true
	// <body>…</body> false
}

// Whatever comes first, the document is the same. Run does this for a test.
func ExampleOrders() {
	for order := range streamtest.Orders(3) {
		page := join(part(order, 0, "a"), part(order, 1, "b"), part(order, 2, "c"))
		rec := streamtest.NewRecorder()
		if err := stream.Render(context.Background(), rec, page); err != nil {
			fmt.Println(err)
		}
		fmt.Println(order, rec.Text())
	}
	// Output:
	// [0 1 2] abc
	// [0 2 1] abc
	// [1 0 2] abc
	// [1 2 0] abc
	// [2 0 1] abc
	// [2 1 0] abc
}
