package escape

import (
	"os"
	"syscall"
	"testing"
	"unsafe"
)

// A string may end where memory ends.
func TestCopyCleanReadsNoFurther(t *testing.T) {
	if !haveBlocks {
		t.Skip("this build looks bytes up in a table")
	}
	edge := endOfMemory(t)
	set := newByteSet(func(c byte) bool { return c == '<' })
	for size := shortest; size < 100; size++ {
		src := edge[len(edge)-size:]
		for at := range src {
			src[at] = '<'
			checkCopyClean(t, string(src), set, func(c byte) bool { return c == '<' })
			room := make([]byte, size)
			copyClean(room, asString(src), set)
			copyClean(src, string(room), set) // and may be written up to there
			src[at] = 'a'
		}
	}
}

// endOfMemory returns a page that is followed by one that cannot be accessed.
func endOfMemory(t *testing.T) []byte {
	size := os.Getpagesize()
	pages, err := syscall.Mmap(-1, 0, 2*size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Munmap(pages) })
	if err := syscall.Mprotect(pages[size:], syscall.PROT_NONE); err != nil {
		t.Fatal(err)
	}
	return pages[:size:size]
}

// asString is b itself as a string, and not a copy.
func asString(b []byte) string { return unsafe.String(&b[0], len(b)) }
