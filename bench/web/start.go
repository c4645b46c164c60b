package web

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// A Server is another process of this program that serves the pages.
type Server struct {
	Addr    string
	command *exec.Cmd
	input   io.Closer
	control *Conn
}

// Start starts a server. Close ends it, and so does the end of this process.
func Start() (*Server, error) { return start() }

// StartOn starts a server that uses so many processors. With one of them what it
// uses for a request is the least that it can be, and repeats to a few percent: no
// thread of it looks for work that another has.
func StartOn(processors int) (*Server, error) { return start(fmt.Sprint("GOMAXPROCS=", processors)) }

func start(env ...string) (*Server, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	s := &Server{command: exec.Command(program)}
	s.command.Env = append(append(os.Environ(), env...), child+"=1")
	s.command.Stderr = os.Stderr
	input, err := s.command.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	output, err := s.command.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	if err := s.command.Start(); err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	s.input = input
	openFiles()
	addr, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		s.Close()
		return nil, fmt.Errorf("web: the server did not start: does main call web.ServeIfChild first? %w", err)
	}
	s.Addr = strings.TrimSpace(addr)
	if s.control, err = Dial(s.Addr, 4<<10); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Close ends the server and waits for its end.
func (s *Server) Close() {
	if s.control != nil {
		s.control.Close()
	}
	s.input.Close()
	s.command.Wait() // that it was ended is no news
}

// Usage collects the server's garbage, and tells what it has used until then.
func (s *Server) Usage() (Usage, error) {
	var text []byte
	if _, err := s.control.Get("/usage", func(piece []byte) { text = append(text, piece...) }); err != nil {
		return Usage{}, err
	}
	var u Usage
	if err := json.Unmarshal(text, &u); err != nil {
		return Usage{}, fmt.Errorf("web: %w", err)
	}
	if u.CPUNotSupported {
		return u, fmt.Errorf("web: this system does not tell the CPU time of a process")
	}
	return u, nil
}

// Release lets the gated pages go on.
func (s *Server) Release() error {
	_, err := s.control.Get("/release", nil)
	return err
}
