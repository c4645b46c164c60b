package cookie_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"time"

	"github.com/ropewalk/ropewalk/cookie"
)

var lastSeen = cookie.Cookie[int]{Name: "seen", MaxAge: 30 * 24 * time.Hour}

func Example() {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		jar := cookie.NewJar(r, nil)
		before, err := lastSeen.Get(jar)
		if errors.Is(err, cookie.ErrNotFound) {
			fmt.Println("nothing seen yet")
		}
		if err := lastSeen.Set(jar, before+1); err != nil {
			http.Error(w, "cookie", http.StatusInternalServerError)
			return
		}
		now, _ := lastSeen.Get(jar)
		fmt.Println("now", now)
		jar.WriteTo(w.Header())
	})

	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	fmt.Println(w.Header().Get("Set-Cookie"))
	// Output:
	// nothing seen yet
	// now 1
	// seen=1; Path=/; Max-Age=2592000; HttpOnly; Secure; SameSite=Lax
}

func ExampleCookie_Set() {
	type Cart struct{ Items []int }
	cart := cookie.Cookie[Cart]{Name: "cart", ScriptReadable: true}

	jar := cookie.NewJar(nil, nil)
	if err := cart.Set(jar, Cart{Items: []int{3, 5}}); err != nil {
		fmt.Println(err)
	}
	h := http.Header{}
	jar.WriteTo(h)
	fmt.Println(h.Get("Set-Cookie"))
	// Output: cart={%22Items%22:[3%2C5]}; Path=/; Secure; SameSite=Lax
}

func ExampleCookie_Check() {
	bad := cookie.Cookie[string]{Name: "__Host-id", Domain: "example.com"}
	fmt.Println(bad.Check())
	// Output: cookie: "__Host-id": a "__Host-" cookie needs Path "/" and no Domain: leave both out, or use "__Secure-"
}

func ExampleSigned() {
	user := cookie.Cookie[string]{Name: "user", Keys: cookie.Signed([]byte("32 random bytes, not a sentence!"))}

	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Cookie", "user=admin")
	_, err := user.Get(cookie.NewJar(r, nil))
	fmt.Println(errors.Is(err, cookie.ErrForged))
	fmt.Println(err)
	// Output:
	// true
	// cookie: "user": the value was not made with the keys of this cookie
}

func ExampleEncrypted() {
	session := cookie.Cookie[int]{
		Name: "__Host-session",
		Keys: cookie.Encrypted([]byte(os.Getenv("SESSION_SECRET"))),
	}
	fmt.Println(session.Check())
	// Output: cookie: "__Host-session": secret 1 of Encrypted has 0 bytes: use at least 32 from crypto/rand
}

func ExampleJar_Set() {
	jar := cookie.NewJar(nil, nil)
	err := jar.Set(&http.Cookie{Name: "theme", Value: "dark blue", Path: "/", MaxAge: 60})
	theme, _ := jar.Get("theme")
	fmt.Println(theme, err)

	h := http.Header{}
	jar.WriteTo(h)
	fmt.Println(h.Get("Set-Cookie"))
	// Output:
	// dark blue <nil>
	// theme=dark%20blue; Path=/; Max-Age=60
}

// A sealed value counts as long as it lives, wherever it is. What must end before
// needs something on the server to compare it with: here a number beside each
// user, raised to sign the user out everywhere. An id for each session, looked up
// in a table, ends one of them alone.
func Example_revocation() {
	type Session struct {
		User       string
		Generation int
	}
	session := cookie.Cookie[Session]{
		Name:     "__Host-session",
		Keys:     cookie.Encrypted([]byte("32 random bytes, not a sentence!")),
		Lifetime: 12 * time.Hour, // on the server, however long the browser stays open
	}
	generation := map[string]int{"ann": 1} // a column of the users' table

	visitor := func(jar *cookie.Jar) string {
		s, err := session.Get(jar)
		if err != nil || s.Generation != generation[s.User] {
			return "nobody"
		}
		return s.User
	}

	jar := cookie.NewJar(nil, nil)
	if err := session.Set(jar, Session{"ann", generation["ann"]}); err != nil {
		fmt.Println(err)
	}
	fmt.Println(visitor(jar))
	generation["ann"]++
	fmt.Println(visitor(jar))
	// Output:
	// ann
	// nobody
}
