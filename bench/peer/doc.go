// Package peer says what an engine is to the comparison: pages that can be
// rendered again and again, and a table of the places that the engine leaves
// to the author of its templates.
//
// Each engine lives in a package of its own under peers, which exports one
// function, Engine or Engines. Package render lists them all.
package peer
