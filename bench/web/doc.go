// Package web measures pages over HTTP, on loopback, from outside of the
// process that serves them.
//
// [Start] runs this program again as a server: so the CPU time of the server is
// its own, and the client's work does not count. [ServeIfChild] must be the
// first call of main, and of TestMain, in a program that uses Start. The server
// ends with its parent.
//
// [Client] is a small HTTP/1.1 client that costs less than the pages it asks
// for, and tells when each piece of a body arrives.
package web
