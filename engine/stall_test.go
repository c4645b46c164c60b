package engine_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/engine"
	"github.com/ropewalk/ropewalk/response"
	"github.com/ropewalk/ropewalk/stream"
)

// pipes is a listener whose connections hold nothing on their way: what the
// client does not read, the server has not written.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.closed); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	client, server := net.Pipe()
	p.conns <- server
	return client, nil
}

// hello sends a request on a connection of its own, and reads the begin of the
// answer.
func (p *pipes) hello(t *testing.T, header string) net.Conn {
	conn, _ := p.dial(t.Context(), "", "")
	t.Cleanup(func() { conn.Close() })
	io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n"+header+"\r\n")
	io.ReadFull(conn, make([]byte, 10))
	return conn
}

// virtual runs a server and a test of it in virtual time. took tells how long the
// handler ran.
func virtual(t *testing.T, server *http.Server, h http.Handler, test func(t *testing.T, l *pipes, took <-chan time.Duration)) {
	synctest.Test(t, func(t *testing.T) {
		l := &pipes{make(chan net.Conn), make(chan struct{})}
		took := make(chan time.Duration, 10)
		server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			began := time.Now()
			defer func() { took <- time.Since(began) }()
			h.ServeHTTP(w, r)
		})
		go server.Serve(l)
		defer server.Close()
		test(t, l, took)
	})
}

// noise is text that no encoder makes much smaller.
var noise = func() string {
	b, x := make([]byte, 256<<10), uint64(1)
	for i := range b {
		x = x*6364136223846793005 + 1442695040888963407
		b[i] = 'a' + byte(x>>59)
	}
	return string(b)
}()

// endless is a component that writes until it is stopped.
var endless = stream.Func(func(_ context.Context, w io.Writer) error {
	for {
		if _, err := io.WriteString(w, noise); err != nil {
			return err
		}
	}
})

// about is want and a little more.
func about(got, want time.Duration) bool { return got >= want && got <= want+want/8 }

func endlessApp() *engine.App {
	app := new(engine.App)
	app.Page("/", page(endless))
	return app
}

// wraps is a middleware that puts a wrapper around the writer.
type wrapper struct{ http.ResponseWriter }

func (w wrapper) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func TestAClientThatTakesNothingIsCutOff(t *testing.T) {
	huge := strings.Repeat(string(long), 200)
	deadline := func(d time.Duration) *engine.App {
		app := endlessApp()
		app.Middleware(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				http.NewResponseController(w).SetWriteDeadline(time.Now().Add(d))
				next.ServeHTTP(w, r)
			})
		})
		return app
	}
	wrapped := endlessApp()
	wrapped.Middleware(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(wrapper{w}, r) })
	})
	var outer, known, complete engine.App
	outer.Handle("/", endlessApp())
	known.Page("/", page(html(huge)))
	complete.Page("/", pageError(response.Respond(&http.Response{Body: io.NopCloser(strings.NewReader(huge))})))
	for name, tt := range map[string]struct {
		handler http.Handler
		server  *http.Server
		header  string
		want    time.Duration
	}{
		"by default":             {handler: endlessApp(), want: 30 * time.Second},
		"compressed":             {handler: endlessApp(), header: "Accept-Encoding: gzip\r\n", want: 30 * time.Second},
		"with no app":            {handler: page(endless), want: 30 * time.Second},
		"option":                 {handler: with(endlessApp(), time.Minute), want: time.Minute},
		"the server is stricter": {handler: endlessApp(), server: &http.Server{WriteTimeout: 5 * time.Second}, want: 5 * time.Second},
		"the server is milder":   {handler: endlessApp(), server: &http.Server{WriteTimeout: time.Hour}, want: 30 * time.Second},
		"switched off":           {handler: with(endlessApp(), -1), server: &http.Server{WriteTimeout: time.Hour}, want: time.Hour},
		"a handler is milder":    {handler: deadline(time.Hour), want: time.Hour},
		"a handler is stricter":  {handler: deadline(time.Second), want: time.Second},
		"behind a wrapper":       {handler: wrapped, want: 30 * time.Second},
		"an app inside an app":   {handler: &outer, want: 30 * time.Second},
		"a page of known length": {handler: &known, want: 30 * time.Second},
		"a complete response":    {handler: &complete, want: 30 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			server := tt.server
			if server == nil {
				server = new(http.Server)
			}
			virtual(t, server, tt.handler, func(t *testing.T, l *pipes, took <-chan time.Duration) {
				conn := l.hello(t, tt.header)
				if got := <-took; !about(got, tt.want) {
					t.Errorf("the client was cut off after %v, want %v", got, tt.want)
				}
				io.Copy(io.Discard, conn) // which ends
			})
		})
	}
}

func with(app *engine.App, stall time.Duration) *engine.App {
	app.StallTimeout = stall
	return app
}

// What net/http holds back until the handler has returned counts too.
func TestAShortPageIsNotKeptForEver(t *testing.T) {
	for name, h := range map[string]http.Handler{
		"page": page(html("short")), "stream": page(row{html("a"), later(closed(), html("b"))}), "redirect": pageError(response.Redirect("/")),
		"plain error": pageError(response.NotFound()), "json": pageError(response.JSON(1)),
	} {
		t.Run(name, func(t *testing.T) {
			var server http.Server
			ended := make(chan time.Time, 1)
			server.ConnState = func(_ net.Conn, s http.ConnState) {
				if s == http.StateClosed {
					ended <- time.Now()
				}
			}
			virtual(t, &server, h, func(t *testing.T, l *pipes, took <-chan time.Duration) {
				began := time.Now()
				l.hello(t, "") // and reads no more of the head
				<-took
				time.Sleep(time.Minute)
				synctest.Wait()
				select {
				case at := <-ended:
					if !about(at.Sub(began), 30*time.Second) {
						t.Errorf("closed after %v", at.Sub(began))
					}
				default:
					t.Error("the connection is still open")
				}
			})
		})
	}
}

func TestASlowClientGetsItsPage(t *testing.T) {
	for name, header := range map[string]string{"plain": "", "gzip": "Accept-Encoding: gzip\r\n"} {
		t.Run(name, func(t *testing.T) {
			body := strings.Repeat(string(long), 10)
			var app engine.App
			app.Page("/", page(row{html(body), flush, html(body), flush}))
			virtual(t, new(http.Server), &app, func(t *testing.T, l *pipes, took <-chan time.Duration) {
				conn := l.hello(t, header+"Connection: close\r\n")
				all := 0
				for {
					n, err := io.CopyN(io.Discard, conn, 1024) // a kilobyte a second
					all += int(n)
					if err == io.EOF {
						break
					}
					if err != nil {
						t.Fatal(err)
					}
					time.Sleep(time.Second)
				}
				if name == "plain" && all < 2*len(body) {
					t.Errorf("got %d bytes of %d", all, 2*len(body))
				}
			})
		})
	}
}

// hourly is a part that takes its time.
var hourly = stream.Func(func(ctx context.Context, w io.Writer) error {
	return stream.Go(ctx, w, stream.Func(func(ctx context.Context, w io.Writer) error {
		time.Sleep(time.Hour)
		_, err := io.WriteString(w, "part")
		return err
	}))
})

var slowPage = page(row{html("a"), hourly, hourly, html("b"), does(func(context.Context) error { time.Sleep(time.Hour); return nil })})

// A page that has nothing to send asks nothing of its client, and a connection
// that is kept alive nothing at all.
func TestWaitingIsNotStalling(t *testing.T) {
	var app engine.App
	app.Page("/", slowPage)
	app.Page("/short", page(html("short")))
	virtual(t, new(http.Server), &app, func(t *testing.T, l *pipes, took <-chan time.Duration) {
		connections := 0
		client := http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			connections++
			return l.dial(ctx, network, addr)
		}}}
		defer client.CloseIdleConnections()
		for _, path := range []string{"/", "/short", "/short", "/"} {
			want := map[string]string{"/": "apartpartb", "/short": "short"}[path]
			resp, err := client.Get("http://x" + path)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(resp.Body)
			resp.Body.Close()
			if err != nil || string(body) != want {
				t.Fatalf("got %q, %v", body, err)
			}
			<-took
			time.Sleep(time.Hour)
		}
		if connections != 1 {
			t.Errorf("%d connections: they were not kept alive", connections)
		}
	})
}

// firing is a ResponseWriter whose write deadline, as that of HTTP/2, ends the
// stream whether something is being written or not.
type firing struct {
	*httptest.ResponseRecorder
	timer *time.Timer
	fired atomic.Bool
	set   int
}

func (f *firing) SetWriteDeadline(d time.Time) error {
	f.set++
	f.timer.Stop()
	if !d.IsZero() {
		f.timer = time.AfterFunc(time.Until(d), func() { f.fired.Store(true) })
	}
	return nil
}

func TestWaitingIsNotStallingOverHTTP2(t *testing.T) {
	for name, latest := range map[string]time.Duration{"": 0, "WriteTimeout": 100 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &firing{ResponseRecorder: httptest.NewRecorder(), timer: time.NewTimer(0)}
				ctx := context.WithValue(t.Context(), http.ServerContextKey, &http.Server{WriteTimeout: latest})
				r := httptest.NewRequest("GET", "/", nil).WithContext(ctx)
				r.Proto, r.ProtoMajor, r.ProtoMinor = "HTTP/2.0", 2, 0
				slowPage.ServeHTTP(w, r)
				synctest.Wait()
				if w.Body.String() != "apartpartb" || w.fired.Load() || w.set == 0 {
					t.Errorf("got %q; fired: %v; set %d times", w.Body, w.fired.Load(), w.set)
				}
				time.Sleep(time.Minute) // the stream has not ended: net/http could not write its end
				synctest.Wait()
				if !w.fired.Load() {
					t.Error("no deadline is left for what net/http still holds back")
				}
			})
		})
	}
}

// The same over a real connection, whose buffers have to fill first.
func TestAStalledReader(t *testing.T) {
	for version, serve := range servers {
		t.Run(version, func(t *testing.T) {
			is := is.New(t)
			var j journal
			app := engine.App{Logger: j.logger(), StallTimeout: 50 * time.Millisecond, Encoding: engine.Encoding{Off: true}}
			gone := make(chan error, 1)
			app.Page("/", page(row{tells(gone), endless}))
			s := serve(t, &app)
			s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
			resp, err := s.Client().Get(s.URL) // and reads nothing
			is.NoErr(err)
			is.True(<-gone != nil)
			resp.Body.Close()
			s.Close()
			is.Equal(len(j.entries(slog.LevelError)), 0) // that is the client's own affair
		})
	}
}

func TestAVeryLongPatience(t *testing.T) {
	app := engine.App{StallTimeout: math.MaxInt64}
	app.Page("/", page(html("x")))
	get(t, &app, "/").expect(t, 200, "x")
}

func TestWritersWithoutDeadlines(t *testing.T) {
	rec := httptest.NewRecorder()
	endlessUntil := row{html("a"), flush, later(closed(), html("b"))}
	page(endlessUntil).ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	if rec.Body.String() != "ab" {
		t.Errorf("got %q", rec.Body)
	}
}

// hoarder is a connection that takes much before its client does, and then more only when a
// third of that has left, as the kernel does.
type hoarder struct {
	net.Conn
	mu       sync.Mutex
	held     []byte
	more     chan struct{} // holds a token when there is something to hand on
	room     chan struct{} // holds one when there is room again
	deadline *time.Timer
	late     chan struct{} // closed at the deadline
	once     sync.Once
}

const hoard = 300 << 10

func newHoarder(conn net.Conn) *hoarder {
	h := &hoarder{Conn: conn, more: make(chan struct{}, 1), room: make(chan struct{}, 1), late: make(chan struct{})}
	go h.handOn()
	return h
}

// Close leaves what is held to the client.
func (h *hoarder) Close() error {
	h.once.Do(func() { close(h.more) })
	return nil
}

// handOn gives the client what it reads.
func (h *hoarder) handOn() {
	defer h.Conn.Close()
	for range h.more {
		for {
			h.mu.Lock()
			piece := bytes.Clone(h.held[:min(len(h.held), 1024)])
			h.mu.Unlock()
			if len(piece) == 0 {
				break
			}
			if _, err := h.Conn.Write(piece); err != nil {
				return
			}
			h.mu.Lock()
			h.held = h.held[len(piece):]
			if len(h.held) <= 2*hoard/3 {
				put(h.room)
			}
			h.mu.Unlock()
		}
	}
}

func put(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

func (h *hoarder) Write(p []byte) (int, error) {
	for {
		h.mu.Lock()
		late, full := h.late, len(h.held) > hoard
		if !full {
			h.held = append(h.held, p...)
			put(h.more)
		}
		h.mu.Unlock()
		if !full {
			return len(p), nil
		}
		select {
		case <-h.room:
		case <-late:
			return 0, os.ErrDeadlineExceeded
		}
	}
}

func (h *hoarder) SetWriteDeadline(t time.Time) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.deadline != nil {
		h.deadline.Stop()
	}
	late := make(chan struct{})
	h.late = late
	if !t.IsZero() {
		h.deadline = time.AfterFunc(time.Until(t), func() { close(late) })
	}
	return nil
}

func (h *hoarder) SetDeadline(t time.Time) error {
	h.Conn.SetReadDeadline(t)
	return h.SetWriteDeadline(t)
}

// A client that is slow, but not slower than the floor, gets its page though the buffers on
// the way take long to have room again; one that takes nothing is still cut off.
func TestASlowClientBehindLargeBuffers(t *testing.T) {
	for name, each := range map[string]time.Duration{"slow": time.Second, "stalled": 0} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				body := noise + noise + noise + noise
				took := make(chan time.Duration, 1)
				l := &pipes{make(chan net.Conn), make(chan struct{})}
				server := http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					began := time.Now()
					defer func() { took <- time.Since(began) }()
					page(row{html(body), flush}).ServeHTTP(w, r)
				})}
				go server.Serve(l)
				defer server.Close()
				client, conn := net.Pipe()
				defer client.Close()
				l.conns <- newHoarder(conn)
				io.WriteString(client, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
				if each > 0 {
					if all := drain(client, 2048, each); all < len(body) {
						t.Errorf("got %d bytes of %d", all, len(body))
					}
				}
				if d := <-took; each == 0 && (d < 30*time.Second || d > 5*30*time.Second) {
					t.Errorf("cut off after %v", d)
				}
			})
		})
	}
}
