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
// time for a page function and its tree, whose context ends with it; a page that has sent
// nothing by then answers 503. A part, or a page function, that ignores its context does
// not hold the answer: it is left behind, counted by [App.Abandoned] and told to the log.
//
// A client that takes nothing for half a minute is cut off ([App.StallTimeout]),
// and its parts are cancelled. Waiting for a slow part is not held against it, and a slow
// client that takes a kibibyte per second gets its page. A page can ask for other limits:
// [response.Context.SetStallTimeout], and [response.Context.SetWriteDeadline] where it takes
// longer than http.Server.WriteTimeout.
//
// WebKit, which is Safari and every browser on iOS, shows nothing of a page before it has
// some 1,024 bytes and a little content. What a page flushes first is filled up for it, by
// white space before the doctype and an invisible element behind it. That happens to whole
// documents only, and never to fragments, other media, crawlers or what a script asks for.
// The element, which has a style attribute, is left out under a Content-Security-Policy; the
// white space if the Content-Type has no charset. A page whose beginning is longer than 1,024
// bytes stays as it is.
//
// The body of a request can be read in a part as well as in the page function. Over
// HTTP/1.1 that takes a writer that leads to net/http's, see below.
//
// # Errors
//
// As long as nothing was sent, any error, and any panic, becomes an error page
// with its status: 500, unless the error has a method Status() int that says
// otherwise, or 503 if the time is over (context.DeadlineExceeded). The error page gets the
// cookies, the hooks and most headers that were set, and a [*response.StatusError] whose
// text is safe to show. The cause goes to the log.
//
// After the first byte there is no honest answer left: the error is logged, once,
// and the connection is cut, so that no browser, cache or crawler takes half a page for a
// whole one: by a write deadline in the past, and by panicking with http.ErrAbortHandler.
// component.Catch and component.Blocking are the ways to choose otherwise.
//
// Answers, which are the errors that package response makes, are no failures: a Catch lets
// them through. They are given from the page function, from components until the lock, and
// from a Blocking; anywhere else they are a [*stream.MisplacedError], however fast the rest
// of the page is.
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
// pages and redirects, has the last word with [response.Context.OnCommit], and sees what
// was answered with [response.Context.Outcome]. [Key] shares values with pages.
//
// A wrapper around the http.ResponseWriter should have a method
// Unwrap() http.ResponseWriter. Through one that has neither that nor a Flush no page can be
// streamed; the log says so once.
//
// An App may be mounted below a prefix, with http.StripPrefix or in another App: its own
// redirects keep what was taken from the path.
//
// # Concurrency
//
// An App serves any number of requests at once; register everything before.
// Handlers run on the goroutine net/http gives them, and only that one writes to
// the connection. The package starts no goroutines; the parts of a page run in
// those of package stream, and so does a page function that has a time limit. They have all
// ended when ServeHTTP returns, but for those that [App.Abandoned] counts.
package engine
