// Package engine serves component trees over HTTP: each page decides its status,
// headers and cookies first, and then streams in document order while its slow
// parts load side by side.
//
//	func hello(page *response.Context) (component.Component, error) {
//		return component.Text("hello, " + page.Request.PathValue("name")), nil
//	}
//
//	func main() {
//		var app engine.App
//		app.Page("/hello/{name}", hello)
//		log.Fatal(http.ListenAndServe("127.0.0.1:8080", &app))
//	}
//
// # Pages, apps, trees
//
// A [PageFunc] is one page. It is an http.Handler, so any router can serve it:
// http.ServeMux, chi, and whatever else takes handlers. [Render] answers a
// request with a tree from any handler, with no page function at all.
//
// An [App] adds what pages have in common: patterns ([App.Page], [App.Handle]),
// error pages ([App.Error]), middleware ([App.Middleware]), a logger. It is an
// http.Handler too, so it serves a whole site or a part of one.
//
// # One request
//
// The page function runs first. It may change the response through its
// [response.Context], and it returns a tree, or an error that says what to
// answer instead: [response.Redirect], [response.NotFound], [response.Status],
// [response.Respond]. Components may still do both until the response locks; see
// package response for when.
//
// Then the tree is rendered. A page without async parts is one write with a
// Content-Length. Otherwise what is ready leaves whenever the next part is not.
//
// In answer to a HEAD request the page runs until its first byte would be sent,
// so that status and headers are those of a GET, and then stops.
//
// # Delivery
//
// Not everybody can make use of a stream. A page is sent whole, with its length
// and with the status of whatever happened in it, if it asks for that
// ([response.Context.SetBuffered]), and to the clients that [App.Buffer] names:
// crawlers, and those that speak HTTP/1.0. When the response locks is the same
// for all.
//
// An App compresses what it sends, with zstd or gzip, as the client likes; what
// a flush sends can be decoded at once, and a page that breaks off cannot be
// decoded to its end. [Encoding] has the options, and a word about secrets. A
// [PageFunc] outside of an App leaves compression to what is around it;
// [App.Handler] makes it one of the App's.
//
// [App.Stream] bounds what a page may take: 1 MiB of text that waits for a slow part or a
// slow reader, 16 MiB for what is kept back until it is complete, such as a page that is
// sent whole, and 256 MiB for the waiting text of all pages together. Its Timeout is the
// time for a whole page; one that has sent nothing by then answers 503.
//
// A client that takes nothing for half a minute is cut off ([App.StallTimeout]),
// and its parts are cancelled. Waiting for a slow part is not held against it.
//
// # Errors
//
// As long as nothing was sent, any error, and any panic, becomes an error page
// with its status: 500, unless the error has a method Status() int that says
// otherwise. The error page gets the cookies, the hooks and most headers that
// were set, and a [*response.StatusError] whose text is safe to show. The cause
// goes to the log.
//
// After the first byte there is no honest answer left: the error is logged, once,
// and the connection is cut by panicking with http.ErrAbortHandler, so that no
// browser, cache or crawler takes half a page for a whole one. component.Catch
// and component.Blocking are the ways to choose otherwise.
//
// An error that a Catch has dealt with is a warning in the log, and a panic an error; where
// several parts of a page fail, each is logged.
//
// A visitor who goes away cancels the context of every part. That is no error:
// it is logged at debug level only.
//
// # Middleware
//
// Middleware is the usual func(http.Handler) http.Handler and runs for
// everything an App answers, 404s included. Through
// response.From(r.Context()) it sets cookies and headers that survive error
// pages and redirects, and has the last word with [response.Context.OnCommit].
// [Key] shares values with pages.
//
// # Concurrency
//
// An App serves any number of requests at once; register everything before.
// Handlers run on the goroutine net/http gives them, and only that one writes to
// the connection. The package starts no goroutines; the parts of a page run in
// those of package stream, which have all ended when ServeHTTP returns.
package engine
