package web

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ropewalk/ropewalk/bench/peer"
	"github.com/ropewalk/ropewalk/bench/peers/handwritten"
	"github.com/ropewalk/ropewalk/bench/peers/htmltemplate"
	"github.com/ropewalk/ropewalk/bench/peers/quicktemplate"
	"github.com/ropewalk/ropewalk/bench/peers/ropewalk"
	"github.com/ropewalk/ropewalk/bench/peers/templ"
	"github.com/ropewalk/ropewalk/bench/render"
	"github.com/ropewalk/ropewalk/bench/same"
	"github.com/ropewalk/ropewalk/bench/workload"
)

// Prebuilt is the bound of what is measured over HTTP: a handler that writes
// the bytes of a finished page.
const Prebuilt = "prebuilt"

// The pages of parts.
const (
	Five     = "five"     // 5 parts of 20, 100, 50, 10 and 80 ms
	Thousand = "thousand" // 1,000 parts of 20 ms
	FiveNow  = "five-now" // 5 parts that wait for nothing
	Gated    = "gated"    // 2 parts, of which the second waits until it is released
)

// Parts is a page of parts. It is nil if there is none of the name.
func Parts(name string) *workload.Parts {
	switch name {
	case Five:
		return workload.NewParts(workload.FiveDelays()...)
	case FiveNow:
		return workload.NewParts(make([]time.Duration, 5)...)
	case Gated:
		return workload.NewParts(0, 0)
	case Thousand:
		delays := make([]time.Duration, 1000)
		for i := range delays {
			delays[i] = 20 * time.Millisecond
		}
		return workload.NewParts(delays...)
	}
	return nil
}

// Streamers serve pages of parts.
func Streamers() []peer.Streamer {
	return slices.Concat(ropewalk.Streamers(), handwritten.Streamers(), quicktemplate.Streamers(), templ.Streamers(), htmltemplate.Streamers())
}

// PagePath is where an engine's page is served, or with streaming where the
// engine writes to the connection as it renders.
func PagePath(name workload.Name, engine string, streaming bool) string {
	kind := "page"
	if streaming {
		kind = "streaming"
	}
	return "/" + kind + "/" + string(name) + "/" + engine
}

// SizePath is where an engine's page of about so many bytes is served.
func SizePath(bytes int, engine string) string { return fmt.Sprintf("/size/%d/%s", bytes, engine) }

// Compressed is where what is at a path is served compressed, if the client asks
// for that.
func Compressed(path string) string { return "/compressed" + path }

// PartsPath is where an engine's page of parts is served.
func PartsPath(name, engine string) string { return "/parts/" + name + "/" + engine }

// find makes the handler of a path.
func (s *site) find(path string) (http.Handler, error) {
	if plain, ok := strings.CutPrefix(path, "/compressed/"); ok {
		handler, err := s.find("/" + plain)
		if err != nil {
			return nil, err
		}
		return compressed(handler)
	}
	parts := strings.Split(strings.Trim(path, "/"), "/")
	if len(parts) != 3 {
		return nil, fmt.Errorf("web: there is no page at %s", path)
	}
	kind, name, engine := parts[0], parts[1], parts[2]
	switch kind {
	case "page", "streaming":
		return pageHandler(engine, workload.Name(name), s.data, kind == "streaming")
	case "size":
		bytes, err := strconv.Atoi(name)
		if err != nil {
			return nil, fmt.Errorf("web: %s: %w", path, err)
		}
		if bytes > 100_000 { // too much to parse, and the same template
			if _, err := pageHandler(engine, workload.TablePage, workload.Sized(100_000), false); err != nil {
				return nil, err
			}
			return unproved(engine, workload.TablePage, workload.Sized(bytes), false)
		}
		return pageHandler(engine, workload.TablePage, workload.Sized(bytes), false)
	case "parts":
		return s.partsHandler(engine, name)
	}
	return nil, fmt.Errorf("web: there is no page at %s", path)
}

// pageHandler serves an engine's page once it is proved to be the right document.
func pageHandler(engine string, name workload.Name, data *workload.Set, streaming bool) (http.Handler, error) {
	handler, err := unproved(engine, name, data, streaming)
	if err != nil {
		return nil, err
	}
	want, err := render.Document(render.Reference, name, data)
	if err != nil {
		return nil, err
	}
	if err := same.Documents(answer(handler), want); err != nil {
		return nil, fmt.Errorf("web: %s of %s is not the document of %s: %w", name, engine, render.Reference, err)
	}
	return handler, nil
}

func unproved(engine string, name workload.Name, data *workload.Set, streaming bool) (http.Handler, error) {
	if engine == Prebuilt {
		document, err := render.Document(bound, name, data)
		if err != nil {
			return nil, err
		}
		return prebuilt(document), nil
	}
	e, err := render.Engine(engine)
	if err != nil {
		return nil, err
	}
	page, err := e.Page(name, data)
	if err != nil {
		return nil, err
	}
	if !streaming {
		return page.Answer(), nil
	}
	if page.Streaming == nil {
		return nil, fmt.Errorf("web: %s has no streaming handler", engine)
	}
	return page.Streaming, nil
}

// bound is the engine whose bytes the prebuilt handler writes: they are those
// of the reference.
const bound = "handwritten"

func prebuilt(document []byte) http.Handler {
	document = bytes.Clone(document)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { peer.Whole(w, document) })
}

// answer is the body of a handler's answer.
func answer(h http.Handler) []byte {
	recorder := httptest.NewRecorder()
	h.ServeHTTP(recorder, httptest.NewRequest("GET", "/", nil))
	return recorder.Body.Bytes()
}

// partsHandler proves the engine's page of parts, without delays, and then
// makes the one that waits.
func (s *site) partsHandler(engine, name string) (http.Handler, error) {
	page := Parts(name)
	if page == nil {
		return nil, fmt.Errorf("web: there is no page of parts %q", name)
	}
	now := workload.NewParts(make([]time.Duration, len(page.Parts))...)
	want, err := streamed(bound, now)
	if err != nil {
		return nil, err
	}
	if engine == Prebuilt && name != Gated {
		return prebuilt(want), nil
	}
	if engine == Prebuilt {
		return s.waiting(want), nil
	}
	got, err := streamed(engine, now)
	if err != nil {
		return nil, err
	}
	if err := same.Documents(got, want); err != nil {
		return nil, fmt.Errorf("web: parts of %s are not the document that is written by hand: %w", engine, err)
	}
	if name == Gated {
		page = page.Gated(s.gate)
	}
	streamer, err := find(engine)
	if err != nil {
		return nil, err
	}
	return streamer.Handler(page)
}

// waiting writes a part of the document, waits for the gate and writes the rest:
// what net/http takes for a stream, and nothing more.
func (s *site) waiting(document []byte) http.Handler {
	gate := s.gate
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		half := bytes.Index(document, []byte("</section>"))
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write(document[:half])
		http.NewResponseController(w).Flush()
		select {
		case <-gate:
		case <-r.Context().Done():
		}
		w.Write(document[half:])
	})
}

func streamed(engine string, page *workload.Parts) ([]byte, error) {
	streamer, err := find(engine)
	if err != nil {
		return nil, err
	}
	handler, err := streamer.Handler(page)
	if err != nil {
		return nil, err
	}
	return answer(handler), nil
}

func find(engine string) (peer.Streamer, error) {
	all := Streamers()
	if i := slices.IndexFunc(all, func(s peer.Streamer) bool { return s.Name == engine }); i >= 0 {
		return all[i], nil
	}
	return peer.Streamer{}, fmt.Errorf("web: %s serves no page of parts", engine)
}
