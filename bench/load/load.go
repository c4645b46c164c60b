package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// A load is what to ask for, and how much.
type load struct {
	url, encoding      string
	readers, requests  int
	duration, patience time.Duration
}

// A page is one answer.
type page struct {
	first, last time.Duration // since before the request
	pieces      []time.Duration
	sizes       []int
	bytes       int64
}

// A result is all answers.
type result struct {
	load    load
	pages   []page
	elapsed time.Duration
	failed  int
	err     error // the first
	header  http.Header
	proto   string
}

// hopeless is how many requests may fail before one has been answered: a server
// that is not there would else be asked some thousand times.
const hopeless = 10

// run asks until time or requests are used up, or ctx ends. It is an error if
// no answer came.
func (l *load) run(ctx context.Context) (*result, error) {
	ctx, cancel := context.WithTimeout(ctx, l.duration)
	defer cancel()
	client := &http.Client{Transport: &http.Transport{
		MaxIdleConnsPerHost: l.readers,
		DisableCompression:  true, // bodies are timed as they travel
		ForceAttemptHTTP2:   true,
	}}
	defer client.CloseIdleConnections()
	r := &result{load: *l}
	var mu sync.Mutex
	var left atomic.Int64
	left.Store(int64(l.requests))
	var wait sync.WaitGroup
	start := time.Now()
	for range l.readers {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for left.Add(-1) >= 0 && ctx.Err() == nil {
				p, response, err := l.get(ctx, client)
				mu.Lock()
				r.add(p, response, err, ctx)
				if len(r.pages) == 0 && r.failed >= hopeless {
					cancel()
				}
				mu.Unlock()
			}
		}()
	}
	wait.Wait()
	r.elapsed = time.Since(start)
	if len(r.pages) == 0 {
		if r.err == nil {
			r.err = errors.New("no page was done in time")
		}
		return nil, fmt.Errorf("load: %w", r.err)
	}
	return r, nil
}

// add takes an answer. One that the end of the run has cut off is neither good
// nor bad.
func (r *result) add(p page, response *http.Response, err error, ctx context.Context) {
	switch {
	case err == nil:
		r.pages = append(r.pages, p)
		r.header, r.proto = response.Header, response.Proto
	case ctx.Err() != nil:
	default:
		r.failed++
		if r.err == nil {
			r.err = err
		}
	}
}

// get asks once.
func (l *load) get(ctx context.Context, client *http.Client) (page, *http.Response, error) {
	ctx, cancel := context.WithTimeout(ctx, l.patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, l.url, nil)
	if err != nil {
		return page{}, nil, err
	}
	request.Header.Set("Accept-Encoding", l.encoding)
	start := time.Now()
	response, err := client.Do(request)
	if err != nil {
		return page{}, nil, err
	}
	defer response.Body.Close()
	p, err := read(response.Body, start)
	if err == nil && response.StatusCode >= 400 {
		err = fmt.Errorf("the server answers %s", response.Status)
	}
	return p, response, err
}

// together is how close two reads are that count as one piece: the network cuts
// where it likes.
const together = time.Millisecond

// read takes a body as it comes, and joins what comes together.
func read(body io.Reader, start time.Time) (page, error) {
	var p page
	buffer := make([]byte, 64<<10)
	for {
		n, err := body.Read(buffer)
		now := time.Since(start)
		if n > 0 {
			p.add(n, now)
		}
		if err == io.EOF {
			p.last = now
			return p, nil
		}
		if err != nil {
			return p, err
		}
	}
}

func (p *page) add(n int, at time.Duration) {
	if p.bytes == 0 {
		p.first = at
	}
	p.bytes += int64(n)
	if last := len(p.pieces) - 1; last >= 0 && at-p.pieces[last] < together {
		p.pieces[last] = at
		p.sizes[last] += n
		return
	}
	p.pieces = append(p.pieces, at)
	p.sizes = append(p.sizes, n)
}
