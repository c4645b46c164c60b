// Package views holds the pages as templates, one file for the engines that
// read html/template's language.
package views

import "embed"

//go:embed *.html
var Files embed.FS
