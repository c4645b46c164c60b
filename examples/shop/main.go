// Command shop is a small shop on SQLite whose product pages load their slow
// parts side by side and send them in order.
//
//	go run ./shop
//
// It prints the address to open. Start with pages.go.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "shop:", err)
		os.Exit(1)
	}
}

// run serves the shop until ctx ends, then lets the requests under way finish.
func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("shop", flag.ContinueOnError)
	addr := flags.String("addr", "127.0.0.1:8080", "`address` to listen on; port 0 picks a free one")
	file := flags.String("db", "", "database `file`; made and filled if it is new (default: one in a temporary folder)")
	delay := flags.Duration("delay", 800*time.Millisecond, "what each slow query waits, to be seen with the eye; recommendations wait half as long again")
	https := flags.Bool("https", false, "visitors come over https, through a proxy before the shop: mark the cookies as Secure")
	if err := flags.Parse(args); err != nil {
		return err
	}

	if *file == "" {
		folder, err := os.MkdirTemp("", "shop")
		if err != nil {
			return err
		}
		defer os.RemoveAll(folder)
		*file = filepath.Join(folder, "shop.db")
	}
	store, err := Open(ctx, *file)
	if err != nil {
		return err
	}
	defer store.Close()
	store.Slow = wait(*delay)
	shop, err := newShop(ctx, store)
	if err != nil {
		return err
	}

	if *https {
		shop.behindHTTPS()
	}

	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "http://%s\n", listener.Addr())
	fmt.Fprintf(out, "The database is %s; stop with Ctrl-C.\n", *file)
	return serve(ctx, listener, shop.Handler())
}

func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: time.Minute}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	patience, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return server.Shutdown(patience)
}

// wait makes the slow queries slow, for as long as somebody waits for them.
func wait(delay time.Duration) func(context.Context, string) error {
	return func(ctx context.Context, query string) error {
		d := delay
		if query == "recommended" {
			d += delay / 2
		}
		select {
		case <-time.After(d):
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
