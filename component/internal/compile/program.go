package compile

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"text/template/parse"

	"github.com/ropewalk/ropewalk/component/internal/danger"
	"github.com/ropewalk/ropewalk/component/internal/run"
	"github.com/ropewalk/ropewalk/component/internal/source"
)

// A program is what one root compiles to: the templates it reaches, each for
// the types of dot that it is given.
type program struct {
	set     *Set
	trees   escaped
	found   source.Diagnostics
	dangers map[*parse.ActionNode]*danger.Place
	code    []string                  // the attributes that are code
	places  map[*parse.WithNode]place // where components with children stand
	shared  run.Shared                // shared.mu guards units once the program is in use

	inUse bool // what is compiled from now on is for one render's values, see specialize.go
	units map[unitKey]*run.Unit
}

type unitKey struct {
	name string
	dot  dotType
}

// Compile compiles the named template for a dot of type t; a t of nil leaves
// the type to be found out by each render. addressable says whether methods of
// pointers to t may be called on it. The error is a Diagnostics.
func (s *Set) Compile(name string, t reflect.Type, addressable bool) (*run.Template, error) {
	if err := frontEnd(); err != nil {
		return nil, err
	}
	if s.templates[name] == nil {
		return nil, s.notDefined(name)
	}
	reached := s.reachable([]string{name})
	roots := append([]string{name}, slices.DeleteFunc(componentNames(reached), func(component string) bool { return component == name })...)
	p := &program{set: s, trees: maps.Clone(reached), units: map[unitKey]*run.Unit{}}
	if p.found = s.undefinedCalls(reached); len(p.found) == 0 {
		if trees, places, failure := s.escape(roots); failure == nil {
			p.trees, p.places = trees, places
			p.code = trees.codeAttributes()
			p.dangers = danger.Find(trees.parseTrees(), roots, p.code)
		} else {
			// The types are checked all the same, so that all mistakes are told at once.
			p.found = append(p.found, failure)
		}
	}
	template := p.template(name, dotType{t, addressable})
	if len(p.found) > 0 {
		return nil, p.found.Sorted()
	}
	p.inUse = true
	return template, nil
}

// template compiles a template for a type of dot; one that leaves the type open is
// compiled again for those that turn up.
func (p *program) template(name string, dot dotType) *run.Template {
	if dot.t != nil && (dot.t.Kind() == reflect.Interface || dot.t == run.ValueType) {
		dot = dotType{}
	}
	template := &run.Template{Unit: p.unit(name, dot)}
	template.Units.Shared = &p.shared
	template.Units.Compile = func(t reflect.Type) *run.Unit { return p.unit(name, dotType{t: t}) }
	return template
}

func (s *Set) notDefined(name string) error {
	hint := source.DidYouMean(name, s.Names())
	if hint == "" {
		hint = fmt.Sprintf("there are %q", s.Names())
	}
	return fmt.Errorf("component: template %q is not defined (%s)", name, hint)
}

// undefinedCalls are the calls of templates that do not exist, lenient or in code
// that never runs. The escaper would stop at the first.
func (s *Set) undefinedCalls(reached map[string]*definition) (found source.Diagnostics) {
	for _, src := range reached {
		visit(src.tree.Root, func(n parse.Node) {
			name, _ := src.calledName(n)
			if name == "" || s.templates[name] != nil {
				return
			}
			at, caller := src.SpanOf(n), ""
			switch n := n.(type) {
			case *parse.TemplateNode:
				if i := strings.Index(src.Text[min(at.Start, len(src.Text)):], name); i >= 0 {
					at = source.Span{Start: at.Start + i, End: at.Start + i + len(name)}
				}
			case *parse.IdentifierNode:
				caller = n.Ident + ": "
			case *parse.CommandNode:
				at, caller = src.SpanOf(n.Args[1]), "slot: "
			}
			found = append(found, source.Diagnose(src.File, at, fmt.Sprintf("%stemplate %q is not defined", caller, name), source.DidYouMean(name, s.Names())))
		})
	}
	return found
}

func (p *program) defined(name string) bool { return p.trees[name] != nil }

// unit compiles a template for a type of dot, once.
func (p *program) unit(name string, dot dotType) *run.Unit {
	if dot.t != nil && !run.AddressMatters(dot.t) {
		dot.addr = false
	}
	key := unitKey{name, dot}
	if u := p.units[key]; u != nil {
		return u
	}
	u := &run.Unit{Shared: &p.shared, Dot: dot.t}
	p.units[key] = u
	p.lower(u, dot, p.trees[name])
	return u
}

// lower compiles a unit's tree, again for as long as a variable turns out to
// take values of several types.
func (p *program) lower(u *run.Unit, dot dotType, src *definition) {
	c := &compiler{
		program: p, set: p.set, unit: u, src: src, name: src.tree.Name,
		lenient: src.lenient || p.inUse, missing: src.missing,
		dot: dot, changed: map[parse.Pos]bool{},
	}
	var code run.Op
	c.untilStable(func() {
		dollar := c.newVariable("$", -1, c.dotExpr(nil))
		code = c.list(src.tree.Root)
		if dollar.t == nil && u.Dot != nil { // something of another type is assigned to it
			code = run.InOrder(c.store(dollar, c.dotExpr(nil)), code)
		}
	})
	u.Code = code
}
