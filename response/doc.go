// Package response holds what a page decides before its first byte: status,
// headers, cookies, or that something else is answered.
//
// A page function gets a [*Context] and changes the response through it:
//
//	func product(page *response.Context) (component.Component, error) {
//		p, err := store.Product(page.Request.Context(), page.Request.PathValue("id"))
//		if errors.Is(err, store.ErrNotFound) {
//			return nil, response.NotFound()
//		}
//		if err != nil {
//			return nil, err // the 500 page; the error goes to the log
//		}
//		page.Header().Set("Cache-Control", "private")
//		return Product(ProductProps{Product: p}), nil
//	}
//
// Components do the same with [From] and their context, as long as the response
// is not locked.
//
// # The lock
//
// Once parts of the page run side by side, or bytes have left, a change to the
// head would be a race or a lie. So the response locks, at the first of: the
// first async part starts; the first spill or flush; the end of the synchronous
// render. That moment depends on the page alone, never on timing. After it every
// change returns a [*LockedError] that names the line that tried:
//
//	response: Header.Set("Cache-Control") at product.go:41: the response has started; …
//
// The engine also logs it, once for each such line, since the errors of Set are
// easily dropped.
//
// # Answers
//
// [Redirect], [NotFound], [Status], [Respond], [JSON] and [Bytes] make error
// values. A page function answers by returning one, and so does a component until the
// response locks, or inside of a component.Blocking; without the return nothing happens,
// which a linter can see. From anywhere else an answer might come too late, so that it is
// an error which names the place, whether it would have been in time or not.
//
// Whatever is answered instead of the page, the cookies set so far are sent with
// it. An error page also keeps the headers, but for those about a body that is
// given up (Content-Type, ETag, …) and, from 500 on, Cache-Control and Expires. A
// redirect keeps the latter; [Respond] sends the response's own headers only.
//
// # Delivery
//
// [Context.SetBuffered] has a page sent whole instead of streamed, and
// [Context.SetCompressed] has it sent as it is. [Context.SetStallTimeout] and
// [Context.SetWriteDeadline] are for pages that take longer than others.
// [Context.Outcome] tells a middleware what was answered.
//
// # Concurrency
//
// A Context belongs to one request and may be used by all goroutines of it.
//
// # Errors
//
// [*LockedError] is [ErrLocked]. Other errors are mistakes of the caller: a
// header name or value that HTTP does not allow, a status out of range.
package response
