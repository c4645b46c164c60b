package engine_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/engine"
)

// A client that goes away, wherever in the page, ends everything that was going on
// for it.
func TestTheClientGoesAwayAtAnyByte(t *testing.T) { // B1.23
	for _, bytes := range []int64{0, 1, 30, 1000, 70_000, 1_000_000} {
		t.Run(fmt.Sprint(bytes), func(t *testing.T) {
			eachEncoding(t, func(t *testing.T, coding string, encoders int, serve func(*testing.T, http.Handler) *httptest.Server) {
				is := is.New(t)
				var j journal
				returned, ended := make(chan any, 1), make(chan error, 1)
				app := errorApp(&j, page(row{html("a"), tells(ended), flush, endless}))
				app.Encoding.Encoders = encoders
				s := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					defer func() { returned <- recover() }()
					app.ServeHTTP(w, r)
				}))
				resp := request(t, s, "GET", "/", "Accept-Encoding", coding)
				_, err := io.CopyN(io.Discard, resp.Body, bytes)
				is.NoErr(err)
				resp.Body.Close()

				is.True(<-ended != nil)
				is.Equal(<-returned, http.ErrAbortHandler)
				is.Equal(engine.EncodersInUse(app), 0)
				is.Equal(len(j.entries(slog.LevelError)), 0)
			})
		})
	}
}

// A write that fails is the client's affair, and the page's end, whatever writes.
func TestEachWriteFails(t *testing.T) {
	for _, coding := range []string{"", "gzip", "zstd"} {
		for after := range 8 {
			t.Run(fmt.Sprint(coding, after), func(t *testing.T) {
				is := is.New(t)
				var j journal
				app := errorApp(&j, page(row{long, flush, long, later(closed(), long), long, flush, long}))
				r := httptest.NewRequest("GET", "/", nil)
				r.Header.Set("Accept-Encoding", coding)
				w := &failing{header: http.Header{}, after: after}
				func() {
					defer func() {
						if v := recover(); v != nil && v != http.ErrAbortHandler {
							t.Errorf("panic: %v", v)
						}
					}()
					app.ServeHTTP(w, r)
				}()
				is.Equal(engine.EncodersInUse(app), 0)
				is.Equal(len(j.entries(slog.LevelError)), 0)
				is.True(w.after >= -1) // nothing is written after the failure
			})
		}
	}
}

// failing is a ResponseWriter whose connection breaks after some writes and flushes.
type failing struct {
	header http.Header
	after  int
}

func (f *failing) Header() http.Header { return f.header }
func (f *failing) WriteHeader(int)     {}

func (f *failing) Write(p []byte) (int, error) {
	if f.after--; f.after < 0 {
		return 0, io.ErrClosedPipe
	}
	return len(p), nil
}

func (f *failing) FlushError() error {
	_, err := f.Write(nil)
	return err
}
