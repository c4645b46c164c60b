package escape

import "strings"

// program is what a chain does to strings of one type.
type program struct {
	kind   programKind
	filter filter // of filters
	probed
	rest *program // for the output of filters and rewrites

	std *standard // the chain from here on, for strings of the type
	typ Type
}

type programKind uint8

const (
	byStandard programKind = iota // the standard functions decide about every string
	copies                        // the string itself
	constant                      // always probed.empty
	tabulates                     // the probed table, which has nothing around it
	surrounds                     // what was probed
	rewrites                      // what was probed, and then rest
	filters                       // rest, if the filter leaves the string
)

func (p *program) append(b []byte, s string) []byte {
	for {
		switch p.kind {
		case tabulates:
			if b, ok := p.table.append(b, s); ok {
				return b
			}
		case surrounds:
			if b, ok := p.probed.append(b, s); ok {
				return b
			}
		case rewrites:
			if out, ok := p.probed.append(nil, s); ok {
				p, s = p.rest, string(out)
				continue
			}
		case filters:
			if p.filter.leaves(s) {
				p = p.rest
				continue
			}
		case copies:
			return append(b, s...)
		case constant:
			return append(b, p.empty...)
		}
		return p.appendStandard(b, s)
	}
}

// append reports false, and appends nothing, where the standard functions must decide.
func (l *probed) append(b []byte, s string) ([]byte, bool) {
	if s == "" {
		return append(b, l.empty...), true
	}
	n := len(b)
	b, ok := l.table.append(append(b, l.open...), s)
	if !ok {
		return b[:n], false
	}
	return append(b, l.close...), true
}

// appendStandard lets the standard functions decide. They do not fail on strings.
func (p *program) appendStandard(b []byte, s string) []byte {
	// A copy, so that s need not be allocated by callers that do not come here.
	out, err := p.std.value(p.typ.value(strings.Clone(s)))
	if err != nil {
		panic(err)
	}
	return append(b, out...)
}

// newProgram makes the program of the named functions, which are known, for strings of the type.
func newProgram(names []string, typ Type) *program {
	if len(names) == 0 {
		return &program{kind: copies}
	}
	t := propertiesOf[names[0]]
	if t.copies {
		return newProgram(names[1:], Plain)
	}
	if typ != Plain {
		switch typ {
		case t.trusts:
			return newProgram(names[1:], Plain)
		case t.rewrites:
		default:
			typ = Plain
		}
	}
	std, err := standardOf(names)
	if err != nil {
		panic(err) // the caller has made one of these names
	}
	p := &program{std: std, typ: typ}
	switch {
	case t.constant:
		p.kind = constant
		p.empty, _ = std.value("")
	case t.filter != noFilter && typ == Plain:
		p.kind, p.filter, p.rest = filters, t.filter, newProgram(names[1:], Plain)
	default:
		p.tabulate(t, names)
	}
	return p
}

// tabulate makes p the program of a function that works byte by byte, of those behind it that can be fused with it, and
// of those that cannot.
func (p *program) tabulate(t properties, names []string) {
	n := 1
	for n < len(names) && propertiesOf[names[n]].markup {
		n++
	}
	std, err := standardOf(names[:n])
	if err != nil {
		return
	}
	l, ok := probe(std, p.typ, t)
	if !ok {
		return
	}
	p.probed = *l
	switch {
	case n < len(names):
		p.kind, p.rest = rewrites, newProgram(names[n:], Plain)
	case l.open+l.close+l.empty != "":
		p.kind = surrounds
	default:
		p.kind = tabulates
	}
}
