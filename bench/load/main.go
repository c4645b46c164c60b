// Load asks a running server for a page, again and again, and tells how the
// page streams: when the first byte comes, when each piece after it, and how
// many requests are answered.
//
//	go -C bench run ./load http://127.0.0.1:8080/product/1
//	go -C bench run ./load -c 50 -for 10s -encoding gzip http://127.0.0.1:8080/
//
// It ends after the time or the number of requests that is given, whichever is
// first, and at once if each of the first ten requests fails. The body is taken as it comes, so a compressed page is timed as it
// travels, and not decoded. Do not point it at a server that is not yours.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/signal"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out, progress io.Writer) error {
	var l load
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	flags.SetOutput(progress)
	flags.IntVar(&l.readers, "c", 1, "how many ask at once")
	flags.IntVar(&l.requests, "n", 1_000_000, "how many requests to make at most")
	flags.DurationVar(&l.duration, "for", 5*time.Second, "how long to ask")
	flags.DurationVar(&l.patience, "timeout", 30*time.Second, "how long a page may take")
	flags.StringVar(&l.encoding, "encoding", "identity", "the Accept-Encoding of the requests")
	flags.Usage = func() {
		fmt.Fprintln(progress, "usage: go -C bench run ./load [flags] URL")
		flags.PrintDefaults()
	}
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 1 {
		flags.Usage()
		return fmt.Errorf("load: there must be one URL, not %d", flags.NArg())
	}
	l.url = flags.Arg(0)
	if u, err := url.Parse(l.url); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("load: %q is no URL that begins with http:// or https://", l.url)
	}
	if l.readers < 1 || l.requests < 1 || l.duration <= 0 {
		return fmt.Errorf("load: -c, -n and -for must be more than nothing")
	}
	result, err := l.run(ctx)
	if err != nil {
		return err
	}
	return result.write(out)
}
