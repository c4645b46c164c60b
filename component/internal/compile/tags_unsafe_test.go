//go:build !purego

package compile_test

const buildTags = ""
