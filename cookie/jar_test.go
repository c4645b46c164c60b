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
	is.NoErr(j.Set(&http.Cookie{Name: "a", MaxAge: -1}))
	is.True(!j.Has("a"))
	is.True(j.Set(nil) != nil)
	is.True(j.Set(&http.Cookie{Name: "no good"}) != nil) // B3.11
	is.True(j.Set(&http.Cookie{Name: "n", Value: strings.Repeat("x", 5000)}) != nil)
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
