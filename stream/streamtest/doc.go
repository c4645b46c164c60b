// Package streamtest helps to test pages that stream: a [Recorder] notes what leaves
// when, and [Orders] tries every order in which the parts of a page can end.
//
// The smallest test:
//
//	func TestPage(t *testing.T) {
//		streamtest.Run(t, 3, func(order streamtest.Order) stream.Renderable {
//			return page(store{ // answers of a fake store come in that order
//				product: func(ctx context.Context) error { return order.Wait(ctx, 0) },
//				reviews: func(ctx context.Context) error { return order.Wait(ctx, 1) },
//				similar: func(ctx context.Context) error { return order.Wait(ctx, 2) },
//			})
//		})
//	}
//
// It renders the page six times, each time with other delays, and fails if the document
// is not always the same. Nothing is waited for in earnest: Run renders in a bubble of
// [testing/synctest], where time passes when everybody sleeps. In such a bubble, too, a
// Recorder says the same times on every machine:
//
//	synctest.Test(t, func(t *testing.T) {
//		rec := streamtest.NewRecorder()
//		err := stream.Render(t.Context(), rec, page)
//		…
//		if got, want := rec.String(), "0s \"<head>\"\n20ms \"<p>…\"\n"; got != want {
//
// # Concurrency
//
// A Recorder is for one Render. An Order may be used by all the parts of a page.
package streamtest
