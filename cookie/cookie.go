package cookie

import (
	"cmp"
	"fmt"
	"math"
	"net/http"
	"time"
)

// Cookie declares a cookie that holds a T. Only Name is required.
type Cookie[T any] struct {
	// Name is a token: letters, digits, - and _. A name that begins with
	// "__Host-" asks browsers to hold the cookie to its host, and "__Secure-" to
	// https; their conditions are checked.
	Name string

	// Path limits the cookie to paths below it. Default "/".
	Path string

	// Domain, if set, shares the cookie with the domain and all its subdomains.
	// By default only the host that set the cookie gets it back.
	Domain string

	// MaxAge is how long the browser keeps the cookie, rounded up to seconds;
	// zero is until it closes. Browsers may cut it to 400 days.
	MaxAge time.Duration

	// Expires is a fixed end instead of a MaxAge, which wins if both are set.
	Expires time.Time

	// SameSite is Lax by default. http.SameSiteDefaultMode leaves the attribute
	// out.
	SameSite http.SameSite

	// Partitioned keeps a separate cookie for each site this one is embedded in.
	Partitioned bool

	// Insecure lets the cookie travel over plain http.
	Insecure bool

	// ScriptReadable lets scripts of the page read the cookie.
	ScriptReadable bool

	// Keys signs or encrypts the value; nil leaves it plain.
	Keys *Keyring

	// Lifetime is how long a signed or encrypted value counts after it was made,
	// whatever the browser does, also for a cookie without MaxAge. If MaxAge is
	// shorter, that counts. Both count for old values too, as the cookie is
	// declared now. Without either a value counts for 400 days.
	Lifetime time.Duration
}

// Get returns the value set during this request, or else the one the browser
// sent. Without either the error is [ErrNotFound]; a value that cannot be used
// gives a [*DecodeError].
func (c Cookie[T]) Get(jar *Jar) (T, error) {
	var zero T
	if err := c.checkKeys(); err != nil {
		return zero, err
	}
	text, ok := jar.get(identify(c.attributes()), c.Keys != nil)
	if !ok {
		return zero, notFound(c.Name)
	}
	if c.Keys != nil {
		plain, err := c.Keys.open(c.Name, text, c.life())
		if err != nil {
			return zero, &DecodeError{Name: c.Name, Err: err}
		}
		text = plain
	}
	v, err := decode[T](text)
	if err != nil {
		return zero, &DecodeError{Name: c.Name, Err: err}
	}
	return v, nil
}

// Has reports whether the cookie is there, whatever its value: an empty or a
// forged one counts.
func (c Cookie[T]) Has(jar *Jar) bool {
	_, ok := jar.get(identify(c.attributes()), false)
	return ok
}

// Set makes the response set the cookie to v. It fails if v cannot be encoded,
// if browsers would refuse the result, or if the response has started.
func (c Cookie[T]) Set(jar *Jar, v T) error {
	if err := cmp.Or(c.checkAge(), c.checkKeys()); err != nil {
		return err
	}
	text, err := encode(v)
	if err != nil {
		return fmt.Errorf("cookie: %q: cannot encode a %T: %w", c.Name, v, err)
	}
	if c.Keys != nil {
		text = c.Keys.seal(c.Name, text, c.end())
	}
	return jar.put("Cookie.Set", c.attributes(), text)
}

// Delete makes the browser forget the cookie, by the path and domain it is
// declared with.
func (c Cookie[T]) Delete(jar *Jar) error {
	gone := c.attributes()
	gone.MaxAge, gone.Expires = -1, time.Time{}
	return jar.put("Cookie.Delete", gone, "")
}

// Check reports the mistakes that make every [Cookie.Set] fail: attributes that
// browsers refuse, unusable secrets. Call it at startup or in a test.
func (c Cookie[T]) Check() error {
	if err := cmp.Or(c.checkAge(), c.checkKeys()); err != nil {
		return err
	}
	return check(c.attributes())
}

func (c Cookie[T]) checkKeys() error {
	if c.Keys == nil {
		return nil
	}
	if err := c.Keys.usable(); err != nil {
		return fmt.Errorf("cookie: %q: %w", c.Name, err)
	}
	return nil
}

func (c Cookie[T]) checkAge() error {
	switch {
	case c.MaxAge < 0:
		return fmt.Errorf("cookie: %q: MaxAge is negative: use Delete to remove a cookie", c.Name)
	case c.MaxAge > 0 && c.MaxAge < time.Second: // 400 days meant as seconds are 35ms
		return fmt.Errorf("cookie: %q: MaxAge is %v, less than a second: write %d * time.Second if it is a number of seconds", c.Name, c.MaxAge, c.MaxAge.Nanoseconds())
	case c.Lifetime < 0 || c.Lifetime > 0 && c.Lifetime < time.Second:
		return fmt.Errorf("cookie: %q: Lifetime is %v, less than a second: write %d * time.Second if it is a number of seconds", c.Name, c.Lifetime, c.Lifetime.Nanoseconds())
	case c.Lifetime > 0 && c.Keys == nil:
		return fmt.Errorf("cookie: %q: Lifetime needs Keys, since a plain value does not say when it was made: set Keys, or use MaxAge", c.Name)
	case c.MaxAge == 0 && past(c.Expires):
		return fmt.Errorf("cookie: %q: Expires is in the past: use Delete to remove a cookie", c.Name)
	}
	return nil
}

// longest is how long browsers keep a cookie at most.
const longest = 400 * 24 * time.Hour

// life is how long a signed or encrypted value counts at most.
func (c Cookie[T]) life() time.Duration {
	switch {
	case c.MaxAge > 0 && c.Lifetime > 0:
		return min(c.MaxAge, c.Lifetime)
	case c.MaxAge > 0 || c.Lifetime > 0:
		return max(c.MaxAge, c.Lifetime)
	}
	return longest
}

// end is the moment after which the value counts for nothing, or zero.
func (c Cookie[T]) end() time.Time {
	if c.MaxAge > 0 {
		return time.Now().Add(c.MaxAge)
	}
	return c.Expires
}

func (c Cookie[T]) attributes() *http.Cookie {
	return &http.Cookie{
		Name:        c.Name,
		Path:        cmp.Or(c.Path, "/"),
		Domain:      c.Domain,
		Expires:     c.Expires,
		MaxAge:      seconds(c.MaxAge),
		Secure:      !c.Insecure,
		HttpOnly:    !c.ScriptReadable,
		SameSite:    cmp.Or(c.SameSite, http.SameSiteLaxMode),
		Partitioned: c.Partitioned,
	}
}

// seconds rounds up, since a rounded-down Max-Age could be zero, and stays
// within what an int holds everywhere (68 years).
func seconds(d time.Duration) int {
	s := d / time.Second
	if d%time.Second > 0 {
		s++
	}
	return int(min(s, math.MaxInt32))
}

func past(t time.Time) bool { return !t.IsZero() && !t.After(time.Now()) }
