// Package cookie reads and writes typed cookies with safe defaults.
//
// A cookie is declared once, usually as a package variable, and used through a
// [Jar]: the cookies one request brought together with those its response will
// set.
//
//	var lastSeen = cookie.Cookie[int]{Name: "seen", MaxAge: 30 * 24 * time.Hour}
//
//	func product(page *response.Context) (component.Component, error) {
//		before, err := lastSeen.Get(page.Cookies())   // what the browser sent
//		if errors.Is(err, cookie.ErrNotFound) { … }   // its first visit
//		err = lastSeen.Set(page.Cookies(), 42)        // what it will send next
//		…
//	}
//
// A value that was just set is what Get then returns, and a deleted one is gone.
//
// # Defaults
//
// A cookie whose fields are left alone is sent with Path=/, HttpOnly, Secure and
// SameSite=Lax. The ways out have names a reviewer can search for:
// [Cookie.Insecure] and [Cookie.ScriptReadable].
//
// Chromium and Firefox trust http://localhost and http://127.0.0.1 with Secure
// cookies, so development needs no certificate; Safari does not, and curl keeps
// no Secure cookie that came over http, so hand it one with -H "Cookie: …" or
// set Insecure for the while.
//
// # Values
//
// Strings, numbers and bools, and types of those kinds, are written as plain
// text; a type with MarshalText and UnmarshalText speaks for itself; everything
// else is JSON. The text is percent-encoded where the cookie grammar asks for
// it, so every string survives the journey byte for byte, and a script reads it
// back with decodeURIComponent.
//
// # Signed and encrypted values
//
// A plain cookie is whatever its sender says it is. [Cookie.Keys] changes that:
// with [Signed] the value can be read but not forged, with [Encrypted] it cannot
// be read either. Both bind the value to the cookie's name and, when the cookie
// has a MaxAge or Expires, to that time, so an old value cannot be brought back
// after it. Neither stops a thief who copies the whole cookie before then.
//
//	var session = cookie.Cookie[Session]{
//		Name: "__Host-session",
//		Keys: cookie.Encrypted(newSecret, oldSecret),
//	}
//
// The first secret seals, all of them open: to rotate, put a new one in front
// and drop the last when its cookies have run out. Encrypted values carry random
// nonces; rotate long before a secret has sealed four billion of them.
//
// # Concurrency
//
// A Cookie is never written to and a [Keyring] never changes, so both may be
// shared by all requests. A Jar belongs to one request and may be used by
// several goroutines of it.
//
// # Errors
//
// [Cookie.Get] returns an error that is [ErrNotFound], or a [*DecodeError] for a
// value that is there and cannot be used; [ErrForged] and [ErrExpired] tell the
// keyed cases apart. Treat them like a missing cookie unless you count attacks.
//
// [Cookie.Set] and [Cookie.Delete] fail when browsers would drop the cookie (a
// bad name, a broken __Host- rule, more than 4096 bytes: [ErrTooLarge]) and when
// the response has started. [Cookie.Check] finds at startup what does not depend
// on the value, unusable secrets included; until they are mended, Get and Set
// return that error too, and no value passes unchecked.
package cookie
