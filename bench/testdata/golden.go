// Package testdata holds the data of the pages fortunes and cards, and the two
// pages as every engine must write them.
package testdata

import _ "embed"

//go:embed data.json
var Data []byte // the fortunes, the products and the links of the menu

//go:embed fortunes.html
var Fortunes []byte

//go:embed cards.html
var Cards []byte
