package web

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

// A Conn is a connection that asks for one page after the other.
type Conn struct {
	conn   net.Conn
	r      *bufio.Reader
	coding string // of the answer read last
}

// Dial connects to a server, with a buffer of so many bytes for what it answers.
func Dial(addr string, buffer int) (*Conn, error) {
	conn, err := net.DialTimeout("tcp", addr, 10*time.Second)
	if err != nil {
		return nil, err
	}
	return &Conn{conn: conn, r: bufio.NewReaderSize(conn, buffer)}, nil
}

// poll has c read without ever sleeping.
func (c *Conn) poll() { c.r.Reset(poll(c.conn)) }

// Close closes the connection.
func (c *Conn) Close() error { return c.conn.Close() }

// patience is how long a page may take. What hangs must not hang the comparison.
const patience = 2 * time.Minute

// Get asks for a page and hands the pieces of its body to sink as they arrive;
// sink may be nil. It returns the number of bytes.
func (c *Conn) Get(path string, sink func(piece []byte)) (int64, error) {
	return c.get(Subject{Path: path}, sink)
}

func (c *Conn) get(s Subject, sink func(piece []byte)) (int64, error) {
	if err := c.Ask(s.Path, s.Encoding); err != nil {
		return 0, err
	}
	n, err := c.Read(sink)
	if err == nil && c.coding != s.Encoding {
		err = fmt.Errorf("web: the answer is encoded as %q, not %q", c.coding, s.Encoding)
	}
	return n, err
}

// Ask sends a request. An encoding is what the client says that it accepts.
func (c *Conn) Ask(path, encoding string) error {
	if err := c.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	var request [256]byte
	b := append(request[:0], "GET "...)
	b = append(b, path...)
	b = append(b, " HTTP/1.1\r\nHost: bench\r\n"...)
	if encoding != "" {
		b = append(b, "Accept-Encoding: "...)
		b = append(b, encoding...)
		b = append(b, "\r\n"...)
	}
	b = append(b, "\r\n"...)
	_, err := c.conn.Write(b)
	return err
}

// Read reads the answer to what was asked.
func (c *Conn) Read(sink func(piece []byte)) (int64, error) {
	length, err := c.head()
	if err != nil {
		return 0, err
	}
	if length >= 0 {
		return length, c.body(length, sink)
	}
	var total int64
	for {
		size, err := c.chunk()
		if err != nil {
			return total, err
		}
		if size > 0 {
			total += size
			if err := c.body(size, sink); err != nil {
				return total, err
			}
		}
		if line, err := c.line(); err != nil || len(line) > 0 {
			return total, fmt.Errorf("web: a chunk ends with %q: %w", line, broken(err))
		}
		if size == 0 {
			return total, nil
		}
	}
}

// head reads status and headers, and returns the length of the body or -1 if it
// comes in chunks.
func (c *Conn) head() (length int64, err error) {
	line, err := c.line()
	if err != nil {
		return 0, err
	}
	if !bytes.HasPrefix(line, []byte("HTTP/1.1 200")) {
		return 0, fmt.Errorf("web: the server answers %q", line)
	}
	length, c.coding = -1, ""
	for {
		line, err := c.line()
		if err != nil {
			return 0, err
		}
		if len(line) == 0 {
			return length, nil
		}
		if coding, ok := bytes.CutPrefix(line, []byte("Content-Encoding: ")); ok {
			c.coding = known(coding)
		}
		const name = "Content-Length: "
		if len(line) > len(name) && string(line[:len(name)]) == name {
			if length, err = strconv.ParseInt(string(line[len(name):]), 10, 64); err != nil {
				return 0, err
			}
		}
	}
}

// known is the name of a coding, without making a string of it each time.
func known(coding []byte) string {
	switch string(coding) {
	case "gzip":
		return "gzip"
	case "zstd":
		return "zstd"
	}
	return string(coding)
}

func (c *Conn) chunk() (int64, error) {
	line, err := c.line()
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(string(line), 16, 64)
}

// line reads a line, which is valid until the next read.
func (c *Conn) line() ([]byte, error) {
	line, err := c.r.ReadSlice('\n')
	if err != nil {
		return nil, broken(err)
	}
	return bytes.TrimRight(line, "\r\n"), nil
}

// body reads n bytes, as they come.
func (c *Conn) body(n int64, sink func(piece []byte)) error {
	for n > 0 {
		if c.r.Buffered() == 0 {
			if _, err := c.r.Peek(1); err != nil {
				return broken(err)
			}
		}
		piece, _ := c.r.Peek(int(min(n, int64(c.r.Buffered()))))
		if sink != nil {
			sink(piece)
		}
		n -= int64(len(piece))
		c.r.Discard(len(piece))
	}
	return nil
}

// broken makes the end of a connection the error that it is within an answer.
func broken(err error) error {
	if err == nil || err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
