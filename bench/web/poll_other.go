//go:build !unix

package web

import "net"

func poll(conn net.Conn) net.Conn { return conn }
