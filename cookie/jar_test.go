package cookie_test

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/cookie"
)

func TestJarReadsTheRequest(t *testing.T) {
	is := is.New(t)
	j := cookie.NewJar(request(`a=1; a=2; e=; p=x%20y+z; bad=100%; q="quoted"`), nil)
	for name, want := range map[string]string{
		"a":   "1", // B3.4
		"e":   "",  // B3.5
		"p":   "x y+z",
		"bad": "100%", // B3.3
		"q":   "quoted",
	} {
		got, ok := j.Get(name)
		is.True(ok)
		is.True(j.Has(name))
		is.Equal(got, want)
	}
	is.True(!j.Has("toString")) // B3.6
	_, ok := j.Get("")
	is.True(!ok)
	is.Equal(lines(j), nil)
}

func TestZeroJar(t *testing.T) {
	is := is.New(t)
	var j cookie.Jar
	is.True(!j.Has("a"))
	is.NoErr(cookie.Cookie[int]{Name: "a"}.Set(&j, 1))
	is.True(j.Has("a"))
	is.True(!cookie.NewJar(nil, nil).Has("a"))
}

func TestLastValueInOrderOfFirst(t *testing.T) { // B3.13
	is := is.New(t)
	j := cookie.NewJar(request("b=9"), nil)
	for _, name := range []string{"b", "a", "B", "b"} {
		is.NoErr(j.Set(&http.Cookie{Name: name, Value: "v" + strconv.Itoa(len(lines(j)))}))
	}
	is.Equal(lines(j), []string{"b=v3", "a=v1", "B=v2"})
}

func TestJarSet(t *testing.T) {
	is := is.New(t)
	j := cookie.NewJar(request("a=1"), nil)
	c := &http.Cookie{Name: "a", Value: "x y", Path: "/p"}
	is.NoErr(j.Set(c))
	is.Equal(c.Value, "x y") // the caller's cookie is left alone
	c.Value = "changed"
	got, _ := j.Get("a")
	is.Equal(got, "x y") // B3.2
	is.Equal(lines(j), []string{"a=x%20y; Path=/p"})
	is.NoErr(j.Set(&http.Cookie{Name: "a", MaxAge: -1, Path: "/p"})) // of the same path: else it is another cookie
	is.True(!j.Has("a"))
	is.True(j.Set(nil) != nil)
	is.True(j.Set(&http.Cookie{Name: "no good"}) != nil) // B3.11
	is.True(j.Set(&http.Cookie{Name: "n", Value: strings.Repeat("x", 5000)}) != nil)
}

// Browsers keep them apart, so both lines are needed.
func TestOneCookieIsItsNamePathAndDomain(t *testing.T) {
	old, now := cookie.Cookie[string]{Name: "session", Path: "/admin"}, cookie.Cookie[string]{Name: "session"}
	wide := cookie.Cookie[string]{Name: "session", Domain: "Example.com"}
	for _, order := range []string{"delete first", "set first"} {
		t.Run(order, func(t *testing.T) {
			is := is.New(t)
			j := cookie.NewJar(request("session=sent"), nil)
			if order == "set first" {
				is.NoErr(now.Set(j, "new"))
			}
			is.NoErr(old.Delete(j))
			if order == "delete first" {
				is.True(!j.Has("session")) // which one was sent is not known
				is.True(!now.Has(j))
				is.NoErr(now.Set(j, "new"))
			}
			is.Equal(len(lines(j)), 2)
			text, ok := j.Get("session")
			is.True(ok)
			is.Equal(text, "new")
			text, err := now.Get(j)
			is.NoErr(err)
			is.Equal(text, "new")
			_, err = old.Get(j)
			is.True(errors.Is(err, cookie.ErrNotFound)) // B3.2

			is.NoErr(wide.Set(j, "wide"))
			is.NoErr(cookie.Cookie[string]{Name: "session", Domain: ".example.com"}.Set(j, "wider"))
			is.Equal(len(lines(j)), 3) // a leading dot and the case say nothing
			text, err = wide.Get(j)
			is.NoErr(err)
			is.Equal(text, "wider")
			text, err = now.Get(j)
			is.NoErr(err)
			is.Equal(text, "new")
			text, _ = j.Get("session")
			is.Equal(text, "wider") // the last that was set
		})
	}
}

// Scripts set cookies as they like: document.cookie = "v=" + JSON.stringify(v).
func TestCookiesOfScripts(t *testing.T) {
	is := is.New(t)
	j := cookie.NewJar(request("before=1; dark={\"dark\":true, \"size\": 2}; é=ü; lang=é; words=a b,c\\d; empty; eq=a=b; =nameless; q=\"; after=2"), nil)
	for name, want := range map[string]string{
		"before": "1", "dark": `{"dark":true, "size": 2}`, "é": "ü", "lang": "é", "words": `a b,c\d`, "empty": "", "eq": "a=b", "q": `"`, "after": "2",
	} {
		got, ok := j.Get(name)
		is.True(ok)
		is.Equal(got, want)
	}
	is.True(!j.Has(""))
	type look struct {
		Dark bool `json:"dark"`
		Size int  `json:"size"`
	}
	v, err := cookie.Cookie[look]{Name: "dark"}.Get(j)
	is.NoErr(err)
	is.Equal(v, look{true, 2})
}

func TestThousandsOfCookiesHideNone(t *testing.T) {
	is := is.New(t)
	var all []string
	for i := range 10_000 { // net/http reads none if there are more than 3,000
		all = append(all, fmt.Sprintf("c%d=%d", i, i))
	}
	r := request(strings.Join(all, "; "))
	r.Header.Add("Cookie", "last=x") // a second line, as HTTP/2 may bring
	j := cookie.NewJar(r, nil)
	for _, name := range []string{"c0", "c9999", "last"} {
		is.True(j.Has(name))
	}
}

// B3.1: a value in the type that the program wants, or the reason why not.
func TestGetInATypeOfItsOwn(t *testing.T) {
	is := is.New(t)
	j := cookie.NewJar(request(`text=a; number=4; yes=true; json={"X":1}`), nil)
	text, err := cookie.Cookie[string]{Name: "text"}.Get(j)
	is.NoErr(err)
	is.Equal(text, "a")
	number, err := cookie.Cookie[float64]{Name: "number"}.Get(j)
	is.NoErr(err)
	is.Equal(number, 4.0)
	yes, err := cookie.Cookie[bool]{Name: "yes"}.Get(j)
	is.NoErr(err)
	is.True(yes)
	v, err := cookie.Cookie[point]{Name: "json"}.Get(j)
	is.NoErr(err)
	is.Equal(v, point{X: 1})
	_, err = cookie.Cookie[bool]{Name: "number"}.Get(j)
	var bad *cookie.DecodeError
	is.True(errors.As(err, &bad))
	_, err = cookie.Cookie[bool]{Name: "none"}.Get(j)
	is.True(errors.Is(err, cookie.ErrNotFound))
}

func TestMerge(t *testing.T) { // B3.14, B3.15: the target's value wins
	is := is.New(t)
	source, target := cookie.NewJar(request("b=0"), nil), cookie.NewJar(request("z=0"), nil)
	is.NoErr(source.Set(&http.Cookie{Name: "a", Value: "source"}))
	is.NoErr(source.Set(&http.Cookie{Name: "b", Value: "source"}))
	is.NoErr(target.Set(&http.Cookie{Name: "c", Value: "target"}))
	is.NoErr(target.Set(&http.Cookie{Name: "a", Value: "target"}))
	is.NoErr(target.Set(&http.Cookie{Name: "b", MaxAge: -1}))
	is.NoErr(source.Merge(target))
	is.Equal(lines(source), []string{"a=target", "b=; Max-Age=0", "c=target"})
	is.True(!source.Has("b"))
	is.True(!source.Has("z")) // only what the response sets
	is.NoErr(source.Merge(source))
	is.NoErr(source.Merge(nil))
	is.Equal(len(lines(source)), 3)
}

func TestGuard(t *testing.T) { // B2.5, B3.16
	is := is.New(t)
	locked := errors.New("locked")
	var asked []string
	var allow bool
	var j *cookie.Jar
	j = cookie.NewJar(request("seen=1"), func(op, arg string) error {
		asked = append(asked, fmt.Sprintf("%s(%q)", op, arg))
		j.Has("seen") // the guard may read the jar
		if allow {
			return nil
		}
		return locked
	})
	c := cookie.Cookie[int]{Name: "seen"}
	other := cookie.NewJar(nil, nil)
	is.NoErr(other.Set(&http.Cookie{Name: "x"}))
	is.True(errors.Is(c.Set(j, 2), locked))
	is.True(errors.Is(c.Delete(j), locked))
	is.True(errors.Is(j.Set(&http.Cookie{Name: "x"}), locked))
	is.True(errors.Is(j.Merge(other), locked))
	is.Equal(asked, []string{`Cookie.Set("seen")`, `Cookie.Delete("seen")`, `Cookies.Set("x")`, `Cookies.Merge("")`})
	n, err := c.Get(j)
	is.NoErr(err)
	is.Equal(n, 1)
	is.Equal(lines(j), nil)
	allow = true
	is.NoErr(c.Set(j, 2))
	is.Equal(len(lines(j)), 1)
}

// The head may be written between the guard's answer and the change.
func TestAnAcceptedChangeIsSent(t *testing.T) { // B2.5: no mutator fails silently
	is := is.New(t)
	locked := errors.New("locked")
	sent := http.Header{}
	var j *cookie.Jar
	calls := 0
	j = cookie.NewJar(nil, func(op, arg string) error {
		if calls++; calls > 1 {
			return locked
		}
		j.WriteTo(sent)
		return nil
	})
	is.True(errors.Is(cookie.Cookie[int]{Name: "a"}.Set(j, 1), locked))
	is.True(!j.Has("a"))
	is.Equal(calls, 2)
}

// Or an error page may take over what is set.
func TestAnAcceptedChangeIsMerged(t *testing.T) {
	is := is.New(t)
	locked := errors.New("locked")
	var j *cookie.Jar
	var next cookie.Jar
	calls := 0
	j = cookie.NewJar(nil, func(op, arg string) error {
		if calls++; calls > 1 {
			return locked
		}
		return next.Merge(j)
	})
	is.True(errors.Is(cookie.Cookie[int]{Name: "a"}.Set(j, 1), locked))
	is.True(!j.Has("a"))
}

func TestJarIsSafeForConcurrentUse(t *testing.T) {
	j := cookie.NewJar(request("a=1; b=2"), nil)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			c := cookie.Cookie[int]{Name: "c" + strconv.Itoa(i)}
			for n := range 50 {
				if err := c.Set(j, n); err != nil {
					t.Error(err)
				}
				if v, err := c.Get(j); err != nil || v != n {
					t.Errorf("got %d, %v, want %d", v, err, n)
				}
				j.Has("a")
				lines(j)
			}
		})
	}
	wg.Wait()
	if n := len(lines(j)); n != 8 {
		t.Errorf("%d lines, want 8", n)
	}
}

func TestJarsMergeBothWaysAtOnce(t *testing.T) {
	a, b := cookie.NewJar(nil, nil), cookie.NewJar(nil, nil)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			c := cookie.Cookie[int]{Name: "c" + strconv.Itoa(i)}
			for n := range 50 {
				if err := errors.Join(c.Set(a, n), b.Merge(a), a.Merge(b)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if len(lines(a)) != 8 || len(lines(b)) != 8 {
		t.Errorf("%d and %d lines, want 8", len(lines(a)), len(lines(b)))
	}
}
