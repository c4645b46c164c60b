package peer

import (
	"bytes"
	"io"
	"net/http"
	"sync"

	"github.com/ropewalk/ropewalk/bench/workload"
)

// An Engine renders pages.
type Engine struct {
	// Name is what benchmarks and reports call the engine: letters and hyphens.
	Name string
	// Module is the module whose version a report shows; empty for the standard
	// library and for code of this module.
	Module string
	// Page makes a page with the data of the set. What an application does once,
	// such as parsing, is done here. Make a page for each goroutine that renders.
	Page func(name workload.Name, data *workload.Set) (*Page, error)
	// Cover says how each place of a page is escaped.
	Cover Cover
	// Golden says that fortunes and cards are the golden files byte for byte.
	// Other engines write some characters as another entity.
	Golden bool
	// Dynamic says that the page's data are maps.
	Dynamic bool
	// Bound marks what is no engine but a bound to compare engines with.
	Bound bool
}

// A Page is a document that can be rendered again and again: by one goroutine
// into memory that the page keeps and reuses, or by any number to writers.
type Page struct {
	// Render renders the document from the start.
	Render func() error
	// Output is the document as rendered last. The next Render overwrites it.
	Output func() []byte
	// Write renders the document to a writer that is not memory.
	Write func(w io.Writer) error
	// Handler answers requests in the engine's own way. If it is nil the
	// document is rendered to a buffer and leaves in one write.
	Handler http.Handler
	// Streaming answers requests without such a buffer, in the engine's own way;
	// nil if the engine has no other.
	Streaming http.Handler
}

// Written is a page of a function that writes to any writer.
func Written(write func(w io.Writer) error) *Page {
	var b bytes.Buffer
	return &Page{
		Render: func() error {
			b.Reset()
			return write(&b)
		},
		Output: b.Bytes,
		Write:  write,
	}
}

// Appended is a page of a function that appends to a slice.
func Appended(render func(b []byte) []byte) *Page {
	var b []byte
	pool := sync.Pool{New: func() any { return new([]byte) }}
	pooled := func(use func(document []byte) error) error {
		b := pool.Get().(*[]byte)
		defer pool.Put(b)
		*b = render((*b)[:0])
		return use(*b)
	}
	return &Page{
		Render: func() error {
			b = render(b[:0])
			return nil
		},
		Output: func() []byte { return b },
		Write: func(w io.Writer) error {
			return pooled(func(document []byte) error {
				_, err := w.Write(document)
				return err
			})
		},
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			pooled(func(document []byte) error {
				Whole(w, document)
				return nil
			})
		}),
	}
}
