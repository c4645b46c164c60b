package compile

import (
	"fmt"
	"maps"
	"path"
	"reflect"
	"slices"
	"text/template/parse"

	"github.com/ropewalk/ropewalk/component/internal/danger"
	"github.com/ropewalk/ropewalk/component/internal/run"
	"github.com/ropewalk/ropewalk/component/internal/source"
)

// Options are the settings of a set of templates.
type Options struct {
	Funcs            map[string]any
	Delims           [2]string // "{{" and "}}" if empty
	MissingKey       string    // "", "default", "invalid", "zero" or "error", as html/template's missingkey option
	Lenient          bool      // mistakes of type become errors of the render that reaches them
	LenientTemplates []string  // patterns for the names of those that are lenient all the same
	CodeAttributes   []string  // attributes that are code, as danger.CodeAttributes lists them; that list if nil
	Dangerous        bool      // data may stand where html/template lets it run as script
}

// A Set holds parsed templates by name, which do not change, and what they are compiled
// to so far.
type Set struct {
	templates map[string]*definition

	shared  run.Shared // locked for what follows
	escaped escaped    // by html/template, for the roots in documents
	// documents are the roots that the escaper has seen, with what is wrong with them.
	documents map[string]*source.Diagnostic
	together  map[string]*source.Diagnostic // those of the first time, when the whole set was escaped
	places    *places                       // that those of together reach
	units     map[unitKey]*lowered
}

func newSet() *Set {
	return &Set{
		templates: map[string]*definition{},
		escaped:   escaped{},
		documents: map[string]*source.Diagnostic{},
		units:     map[unitKey]*lowered{},
	}
}

// A source is one template of a set: its tree, the text it was read from, and
// what that text was parsed with.
type definition struct {
	*source.File
	*environment
	name  string
	tree  *parse.Tree // nil once the set is escaped: see copied
	calls []templateCall
	withs map[*parse.WithNode]place // of an escaped tree: where components with children stand
}

// An environment is what templates that were parsed together share.
type environment struct {
	given              map[string]any // what Options.Funcs was
	funcs              map[string]*function
	missing            run.MissingKey
	lenient, dangerous bool
	codeAttributes     []string
	sources            []string // their names
}

// Parse reads the sources in order. As in html/template, a later definition of
// a name replaces an earlier one, unless it is empty.
func Parse(o Options, sources ...source.File) (*Set, error) {
	s, env := newSet(), &environment{given: o.Funcs, lenient: o.Lenient, dangerous: o.Dangerous}
	if env.codeAttributes = o.CodeAttributes; env.codeAttributes == nil {
		env.codeAttributes = danger.CodeAttributes()
	}
	var err error
	if env.missing, err = parseMissingKey(o.MissingKey); err != nil {
		return nil, err
	}
	if env.funcs, err = newFunctions(o.Funcs); err != nil {
		return nil, err
	}
	for i := range sources {
		env.sources = append(env.sources, sources[i].Name)
	}
	var found source.Diagnostics
	for i := range sources {
		found = append(found, s.add(&sources[i], o, env)...)
	}
	if len(found) > 0 {
		return nil, found.Sorted()
	}
	if err := o.checkLenient(s); err != nil {
		return nil, err
	}
	return s, nil
}

// isLenient reports whether one of the patterns for lenient templates matches a name.
func (o *Options) isLenient(name string) bool {
	return slices.ContainsFunc(o.LenientTemplates, func(pattern string) bool {
		ok, _ := path.Match(pattern, name)
		return ok
	})
}

// checkLenient refuses a pattern that makes no template of the set lenient.
func (o *Options) checkLenient(s *Set) error {
	for _, pattern := range o.LenientTemplates {
		matches := func(name string) bool { ok, _ := path.Match(pattern, name); return ok }
		if !slices.ContainsFunc(s.Names(), matches) {
			return fmt.Errorf("component: LenientTemplates: %q matches no template (there are %q)", pattern, s.Names())
		}
	}
	return nil
}

// Compose puts the templates of several sets together. Each keeps the functions
// and options that it was parsed with, and can call templates of the others.
func Compose(sets ...*Set) (*Set, error) {
	all := newSet()
	for _, s := range sets {
		if err := all.include(s); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// include adds the templates of s, with trees of their own.
func (all *Set) include(s *Set) error {
	s.shared.Lock()
	defer s.shared.Unlock()
	for _, name := range s.Names() {
		if old := all.templates[name]; old != nil {
			if old.File != s.templates[name].File {
				return fmt.Errorf("component: template %q is in %s and in %s: give one of them another name", name, old.Label(), s.templates[name].Label())
			}
			continue
		}
		def := *s.templates[name]
		def.tree = def.copied()
		all.templates[name] = &def
	}
	return nil
}

func parseMissingKey(option string) (run.MissingKey, error) {
	switch option {
	case "", "default", "invalid":
		return run.MissingInvalid, nil
	case "zero":
		return run.MissingZero, nil
	case "error":
		return run.MissingError, nil
	}
	return 0, fmt.Errorf("component: MissingKey is %q; it may be empty, \"default\", \"invalid\", \"zero\" or \"error\"", option)
}

// Names are the names of the set's templates, sorted.
func (s *Set) Names() []string { return slices.Sorted(maps.Keys(s.templates)) }

// add parses one source into the set.
func (s *Set) add(src *source.File, o Options, env *environment) source.Diagnostics {
	src = &source.File{Name: src.Name, Path: src.Path, Text: src.Text, Delims: src.Delims}
	if src.Delims == ([2]string{}) {
		src.Delims = o.Delims
	}
	trees, err := env.parse(src)
	if err != nil {
		return source.Diagnostics{syntaxError(src, err)}
	}
	var found source.Diagnostics
	for name, t := range trees {
		found = append(found, env.unknownFunctions(src, t)...)
		env := env
		if o.isLenient(name) && !env.lenient {
			one := *env
			one.lenient = true
			env = &one
		}
		if env.lenient {
			cutUnreachable(t)
		}
		if old := s.templates[name]; old != nil && parse.IsEmptyTree(t.Root) {
			continue
		}
		def := &definition{File: src, environment: env, name: name, tree: t}
		def.findCalls()
		s.templates[name] = def
	}
	return found
}

// parse parses a file: the template of its name, and those that it defines.
func (env *environment) parse(src *source.File) (map[string]*parse.Tree, error) {
	tree := parse.New(src.Name)
	tree.Mode = parse.SkipFuncCheck
	trees := map[string]*parse.Tree{}
	// The functions are passed for one thing only: a function named break or
	// continue takes the word's place.
	_, err := tree.Parse(src.Text, src.Delims[0], src.Delims[1], trees, env.given)
	return trees, err
}

// copied is a copy of the tree. Once the set is escaped the tree itself is not kept, for it
// is seldom needed again: its text is parsed once more.
func (def *definition) copied() *parse.Tree {
	if def.tree != nil {
		return def.tree.Copy()
	}
	trees, err := def.parse(def.File)
	if err != nil {
		panic(err) // it was parsed before
	}
	if def.lenient {
		cutUnreachable(trees[def.name])
	}
	return trees[def.name]
}

// cutUnreachable drops what stands behind a break or continue: html/template does
// not look at it, even if it calls what does not exist.
func cutUnreachable(t *parse.Tree) {
	visit(t.Root, func(n parse.Node) {
		l, ok := n.(*parse.ListNode)
		if !ok {
			return
		}
		if i := slices.IndexFunc(l.Nodes, isLeave); i >= 0 {
			l.Nodes = l.Nodes[:i+1]
		}
	})
}

// checkTags checks the tags of the props of a function that makes components.
func (f *function) checkTags() error {
	props, ok := f.props()
	if !ok {
		return nil
	}
	if _, err := fieldTags(props); err != nil {
		return fmt.Errorf("function %q: %w", f.name, err)
	}
	return nil
}

// unbound is what a nil function that makes components most likely is.
func unbound(t reflect.Type) string {
	if t.NumOut() == 0 || !t.Out(0).Implements(run.ComponentType) {
		return ""
	}
	return ": its component was not bound when the templates were parsed (component.Template stands for a template of the same views)"
}
