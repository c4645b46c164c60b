package escape

import (
	"bytes"
	"strings"
	"sync"
	"sync/atomic"
)

// Chain is a sequence of escapers, the output of each given to the next.
type Chain struct {
	names []string
	first properties // of the first name
	std   *standard
	plain *program                          // for untrusted strings
	typed [numTypes]atomic.Pointer[program] // for trusted strings, made when first needed
	words words
}

var chains sync.Map // of the names joined by spaces to *Chain

// For returns the chain of the named escapers, in order. It reports false for a name that html/template does not use,
// and for no name at all.
func For(names []string) (c *Chain, ok bool) {
	key := strings.Join(names, " ")
	if c, ok := chains.Load(key); ok {
		return c.(*Chain), true
	}
	if len(names) == 0 {
		return nil, false
	}
	std, err := standardOf(names)
	if err != nil {
		return nil, false
	}
	names = strings.Split(key, " ")
	fresh := &Chain{names: names, first: propertiesOf[names[0]], std: std, plain: newProgram(names, Plain), words: probeWords(names, std)}
	made, _ := chains.LoadOrStore(key, fresh)
	return made.(*Chain), true
}

// String appends s escaped. It serves strings and every other value whose text is s and whose type is not trusted.
func (c *Chain) String(b []byte, s string) []byte { return c.plain.append(b, s) }

// Typed appends s, a string of the trusted type t.
func (c *Chain) Typed(b []byte, t Type, s string) []byte {
	if t == Plain {
		return c.plain.append(b, s)
	}
	p := c.typed[t].Load()
	if p == nil {
		p = newProgram(c.names, t)
		c.typed[t].Store(p)
	}
	return p.append(b, s)
}

// AllowCalls is the chain, but that it leaves tel: and sms: URLs alone, which html/template's filter of URLs does not.
func (c *Chain) AllowCalls() *Chain {
	if c.plain.kind != filters || c.plain.filter != urlFilter {
		return c
	}
	plain := *c.plain
	plain.filter = callFilter
	return &Chain{names: c.names, first: c.first, std: c.std, plain: &plain, words: c.words}
}

// Filters reports whether the chain may replace a value as a whole because it does not trust it.
func (c *Chain) Filters() bool { return c.first.filter != noFilter }

// Replaced reports whether out, which the chain has made of a value, is what is left of one that it does not trust.
func (c *Chain) Replaced(out []byte) bool {
	if c.first.filter == srcsetFilter { // which judges each image of a list
		return bytes.Contains(out, failsafe)
	}
	n := len(out) // hardly a value ends in this letter
	return n > 0 && out[n-1] == 'Z' && bytes.HasSuffix(out, failsafe)
}

var failsafe = []byte("ZgotmplZ")
