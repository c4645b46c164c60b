package compile

import (
	"html/template"
	"reflect"
	"slices"
	"text/template/parse"

	"github.com/ropewalk/ropewalk/component/internal/danger"
	"github.com/ropewalk/ropewalk/component/internal/escape"
	"github.com/ropewalk/ropewalk/component/internal/run"
)

// codeAttributes are the patterns of all that the templates were parsed with.
func (s escaped) codeAttributes() (patterns []string) {
	seen := map[*environment]bool{}
	for _, src := range s {
		if !seen[src.environment] {
			seen[src.environment] = true
			patterns = append(patterns, src.codeAttributes...)
		}
	}
	slices.Sort(patterns)
	return slices.Compact(patterns)
}

func (s escaped) parseTrees() map[string]*parse.Tree {
	trees := make(map[string]*parse.Tree, len(s))
	for name, src := range s {
		trees[name] = src.tree
	}
	return trees
}

// renamed copies templates, with names that html/template knows for attributes that it does not.
func renamed(reached map[string]*definition, roots []string) escaped {
	out := escaped{}
	for name, src := range reached {
		out[name] = &definition{src.File, src.environment, src.tree.Copy()}
	}
	danger.Rename(out.parseTrees(), roots, out.codeAttributes())
	return out
}

// restoreNames undoes renamed.
func (s escaped) restoreNames() {
	for _, src := range s {
		visit(src.tree.Root, func(n parse.Node) {
			if t, ok := n.(*parse.TextNode); ok {
				t.Text = []byte(danger.Restore(string(t.Text)))
			}
		})
	}
}

// verdict says what becomes of data that is printed by an action.
func (c *compiler) verdict(n *parse.ActionNode, escapers []string) danger.Verdict {
	p := c.program.dangers[n]
	if p == nil {
		return danger.Verdict{Escapers: escapers}
	}
	v := p.Judge(escapers, c.program.code)
	if c.src.dangerous {
		v.Danger, v.Check = nil, nil
	}
	return v
}

// printTrusted prints a value in a dangerous place: of the type that says it is
// trusted, which a value of known type is not.
func (c *compiler) printTrusted(e *expr, d *danger.Danger, chain *escape.Chain) run.Op {
	if e.t != nil && e.t.Kind() != reflect.Interface {
		return c.mistakeOp(e.node, wayOut(d), "%s: %s cannot stand there", d.Reason, e.t)
	}
	value, s := e.asAny(), c.site(e.node)
	return func(st *run.State, b []byte, dot run.Pointer) []byte {
		v := value(st, dot)
		if t := reflect.TypeOf(v); t != nil && t != d.Trusted && !harmless(t) {
			s.Failf("%s: a %T cannot stand there (%s)", d.Reason, v, wayOut(d))
		}
		return s.PrintAny(st, b, chain, v)
	}
}

func wayOut(d *danger.Danger) string {
	if d.Trusted != nil {
		return "if the value is trusted, make it a " + d.Trusted.String()
	}
	return d.Fix
}

// printChecked prints a value of which only what is printed shows whether it is a
// script, as the filter of html/template would if it is.
func (c *compiler) printChecked(e *expr, check *danger.Check, chain *escape.Chain) run.Op {
	value, s := e.asAny(), c.site(e.node)
	return func(st *run.State, b []byte, dot run.Pointer) []byte {
		v, n := value(st, dot), len(b)
		b = s.PrintAny(st, b, chain, v)
		if _, trusted := v.(template.URL); !trusted && !check.Passes(b) {
			b = append(b[:n], failsafeURL...)
			s.ReportFiltered(st)
			return b
		}
		s.NoticeFiltered(st, chain, b[n:])
		return b
	}
}

// failsafeURL is what html/template prints in place of a URL that it does not trust.
const failsafeURL = "#ZgotmplZ"

// printTruth prints in an attribute that is true whatever its value: no bool, for a false
// one would be true.
func (c *compiler) printTruth(e *expr, attribute string, chain *escape.Chain) run.Op {
	const format = "%s is true whatever its value, also false"
	hint := "write {{if …}}" + attribute + "{{end}}"
	if e.t != nil {
		return c.mistakeOp(e.node, hint, format, attribute)
	}
	value, s := e.asAny(), c.site(e.node)
	return func(st *run.State, b []byte, dot run.Pointer) []byte {
		v := value(st, dot)
		if t := reflect.TypeOf(v); t != nil && t.Kind() == reflect.Bool {
			s.Failf(format+" (%s)", attribute, hint)
		}
		return s.PrintAny(st, b, chain, v)
	}
}

// harmless reports whether values of a type cannot hold markup or script.
func harmless(t reflect.Type) bool {
	switch run.ClassOf(t.Kind()) {
	case run.BoolClass, run.IntClass, run.UintClass, run.FloatClass:
		return t.NumMethod() == 0
	}
	return false
}
