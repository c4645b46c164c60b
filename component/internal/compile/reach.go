package compile

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"text/template/parse"

	"github.com/ropewalk/ropewalk/component/internal/source"
)

// reachable lists the templates that the roots call, by template or slot.
func (s *Set) reachable(roots []string) map[string]*definition {
	reached := map[string]*definition{}
	for todo := slices.Clone(roots); len(todo) > 0; {
		name := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		def := s.templates[name]
		if def == nil || reached[name] != nil {
			continue
		}
		reached[name] = def
		for _, call := range def.calls {
			todo = append(todo, call.name)
		}
	}
	return reached
}

// A templateCall is a call of a template, by {{template}} or as a component.
type templateCall struct {
	name      string
	component bool
	slot      bool        // by slot
	function  string      // the function that stands for it, if one does
	at        source.Span // of the name
}

// findCalls lists the calls in a definition.
func (def *definition) findCalls() {
	visit(def.tree.Root, func(n parse.Node) {
		name, component := def.calledName(n)
		if name == "" {
			return
		}
		call := templateCall{name: name, component: component, at: def.SpanOf(n)}
		switch n := n.(type) {
		case *parse.TemplateNode:
			if i := strings.Index(def.Text[min(call.at.Start, len(def.Text)):], name); i >= 0 {
				call.at = source.Span{Start: call.at.Start + i, End: call.at.Start + i + len(name)}
			}
		case *parse.IdentifierNode:
			call.function = n.Ident
		case *parse.CommandNode:
			call.at, call.slot = def.SpanOf(n.Args[1]), true
		}
		def.calls = append(def.calls, call)
	})
}

// calledName is the name of the template that a node calls, and whether as a
// component: by slot, or by a function that stands for the template.
func (src *definition) calledName(n parse.Node) (name string, component bool) {
	switch n := n.(type) {
	case *parse.TemplateNode:
		return n.Name, false
	case *parse.IdentifierNode:
		if f := src.funcs[n.Ident]; f != nil {
			return f.template, true
		}
	case *parse.CommandNode:
		return src.slotName(n), true
	}
	return "", false
}

// slotName is the name in a call of slot, if that is what a command is.
func (src *definition) slotName(cmd *parse.CommandNode) string {
	if id, ok := cmd.Args[0].(*parse.IdentifierNode); !ok || id.Ident != "slot" || src.funcs["slot"] != nil || len(cmd.Args) < 2 {
		return ""
	}
	if name, ok := cmd.Args[1].(*parse.StringNode); ok {
		return name.Text
	}
	return ""
}

// componentNames lists the templates that some others use as components: each
// is a document of its own.
func componentNames(reached map[string]*definition) []string {
	names := map[string]bool{}
	for _, def := range reached {
		for _, call := range def.calls {
			if call.component && reached[call.name] != nil {
				names[call.name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// calls are the named tree and those that it calls by {{template}}.
func (s escaped) calls(names ...string) map[string]bool {
	called := map[string]bool{}
	for todo := slices.Clone(names); len(todo) > 0; {
		name := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if called[name] || s[name] == nil {
			continue
		}
		called[name] = true
		visit(s[name].tree.Root, func(n parse.Node) {
			if call, ok := n.(*parse.TemplateNode); ok {
				todo = append(todo, call.Name)
			}
		})
	}
	return called
}

// undefinedCalls are the calls of templates that do not exist, lenient or in code
// that never runs. The escaper would stop at the first.
func (s *Set) undefinedCalls(reached map[string]*definition) (found source.Diagnostics) {
	for _, src := range reached {
		for _, call := range src.calls {
			if s.templates[call.name] != nil {
				continue
			}
			message := fmt.Sprintf("template %q is not defined", call.name)
			switch {
			case call.slot:
				message = "slot: " + message
			case call.component:
				message = fmt.Sprintf("Funcs[%q] stands for template %q, which is not defined", call.function, call.name)
			}
			found = append(found, source.Diagnose(src.File, call.at, message, s.nameHint(call.name)))
		}
	}
	return found
}

// documentsOf are the templates that are documents of their own when root is rendered: root
// and the components that it reaches.
func (s *Set) documentsOf(root string) []string {
	return append(componentNames(s.reachable([]string{root})), root)
}

// visit calls f for a node and everything below it.
func visit(n parse.Node, f func(parse.Node)) {
	if n == nil || reflect.ValueOf(n).IsNil() {
		return
	}
	f(n)
	branch := func(b *parse.BranchNode) {
		visit(b.Pipe, f)
		visit(b.List, f)
		visit(b.ElseList, f)
	}
	switch n := n.(type) {
	case *parse.ListNode:
		for _, child := range n.Nodes {
			visit(child, f)
		}
	case *parse.ActionNode:
		visit(n.Pipe, f)
	case *parse.IfNode:
		branch(&n.BranchNode)
	case *parse.RangeNode:
		branch(&n.BranchNode)
	case *parse.WithNode:
		branch(&n.BranchNode)
	case *parse.TemplateNode:
		visit(n.Pipe, f)
	case *parse.PipeNode:
		for _, decl := range n.Decl {
			visit(decl, f)
		}
		for _, cmd := range n.Cmds {
			visit(cmd, f)
		}
	case *parse.CommandNode:
		for _, arg := range n.Args {
			visit(arg, f)
		}
	case *parse.ChainNode:
		visit(n.Node, f)
	}
}
