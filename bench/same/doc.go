// Package same tells whether two documents are the same to a browser, however
// their authors spelled them.
//
// Equal are: every spelling of an entity, attributes in any order and quoting,
// text apart from runs of white space, URLs apart from what is percent-encoded
// and in which case, scripts apart from white space between tokens and the
// escapes in strings, styles apart from white space and a last semicolon.
package same
