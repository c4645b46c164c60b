package web

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"

	"github.com/ropewalk/ropewalk/bench/workload"
)

// child is the environment variable that makes a process the server.
const child = "ROPEWALK_BENCH_SERVER"

// ServeIfChild serves, and does not return, in a process that [Start] has
// started. In any other it does nothing.
func ServeIfChild() {
	if os.Getenv(child) == "" {
		return
	}
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// serve prints its address and serves until input ends, which it does when the
// parent does.
func serve(input io.Reader, output io.Writer) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("web: %w", err)
	}
	openFiles()
	data, err := workload.Load()
	if err != nil {
		return err
	}
	site := &site{data: data, gate: make(chan struct{}), handlers: map[string]http.Handler{}}
	if _, err := fmt.Fprintln(output, listener.Addr()); err != nil {
		return err
	}
	go func() {
		io.Copy(io.Discard, input)
		os.Exit(0)
	}()
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	server := &http.Server{Handler: site, Protocols: &protocols, ErrorLog: log.New(io.Discard, "", 0)}
	return server.Serve(listener)
}

// A site serves every page of every engine, each made when first asked for.
type site struct {
	data *workload.Set

	mu       sync.RWMutex
	handlers map[string]http.Handler
	gate     chan struct{} // what gated pages wait for
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/usage":
		s.usage(w)
		return
	case "/release":
		s.release()
		w.Header().Set("Content-Length", "0")
		return
	}
	s.mu.RLock()
	handler := s.handlers[r.URL.Path]
	s.mu.RUnlock()
	if handler == nil {
		var err error
		if handler, err = s.make(r.URL.Path); err != nil {
			http.Error(w, err.Error(), http.StatusNotFound)
			return
		}
	}
	handler.ServeHTTP(w, r)
}

func (s *site) make(path string) (http.Handler, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if handler := s.handlers[path]; handler != nil {
		return handler, nil
	}
	handler, err := s.find(path)
	if err == nil {
		s.handlers[path] = handler
	}
	return handler, err
}

// usage collects garbage, so that the next engine does not pay for the last.
func (s *site) usage(w http.ResponseWriter) {
	cpu, ok := processTime()
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	u := Usage{
		Mallocs:    memory.Mallocs,
		Bytes:      memory.TotalAlloc,
		Held:       memory.HeapAlloc + memory.StackInuse,
		Goroutines: runtime.NumGoroutine(),
	}
	// Last, so that nearly nothing of this counts for what is asked for next.
	ready, _ := processTime()
	u.CPU, u.Ready, u.CPUNotSupported = cpu, ready, !ok
	text, err := json.Marshal(u)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Length", fmt.Sprint(len(text)))
	w.Write(text)
}

// release lets all gated pages go on. Those asked for from now on wait again.
func (s *site) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.gate)
	s.gate = make(chan struct{})
	for path := range s.handlers {
		if strings.Contains(path, "/parts/"+Gated+"/") {
			delete(s.handlers, path)
		}
	}
}
