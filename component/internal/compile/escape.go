package compile

import (
	"errors"
	"fmt"
	"html/template"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/template/parse"

	"github.com/ropewalk/ropewalk/component/internal/danger"
	"github.com/ropewalk/ropewalk/component/internal/source"
)

// derivedMark separates a template's name from the context in the name of a
// copy that html/template made for it.
const derivedMark = "$htmltemplate_"

var errStop = errors.New("stop")

const stopFunction = "ropewalk_stop"

// escaped holds what html/template made of the templates that some roots
// reach: every action with its escapers, every call with the name of the copy
// for its context.
type escaped map[string]*definition

// escapeRoot has a root escaped as a document of its own, once. The first call has the
// whole set escaped, many roots at a time: html/template then sees what they share once
// for all of them.
func (s *Set) escapeRoot(root string) *source.Diagnostic {
	if len(s.documents) == 0 {
		for roots := range slices.Chunk(s.likelyRoots(), rootsAtOnce) {
			s.escapeDocuments(roots)
		}
		s.together = maps.Clone(s.documents)
		s.places = s.findPlaces(slices.Collect(maps.Keys(s.together)))
		for _, def := range s.templates {
			def.tree.Root, def.tree = nil, nil // its copies still refer to the tree
		}
	}
	if _, done := s.documents[root]; !done {
		s.escapeDocuments([]string{root})
	}
	return s.documents[root]
}

// rootsAtOnce is how many roots are escaped together. For each template html/template copies
// what it knows of all before it; but what several roots reach is to be escaped once.
const rootsAtOnce = 32

// likelyRoots lists the templates that no other calls, and those that others use as
// components. What calls a template that does not exist is none.
func (s *Set) likelyRoots() []string {
	called := map[string]bool{}
	for _, def := range s.templates {
		for _, call := range def.calls {
			if !call.component {
				called[call.name] = true
			}
		}
	}
	roots := map[string]bool{}
	for name := range s.templates {
		roots[name] = !called[name]
	}
	for _, name := range componentNames(s.templates) {
		roots[name] = true
	}
	return slices.DeleteFunc(s.Names(), func(name string) bool {
		return !roots[name] || len(s.undefinedCalls(s.reachable([]string{name}))) > 0
	})
}

// escapeDocuments has roots escaped together. If one of them fails the others must not
// suffer for it, so each half is escaped by itself.
func (s *Set) escapeDocuments(roots []string) {
	roots = slices.DeleteFunc(slices.Clone(roots), func(root string) bool { _, done := s.documents[root]; return done })
	if len(roots) == 0 {
		return
	}
	trees, failure := s.escape(roots)
	switch {
	case failure == nil:
		for name := range trees.calls(roots...) {
			if s.escaped[name] == nil { // else it is the same
				s.escaped[name] = trees[name]
			}
		}
		for _, root := range roots {
			s.documents[root] = nil
		}
	case len(roots) == 1:
		s.documents[roots[0]] = failure
	default:
		half := len(roots) / 2
		s.escapeDocuments(roots[:half])
		s.escapeDocuments(roots[half:])
	}
}

// escape runs html/template's escaper over the roots, each as a document of
// its own, and over nothing that they do not reach. No user code runs: the
// execution stops at its first action.
func (s *Set) escape(roots []string) (escaped, *source.Diagnostic) {
	reached := s.renamed(roots)
	out, derived, d := s.escapeOnce(roots, reached, nil)
	if d == nil && len(derived) > 0 {
		// The copies for other contexts are visible by name only, so a second run
		// is given trees of ours under those names, for the escaper to change.
		out, _, d = s.escapeOnce(roots, reached, derived)
	}
	for _, def := range out {
		def.readProbes()
	}
	out.restoreNames()
	return out, d
}

// escapeOnce returns the trees that the escaper has changed in place, and the
// names of the copies that it has made besides. Each execution goes over all that was
// escaped before, so one entry calls all roots: in branches, for each must end in text.
func (s *Set) escapeOnce(roots []string, reached escaped, copies map[string]string) (escaped, map[string]string, *source.Diagnostic) {
	out := escaped{}
	for name, src := range reached {
		out[name] = &definition{File: src.File, environment: src.environment, name: name, tree: src.copied()}
	}
	for name, base := range copies {
		src := reached[base]
		out[name] = &definition{File: src.File, environment: src.environment, name: name, tree: src.copied()}
	}
	for _, def := range out {
		def.plantProbes()
	}
	entry := "document"
	for out[entry] != nil {
		entry += "_"
	}
	set := template.New(entry).Funcs(template.FuncMap{stopFunction: func() (string, error) { return "", errStop }})
	for name, src := range out {
		if _, err := set.AddParseTree(name, src.tree); err != nil {
			return nil, nil, &source.Diagnostic{File: src.Label(), Line: 1, Col: 1, Message: err.Error(), Err: err}
		}
	}
	text := "{{" + stopFunction + "}}"
	for _, root := range roots {
		if len(roots) == 1 { // the error is html/template's own, of a document that ends in the wrong place
			text += fmt.Sprintf("{{template %q}}", root)
			break
		}
		text += fmt.Sprintf("{{if .}}{{template %q}}{{end}}", root)
	}
	tree := parse.New(entry)
	tree.Mode = parse.SkipFuncCheck
	_, err := tree.Parse(text, "{{", "}}", map[string]*parse.Tree{})
	if err == nil {
		_, err = set.AddParseTree(entry, tree)
	}
	if err == nil {
		err = set.ExecuteTemplate(io.Discard, entry, nil)
	}
	if !errors.Is(err, errStop) {
		return nil, nil, s.escapeError(roots[0], reached, err)
	}
	derived := map[string]string{}
	for name := range definedNames(set.DefinedTemplates()) {
		if base, ok := baseName(name, reached); ok && out[name] == nil {
			derived[name] = base
		}
	}
	return out, derived, nil
}

// definedNames reads the names in DefinedTemplates' list of quoted names.
func definedNames(list string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for {
			i := strings.IndexByte(list, '"')
			if i < 0 {
				return
			}
			q, err := strconv.QuotedPrefix(list[i:])
			if err != nil {
				return
			}
			list = list[i+len(q):]
			if name, err := strconv.Unquote(q); err != nil || !yield(name) {
				return
			}
		}
	}
}

// baseName is the template that a derived name was made from.
func baseName(name string, reached map[string]*definition) (string, bool) {
	for i := len(name); ; {
		i = strings.LastIndex(name[:i], derivedMark)
		if i < 0 {
			return "", false
		}
		if reached[name[:i]] != nil {
			return name[:i], true
		}
	}
}

// escapeError gives an error of html/template its place and a way out.
func (s *Set) escapeError(root string, reached map[string]*definition, err error) *source.Diagnostic {
	src := reached[root]
	var e *template.Error
	if !errors.As(err, &e) {
		d := source.Diagnose(src.File, source.Span{Start: 0, End: 1}, strings.TrimPrefix(err.Error(), "html/template: "), "")
		d.Err = err
		return d
	}
	if reached[e.Name] == nil {
		e.Name = root // not the document around it
	}
	at := source.Span{Start: len(src.Text), End: len(src.Text)}
	switch {
	case e.Node != nil:
		location, _ := (*parse.Tree)(nil).ErrorContext(e.Node)
		for _, candidate := range reached {
			if strings.HasPrefix(location, candidate.Name+":") && int(e.Node.Position()) <= len(candidate.Text) {
				src, at = candidate, candidate.SpanOf(e.Node)
				break
			}
		}
	case e.Line > 0:
		if named := reached[e.Name]; named != nil {
			src = named
		}
		start := src.Offset(e.Line, 1)
		at = source.Span{Start: start, End: start + len(src.LineAt(start))}
	}
	message, hint := inWords(e.Description), escapeHints[e.ErrorCode]
	if e.ErrorCode == template.ErrEndContext || e.ErrorCode == template.ErrBadHTML {
		if open, why := unclosed(root, reached, e.ErrorCode); open != nil {
			src, at = open.def, open.at
			if why != "" {
				message, hint = why+": "+message, "close it before that"
			}
		}
	}
	d := source.Diagnose(src.File, at, danger.Restore(message), hint)
	d.Err = err
	return d
}

var escapeHints = map[template.ErrorCode]string{
	template.ErrAmbigContext:      "the branches before it leave the URL at different parts: write the whole attribute in each branch",
	template.ErrBadHTML:           "quote the attribute's value",
	template.ErrBranchEnd:         "close in each branch what it opens: tags, quotes and scripts",
	template.ErrEndContext:        "close the tag, quote, script, style or comment that is open here",
	template.ErrOutputContext:     "a template that calls itself must end in the context it begins in",
	template.ErrPartialCharset:    "complete the charset before the action",
	template.ErrPartialEscape:     "complete the escape before the action",
	template.ErrPredefinedEscaper: "leave it out: values are escaped for where they stand",
	template.ErrRangeLoopReentry:  "the loop's body must end in the context it begins in",
	template.ErrSlashAmbig:        "it may divide or begin a regexp: write parentheses around the value before it",
}
