package engine_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/engine"
	"github.com/ropewalk/ropewalk/stream"
)

// What a Catch hides from the visitor is logged, once, at a level that fits.
func TestCaughtErrorsAreLogged(t *testing.T) {
	sorry := func(error) component.Component { return html("sorry") }
	again := func(err error) component.Component { return fails(err) }
	for name, tt := range map[string]struct {
		page  component.Component
		level slog.Level
		text  string
	}{
		"an error":  {component.Catch(fails(errSecret), sorry), slog.LevelWarn, errSecret.Error()},
		"of a part": {component.Catch(later(closed(), fails(errSecret)), sorry), slog.LevelWarn, errSecret.Error()},
		"twice":     {component.Catch(component.Catch(fails(errSecret), again), sorry), slog.LevelWarn, errSecret.Error()},
		"a panic":   {component.Catch(later(closed(), panics("boom")), sorry), slog.LevelError, "boom"},
		"a status":  {component.Catch(fails(statusHint{}), sorry), slog.LevelDebug, "no name"},
	} {
		t.Run(name, func(t *testing.T) {
			var j journal
			get(t, errorApp(&j, page(tt.page)), "/").expect(t, 200, "sorry")
			entries := j.entries(tt.level)
			if len(entries) != 1 || !strings.Contains(entries[0]["error"].(string), tt.text) {
				t.Errorf("logged %v", entries)
			}
		})
	}
}

// The errors of a failed page that its answer does not stand for are logged too.
func TestOtherErrorsAreLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var j journal
		after := func(d time.Duration, err error) component.Component {
			return stream.Func(func(ctx context.Context, w io.Writer) error {
				return stream.Go(ctx, w, stream.Func(func(context.Context, io.Writer) error { time.Sleep(d); return err }))
			})
		}
		app := errorApp(&j, page(row{after(2, errors.New("first")), after(1, errors.New("second"))}))
		told := 0
		app.Stream.Others = func(context.Context, []error) { told++ }
		w := httptest.NewRecorder()
		app.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		is := is.New(t)
		is.Equal(w.Code, 500)
		var logged []string
		for _, e := range j.entries(slog.LevelError) {
			logged = append(logged, e["msg"].(string)+": "+e["error"].(string))
		}
		is.Equal(strings.Join(logged, "\n"), "engine: another part of the page failed: second\nengine: the request was answered with an error: first")
		is.Equal(told, 1)
	})
}

// App.Stream.Timeout is the time for all of a page. Before the first byte it becomes an
// error page.
func TestTimeoutOfAPage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		var j journal
		app := errorApp(&j, page(later(nil, html("never"))))
		app.Stream = stream.Renderer{Timeout: time.Second, Flush: stream.FlushNone}
		began := time.Now()
		w := httptest.NewRecorder()
		app.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		is.Equal(w.Body.String(), "sorry: 503 Service Unavailable")
		is.Equal(time.Since(began), time.Second)
	})
}

// The pages of an App share a budget, unless they have another.
func TestPagesOfAnAppShareABudget(t *testing.T) {
	is := is.New(t)
	own := &stream.Budget{Concurrency: 1}
	var parts int
	app := engine.App{Stream: stream.Renderer{Shared: own}}
	app.Page("/", page(later(closed(), does(func(context.Context) error { _, parts = own.InUse(); return nil }))))
	get(t, &app, "/").expect(t, 200, "")
	is.Equal(parts, 1)
	bytes, parts := own.InUse()
	is.Equal(bytes, int64(0))
	is.Equal(parts, 0)
}

// A page that is sent whole is not buffered without end.
func TestBufferedPageThatIsTooLarge(t *testing.T) {
	var j journal
	app := errorApp(&j, buffered(row{html("a"), flush, later(closed(), long), long, long}))
	app.Stream.Held = len(long) + 100
	get(t, app, "/").expect(t, http.StatusInternalServerError, "sorry: 500 Internal Server Error")
}
