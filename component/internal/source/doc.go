// Package source holds the texts that templates are parsed from, finds the place of a
// node in them, and words what is wrong there: a file, a line, a column, the line's text
// and a caret.
package source
