// Package attack opens pages full of hostile data in a real browser: no string,
// in none of the contexts that a template can put it in, may run as script.
package attack
