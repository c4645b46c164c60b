package compile

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"text/template/parse"
)

// A program is what one root compiles to: the templates it reaches, each for
// the types of dot that it is given.
type program struct {
	set        *Set
	trees      escaped
	found      Diagnostics
	dangers    map[*parse.ActionNode]*danger
	places     map[*parse.WithNode]place // where components with children stand
	components bool                      // it is known to render components

	inUse bool       // what is compiled from now on is for one render's values, see specialize.go
	mu    sync.Mutex // guards units once the program is in use
	units map[unitKey]*unit
}

type unitKey struct {
	name string
	dot  dotType
}

// A unit is one template compiled for one type of dot.
type unit struct {
	program *program
	code    op
	slots   int // how many variables are in scope at most; the first is $
	dot     dotType
}

// dollar is the variable $ for a dot.
func (u *unit) dollar(dot pointer) slot {
	if u.dot.t == nil {
		return slot{v: cellAt(dot)}
	}
	return slot{p: dot}
}

// A Template is a root compiled for one type of dot.
type Template struct {
	unit  *unit
	units byType[*unit] // for the types of data, if the unit has no type of dot
}

// Compile compiles the named template for a dot of type t; a t of nil leaves
// the type to be found out by each render. addressable says whether methods of
// pointers to t may be called on it. The error is a Diagnostics.
func (s *Set) Compile(name string, t reflect.Type, addressable bool) (*Template, error) {
	if err := frontEnd(); err != nil {
		return nil, err
	}
	if s.templates[name] == nil {
		return nil, s.notDefined(name)
	}
	reached := s.reachable([]string{name})
	roots := append([]string{name}, slices.DeleteFunc(componentNames(reached), func(component string) bool { return component == name })...)
	p := &program{set: s, trees: maps.Clone(reached), units: map[unitKey]*unit{}}
	if p.found = s.undefinedCalls(reached); len(p.found) == 0 {
		if trees, places, failure := s.escape(roots); failure == nil {
			p.trees, p.places = trees, places
			p.dangers = trees.dangers(roots)
		} else {
			// The types are checked all the same, so that all mistakes are told at once.
			p.found = append(p.found, failure)
		}
	}
	template := p.template(name, dotType{t, addressable})
	if len(p.found) > 0 {
		return nil, p.found.sorted()
	}
	p.inUse = true
	return template, nil
}

// template compiles a template for a type of dot; one that leaves the type open is
// compiled again for those that turn up.
func (p *program) template(name string, dot dotType) *Template {
	if dot.t != nil && (dot.t.Kind() == reflect.Interface || dot.t == valueType) {
		dot = dotType{}
	}
	template := &Template{unit: p.unit(name, dot)}
	template.units.program = p
	template.units.compile = func(t reflect.Type) *unit { return p.unit(name, dotType{t: t}) }
	return template
}

func (s *Set) notDefined(name string) error {
	hint := didYouMean(name, s.Names())
	if hint == "" {
		hint = fmt.Sprintf("there are %q", s.Names())
	}
	return fmt.Errorf("component: template %q is not defined (%s)", name, hint)
}

// undefinedCalls are the calls of templates that do not exist, lenient or in code
// that never runs. The escaper would stop at the first.
func (s *Set) undefinedCalls(reached map[string]*source) (found Diagnostics) {
	for _, src := range reached {
		visit(src.tree.Root, func(n parse.Node) {
			name, _ := src.calledName(n)
			if name == "" || s.templates[name] != nil {
				return
			}
			at, caller := src.spanOf(n), ""
			switch n := n.(type) {
			case *parse.TemplateNode:
				if i := strings.Index(src.Text[min(at.start, len(src.Text)):], name); i >= 0 {
					at = span{at.start + i, at.start + i + len(name)}
				}
			case *parse.IdentifierNode:
				caller = n.Ident + ": "
			case *parse.CommandNode:
				at, caller = src.spanOf(n.Args[1]), "slot: "
			}
			found = append(found, diagnose(src.Source, at, fmt.Sprintf("%stemplate %q is not defined", caller, name), didYouMean(name, s.Names())))
		})
	}
	return found
}

func (p *program) defined(name string) bool { return p.trees[name] != nil }

// unit compiles a template for a type of dot, once.
func (p *program) unit(name string, dot dotType) *unit {
	if dot.t != nil && !addressMatters(dot.t) {
		dot.addr = false
	}
	key := unitKey{name, dot}
	if u := p.units[key]; u != nil {
		return u
	}
	u := &unit{program: p, dot: dot}
	p.units[key] = u
	p.lower(u, p.trees[name])
	return u
}

// lower compiles a unit's tree, again for as long as a variable turns out to
// take values of several types.
func (p *program) lower(u *unit, src *source) {
	c := &compiler{
		program: p, set: p.set, unit: u, src: src, name: src.tree.Name,
		lenient: src.lenient || p.inUse, missing: src.missing,
		dot: u.dot, changed: map[parse.Pos]bool{},
	}
	var code op
	c.settled(func() {
		dollar := c.newVariable("$", -1, c.dotExpr(nil))
		code = c.list(src.tree.Root)
		if dollar.t == nil && u.dot.t != nil { // something of another type is assigned to it
			code = prefixed(c.store(dollar, c.dotExpr(nil)), code)
		}
	})
	u.code = code
}

// Rendering is the template with a value for dot: addressable, and of the type
// that the template was compiled for if there is one.
func (t *Template) Rendering(dot reflect.Value) Rendering {
	if t.unit.dot.t != nil {
		return Rendering{unit: t.unit, code: t.unit.code, dot: pointerTo(dot)}
	}
	dot = unwrapValue(indirectInterface(dot)) // data may be a reflect.Value, as in html/template
	if dot.IsValid() && structured(dot.Type()) && !dot.CanAddr() {
		if f := t.units.get(dot.Type()); f != nil {
			return Rendering{unit: f.code, code: f.code.code, dot: pointerToAny(dot.Interface(), f.inline)}
		}
	}
	cell := dot // and not dot itself, which would be allocated for every template then
	return Rendering{unit: t.unit, code: t.unit.code, dot: pointerToCell(&cell)}
}
