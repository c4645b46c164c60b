package engine_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/engine"
	"github.com/ropewalk/ropewalk/response"
)

var codings = []string{"gzip", "zstd"}

// request sends one with header lines given in pairs. Nothing is decoded on the way.
func request(t testing.TB, s *httptest.Server, method, path string, header ...string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "identity") // or the client adds its own
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := s.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	return resp
}

// decoded reads what a coding stands for, as far as it has arrived.
func decoded(t testing.TB, coding string, r io.Reader) io.Reader {
	t.Helper()
	switch coding {
	case "gzip":
		z, err := gzip.NewReader(r)
		if err != nil {
			t.Fatal(err)
		}
		return z
	case "zstd":
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(8<<20))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(z.Close)
		return z
	}
	return r
}

func readBody(t testing.TB, resp *http.Response) (text string, encoded int) {
	t.Helper()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if len(raw) == 0 {
		return "", 0
	}
	b, err := io.ReadAll(decoded(t, resp.Header.Get("Content-Encoding"), bytes.NewReader(raw)))
	if err != nil {
		t.Fatal(err)
	}
	return string(b), len(raw)
}

// long is a page that is worth it.
var long = html(strings.Repeat("<li>an item of a list\n", 500))

func longApp() *engine.App {
	app := new(engine.App)
	app.Page("/", func(p *response.Context) (component.Component, error) {
		p.Header().Set("ETag", `"7"`)
		return long, nil
	})
	return app
}

func TestAWholePageIsCompressed(t *testing.T) {
	s := start(t, longApp())
	for accept, want := range map[string]string{
		"gzip": "gzip", "zstd": "zstd", "gzip, deflate, br, zstd": "zstd", "gzip;q=1, zstd;q=0.1": "gzip",
		"br": "", "gzip;q=0": "", "identity, gzip;q=0.5": "", "*;q=0": "", "*": "gzip",
	} {
		t.Run(accept, func(t *testing.T) {
			is := is.New(t)
			resp := request(t, s, "GET", "/", "Accept-Encoding", accept)
			is.Equal(resp.Header.Get("Content-Encoding"), want)
			is.Equal(resp.Header.Values("Vary"), []string{"Accept-Encoding"}) // also if it is not encoded
			text, encoded := readBody(t, resp)
			is.True(text == string(long))
			is.Equal(resp.ContentLength, int64(encoded))
			is.Equal(want != "", encoded < len(long)/5)
			is.Equal(resp.Header.Get("Etag"), map[bool]string{true: `W/"7"`, false: `"7"`}[want != ""])
			is.Equal(resp.Header.Get("X-Accel-Buffering"), "") // it is not streamed

			head := request(t, s, "HEAD", "/", "Accept-Encoding", accept)
			for _, name := range []string{"Content-Encoding", "Vary", "Etag", "Content-Type"} {
				is.Equal(head.Header[name], resp.Header[name])
			}
			if want == "" {
				is.Equal(head.ContentLength, int64(len(long)))
			} else {
				is.Equal(head.ContentLength, int64(-1)) // nobody has counted
			}
		})
	}
}

func TestNoHeaderNoCompression(t *testing.T) {
	is := is.New(t)
	s := start(t, longApp())
	client := s.Client()
	client.Transport.(*http.Transport).DisableCompression = true
	resp, err := client.Get(s.URL)
	is.NoErr(err)
	defer resp.Body.Close()
	is.Equal(resp.Header.Get("Content-Encoding"), "")
}

func TestWhatIsNotCompressed(t *testing.T) {
	set := func(name, value string, status int) engine.PageFunc {
		return func(p *response.Context) (component.Component, error) {
			p.Header().Set(name, value)
			return long, p.SetStatus(status)
		}
	}
	short := html(strings.Repeat("x", 1023))
	var app engine.App
	app.Page("/short", page(short))
	app.Page("/empty", page(html("")))
	app.Page("/encoded", set("Content-Encoding", "br", 200))
	app.Page("/no-transform", set("Cache-Control", "private, no-transform", 200))
	app.Page("/image", set("Content-Type", "image/png", 200))
	app.Page("/part", set("Content-Range", "bytes 0-1/10", 206))
	app.Page("/secret", func(p *response.Context) (component.Component, error) {
		return long, p.SetCompressed(false)
	})
	app.Page("/secret-stream", func(p *response.Context) (component.Component, error) {
		return row{long, later(closed(), html("x"))}, p.SetCompressed(false)
	})
	app.Page("/secret-error", func(p *response.Context) (component.Component, error) {
		p.SetCompressed(false)
		return nil, response.NotFound()
	})
	app.Page("/hook", func(p *response.Context) (component.Component, error) {
		return long, p.OnCommit(func(h http.Header) { h.Set("Cache-Control", "no-transform") })
	})
	app.Error(404, func(*response.Context, error) (component.Component, error) { return long, nil })
	app.Handle("/endpoint", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, string(long)) }))
	app.Handle("/respond", pageError(response.Respond(&http.Response{Header: http.Header{"Content-Type": {"text/plain"}}, Body: http.NoBody})))
	s := start(t, &app)
	for _, path := range []string{
		"/short", "/empty", "/encoded", "/no-transform", "/image", "/part", "/secret", "/secret-stream", "/secret-error", "/hook",
		"/endpoint", "/respond",
	} {
		t.Run(path, func(t *testing.T) {
			is := is.New(t)
			resp := request(t, s, "GET", path, "Accept-Encoding", "gzip, zstd")
			is.True(resp.Header.Get("Content-Encoding") != "gzip" && resp.Header.Get("Content-Encoding") != "zstd")
			is.Equal(resp.Header.Get("Vary"), "")
		})
	}
	is := is.New(t)
	is.Equal(request(t, s, "GET", "/unknown", "Accept-Encoding", "gzip", "Range", "bytes=0-9").Header.Get("Content-Encoding"), "")
	is.Equal(request(t, s, "GET", "/unknown", "Accept-Encoding", "gzip").Header.Get("Content-Encoding"), "gzip") // error pages are pages

	// Who refuses the bytes as they are gets even a short page encoded.
	resp := request(t, s, "GET", "/short", "Accept-Encoding", "gzip, identity;q=0")
	is.Equal(resp.Header.Get("Content-Encoding"), "gzip")
	text, _ := readBody(t, resp)
	is.Equal(text, string(short))
	is.Equal(request(t, s, "GET", "/empty", "Accept-Encoding", "gzip, identity;q=0").Header.Get("Content-Encoding"), "")
}

func TestStatusesWithoutABodyAreNotEncoded(t *testing.T) {
	var app engine.App
	for path, f := range map[string]func(p *response.Context) (component.Component, error){
		"/204":        func(p *response.Context) (component.Component, error) { return long, p.SetStatus(204) },
		"/304":        func(p *response.Context) (component.Component, error) { return long, p.SetStatus(304) },
		"/304/stream": func(p *response.Context) (component.Component, error) { return row{long, flush}, p.SetStatus(304) },
		"/304/error":  func(p *response.Context) (component.Component, error) { return nil, response.Status(304) },
	} {
		app.Page(path, func(p *response.Context) (component.Component, error) {
			p.Header().Set("ETag", `"7"`)
			return f(p)
		})
	}
	s := start(t, &app)
	for path, want := range map[string]string{"/204": `"7"`, "/304": `W/"7"`, "/304/stream": `W/"7"`, "/304/error": `W/"7"`} {
		t.Run(path, func(t *testing.T) {
			is := is.New(t)
			resp := request(t, s, "GET", path, "Accept-Encoding", "gzip")
			is.Equal(fmt.Sprint(resp.StatusCode), path[1:4])
			is.Equal(resp.Header.Get("Content-Encoding"), "")
			is.Equal(resp.Header.Get("Content-Type"), "")
			is.Equal(resp.Header.Get("Etag"), want) // that of the body it stands for
			is.Equal(resp.Header.Get("Vary") != "", path != "/204")
			_, n := readBody(t, resp)
			is.Equal(n, 0)
		})
	}
}

func TestEncodingOptions(t *testing.T) {
	is := is.New(t)
	gzipped := func(app *engine.App, path string) bool {
		return request(t, start(t, app), "GET", path, "Accept-Encoding", "gzip, zstd").Header.Get("Content-Encoding") == "gzip"
	}
	off := longApp()
	off.Encoding.Off = true
	is.True(!gzipped(off, "/"))
	is.Equal(request(t, start(t, off), "GET", "/").Header.Get("Vary"), "")
	large := longApp()
	large.Encoding.MinSize = len(long) + 1
	is.True(!gzipped(large, "/"))
	none := longApp()
	none.Encoding.Encoders = -1
	is.True(gzipped(none, "/")) // not zstd, which needs one
}

func TestAHugePageIsCompressedAsItGoes(t *testing.T) {
	is := is.New(t)
	huge := html(strings.Repeat(string(long), 300))
	var app engine.App
	app.Page("/", page(huge))
	for _, coding := range codings {
		resp := request(t, start(t, &app), "GET", "/", "Accept-Encoding", coding)
		is.Equal(resp.Header.Get("Content-Encoding"), coding)
		text, _ := readBody(t, resp)
		is.True(text == string(huge))
	}
}

func TestWhatNoEncoderMakesSmallerStaysAsItIs(t *testing.T) {
	is := is.New(t)
	bytes := make([]byte, 4000)
	rand.NewChaCha8([32]byte{}).Read(bytes)
	var app engine.App
	app.Page("/", page(html(bytes)))
	s := start(t, &app)
	for _, coding := range codings {
		resp := request(t, s, "GET", "/", "Accept-Encoding", coding)
		is.Equal(resp.Header.Get("Content-Encoding"), "")
		is.Equal(resp.ContentLength, int64(len(bytes)))
		is.Equal(resp.Header.Get("Vary"), "Accept-Encoding")
		resp = request(t, s, "GET", "/", "Accept-Encoding", coding+", identity;q=0")
		is.Equal(resp.Header.Get("Content-Encoding"), coding)
		text, _ := readBody(t, resp)
		is.True(text == string(bytes))
	}
}

func TestJSONIsCompressed(t *testing.T) {
	is := is.New(t)
	list := strings.Split(string(long), "\n")
	var app engine.App
	app.Page("/", func(*response.Context) (component.Component, error) { return nil, response.JSON(list) })
	app.Page("/short", pageError(response.JSON(1)))
	app.Page("/image", pageError(response.Bytes("image/png", []byte(long))))
	s := start(t, &app)
	for _, method := range []string{"GET", "HEAD"} {
		resp := request(t, s, method, "/", "Accept-Encoding", "gzip")
		is.Equal(resp.Header.Get("Content-Encoding"), "gzip")
		is.Equal(resp.Header.Get("Vary"), "Accept-Encoding")
		text, n := readBody(t, resp)
		if method == "GET" {
			is.True(strings.HasPrefix(text, `["\u003cli`))
			is.Equal(resp.ContentLength, int64(n))
		}
	}
	for _, path := range []string{"/short", "/image"} {
		resp := request(t, s, "GET", path, "Accept-Encoding", "gzip")
		is.Equal(resp.Header.Get("Content-Encoding"), "")
	}
}

func TestPagesOutsideOfAnApp(t *testing.T) {
	is := is.New(t)
	app := longApp()
	app.Error(404, func(*response.Context, error) (component.Component, error) { return html("the app's 404"), nil })
	app.Middleware(func(http.Handler) http.Handler { return http.NotFoundHandler() })
	mux := http.NewServeMux()
	mux.Handle("/plain", page(long))
	mux.Handle("/app", app.Handler(page(long)))
	mux.Handle("/missing", app.Handler(pageError(response.NotFound())))
	s := start(t, mux)
	is.Equal(request(t, s, "GET", "/plain", "Accept-Encoding", "gzip").Header.Get("Content-Encoding"), "")
	is.Equal(request(t, s, "GET", "/app", "Accept-Encoding", "gzip").Header.Get("Content-Encoding"), "gzip")
	ask(t, s, "GET", "/missing").expect(t, 404, "the app's 404")
	is.True(strings.Contains(caught(func() { app.Handler(nil) }), "encoding_test.go"))

	// Inside an app, a page stands with that app; another app's page with its own.
	outer := engine.App{Encoding: engine.Encoding{Off: true}}
	outer.Handle("/plain", page(long))
	outer.Handle("/app", app.Handler(page(long)))
	s = start(t, &outer)
	is.Equal(request(t, s, "GET", "/plain", "Accept-Encoding", "gzip").Header.Get("Content-Encoding"), "")
	is.Equal(request(t, s, "GET", "/app", "Accept-Encoding", "gzip").Header.Get("Content-Encoding"), "gzip")
}

// servers are the ways over a real connection.
var servers = map[string]func(*testing.T, http.Handler) *httptest.Server{"HTTP1": start, "HTTP2": startHTTP2}

// eachEncoding runs a test over both protocols, in each coding, and with gzip
// beyond the limit of encoders.
func eachEncoding(t *testing.T, test func(t *testing.T, coding string, encoders int, serve func(*testing.T, http.Handler) *httptest.Server)) {
	for version, serve := range servers {
		for name, e := range map[string]struct {
			coding   string
			encoders int
		}{"gzip": {"gzip", 0}, "zstd": {"zstd", 0}, "stateless": {"gzip", -1}} {
			t.Run(version+"/"+name, func(t *testing.T) { test(t, e.coding, e.encoders, serve) })
		}
	}
}

func TestEachFlushReachesTheClient(t *testing.T) {
	eachEncoding(t, func(t *testing.T, coding string, encoders int, serve func(*testing.T, http.Handler) *httptest.Server) {
		is := is.New(t)
		first, second := make(chan struct{}), make(chan struct{})
		app := engine.App{Encoding: engine.Encoding{Encoders: encoders}}
		app.Page("/", func(p *response.Context) (component.Component, error) {
			p.Header().Set("ETag", `"7"`)
			return row{html("<head>"), later(first, long), html("-"), later(second, html("[2]")), html("</html>")}, nil
		})
		resp := request(t, serve(t, &app), "GET", "/", "Accept-Encoding", coding)
		is.Equal(resp.Header.Get("Content-Encoding"), coding)
		is.Equal(resp.Header.Get("Vary"), "Accept-Encoding")
		is.Equal(resp.Header.Get("Etag"), `W/"7"`)
		is.Equal(resp.Header.Get("X-Accel-Buffering"), "no")
		is.Equal(resp.ContentLength, int64(-1))
		body := decoded(t, coding, resp.Body)
		expectNext(t, body, "<head>") // while the first part waits
		close(first)
		expectNext(t, body, string(long)+"-") // while the second does
		close(second)
		expectNext(t, body, "[2]</html>")
		rest, err := io.ReadAll(body)
		is.NoErr(err)
		is.Equal(len(rest), 0)
	})
}

func TestABrokenPageDoesNotDecodeAsAWholeOne(t *testing.T) {
	for name, last := range map[string]component.Component{"error": fails(errSecret), "panic": panics("part")} {
		t.Run(name, func(t *testing.T) {
			eachEncoding(t, func(t *testing.T, coding string, encoders int, serve func(*testing.T, http.Handler) *httptest.Server) {
				is := is.New(t)
				var j journal
				received := make(chan struct{})
				app := errorApp(&j, page(row{html("begin"), flush, later(received, row{long, last}), html("never sent")}))
				app.Encoding.Encoders = encoders
				s := serve(t, app)
				resp := request(t, s, "GET", "/", "Accept-Encoding", coding)
				var raw bytes.Buffer
				expectNext(t, decoded(t, coding, io.TeeReader(resp.Body, &raw)), "begin")
				close(received)
				_, err := io.Copy(&raw, resp.Body)
				is.True(err != nil) // the connection says so

				text, err := io.ReadAll(decoded(t, coding, &raw)) // and so does the body, to whom does not listen
				is.True(errors.Is(err, io.ErrUnexpectedEOF))
				is.True(strings.HasPrefix(string(text), "begin"))
				is.True(!strings.Contains(string(text), "never sent"))
				s.Close() // waits for the handler
				j.expectOne(t, "cut off", "")
				is.Equal(engine.EncodersInUse(app), 0)
			})
		})
	}
}

// Hooks have the last word on the header, and the encoding heeds it.
func TestAHookCanTurnTheETagOff(t *testing.T) {
	is := is.New(t)
	app := longApp()
	app.Middleware(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			response.From(r.Context()).OnCommit(func(h http.Header) { h.Del("ETag"); h.Add("Vary", "Cookie") })
			next.ServeHTTP(w, r)
		})
	})
	resp := request(t, start(t, app), "GET", "/", "Accept-Encoding", "gzip")
	is.Equal(resp.Header.Get("Etag"), "")
	is.Equal(resp.Header.Values("Vary"), []string{"Cookie", "Accept-Encoding"})
}

func TestAnErrorPageBeforeTheFirstByteIsEncodedAnew(t *testing.T) {
	is := is.New(t)
	var j journal
	app := engine.App{Logger: j.logger()}
	app.Page("/", page(row{long, later(closed(), fails(errSecret)), long}))
	app.Buffer = func(*http.Request) bool { return true }
	app.Error(500, func(*response.Context, error) (component.Component, error) { return "sorry: " + long, nil })
	resp := request(t, start(t, &app), "GET", "/", "Accept-Encoding", "gzip")
	is.Equal(resp.StatusCode, 500)
	is.Equal(resp.Header.Values("Vary"), []string{"Accept-Encoding"})
	text, n := readBody(t, resp)
	is.True(text == "sorry: "+string(long))
	is.Equal(resp.Header.Get("Content-Length"), strconv.Itoa(n))
}

// Of a head that has left a page cannot say that it is encoded.
func TestAPageAfterTheHeadIsNotCompressed(t *testing.T) {
	text := strings.Repeat("x", 4096)
	for name, tree := range map[string]component.Component{"whole": html(text), "streamed": row{html(text[:8]), flush, html(text[8:])}} {
		for where, wrap := range map[string]func(http.ResponseWriter) http.ResponseWriter{
			"its own": func(w http.ResponseWriter) http.ResponseWriter { return w },
			"wrapped": func(w http.ResponseWriter) http.ResponseWriter { return unflushable{w} },
		} {
			t.Run(name+", "+where, func(t *testing.T) {
				var inner, outer engine.App
				inner.Handle("/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					w.WriteHeader(201)
					engine.Render(wrap(w), r, tree)
				}))
				inner.Page("/in", page(tree))
				outer.Handle("/", &inner)
				outer.Middleware(func(next http.Handler) http.Handler {
					return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						if r.URL.Path == "/in" {
							w.(http.Flusher).Flush()
						}
						next.ServeHTTP(w, r)
					})
				})
				s := start(t, &outer)
				ask(t, s, "GET", "/").expect(t, 201, text) // what was asked for is gzip
				ask(t, s, "GET", "/in").expect(t, 200, text)
			})
		}
	}
}

func TestProxyBuffering(t *testing.T) {
	is := is.New(t)
	streamed := page(row{html("a"), flush, html("b")})
	app := engine.App{ProxyBuffering: true}
	app.Page("/", streamed)
	is.Equal(request(t, start(t, &app), "GET", "/").Header.Get("X-Accel-Buffering"), "")
	is.Equal(request(t, start(t, streamed), "GET", "/").Header.Get("X-Accel-Buffering"), "no")
	own := engine.PageFunc(func(p *response.Context) (component.Component, error) {
		p.Header().Set("X-Accel-Buffering", "yes")
		return streamed(p)
	})
	is.Equal(request(t, start(t, own), "GET", "/").Header.Get("X-Accel-Buffering"), "yes")
}

func TestSetCompressedLocks(t *testing.T) {
	is := is.New(t)
	var early, late error
	app := longApp()
	app.Page("/late", page(row{
		does(func(ctx context.Context) error { early = response.From(ctx).SetCompressed(false); return nil }),
		html("a"), flush,
		does(func(ctx context.Context) error { late = response.From(ctx).SetCompressed(true); return nil }),
	}))
	resp := request(t, start(t, app), "GET", "/late", "Accept-Encoding", "gzip")
	is.Equal(resp.Header.Get("Content-Encoding"), "")
	readBody(t, resp)
	is.NoErr(early)
	is.True(errors.Is(late, response.ErrLocked))
}
