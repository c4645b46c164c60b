// Package answer answers one request: it runs a page function, decides what its error
// stands for, writes the head and the body, compresses them, gives up clients that take
// nothing, and tells the log what visitors do not see. It knows its settings and the
// request, and neither routes nor middleware.
//
// A request's way through it:
//
//	Service.Begin        exchange.go   the request's context, response and locals, in one allocation
//	Exchange.Page        page.go       the page function, and its tree into a pageWriter, within the time for both
//	pageWriter           pagewriter.go the head before the first byte, then the body; encoded (compress.go)
//	                     filler.go     for browsers that show nothing of a short beginning
//	client               client.go     pieces, each of which the client has to take in time (stall.go)
//	rootWriter           root.go       commits the response, whoever writes first; counts (outcome.go)
//
// and when there is an error instead:
//
//	Exchange.answer      answer.go     redirect, status, complete response (respond.go) or error page (failure.go)
//	Exchange.abort       abort.go      too late for that: the connection is cut
//
// A head is committed when it is handed to net/http: that is the one word for it here.
package answer
