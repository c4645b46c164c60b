package cookie_test

import (
	"bufio"
	"errors"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/cookie"
)

func request(header string) *http.Request {
	r := httptest.NewRequest("GET", "/", nil)
	if header != "" {
		r.Header.Set("Cookie", header)
	}
	return r
}

func lines(j *cookie.Jar) []string {
	h := http.Header{}
	j.WriteTo(h)
	return h["Set-Cookie"]
}

// answer makes the next request of a browser that got the jar's cookies.
func answer(j *cookie.Jar) *cookie.Jar {
	r := request("")
	for _, line := range lines(j) {
		c, err := http.ParseSetCookie(line)
		if err != nil {
			panic(err)
		}
		r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	}
	return cookie.NewJar(r, nil)
}

func roundTrip[T any](t *testing.T, v T, wire string, same func(a, b T) bool) {
	t.Helper()
	is := is.NewRelaxed(t)
	is.Helper()
	c := cookie.Cookie[T]{Name: "c"}
	j := cookie.NewJar(nil, nil)
	is.NoErr(c.Set(j, v))
	now, err := c.Get(j)
	is.NoErr(err)
	is.True(same(now, v)) // B3.2: a value just set is what Get sees
	parsed, err := http.ParseSetCookie(lines(j)[0])
	is.NoErr(err)
	is.Equal(parsed.Value, wire)
	next, err := c.Get(answer(j))
	is.NoErr(err)
	is.True(same(next, v))
}

func equal[T comparable](a, b T) bool { return a == b }

type level int8
type title string
type point struct{ X, Y int }
type onlyMarshals struct{ A int }

func (onlyMarshals) MarshalText() ([]byte, error) { return []byte("one way"), nil }

func TestValues(t *testing.T) { // B3.7, B3.8, B3.9
	roundTrip(t, "plain", "plain", equal)
	roundTrip(t, "", "", equal) // B3.5
	roundTrip(t, "x y;\"é", "x%20y%3B%22%C3%A9", equal)
	roundTrip(t, "100%", "100%25", equal)
	roundTrip(t, "%41", "%2541", equal)
	roundTrip(t, "a+b=c/d", "a+b=c/d", equal)
	roundTrip(t, "\x00\r\n\xff", "%00%0D%0A%FF", equal)
	roundTrip(t, title("named"), "named", equal)
	roundTrip(t, -12, "-12", equal)
	roundTrip(t, level(-128), "-128", equal)
	roundTrip(t, uint16(65535), "65535", equal)
	roundTrip(t, 0.1, "0.1", equal)
	roundTrip(t, float32(1e-30), "1e-30", equal)
	roundTrip(t, true, "true", equal)
	roundTrip(t, time.Minute, "60000000000", equal)
	roundTrip(t, point{1, 2}, "{%22X%22:1%2C%22Y%22:2}", equal)
	roundTrip(t, []int{1, 2}, "[1%2C2]", slices.Equal)
	roundTrip(t, netip.MustParseAddr("::1"), "::1", equal)
	roundTrip(t, time.Unix(0, 0).UTC(), "1970-01-01T00:00:00Z", time.Time.Equal)
	roundTrip(t, *big.NewInt(7), "7", func(a, b big.Int) bool { return a.Cmp(&b) == 0 })
}

func TestTypesWithoutATextFormAreErrors(t *testing.T) {
	is := is.New(t)
	j := cookie.NewJar(nil, nil)
	is.True(cookie.Cookie[chan int]{Name: "c"}.Set(j, nil) != nil)
	is.True(cookie.Cookie[func()]{Name: "c"}.Set(j, nil) != nil)
	is.Equal(lines(j), nil)
	one := cookie.Cookie[onlyMarshals]{Name: "c"}
	is.NoErr(one.Set(j, onlyMarshals{1})) // a text form in one direction only is left to JSON
	_, err := one.Get(j)
	is.True(err != nil)
}

func TestGetTellsWhatIsWrong(t *testing.T) {
	is := is.New(t)
	c := cookie.Cookie[int8]{Name: "n"}

	_, err := c.Get(cookie.NewJar(request("m=1"), nil))
	is.True(errors.Is(err, cookie.ErrNotFound))
	is.Equal(err.Error(), `cookie: "n": not found`)

	for value, want := range map[string]string{
		"abc": `cookie: "n": the value is not a valid int8: invalid syntax`,
		"":    `cookie: "n": the value is not a valid int8: invalid syntax`,
		"128": `cookie: "n": the value is not a valid int8: value out of range`,
	} {
		j := cookie.NewJar(request("n="+value), nil)
		_, err := c.Get(j)
		var bad *cookie.DecodeError
		is.True(errors.As(err, &bad))
		is.Equal(bad.Name, "n")
		is.Equal(err.Error(), want)
		is.True(!errors.Is(err, cookie.ErrNotFound))
		is.True(c.Has(j)) // B3.5
	}
	_, err = cookie.Cookie[point]{Name: "n"}.Get(cookie.NewJar(request("n={"), nil))
	is.True(err != nil) // B3.7
}

func TestDefaults(t *testing.T) { // B3.10
	is := is.New(t)
	set := func(c cookie.Cookie[int]) string {
		j := cookie.NewJar(nil, nil)
		is.NoErr(c.Check())
		is.NoErr(c.Set(j, 1))
		return lines(j)[0]
	}
	is.Equal(set(cookie.Cookie[int]{Name: "a"}), "a=1; Path=/; HttpOnly; Secure; SameSite=Lax")
	is.Equal(set(cookie.Cookie[int]{Name: "a", Insecure: true, ScriptReadable: true}), "a=1; Path=/; SameSite=Lax")
	is.Equal(set(cookie.Cookie[int]{Name: "a", SameSite: http.SameSiteDefaultMode}), "a=1; Path=/; HttpOnly; Secure")
	is.Equal(set(cookie.Cookie[int]{Name: "a", SameSite: http.SameSiteNoneMode, Partitioned: true}),
		"a=1; Path=/; HttpOnly; Secure; SameSite=None; Partitioned")
	is.Equal(set(cookie.Cookie[int]{Name: "a", Path: "/shop", Domain: "example.com", MaxAge: 1500 * time.Millisecond}),
		"a=1; Path=/shop; Domain=example.com; Max-Age=2; HttpOnly; Secure; SameSite=Lax")
	is.Equal(set(cookie.Cookie[int]{Name: "a", Expires: time.Date(2400, 1, 2, 3, 4, 5, 0, time.UTC)}),
		"a=1; Path=/; Expires=Sun, 02 Jan 2400 03:04:05 GMT; HttpOnly; Secure; SameSite=Lax")
	is.Equal(set(cookie.Cookie[int]{Name: "__Host-a"}), "__Host-a=1; Path=/; HttpOnly; Secure; SameSite=Lax")
}

func TestDelete(t *testing.T) { // B3.2, B3.12
	is := is.New(t)
	c := cookie.Cookie[int]{Name: "a", Path: "/shop", MaxAge: time.Hour}
	j := cookie.NewJar(request("a=1"), nil)
	is.True(c.Has(j))
	is.NoErr(c.Delete(j))
	is.True(!c.Has(j))
	_, err := c.Get(j)
	is.True(errors.Is(err, cookie.ErrNotFound))
	is.Equal(lines(j), []string{"a=; Path=/shop; Max-Age=0; HttpOnly; Secure; SameSite=Lax"})
	is.NoErr(c.Set(j, 2))
	n, err := c.Get(j)
	is.NoErr(err)
	is.Equal(n, 2)
}

func TestMistakesAreErrorsWithAWayOut(t *testing.T) { // B3.11
	long := strings.Repeat("a", 1100)
	for _, test := range []struct {
		c    cookie.Cookie[int]
		want string
	}{
		{cookie.Cookie[int]{}, "set Name"},
		{cookie.Cookie[int]{Name: "a b"}, "use letters"},
		{cookie.Cookie[int]{Name: "a=b"}, "use letters"},
		{cookie.Cookie[int]{Name: "é"}, "use letters"},
		{cookie.Cookie[int]{Name: "a", Path: "shop"}, "begin with a slash"},
		{cookie.Cookie[int]{Name: "a", Path: "/a;b"}, "percent-encode"},
		{cookie.Cookie[int]{Name: "a", Path: "/" + long}, "1024"},
		{cookie.Cookie[int]{Name: "a", Domain: "http://example.com"}, "leave out scheme"},
		{cookie.Cookie[int]{Name: "a", Domain: "example.com:80"}, "port"},
		{cookie.Cookie[int]{Name: "a", MaxAge: -1}, "use Delete"},
		{cookie.Cookie[int]{Name: "a", MaxAge: 3600}, "MaxAge is 3.6µs, less than a second: write 3600 * time.Second"},
		{cookie.Cookie[int]{Name: "a", MaxAge: 400 * 24 * 3600}, "write 34560000 * time.Second"},
		{cookie.Cookie[int]{Name: "a", Lifetime: 3600, Keys: cookie.Signed(secret(1))}, "write 3600 * time.Second"},
		{cookie.Cookie[int]{Name: "a", Lifetime: -1, Keys: cookie.Signed(secret(1))}, "Lifetime is -1ns"},
		{cookie.Cookie[int]{Name: "a", Lifetime: time.Hour}, "Lifetime needs Keys"},
		{cookie.Cookie[int]{Name: "a", Expires: time.Unix(1, 0)}, "use Delete"},
		{cookie.Cookie[int]{Name: "a", Expires: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}, "the year 10000"},
		{cookie.Cookie[int]{Name: "a", Expires: time.Date(9999, 12, 31, 23, 59, 59, 0, time.FixedZone("west", -3600))}, "the year 10000"},
		{cookie.Cookie[int]{Name: "a", Domain: "example.com."}, "leave the dot out"},
		{cookie.Cookie[int]{Name: "a", SameSite: 9}, "SameSite 9"},
		{cookie.Cookie[int]{Name: "a", SameSite: http.SameSiteNoneMode, Insecure: true}, "or use SameSite Lax"},
		{cookie.Cookie[int]{Name: "a", Partitioned: true, Insecure: true}, "leave Partitioned out"},
		{cookie.Cookie[int]{Name: "__Host-a", Insecure: true}, "do not set Insecure"},
		{cookie.Cookie[int]{Name: "__host-a", Insecure: true}, "do not set Insecure"},
		{cookie.Cookie[int]{Name: "__Secure-a", Insecure: true}, "do not set Insecure"},
		{cookie.Cookie[int]{Name: "__Host-a", Path: "/a"}, `use "__Secure-"`},
		{cookie.Cookie[int]{Name: "__Host-a", Domain: "example.com"}, `use "__Secure-"`},
		{cookie.Cookie[int]{Name: "__Http-a", ScriptReadable: true}, "do not set ScriptReadable"},
		{cookie.Cookie[int]{Name: "a", Keys: &cookie.Keyring{}}, "make it with Signed or Encrypted"},
		{cookie.Cookie[int]{Name: "a", Keys: cookie.Signed()}, "at least one"},
		{cookie.Cookie[int]{Name: "a", Keys: cookie.Encrypted(make([]byte, 32), make([]byte, 31))}, "secret 2 of Encrypted has 31 bytes"},
	} {
		t.Run(test.want, func(t *testing.T) {
			is := is.New(t)
			j := cookie.NewJar(nil, nil)
			err := test.c.Set(j, 1)
			is.True(err != nil)
			is.True(strings.HasPrefix(err.Error(), "cookie: "))
			is.True(strings.Contains(err.Error(), test.want))
			is.Equal(test.c.Check().Error(), err.Error())
			is.Equal(lines(j), nil)
		})
	}
}

func TestSize(t *testing.T) {
	is := is.New(t)
	c := cookie.Cookie[string]{Name: "a"}
	j := cookie.NewJar(nil, nil)
	rest := len("a=; Path=/; HttpOnly; Secure; SameSite=Lax")
	is.NoErr(c.Set(j, strings.Repeat("x", 4096-rest)))
	is.Equal(len(lines(j)[0]), 4096)
	err := c.Set(j, strings.Repeat("x", 4097-rest))
	is.True(errors.Is(err, cookie.ErrTooLarge))
	is.True(strings.Contains(err.Error(), "4097 bytes"))
	is.Equal(len(lines(j)[0]), 4096) // the refused value changed nothing
}

func TestEndIsKeptByKeyedCookies(t *testing.T) {
	for name, keys := range keyrings() {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				is := is.New(t)
				short := cookie.Cookie[int]{Name: "a", MaxAge: time.Minute, Keys: keys}
				brief := cookie.Cookie[int]{Name: "b", MaxAge: time.Second, Keys: keys}
				dated := cookie.Cookie[int]{Name: "c", Expires: time.Now().Add(time.Hour), Keys: keys}
				session := cookie.Cookie[int]{Name: "d", Keys: keys}
				j := cookie.NewJar(nil, nil)
				for _, c := range []cookie.Cookie[int]{short, brief, dated, session} {
					is.NoErr(c.Set(j, 5))
					_, err := c.Get(j)
					is.NoErr(err) // B3.2, however short its life
				}
				next := answer(j)
				alive := func(c cookie.Cookie[int]) bool {
					_, err := c.Get(next)
					is.Equal(err != nil, errors.Is(err, cookie.ErrExpired))
					return err == nil
				}
				time.Sleep(59 * time.Second)
				is.True(alive(short))
				is.True(!alive(brief))
				time.Sleep(time.Second)
				is.True(!alive(short))
				is.True(alive(dated))
				time.Sleep(time.Hour)
				is.True(!alive(dated))
				is.True(alive(session))
			})
		})
	}
}

// The declaration of today counts, also for values that were made before it.
func TestLifetimeIsHeldOnTheServer(t *testing.T) {
	for name, keys := range keyrings() {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				is := is.New(t)
				session := cookie.Cookie[int]{Name: "a", Keys: keys} // the browser keeps it until it closes, or for ever
				j := cookie.NewJar(nil, nil)
				is.NoErr(session.Set(j, 5))
				next := answer(j)
				alive := func(lifetime, maxAge time.Duration) bool {
					c := session
					c.Lifetime, c.MaxAge = lifetime, maxAge
					n, err := c.Get(next)
					is.Equal(err != nil, errors.Is(err, cookie.ErrExpired))
					is.Equal(n == 5, err == nil)
					return err == nil
				}
				time.Sleep(time.Hour)
				is.True(alive(0, 0))
				is.True(!alive(time.Hour, 0))
				is.True(alive(time.Hour+time.Second, 0))
				is.True(!alive(0, time.Hour))
				is.True(!alive(2*time.Hour, time.Hour)) // the shorter one
				is.True(!alive(time.Hour, 2*time.Hour))
				is.True(alive(2*time.Hour, 2*time.Hour))
				time.Sleep(399 * 24 * time.Hour)
				is.True(alive(0, 0))
				time.Sleep(24 * time.Hour)
				is.True(!alive(0, 0)) // nothing lives for ever
				is.True(alive(500*24*time.Hour, 0))
			})
		})
	}
}

// A promise that was made counts too: a copy of the cookie may have set a
// shorter end.
func TestLongerLifeBringsNothingBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		is := is.New(t)
		c := cookie.Cookie[int]{Name: "a", Keys: cookie.Signed(secret(1)), MaxAge: time.Minute}
		j := cookie.NewJar(nil, nil)
		is.NoErr(c.Set(j, 5))
		next := answer(j)
		time.Sleep(time.Minute)
		c.MaxAge = time.Hour
		_, err := c.Get(next)
		is.True(errors.Is(err, cookie.ErrExpired))
	})
}

func TestOverTheWire(t *testing.T) { // B3.9 with a real server and client
	is := is.New(t)
	seen := cookie.Cookie[string]{Name: "seen", Insecure: true}
	got := make(chan string, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		j := cookie.NewJar(r, nil)
		s, _ := seen.Get(j)
		got <- s
		if err := seen.Set(j, `a "quoted", väl;ue`); err != nil {
			t.Error(err)
		}
		j.WriteTo(w.Header())
	}))
	defer server.Close()
	res, err := http.Get(server.URL)
	is.NoErr(err)
	res.Body.Close()
	is.Equal(<-got, "")
	req, err := http.NewRequest("GET", server.URL, nil)
	is.NoErr(err)
	for _, c := range res.Cookies() {
		req.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	}
	res, err = http.DefaultClient.Do(req)
	is.NoErr(err)
	res.Body.Close()
	is.Equal(<-got, `a "quoted", väl;ue`)
}

func FuzzGet(f *testing.F) {
	for _, s := range []string{"", "1", "-9e400", "%", "%zz", `{"X":1}`, "[[[[", "NaN", "true", "\xff", `"q"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		j := cookie.NewJar(request("c="+value), nil)
		again(t, j, cookie.Cookie[string]{Name: "c"})
		again(t, j, cookie.Cookie[int]{Name: "c"})
		again(t, j, cookie.Cookie[uint8]{Name: "c"})
		again(t, j, cookie.Cookie[bool]{Name: "c"})
		again(t, j, cookie.Cookie[point]{Name: "c"})
		_, _ = cookie.Cookie[any]{Name: "c"}.Get(j)
		_, _ = cookie.Cookie[float32]{Name: "c"}.Get(j)
		_, _ = cookie.Cookie[time.Time]{Name: "c"}.Get(j)
		_, _ = cookie.Cookie[map[string][]int]{Name: "c"}.Get(j)
	})
}

// again checks that a value that could be read can be written and read again.
func again[T comparable](t *testing.T, received *cookie.Jar, c cookie.Cookie[T]) {
	v, err := c.Get(received)
	if err != nil {
		return
	}
	j := cookie.NewJar(nil, nil)
	if err := c.Set(j, v); errors.Is(err, cookie.ErrTooLarge) {
		return
	} else if err != nil {
		t.Fatalf("Set(%v): %v", v, err)
	}
	if w, err := c.Get(answer(j)); err != nil || w != v {
		t.Fatalf("set %v, got %v, %v", v, w, err)
	}
}

func FuzzCookieHeader(f *testing.F) {
	for _, s := range []string{"a=1", "a=1; a=2", `a="q"`, "a=; b", ";;=;", "a=%41%", "\x00=\x01", "$Version=1; a=b", `a={"b":true, "c":1}; é=ü`, "a\t=\t\"", "a=\xa0; \xa0b=1"} {
		f.Add(s, "a")
	}
	f.Fuzz(func(t *testing.T, header, name string) {
		r := request(header)
		j := cookie.NewJar(r, nil)
		for _, c := range r.Cookies() {
			if !j.Has(c.Name) {
				t.Fatalf("net/http reads %q, and we do not", c.Name)
			}
		}
		text, ok := j.Get(name)
		if ok != j.Has(name) {
			t.Fatal("Has and Get differ")
		}
		if err := j.Set(&http.Cookie{Name: name, Value: text}); err != nil {
			return
		}
		line := lines(j)[0]
		if strings.ContainsAny(line, "\r\n\x00") {
			t.Fatalf("line %q", line)
		}
		if _, err := http.ReadResponse(bufio.NewReader(strings.NewReader("HTTP/1.1 200 OK\r\nSet-Cookie: "+line+"\r\n\r\n")), nil); err != nil {
			t.Fatalf("line %q: %v", line, err)
		}
		if again, ok := answer(j).Get(name); !ok || again != text {
			t.Fatalf("set %q, got %q", text, again)
		}
	})
}
