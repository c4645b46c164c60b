package web

import (
	"fmt"
	"io"
	"net/http"
)

// An asker asks for one page after the other.
type asker interface {
	get(s Subject, sink func(piece []byte)) (int64, error)
	Close() error
}

// askers are n connections or, with HTTP/2, one connection that n ask over.
func (s *Server) askers(n, buffer int, http2 bool) ([]asker, error) {
	list := make([]asker, n)
	if http2 {
		shared := newStreams2(s.Addr)
		for i := range list {
			list[i] = &stream2{streams2: shared, buffer: make([]byte, buffer)}
		}
		return list, nil
	}
	conns, err := s.dial(n, buffer)
	for i, c := range conns {
		list[i] = c
	}
	return list[:len(conns)], err
}

// streams2 is a connection of HTTP/2 without TLS: what is measured is the
// protocol, and not a cipher.
type streams2 struct {
	addr      string
	transport *http.Transport
}

func newStreams2(addr string) *streams2 {
	var protocols http.Protocols
	protocols.SetUnencryptedHTTP2(true)
	return &streams2{addr, &http.Transport{Protocols: &protocols, DisableCompression: true}}
}

// A stream2 asks over a connection of HTTP/2.
type stream2 struct {
	*streams2
	buffer []byte
}

// Close closes the connection under all of its streams.
func (c *stream2) Close() error {
	c.transport.CloseIdleConnections()
	return nil
}

func (c *stream2) get(s Subject, sink func(piece []byte)) (int64, error) {
	request, err := http.NewRequest(http.MethodGet, "http://"+c.addr+s.Path, nil)
	if err != nil {
		return 0, err
	}
	if s.Encoding != "" {
		request.Header.Set("Accept-Encoding", s.Encoding)
	}
	response, err := c.transport.RoundTrip(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	switch coding := response.Header.Get("Content-Encoding"); {
	case response.StatusCode != http.StatusOK || response.ProtoMajor != 2:
		return 0, fmt.Errorf("web: the server answers %q by %s", response.Status, response.Proto)
	case coding != s.Encoding:
		return 0, fmt.Errorf("web: the answer is encoded as %q, not %q", coding, s.Encoding)
	}
	var total int64
	for {
		n, err := response.Body.Read(c.buffer)
		total += int64(n)
		if n > 0 && sink != nil {
			sink(c.buffer[:n])
		}
		if err == io.EOF {
			return total, nil
		}
		if err != nil {
			return total, err
		}
	}
}
