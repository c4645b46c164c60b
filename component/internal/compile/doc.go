// Package compile turns templates into what package run renders.
//
// html/template is the front end: its parser reads the text and its contextual escaper
// decides how every action is made safe. This package executes what they decided, and
// refuses what they let through. [Set.Compile] (compile.go) calls its passes in order:
//
//	parse    parse.go    text/template/parse, once for a set; funcs.go checks what templates may call
//	reach    reach.go    the templates that a root calls, by {{template}}, by slot and as components
//	escape   escape.go   html/template's escaper, many roots at a time; proof.go has it tell where components stand
//	places   places.go   package danger finds where data could run as script all the same
//	lower    lower.go    each node to instructions, each expression to loads and calls, and their types checked on the way
//
// To know how to load .A.B is to know that it exists: so the last pass checks types and
// lowers in one walk. Its files go by what they compile:
//
//	expr.go, scope.go, piped.go          chains, variables, pipelines
//	call.go, direct.go, operands.go      functions and methods, those of common types without reflection
//	builtin.go, compare.go, printf.go    the functions of text/template
//	print.go, sequence.go                what an action prints, and lists of nodes
//	range.go, component.go, slot.go      loops, components and their props (tags.go)
//	dynamic.go, specialize.go            what has no static type, and is compiled again for the types that turn up
//
// syntax.go, unclosed.go and contexts.go word the errors of the parser and the escaper.
// selftest.go tests what is relied on in html/template beyond what that documents.
//
// # Types
//
// An expression whose type is known becomes loads at fixed offsets. One whose type is
// known only when it runs is evaluated by text/template's rules. Both give the same bytes.
//
// # Sharing
//
// A template is escaped once for a set, and compiled once for each type of dot, whatever
// the number of roots that reach it. Roots for which its places differ in danger do not
// share it.
package compile
