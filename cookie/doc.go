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
// # What do you want to do?
//
//   - remember a value: [Cookie.Set], and MaxAge to keep it longer than the browser is open
//   - read it, with its type: [Cookie.Get]; [Cookie.Has] if the value does not matter
//   - forget it: [Cookie.Delete], of a cookie with the same Name, Path and Domain
//   - keep visitors from changing it: Keys: [Signed](secret)
//   - keep them from reading it too: Keys: [Encrypted](secret)
//   - end a login after some hours: Lifetime, which holds on the server
//   - end one before its time: compare with something on the server: the example "revocation"
//   - change a secret: put the new one in front: Signed(new, old)
//   - let a script read or write it: ScriptReadable
//   - develop over http://localhost: Insecure, by a switch of your program: see Defaults
//   - find mistakes at startup: [Cookie.Check]
//   - set a cookie of another's: [Jar.Set], and [Jar.Get] for its text
//
// A value that was just set is what Get then returns, and a deleted one is gone.
//
// # Defaults
//
// A cookie whose fields are left alone is sent with Path=/, HttpOnly, Secure and
// SameSite=Lax. The ways out have names a reviewer can search for:
// [Cookie.Insecure] and [Cookie.ScriptReadable].
//
// Chromium and Firefox take Secure cookies from http://localhost and
// http://127.0.0.1, so development with them needs nothing. Safari and curl do
// not: over http they keep no Secure cookie. Give your program a switch for
// development and set Insecure by it,
//
//	var dev = flag.Bool("dev", false, "set cookies without Secure, for Safari and curl on http://localhost")
//
//	session := cookie.Cookie[Session]{Name: "session", Insecure: *dev}
//
// Nothing turns Secure off by itself. A request from localhost for localhost is
// also what a proxy on the same machine sends for every visitor, unless it is told
// to say whom it speaks for: cookies would lose Secure where they need it, and
// nobody would see it.
//
// # Identity
//
// One cookie is its name, path and domain. Browsers keep two of one name at two
// paths, so both are sent, and a Delete reaches the one it is declared for. They
// send back no more than name and value: of several with one name the first that
// came counts, which is the one with the longest path.
//
// # Values
//
// Strings, numbers and bools, and types of those kinds, are written as plain
// text; a type with MarshalText and UnmarshalText speaks for itself; everything
// else is JSON. The text is percent-encoded where the cookie grammar asks for
// it, so every string survives the journey byte for byte, and a script reads it
// back with decodeURIComponent. What a script sets without encoding is read too:
// JSON with its quotes and commas, and letters beyond ASCII.
//
// # Signed and encrypted values
//
// A plain cookie is whatever its sender says it is. [Cookie.Keys] changes that:
// with [Signed] the value can be read but not forged, with [Encrypted] it cannot
// be read either. Both bind the value to the cookie's name and to the time it was
// made, and hold it to the cookie's Lifetime, MaxAge or Expires on the server, so an
// old value cannot be brought back. A shorter Lifetime or MaxAge counts at once, for
// values made before it too. Neither stops a thief who copies the whole cookie
// before then.
//
//	var session = cookie.Cookie[Session]{
//		Name:     "__Host-session",
//		Keys:     cookie.Encrypted(newSecret, oldSecret),
//		Lifetime: 12 * time.Hour,
//	}
//
// The first secret seals, all of them open: to rotate, put a new one in front
// and drop the last when its cookies have run out. Encrypted values carry random
// nonces; rotate long before a secret has sealed four billion of them. A value
// has one spelling: another one of the same bytes is forged.
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
// bad name, a broken __Host- rule, more than 4096 bytes: [ErrTooLarge]), when a
// MaxAge of less than a second shows that a number of seconds was meant, and when
// the response has started. [Cookie.Check] finds at startup what does not depend
// on the value, unusable secrets included; until they are mended, Get and Set
// return that error too, and no value passes unchecked.
package cookie
