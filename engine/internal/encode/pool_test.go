package encode

import (
	"bytes"
	"compress/gzip" // not the one that encodes
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/matryer/is"
)

// kinds are the ways to encode: by header and limit of encoders.
var kinds = map[string]struct {
	header string
	limit  int
	coding Coding
}{
	"zstd":      {"zstd", 1, Zstd},
	"gzip":      {"gzip", 1, Gzip},
	"stateless": {"gzip", 0, Gzip},
}

func decoder(t *testing.T, c Coding, r io.Reader) (io.Reader, error) {
	t.Helper()
	if c == Gzip {
		return gzip.NewReader(r)
	}
	z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(8<<20)) // what browsers take
	if err == nil {
		t.Cleanup(z.Close)
	}
	return z, err
}

func decode(t *testing.T, c Coding, body []byte) (string, error) {
	t.Helper()
	r, err := decoder(t, c, bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(r)
	return string(b), err
}

func open(t *testing.T, p *Pool, dst io.Writer, kind string) *Writer {
	t.Helper()
	w := p.Open(dst, ParseAccept([]string{kinds[kind].header}), kinds[kind].limit)
	if w == nil || w.Coding != kinds[kind].coding {
		t.Fatalf("got %+v", w)
	}
	return w
}

// pieces of a body, flushed one by one.
var pieces = []string{"one", strings.Repeat("two, ", 50_000), "", "three" + noise(100_000)}

// noise is text that repeats nothing.
func noise(n int) string {
	b, x := make([]byte, n), uint64(1)
	for i := range b {
		x = x*6364136223846793005 + 1442695040888963407
		b[i] = 'a' + byte(x>>59)
	}
	return string(b)
}

func TestEachFlushDecodes(t *testing.T) {
	for kind, k := range kinds {
		t.Run(kind, func(t *testing.T) {
			is := is.New(t)
			var p Pool
			var body bytes.Buffer
			w := open(t, &p, &body, kind)
			defer w.Release()
			is.NoErr(w.Flush())
			var want string
			for _, s := range pieces {
				_, err := io.WriteString(w, s)
				is.NoErr(err)
				is.NoErr(w.Flush())
				want += s
				got, err := decode(t, k.coding, body.Bytes())
				is.True(got == want)                         // all of it is there
				is.True(errors.Is(err, io.ErrUnexpectedEOF)) // and is not taken for the end
			}
			is.NoErr(w.Close())
			got, err := decode(t, k.coding, body.Bytes())
			is.NoErr(err)
			is.True(got == want)
			is.True(body.Len() < len(want)) // it was worth it
		})
	}
}

func TestABodyThatIsCutOffDoesNotDecode(t *testing.T) {
	for kind, k := range kinds {
		t.Run(kind, func(t *testing.T) {
			is := is.New(t)
			var p Pool
			var body bytes.Buffer
			w := open(t, &p, &body, kind)
			for _, s := range []string{"one", noise(300), "three"} {
				_, err := io.WriteString(w, s)
				is.NoErr(err)
				is.NoErr(w.Flush())
			}
			is.NoErr(w.Close())
			w.Release()
			for n := 1; n < body.Len(); n++ {
				if text, err := decode(t, k.coding, body.Bytes()[:n]); err == nil {
					t.Errorf("%d of %d bytes decode to %q", n, body.Len(), text)
				}
			}
		})
	}
}

func TestReleaseWithoutCloseLeavesTheBodyOpen(t *testing.T) {
	for kind, k := range kinds {
		for _, flush := range []bool{true, false} {
			t.Run(fmt.Sprint(kind, flush), func(t *testing.T) {
				is := is.New(t)
				var p Pool
				var body bytes.Buffer
				w := open(t, &p, &body, kind)
				io.WriteString(w, noise(100_000))
				if flush {
					is.NoErr(w.Flush())
				}
				w.Release()
				w.Release()
				is.Equal(p.InUse(), 0)
				_, err := decode(t, k.coding, body.Bytes())
				is.True(errors.Is(err, io.ErrUnexpectedEOF))
			})
		}
	}
}

// What a body leaves behind does not show in the next one.
func TestEncodersAreReused(t *testing.T) {
	for kind, k := range kinds {
		t.Run(kind, func(t *testing.T) {
			is := is.New(t)
			var p Pool
			for i := range 20 {
				var body bytes.Buffer
				w := open(t, &p, &body, kind)
				want := fmt.Sprint(i) + noise(i*5000)
				io.WriteString(w, want)
				if i%3 == 0 { // given up
					w.Release()
					continue
				}
				if i%3 == 1 {
					is.NoErr(w.Flush())
				}
				is.NoErr(w.Close())
				w.Release()
				got, err := decode(t, k.coding, body.Bytes())
				is.NoErr(err)
				is.True(got == want)
			}
		})
	}
}

func TestTheLimitOfEncoders(t *testing.T) {
	is := is.New(t)
	var p Pool
	open := func(header string) *Writer { return p.Open(io.Discard, ParseAccept([]string{header}), 2) }
	one, two := open("gzip, zstd"), open("gzip")
	is.Equal(one.Coding, Zstd)
	is.Equal(two.Coding, Gzip)
	is.Equal(p.InUse(), 2)
	three := open("gzip, zstd")
	is.Equal(three.Coding, Gzip) // without a memory
	is.Equal(p.InUse(), 2)
	is.Equal(open("zstd, gzip;q=0"), nil)
	three.Release()
	is.Equal(p.InUse(), 2)
	one.Release()
	is.Equal(p.InUse(), 1)
	is.Equal(open("zstd").Coding, Zstd)
	is.Equal(open("br"), nil)
}

type broken struct{ after int }

var errBroken = errors.New("broken")

func (b *broken) Write(p []byte) (int, error) {
	if b.after--; b.after < 0 {
		return 0, errBroken
	}
	return len(p), nil
}

func TestErrorsOfTheDestination(t *testing.T) {
	for kind := range kinds {
		for after := range 4 {
			t.Run(fmt.Sprint(kind, after), func(t *testing.T) {
				var p Pool
				w := open(t, &p, &broken{after}, kind)
				defer w.Release()
				var err error
				for i := 0; err == nil && i < 5; i++ {
					if _, err = io.WriteString(w, noise(10_000)); err == nil {
						err = w.Flush()
					}
				}
				if !errors.Is(err, errBroken) {
					t.Errorf("got %v", err)
				}
			})
		}
	}
}

// A connection is not written to in crumbs.
func TestWritesAreLarge(t *testing.T) {
	for kind := range kinds {
		var p Pool
		count := &broken{after: 1 << 30}
		w := open(t, &p, count, kind)
		io.WriteString(w, noise(1<<20))
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		w.Release()
		if writes := 1<<30 - count.after; writes > 1<<20/stepOut {
			t.Errorf("%s: %d writes", kind, writes)
		}
	}
}

func BenchmarkOpenClose(b *testing.B) {
	for kind, k := range kinds {
		b.Run(kind, func(b *testing.B) {
			var p Pool
			a := ParseAccept([]string{k.header})
			b.ReportAllocs()
			for b.Loop() {
				w := p.Open(io.Discard, a, k.limit)
				io.WriteString(w, "a short page")
				w.Close()
				w.Release()
			}
		})
	}
}
