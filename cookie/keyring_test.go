package cookie_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/cookie"
)

func secret(b byte) []byte { return bytes.Repeat([]byte{b}, 32) }

func keyrings() map[string]*cookie.Keyring {
	return map[string]*cookie.Keyring{
		"signed":    cookie.Signed(secret(1)),
		"encrypted": cookie.Encrypted(secret(1)),
	}
}

// token is what the browser is given for a value.
func token(t testing.TB, keys *cookie.Keyring, name, value string) string {
	t.Helper()
	j := cookie.NewJar(nil, nil)
	if err := (cookie.Cookie[string]{Name: name, Keys: keys, MaxAge: time.Hour}).Set(j, value); err != nil {
		t.Fatal(err)
	}
	s, _ := j.Get(name)
	return s
}

func open(keys *cookie.Keyring, name, token string) (string, error) {
	return cookie.Cookie[string]{Name: name, Keys: keys}.Get(cookie.NewJar(request(name+"="+token), nil))
}

func TestKeyedCookie(t *testing.T) {
	for kind, keys := range keyrings() {
		t.Run(kind, func(t *testing.T) {
			is := is.New(t)
			sealed := token(t, keys, "a", "väl;ue")
			got, err := open(keys, "a", sealed)
			is.NoErr(err)
			is.Equal(got, "väl;ue")
			raw, err := base64.RawURLEncoding.DecodeString(sealed)
			is.NoErr(err)
			is.Equal(bytes.Contains(raw, []byte("väl;ue")), kind == "signed")

			forged := func(name, token string) {
				t.Helper()
				got, err := open(keys, name, token)
				var bad *cookie.DecodeError
				is.True(errors.As(err, &bad))
				is.True(errors.Is(err, cookie.ErrForged))
				is.Equal(got, "")
			}
			forged("b", sealed) // the name is bound in
			for i := range raw {
				changed := bytes.Clone(raw)
				changed[i] ^= 1
				forged("a", base64.RawURLEncoding.EncodeToString(changed))
				forged("a", base64.RawURLEncoding.EncodeToString(raw[:i]))
			}
			forged("a", "")
			forged("a", "plain")
			forged("a", sealed+"A")
		})
	}
}

// Whoever compares or counts values may take one spelling for granted.
func TestATokenHasOneSpelling(t *testing.T) {
	for kind, keys := range keyrings() {
		t.Run(kind, func(t *testing.T) {
			is := is.New(t)
			sealed := token(t, keys, "a", "x")
			_, err := open(keys, "a", sealed)
			is.NoErr(err)
			for _, spelling := range []string{
				`"` + sealed + `"`,
				fmt.Sprintf("%%%02X%s", sealed[0], sealed[1:]),
				sealed[:4] + "%0A" + sealed[4:],
				sealed + "%0D%0A",
				sealed[:4] + "\n" + sealed[4:],
				sealed + "=",
			} {
				_, err := open(keys, "a", spelling)
				is.True(errors.Is(err, cookie.ErrForged))
			}
		})
	}
}

func TestNoKeyOpensAnotherKind(t *testing.T) {
	is := is.New(t)
	all := keyrings()
	_, err := open(all["encrypted"], "a", token(t, all["signed"], "a", "x"))
	is.True(errors.Is(err, cookie.ErrForged))
	_, err = open(all["signed"], "a", token(t, all["encrypted"], "a", "x"))
	is.True(errors.Is(err, cookie.ErrForged))
}

func TestRotation(t *testing.T) {
	for kind, make := range map[string]func(...[]byte) *cookie.Keyring{"signed": cookie.Signed, "encrypted": cookie.Encrypted} {
		t.Run(kind, func(t *testing.T) {
			is := is.New(t)
			before, during, after := make(secret(1)), make(secret(2), secret(1)), make(secret(2))
			old, fresh := token(t, before, "a", "x"), token(t, during, "a", "x")
			for _, keys := range []*cookie.Keyring{before, during} {
				_, err := open(keys, "a", old)
				is.NoErr(err)
			}
			for _, keys := range []*cookie.Keyring{during, after} {
				_, err := open(keys, "a", fresh)
				is.NoErr(err) // the first secret seals
			}
			_, err := open(after, "a", old)
			is.True(errors.Is(err, cookie.ErrForged))
			_, err = open(before, "a", fresh)
			is.True(errors.Is(err, cookie.ErrForged))
		})
	}
}

func TestEncryptedValuesNeverRepeat(t *testing.T) {
	is := is.New(t)
	keys := cookie.Encrypted(secret(1))
	first, second := token(t, keys, "a", "x"), token(t, keys, "a", "x")
	is.True(first != second)
}

func TestBadSecretsLetNothingThrough(t *testing.T) {
	is := is.New(t)
	for _, keys := range []*cookie.Keyring{cookie.Signed([]byte("short")), cookie.Signed(), {}} {
		_, err := open(keys, "a", "x")
		var bad *cookie.DecodeError
		is.True(err != nil)
		is.True(!errors.As(err, &bad)) // a mistake of the program, not of the browser
		is.True(!errors.Is(err, cookie.ErrForged))
		is.True(strings.HasPrefix(err.Error(), `cookie: "a": `))
		is.NoErr(cookie.Cookie[int]{Name: "a", Keys: keys}.Delete(cookie.NewJar(nil, nil)))
	}
}

func TestKeyringKeepsNoSecret(t *testing.T) {
	is := is.New(t)
	s := secret(1)
	keys := cookie.Signed(s)
	sealed := token(t, keys, "a", "x")
	clear(s)
	_, err := open(keys, "a", sealed)
	is.NoErr(err)
}

func FuzzKeyed(f *testing.F) {
	for _, keys := range keyrings() {
		f.Add(token(f, keys, "b", "x"))
	}
	for _, s := range []string{"", "AAAA", strings.Repeat("A", 80), "%", "a.b", strings.Repeat("_", 300)} {
		f.Add(s)
	}
	all := keyrings()
	f.Fuzz(func(t *testing.T, token string) {
		for kind, keys := range all {
			if got, err := open(keys, "a", token); err == nil {
				t.Fatalf("%s: %q opened as %q", kind, token, got)
			}
		}
	})
}

func FuzzKeyedRoundTrip(f *testing.F) {
	f.Add("", "a")
	f.Add("\x00\xff", "__Host-x")
	all := keyrings()
	f.Fuzz(func(t *testing.T, value, name string) {
		for kind, keys := range all {
			c := cookie.Cookie[string]{Name: name, Keys: keys}
			j := cookie.NewJar(nil, nil)
			if c.Set(j, value) != nil {
				return
			}
			if got, err := c.Get(answer(j)); err != nil || got != value {
				t.Fatalf("%s: set %q, got %q, %v", kind, value, got, err)
			}
		}
	})
}
