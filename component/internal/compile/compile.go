package compile

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"
	"text/template/parse"

	"github.com/ropewalk/ropewalk/component/internal/run"
	"github.com/ropewalk/ropewalk/component/internal/source"
)

// Compile compiles the named template for a dot of type t; a t of nil leaves
// the type to be found out by each render. addressable says whether methods of
// pointers to t may be called on it. The error is a Diagnostics.
//
// It calls the passes in order: each template was parsed when the set was made;
// html/template escapes the set once, whatever the number of roots; the tracker finds the
// dangerous places that this root reaches; and what no root before it has needed is
// checked and lowered.
func (s *Set) Compile(name string, t reflect.Type, addressable bool) (*run.Template, error) {
	if err := frontEnd(); err != nil {
		return nil, err
	}
	if s.templates[name] == nil {
		return nil, s.notDefined(name)
	}
	s.shared.Lock()
	defer s.shared.Unlock()
	p := s.program(name)
	template := p.root(name, dotType{t, addressable})
	if len(p.found) > 0 && p.places != nil && p.places == s.places {
		// What the tracker knows of all roots together may be worse than what it knows of this one.
		p.found, p.units, p.places = nil, map[unitKey]*lowered{}, s.findPlaces(s.documentsOf(name))
		template = p.root(name, dotType{t, addressable})
	}
	if len(p.found) > 0 {
		return nil, p.found.Sorted()
	}
	p.keep()
	p.late = true
	return template, nil
}

// A program compiles a root, and later what turns out to be needed while it renders.
// Set.shared is locked while it does.
type program struct {
	set      *Set
	trees    escaped
	places   *places
	found    source.Diagnostics
	late     bool                 // it compiles for values of a render: a mistake is an error of that
	units    map[unitKey]*lowered // that are not yet among the set's
	lowering *lowered             // the unit that is lowered now, or what stands for the root
}

// A lowered is a unit with what was found when it was lowered. Its mistakes count for the
// roots that need it, and not for a root that took it for needed before the types of all
// variables were known.
type lowered struct {
	unit  *run.Unit
	found source.Diagnostics // the mistakes in the template
	calls []*lowered
}

// mistakes are those of a unit and of what it calls.
func (l *lowered) mistakes(seen map[*lowered]bool) source.Diagnostics {
	if seen[l] {
		return nil
	}
	seen[l] = true
	found := slices.Clone(l.found)
	for _, called := range l.calls {
		found = append(found, called.mistakes(seen)...)
	}
	return found
}

// A unitKey tells units apart that are compiled from trees of one name.
type unitKey struct {
	name   string
	dot    dotType
	danger string // where values are dangerous, in the template and what it calls
	late   bool
}

// program begins the program of a root. Mistakes of other passes than lowering are found
// with it.
func (s *Set) program(root string) *program {
	p := &program{set: s, units: map[unitKey]*lowered{}}
	reached := s.reachable([]string{root})
	documents := append(componentNames(reached), root)
	if p.found = s.undefinedCalls(reached); len(p.found) == 0 {
		for _, document := range documents {
			if failure := s.escapeRoot(document); failure != nil {
				p.found = append(p.found, failure)
			}
		}
	}
	if len(p.found) > 0 { // the types are checked all the same, so that all mistakes are told at once
		p.trees = escaped{}
		for name, def := range reached {
			p.trees[name] = &definition{File: def.File, environment: def.environment, name: name, tree: def.copied()}
		}
		return p
	}
	p.trees = s.escaped
	p.places = s.places
	if _, ok := s.together[root]; !ok {
		p.places = s.findPlaces(documents)
	}
	return p
}

// keep adds what was compiled to the units of the set.
func (p *program) keep() {
	maps.Copy(p.set.units, p.units)
	p.units = map[unitKey]*lowered{}
}

// root compiles a root, and finds the mistakes in what it needs.
func (p *program) root(name string, dot dotType) *run.Template {
	p.lowering = new(lowered)
	template := p.template(name, dot)
	p.found = append(p.found, p.lowering.mistakes(map[*lowered]bool{})...)
	return template
}

// template compiles a template for a type of dot; one that leaves the type open is
// compiled again for those that turn up.
func (p *program) template(name string, dot dotType) *run.Template {
	if dot.t != nil && (dot.t.Kind() == reflect.Interface || dot.t == run.ValueType) {
		dot = dotType{}
	}
	return &run.Template{Name: name, Unit: p.unit(name, dot), Units: run.NewByType(&p.set.shared, p.unitFor(name))}
}

// unitFor compiles a template for a type that turns up.
func (p *program) unitFor(name string) func(t reflect.Type) *run.Unit {
	return func(t reflect.Type) *run.Unit {
		defer p.keep()
		return p.unit(name, dotType{t: t})
	}
}

// unit compiles a template for a type of dot, once for all roots that need it.
func (p *program) unit(name string, dot dotType) *run.Unit {
	if dot.t != nil && !run.AddressMatters(dot.t) {
		dot.addr = false
	}
	key := unitKey{name, dot, p.places.within(name), p.late}
	l := cmp.Or(p.units[key], p.set.units[key])
	if l == nil {
		l = &lowered{unit: &run.Unit{Shared: &p.set.shared, Dot: dot.t}}
		p.units[key] = l
		p.lower(l, dot, p.trees[name])
	}
	if !p.late {
		p.lowering.calls = append(p.lowering.calls, l)
	}
	return l.unit
}

func (p *program) defined(name string) bool { return p.trees[name] != nil }

// lower compiles a unit's tree, again for as long as a variable turns out to
// take values of several types.
func (p *program) lower(l *lowered, dot dotType, def *definition) {
	outer, u := p.lowering, l.unit
	p.lowering = l
	c := &compiler{
		program: p, set: p.set, unit: u, src: def, name: def.tree.Name,
		lenient: def.lenient || p.late, missing: def.missing,
		dot: dot, changed: map[parse.Pos]bool{},
	}
	var code run.Op
	c.untilStable(func() {
		dollar := c.newVariable("$", -1, c.dotExpr(nil))
		code = c.list(def.tree.Root)
		if dollar.t == nil && u.Dot != nil { // something of another type is assigned to it
			code = run.InOrder(c.store(dollar, c.dotExpr(nil)), code)
		}
	})
	u.Code = code
	p.lowering = outer
}

func (s *Set) notDefined(name string) error {
	hint := s.nameHint(name)
	if hint == "" {
		hint = fmt.Sprintf("there are %q", s.Names())
	}
	return fmt.Errorf("component: template %q is not defined (%s)", name, hint)
}

// nameHint tells the template that a wrong name may have meant.
func (s *Set) nameHint(name string) string {
	if bare := strings.TrimSuffix(name, path.Ext(name)); bare != name && s.templates[bare] != nil {
		return fmt.Sprintf("names have no extension: it is %q", bare)
	}
	return source.DidYouMean(name, s.Names())
}
