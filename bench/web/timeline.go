package web

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/ropewalk/ropewalk/bench/measure"
)

// A Timeline is when the pieces of a page of parts reached the reader, counted
// from the moment before the request left.
type Timeline struct {
	First, Last time.Duration
	Parts       []time.Duration
	Bytes       int64

	Firsts, Lasts measure.Times // by round, of which First and Last are the medians
}

// Timelines asks for each page in turn, some times, and returns the median of
// each moment.
func (s *Server) Timelines(subjects []Subject, parts, rounds int, http2 bool) ([]Timeline, error) {
	conns, err := s.askers(1, 16<<10, http2)
	if err != nil {
		return nil, err
	}
	c := conns[0]
	defer c.Close()
	all := make([][]Timeline, len(subjects))
	for round := range rounds + 1 {
		for i, subject := range subjects {
			t, err := timeline(c, subject)
			if err != nil {
				return nil, fmt.Errorf("web: %s: %w", subject.Name, err)
			}
			if len(t.Parts) != parts {
				return nil, fmt.Errorf("web: %s has %d parts, not %d", subject.Name, len(t.Parts), parts)
			}
			if round > 0 { // the first made the page
				all[i] = append(all[i], t)
			}
		}
	}
	medians := make([]Timeline, len(subjects))
	for i := range all {
		medians[i] = median(all[i])
	}
	return medians, nil
}

var endOfPart = []byte("</section>")

// timeline asks once. A part is there when its last byte is, decoded.
func timeline(c asker, s Subject) (Timeline, error) {
	w := &watch{start: time.Now()}
	sink, done := w.see, func() error { return nil }
	if s.Encoding != "" {
		sink, done = w.decode(s.Encoding)
	}
	size, err := c.get(s, func(piece []byte) {
		if w.First == 0 {
			w.First = time.Since(w.start)
		}
		sink(piece)
	})
	w.Last, w.Bytes = time.Since(w.start), size
	if decoding := done(); err == nil {
		err = decoding
	}
	return w.Timeline, err
}

// A watch looks for the ends of parts.
type watch struct {
	Timeline
	start time.Time
	tail  []byte // of what came before, too short to hold the end of a part
}

func (w *watch) see(piece []byte) {
	now := time.Since(w.start)
	text := append(w.tail, piece...)
	for range bytes.Count(text, endOfPart) {
		w.Parts = append(w.Parts, now)
	}
	rest := text[bytes.LastIndex(text, endOfPart)+1:]
	w.tail = bytes.Clone(rest[max(0, len(rest)-len(endOfPart)+1):])
}

// decode returns a sink for encoded pieces, which sees them decoded, and a
// function that waits for the last of them.
func (w *watch) decode(encoding string) (sink func(piece []byte), done func() error) {
	encoded, feed := io.Pipe()
	end := make(chan error, 1)
	go func() {
		err := w.read(encoding, encoded)
		encoded.CloseWithError(err) // what comes after it goes nowhere
		end <- err
	}()
	return func(piece []byte) { feed.Write(piece) }, func() error {
		feed.Close()
		return <-end
	}
}

func (w *watch) read(encoding string, r io.Reader) error {
	var decoded io.Reader
	var err error
	switch encoding {
	case "gzip":
		decoded, err = gzip.NewReader(r)
	case "zstd":
		decoded, err = zstd.NewReader(r, zstd.WithDecoderConcurrency(1))
	default:
		err = fmt.Errorf("web: there is no decoder for %q", encoding)
	}
	if err != nil {
		return err
	}
	buffer := make([]byte, 16<<10)
	for {
		n, err := decoded.Read(buffer)
		w.see(buffer[:n])
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func median(all []Timeline) Timeline {
	moments := func(of func(t Timeline) time.Duration) (by measure.Times) {
		for _, t := range all {
			by = append(by, float64(of(t)))
		}
		return by
	}
	middle := func(by measure.Times) time.Duration { return time.Duration(by.Stat().Median) }
	m := Timeline{
		Bytes:  all[0].Bytes,
		Firsts: moments(func(t Timeline) time.Duration { return t.First }),
		Lasts:  moments(func(t Timeline) time.Duration { return t.Last }),
	}
	m.First, m.Last = middle(m.Firsts), middle(m.Lasts)
	for i := range all[0].Parts {
		m.Parts = append(m.Parts, middle(moments(func(t Timeline) time.Duration { return t.Parts[i] })))
	}
	return m
}
