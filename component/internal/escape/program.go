package escape

import "strings"

// program is what a chain does to strings of one type.
type program struct {
	kind   programKind
	filter [2]filter // that must leave the string, else the standard functions decide
	lesson
	rest *program // for the output of the above, unless nil

	std *standard
	typ Type
}

type programKind uint8

const (
	full       programKind = iota
	copies                 // the string itself
	htmlText               // as HTML does
	byTable                // the table and nothing else
	constant               // always lesson.empty
	byStandard             // the standard functions, always
)

func (p *program) append(b []byte, s string) []byte {
	switch p.kind {
	case htmlText:
		return HTML(b, s)
	case copies:
		return append(b, s...)
	case byTable:
		if b, ok := p.table.append(b, s); ok {
			return b
		}
		return p.appendStandard(b, s)
	}
	return p.appendFull(b, s)
}

func (p *program) appendFull(b []byte, s string) []byte {
	if p.kind == constant {
		return append(b, p.empty...)
	}
	if p.kind == byStandard || !p.filter[0].leaves(s) || !p.filter[1].leaves(s) {
		return p.appendStandard(b, s)
	}
	if p.table == nil {
		return p.rest.append(b, s)
	}
	if p.rest != nil {
		if out, ok := p.appendTable(nil, s); ok {
			return p.rest.append(b, string(out))
		}
		return p.appendStandard(b, s)
	}
	if b, ok := p.appendTable(b, s); ok {
		return b
	}
	return p.appendStandard(b, s)
}

func (p *program) appendTable(b []byte, s string) ([]byte, bool) {
	if s == "" {
		return append(b, p.empty...), true
	}
	n := len(b)
	b = append(b, p.open...)
	b, ok := p.table.append(b, s)
	if !ok {
		return b[:n], false
	}
	return append(b, p.close...), true
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
	t := traits[names[0]]
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
	std, err := standardOf(names, oneValue)
	if err != nil {
		panic(err) // the caller has made one of these names
	}
	p := &program{std: std, typ: typ}
	switch {
	case t.constant:
		p.kind = constant
		p.empty, _ = std.value("")
	case t.filter != noFilter && typ == Plain:
		p.judge(t.filter, names)
	default:
		p.tabulate(t, names)
	}
	return p
}

// judge makes p the program of a filter and what follows it.
func (p *program) judge(f filter, names []string) {
	rest := newProgram(names[1:], Plain)
	p.filter[0] = f
	p.rest = rest
	if rest.kind == byTable || rest.kind == full && rest.filter[1] == noFilter && rest.rest == nil {
		// One step instead of two.
		p.filter[1], p.lesson, p.rest = rest.filter[0], rest.lesson, nil
	}
}

// tabulate makes p the program of a function that works byte by byte, of those behind it that can be fused with it, and
// of those that cannot.
func (p *program) tabulate(t trait, names []string) {
	n := 1
	for n < len(names) && traits[names[n]].markup {
		n++
	}
	p.kind = byStandard
	std, err := standardOf(names[:n], oneValue)
	if err != nil {
		return
	}
	l, ok := learn(std, p.typ, t)
	if !ok {
		return
	}
	p.kind, p.lesson = full, *l
	if n < len(names) {
		p.rest = newProgram(names[n:], Plain)
		return
	}
	if l.open == "" && l.close == "" && l.empty == "" {
		p.kind = byTable
		if l.table.isHTML() {
			p.kind = htmlText
		}
	}
}

// isHTML reports whether the table does what [HTML] does.
func (t *table) isHTML() bool {
	for c := range t.class {
		if t.class[c] == replaced && t.short[c] != htmlTable.short[c] {
			return false
		}
	}
	return t.class == htmlTable.class && t.valid == nil
}
