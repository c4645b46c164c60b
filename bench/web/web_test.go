package web_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ropewalk/ropewalk/bench/web"
	"github.com/ropewalk/ropewalk/bench/workload"
)

func TestMain(m *testing.M) {
	web.ServeIfChild()
	os.Exit(m.Run())
}

func start(t *testing.T) *web.Server {
	t.Helper()
	s, err := web.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// Every page is proved to be the same document before it is served: so a page
// that comes has passed.
func TestEveryPageIsServed(t *testing.T) {
	s := start(t)
	var subjects []web.Subject
	for _, name := range []string{web.FiveNow, web.Five} {
		for _, streamer := range web.Streamers() {
			subjects = append(subjects, web.Subject{Name: streamer.Name, Path: web.PartsPath(name, streamer.Name)})
		}
		subjects = append(subjects, web.Subject{Name: "prebuilt", Path: web.PartsPath(name, web.Prebuilt)})
	}
	if _, err := s.Timelines(subjects, 5, 1, false); err != nil {
		t.Error(err)
	}
	subjects = nil
	for _, engine := range []string{web.Prebuilt, "ropewalk", "ropewalk-new", "handwritten", "quicktemplate", "templ", "gomponents", "jet", "html-template"} {
		for _, name := range workload.Names() {
			subjects = append(subjects, web.Subject{Name: engine, Path: web.PagePath(name, engine, false)})
		}
		subjects = append(subjects, web.Subject{Name: engine, Path: web.SizePath(10_000, engine)})
	}
	for _, engine := range []string{"templ", "html-template"} {
		subjects = append(subjects, web.Subject{Name: engine, Path: web.PagePath(workload.CardsPage, engine, true)})
	}
	samples, err := s.Compare(subjects, web.Options{Rounds: 1, Slice: time.Microsecond, Connections: 2})
	if err != nil {
		t.Fatal(err)
	}
	for i, sample := range samples {
		if sample.Bytes == 0 || len(sample.CPU) != 1 {
			t.Errorf("%v: got %+v", subjects[i], sample)
		}
	}
}

func TestWhatIsNotThereIsAnError(t *testing.T) {
	s := start(t)
	for _, path := range []string{"/", "/page/blog/ropewalk", "/page/cards/mustache", "/parts/six/ropewalk", "/size/x/ropewalk", "/streaming/cards/jet"} {
		_, err := s.Compare([]web.Subject{{Name: "x", Path: path}}, web.Options{Rounds: 1})
		if err == nil || !strings.Contains(err.Error(), "404") {
			t.Errorf("%s: got %v", path, err)
		}
	}
}

// The parts of a page arrive in order, before the last byte, and none before
// its own delay is over.
func TestTimelines(t *testing.T) {
	s := start(t)
	delays := workload.FiveDelays()
	for _, streamer := range web.Streamers() {
		lines, err := s.Timelines([]web.Subject{{Name: streamer.Name, Path: web.PartsPath(web.Five, streamer.Name)}}, 5, 1, false)
		if err != nil {
			t.Fatal(err)
		}
		line := lines[0]
		before := line.First
		for i, part := range line.Parts {
			if part < before || part < delays[i] || part > line.Last {
				t.Errorf("%s: part %d at %v, between %v and %v, after a delay of %v", streamer.Name, i+1, part, before, line.Last, delays[i])
			}
			before = part
		}
	}
}

func TestWaitingStreamsHoldMemory(t *testing.T) {
	s := start(t)
	for _, engine := range []string{web.Prebuilt, "ropewalk", "handwritten", "templ", "html-template"} {
		for range 2 { // the second time with another gate
			got, err := s.Waiting(engine, "", 40)
			if err != nil {
				t.Fatal(err)
			}
			if got.Held <= 0 || got.Bytes < 1000 {
				t.Errorf("%s: got %+v", engine, got)
			}
		}
	}
}

func TestCrowd(t *testing.T) {
	s := start(t)
	got, err := s.Crowd(web.Subject{Name: "ropewalk", Path: web.PartsPath(web.Five, "ropewalk")}, 20)
	if err != nil {
		t.Fatal(err)
	}
	if got.Count != 20 || got.Last < 100*time.Millisecond || got.Slowest < got.Last || got.Bytes == 0 {
		t.Errorf("got %+v", got)
	}
}

// What a compressed page holds is what the page holds, and each part can be
// decoded before the next is there.
func TestCompressed(t *testing.T) {
	s := start(t)
	for _, encoding := range []string{"gzip", "zstd"} {
		for _, engine := range []string{"ropewalk", "handwritten", "templ"} {
			path := web.Compressed(web.PartsPath(web.Five, engine))
			lines, err := s.Timelines([]web.Subject{{Name: engine, Path: path, Encoding: encoding}}, 5, 1, false)
			if err != nil {
				t.Errorf("%s of %s: %v", encoding, engine, err)
				continue
			}
			if parts := lines[0].Parts; parts[0] >= parts[1] {
				t.Errorf("%s of %s: parts 1 and 2 can be decoded at %v", encoding, engine, parts[:2])
			}
		}
	}
	_, err := s.Compare([]web.Subject{{Name: "x", Path: web.PagePath(workload.CardsPage, "ropewalk", false), Encoding: "gzip"}}, web.Options{Rounds: 1})
	if err == nil || !strings.Contains(err.Error(), "encoded") {
		t.Errorf("what is not compressed although it was asked for: got %v", err)
	}
}

// By HTTP/2 come the same pages, in parts too.
func TestHTTP2(t *testing.T) {
	s := start(t)
	five := []web.Subject{
		{Name: "ropewalk", Path: web.PartsPath(web.Five, "ropewalk")},
		{Name: "ropewalk", Path: web.Compressed(web.PartsPath(web.Five, "ropewalk")), Encoding: "gzip"},
	}
	lines, err := s.Timelines(five, 5, 1, true)
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range lines {
		if line.Parts[0] >= line.Parts[1] {
			t.Errorf("%s: parts 1 and 2 are there at %v", five[i].Path, line.Parts[:2])
		}
	}
	samples, err := s.Compare([]web.Subject{
		{Name: web.Prebuilt, Path: web.PagePath(workload.CardsPage, web.Prebuilt, false)},
		{Name: "ropewalk", Path: web.PagePath(workload.CardsPage, "ropewalk", false)},
	}, web.Options{Rounds: 1, Slice: time.Microsecond, Connections: 2, HTTP2: true})
	if err != nil {
		t.Fatal(err)
	}
	if a, b := samples[0].Bytes, samples[1].Bytes; a == 0 || a != b {
		t.Errorf("the pages have %d and %d bytes", a, b)
	}
	_, err = s.Timelines([]web.Subject{{Path: "/parts/six/ropewalk"}}, 6, 1, true)
	if err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("a page that there is not: got %v", err)
	}
}

func TestCompressedStreamsWait(t *testing.T) {
	s := start(t)
	for _, encoding := range []string{"gzip", "zstd"} {
		for _, engine := range []string{"ropewalk", "handwritten"} {
			for range 2 { // the second time with another gate
				got, err := s.Waiting(engine, encoding, 10)
				if err != nil {
					t.Fatal(err)
				}
				if got.Held <= 0 || got.Encoded != 10 {
					t.Errorf("%s with %s: got %+v", engine, encoding, got)
				}
			}
		}
	}
}

func TestPaced(t *testing.T) {
	s := start(t)
	got, err := s.Paced(web.Subject{Name: "ropewalk", Path: web.SizePath(100_000, "ropewalk")}, 3, 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	if got.Bytes < 50_000 || got.CPU <= 0 || got.Last < time.Duration(got.Bytes)*900*time.Nanosecond {
		t.Errorf("got %+v", got)
	}
}
