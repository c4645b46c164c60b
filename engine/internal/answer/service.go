package answer

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/engine/internal/encode"
	"github.com/ropewalk/ropewalk/response"
	"github.com/ropewalk/ropewalk/stream"
)

// PageFunc is a page: it returns the tree to render, or an error that says what is
// answered instead.
type PageFunc = func(*response.Context) (component.Component, error)

// ErrorFunc is the page for an error.
type ErrorFunc = func(*response.Context, error) (component.Component, error)

// Settings are what all answers of an app have in common.
type Settings struct {
	Logger *slog.Logger    // slog.Default() if nil
	Stream stream.Renderer // its Timeout is the time for a page function and its tree

	Encoding       Encoding
	Whole          func(*http.Request) bool // who gets pages whole
	StallTimeout   time.Duration            // 30 seconds if zero, for ever if negative
	ProxyBuffering bool

	// ErrorPage returns the page for an error status, or nil.
	ErrorPage func(status int) ErrorFunc

	// Guest leaves pages to the service that has begun the exchange they are served
	// in, if there is one.
	Guest bool
}

// Service answers requests by its settings, which do not change. It is safe for
// concurrent use.
type Service struct {
	Settings
	renderer stream.Renderer // that of the settings, whose errors that no page shows go to the log
	timeout  time.Duration   // for a page function and its tree; none if zero

	encoders encode.Pool
	scratch  sync.Pool // of buffers for whole bodies
	told     sync.Map  // what the log is told only once
}

// NewService returns a Service with some settings.
func NewService(settings Settings) *Service {
	s := &Service{Settings: settings, renderer: settings.Stream, timeout: settings.Stream.Timeout}
	if s.StallTimeout == 0 {
		s.StallTimeout = 30 * time.Second
	}
	s.Encoding = s.Encoding.withDefaults()
	r := &s.renderer
	r.Timeout = 0 // the page function has had its share of it
	if r.Shared == nil {
		r.Shared = &stream.Budget{Pending: 256 << 20}
	}
	if r.Abandoned == nil {
		r.Abandoned = new(stream.Abandoned)
	}
	r.Answer = func(err error) bool { return isAnswer(err) || s.Stream.Answer != nil && s.Stream.Answer(err) }
	r.Caught = also(logCaught, s.Stream.Caught)
	r.Others = also(logOthers, s.Stream.Others)
	r.Left = also(logLeft, s.Stream.Left)
	return s
}

// also returns a function that calls theirs, which may be nil, before ours.
func also[T any](ours, theirs func(context.Context, T)) func(context.Context, T) {
	if theirs == nil {
		return ours
	}
	return func(ctx context.Context, v T) {
		theirs(ctx, v)
		ours(ctx, v)
	}
}

// Abandoned counts the parts and page functions that ignore the end of their time.
func (s *Service) Abandoned() *stream.Abandoned { return s.renderer.Abandoned }

// EncodersInUse is the number of encoders that are not given back.
func (s *Service) EncodersInUse() int { return s.encoders.InUse() }

// buffer returns an empty buffer for a whole body.
func (s *Service) buffer() *bytes.Buffer {
	if b, ok := s.scratch.Get().(*bytes.Buffer); ok {
		return b
	}
	return new(bytes.Buffer)
}

// putBuffer takes it back, unless it has become too large to keep.
func (s *Service) putBuffer(b *bytes.Buffer) {
	if b.Cap() <= maxPacked {
		b.Reset()
		s.scratch.Put(b)
	}
}

// once reports whether it is called with key for the first time.
func (s *Service) once(key any) bool {
	_, known := s.told.LoadOrStore(key, true)
	return !known
}
