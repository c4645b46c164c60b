package peer

import (
	"bytes"

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
	// such as parsing, is done here. The page is for one goroutine; make one for
	// each.
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

// A Page is a document that can be rendered again and again, into memory that
// it keeps and reuses.
type Page struct {
	// Render renders the document from the start.
	Render func() error
	// Output is the document as rendered last. The next Render overwrites it.
	Output func() []byte
}

// Buffered is a page of a function that writes to a bytes.Buffer.
func Buffered(render func(b *bytes.Buffer) error) *Page {
	var b bytes.Buffer
	return &Page{
		Render: func() error {
			b.Reset()
			return render(&b)
		},
		Output: b.Bytes,
	}
}

// Appended is a page of a function that appends to a slice.
func Appended(render func(b []byte) []byte) *Page {
	var b []byte
	return &Page{
		Render: func() error {
			b = render(b[:0])
			return nil
		},
		Output: func() []byte { return b },
	}
}
