package streamtest

import (
	"fmt"
	"strings"
	"time"
)

// Chunk is what left with one flush, or, at the end of a document, without one.
type Chunk struct {
	At      time.Duration // since the Recorder was made
	Text    string
	Writes  int  // in how many pieces it was written
	Flushed bool // false for the end of a document
}

// String returns the time and the text in quotes.
func (c Chunk) String() string { return fmt.Sprintf("%v %q", c.At, c.Text) }

// Recorder is a destination for a Render. It notes what leaves, and when.
type Recorder struct {
	// Whole says that the document came complete and at once, as a response with a
	// Content-Length does.
	Whole bool
	// Locked is when the lock fell: from then on a page cannot change its head. It is -1
	// before.
	Locked time.Duration

	start  time.Time
	chunks []Chunk
	open   bool // the last chunk has not been flushed
}

// NewRecorder returns a Recorder whose clock begins now.
func NewRecorder() *Recorder { return &Recorder{start: time.Now(), Locked: -1} }

// Write notes p.
func (r *Recorder) Write(p []byte) (int, error) {
	if !r.open {
		r.chunks = append(r.chunks, Chunk{})
		r.open = true
	}
	c := &r.chunks[len(r.chunks)-1]
	c.At = time.Since(r.start)
	c.Text += string(p)
	c.Writes++
	return len(p), nil
}

// WriteWhole notes a document that is written at once.
func (r *Recorder) WriteWhole(p []byte) (int, error) {
	r.Whole = true
	if len(p) == 0 {
		return 0, nil
	}
	return r.Write(p)
}

// Flush ends a chunk.
func (r *Recorder) Flush() {
	if r.open {
		c := &r.chunks[len(r.chunks)-1]
		c.At, c.Flushed = time.Since(r.start), true
	}
	r.open = false
}

// Lock notes the lock.
func (r *Recorder) Lock() { r.Locked = time.Since(r.start) }

// Chunks returns what has left.
func (r *Recorder) Chunks() []Chunk { return r.chunks }

// Text returns the document.
func (r *Recorder) Text() string {
	var b strings.Builder
	for _, c := range r.chunks {
		b.WriteString(c.Text)
	}
	return b.String()
}

// String returns a line for each chunk, with its time: something to compare with what
// was expected, or to keep in a file.
func (r *Recorder) String() string {
	var b strings.Builder
	for _, c := range r.chunks {
		fmt.Fprintln(&b, c)
	}
	return b.String()
}
