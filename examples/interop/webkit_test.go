package interop

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/ropewalk/ropewalk/component"
	"github.com/ropewalk/ropewalk/engine"
	"github.com/ropewalk/ropewalk/response"
)

// WebKit paints the beginning of a page while the rest is being loaded, even if the
// beginning is as short as that of the README's program. This needs Debian's packages
// webkit2gtk-driver and xvfb, and is left out without them.
func TestWebKitPaintsAShortBeginning(t *testing.T) {
	view := component.Must(component.Bind[cityProps](component.Must(component.Parser{}.Parse(component.Source{Name: "city", Text: `<!DOCTYPE html>
<html lang="en"><title>{{.Name}}</title>
<h1>{{.Name}}</h1>
<p>Weather: {{.Weather}}</p>
</html>
`})), "city"))
	painted := make(chan struct{})
	var app engine.App
	app.Page("/", func(*response.Context) (component.Component, error) {
		return view(cityProps{"Hamburg", component.Async(func(ctx context.Context) (component.Component, error) {
			select {
			case <-painted:
				return component.Text("rain"), nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		})}), nil
	})
	s := httptest.NewServer(&app)
	t.Cleanup(s.Close) // when the browser has gone
	browser := startWebKit(t)

	browser.call("POST", "/url", map[string]any{"url": s.URL})
	beginning := browser.waitFor(`return document.readyState == "loading" && performance.getEntriesByType("paint").length > 0 &&
		document.compatMode + ": " + document.querySelector("h1").innerText + ": " + document.querySelector("p").innerText`)
	if beginning != "CSS1Compat: Hamburg: Weather: " && beginning != "CSS1Compat: Hamburg: Weather:" {
		t.Errorf("painted %q first", beginning)
	}
	close(painted)
	end := browser.waitFor(`return document.readyState == "complete" && document.querySelector("p").innerText +
		" at " + document.querySelector("p").getBoundingClientRect().height`)
	bare := browser.call("POST", "/execute/sync", map[string]any{"args": []any{}, "script": `document.querySelector("canvas").remove()
		return document.querySelector("p").innerText + " at " + document.querySelector("p").getBoundingClientRect().height`})
	if end != bare {
		t.Errorf("the filling is to be seen: %q with it, %q without", end, bare)
	}
}

type cityProps struct {
	Name    string
	Weather component.Component
}

// webKit is a browser that is driven by the WebDriver protocol.
type webKit struct {
	t       *testing.T
	session string // its URL
}

func startWebKit(t *testing.T) *webKit {
	t.Helper()
	driver, err := exec.LookPath("WebKitWebDriver")
	browsers, _ := filepath.Glob("/usr/lib/*/webkit2gtk-*/MiniBrowser")
	screen, noScreen := exec.LookPath("Xvfb")
	switch missing := err != nil || noScreen != nil || len(browsers) == 0; {
	case missing && os.Getenv("CI") == "true":
		t.Fatal("CI needs Debian's packages webkit2gtk-driver and xvfb")
	case missing:
		t.Skip("no WebKit here")
	}
	display := startScreen(t, screen)
	address := freeAddress(t)
	_, port, _ := net.SplitHostPort(address)
	cmd := exec.Command(driver, "--port="+port)
	cmd.Env = append(os.Environ(), "DISPLAY="+display, "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS=1")
	start(t, cmd)

	b := &webKit{t: t, session: "http://" + address}
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			break
		}
	}
	made := b.call("POST", "/session", map[string]any{"capabilities": map[string]any{"alwaysMatch": map[string]any{
		"pageLoadStrategy":         "none",
		"webkitgtk:browserOptions": map[string]any{"binary": browsers[0], "args": []string{"--automation"}},
	}}})
	b.session += fmt.Sprint("/session/", made.(map[string]any)["sessionId"])
	t.Cleanup(func() { b.call("DELETE", "", nil) })
	return b
}

// startScreen starts a screen that nobody sees and returns the name of it.
func startScreen(t *testing.T, program string) string {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	cmd := exec.Command(program, "-displayfd", "3", "-nolisten", "tcp")
	cmd.ExtraFiles = []*os.File{write}
	start(t, cmd)
	write.Close()
	number, err := io.ReadAll(io.LimitReader(read, 2))
	if err != nil {
		t.Fatal(err)
	}
	return ":" + string(bytes.TrimSpace(number))
}

// start starts a process that ends with the test.
func start(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// call asks the driver and returns the value of its answer.
func (b *webKit) call(method, path string, arguments any) any {
	b.t.Helper()
	body, err := json.Marshal(arguments)
	if err != nil {
		b.t.Fatal(err)
	}
	r, err := http.NewRequest(method, b.session+path, bytes.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer struct{ Value any }
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil || resp.StatusCode != 200 {
		b.t.Fatalf("%s %s: %v %v", method, path, answer.Value, err)
	}
	return answer.Value
}

// waitFor runs a script until it returns a text.
func (b *webKit) waitFor(script string) string {
	b.t.Helper()
	var last any
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		last = b.call("POST", "/execute/sync", map[string]any{"script": script, "args": []any{}})
		if text, ok := last.(string); ok {
			return text
		}
	}
	b.t.Fatalf("the script gave %v for 20 seconds", last)
	return ""
}
