package response

import (
	"fmt"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
)

// Header is the header of a response. It is no http.Header because that cannot
// refuse a change: every method that changes something returns an error, which
// is a [*LockedError] once the response has started.
//
// It holds what is set through it. What other code put into the
// http.ResponseWriter's own header goes out too, unless Set or Del replace it.
type Header struct{ c *Context }

// field is what is known of one header name.
type field struct {
	values  []string
	replace bool // what the ResponseWriter's own header says is dropped
}

// Set makes value the only value of the header.
func (h Header) Set(name, value string) error {
	return h.put("Header.Set", name, value, func(field) field {
		return field{values: []string{value}, replace: true}
	})
}

// Add adds a value to those the header has.
func (h Header) Add(name, value string) error {
	return h.put("Header.Add", name, value, func(old field) field {
		// Not appended in place: Values may have handed the slice out.
		return field{values: append(slices.Clip(old.values), value), replace: old.replace}
	})
}

// Del removes all values of the header.
func (h Header) Del(name string) error {
	return h.put("Header.Del", name, "", func(field) field { return field{replace: true} })
}

// Get returns the first value of the header, or "".
func (h Header) Get(name string) string {
	if values := h.get(name); len(values) > 0 {
		return values[0]
	}
	return ""
}

// Values returns all values of the header, in a slice of the caller's own.
func (h Header) Values(name string) []string { return slices.Clone(h.get(name)) }

// Has reports whether the header has a value, even an empty one.
func (h Header) Has(name string) bool { return len(h.get(name)) > 0 }

func (h Header) get(name string) []string {
	if h.c == nil {
		return nil
	}
	h.c.mu.Lock()
	defer h.c.mu.Unlock()
	return h.c.fields[textproto.CanonicalMIMEHeaderKey(name)].values
}

func (h Header) put(op, name, value string, edit func(field) field) error {
	return h.c.change(op, name, func() error {
		if err := checkField(op, name, value); err != nil {
			return err
		}
		key := textproto.CanonicalMIMEHeaderKey(name)
		h.c.setField(key, edit(h.c.fields[key]))
		return nil
	})
}

func (c *Context) setField(key string, f field) {
	if c.fields == nil {
		c.fields = make(map[string]field)
	}
	c.fields[key] = f
}

func (f field) writeTo(h http.Header, key string) {
	switch {
	case !f.replace:
		h[key] = append(slices.Clip(h[key]), f.values...)
	case len(f.values) == 0:
		delete(h, key)
	default:
		h[key] = f.values
	}
}

// checkField refuses what net/http would mend or drop without a word.
func checkField(op, name, value string) error {
	if name == "" || strings.ContainsFunc(name, notToken) {
		return fmt.Errorf("response: %s(%q): a header name holds only letters, digits and !#$%%&'*+-.^_`|~", op, name)
	}
	if i := strings.IndexFunc(value, isControl); i >= 0 {
		return fmt.Errorf("response: %s(%q): the value holds the control character %q, which could end the header: remove or encode it", op, name, value[i])
	}
	return nil
}

func notToken(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
		return false
	}
	return r > '~' || !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
}

func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }
