//go:build !race

package render_test

const racing = false
