package cookie

import (
	"fmt"
	"net/http"
	"strings"
)

const (
	maxSize      = 4096 // the whole line, as RFC 6265 counts a cookie
	maxAttribute = 1024 // browsers drop a longer attribute and keep the cookie
)

// check reports why browsers would refuse c, or take it for something else.
func check(c *http.Cookie) error {
	for _, rule := range []func(*http.Cookie) string{checkName, checkScope, checkExpires, checkSameSite, checkPrefix} {
		if problem := rule(c); problem != "" {
			return fmt.Errorf("cookie: %q: %s", c.Name, problem)
		}
	}
	if err := c.Valid(); err != nil {
		return fmt.Errorf("cookie: %q: %w", c.Name, err)
	}
	if n := len(c.String()); n > maxSize {
		return fmt.Errorf("cookie: %q: %w: it takes %d bytes and browsers keep at most %d: store the data on the server and only its key here",
			c.Name, ErrTooLarge, n, maxSize)
	}
	return nil
}

func checkName(c *http.Cookie) string {
	switch {
	case c.Name == "":
		return "the name is empty: set Name"
	case (&http.Cookie{Name: c.Name}).Valid() != nil:
		return "the name is not a token: use letters, digits, - and _"
	}
	return ""
}

func checkScope(c *http.Cookie) string {
	switch {
	case c.Path != "" && c.Path[0] != '/':
		return fmt.Sprintf("Path %q does not begin with a slash", c.Path)
	case (&http.Cookie{Name: "n", Path: c.Path}).Valid() != nil:
		return fmt.Sprintf("Path %q holds a byte that is not allowed: percent-encode it as in the URL", c.Path)
	case (&http.Cookie{Name: "n", Domain: c.Domain}).Valid() != nil:
		return fmt.Sprintf("Domain %q is not a host name: leave out scheme and port", c.Domain)
	case strings.HasSuffix(c.Domain, "."):
		return fmt.Sprintf("Domain %q ends with a dot: browsers would drop it, leave the dot out", c.Domain)
	case len(c.Path) > maxAttribute || len(c.Domain) > maxAttribute:
		return fmt.Sprintf("Path and Domain may have %d bytes: browsers ignore longer ones", maxAttribute)
	}
	return ""
}

func checkExpires(c *http.Cookie) string {
	if year := c.Expires.UTC().Year(); year > 9999 {
		return fmt.Sprintf("Expires is in the year %d: browsers read no more than four digits, use a MaxAge", year)
	}
	return ""
}

func checkSameSite(c *http.Cookie) string {
	switch {
	case c.SameSite < 0 || c.SameSite > http.SameSiteNoneMode:
		return fmt.Sprintf("SameSite %d is unknown: use one of http.SameSiteLaxMode, Strict and None", c.SameSite)
	case c.SameSite == http.SameSiteNoneMode && !c.Secure:
		return "SameSite=None needs Secure: do not set Insecure, or use SameSite Lax"
	case c.Partitioned && !c.Secure:
		return "Partitioned needs Secure: do not set Insecure, or leave Partitioned out"
	}
	return ""
}

// checkPrefix holds a name to what its prefix promises. Browsers compare the
// prefix without regard to case.
func checkPrefix(c *http.Cookie) string {
	name := strings.ToLower(c.Name)
	host := strings.HasPrefix(name, "__host-")
	script := strings.HasPrefix(name, "__http-") || strings.HasPrefix(name, "__host-http-")
	switch {
	case (host || script || strings.HasPrefix(name, "__secure-")) && !c.Secure:
		return "the prefix of this name needs Secure: do not set Insecure, or choose another name"
	case host && (c.Path != "/" || c.Domain != ""):
		return `a "__Host-" cookie needs Path "/" and no Domain: leave both out, or use "__Secure-"`
	case script && !c.HttpOnly:
		return "the prefix of this name needs HttpOnly: do not set ScriptReadable, or choose another name"
	}
	return ""
}
