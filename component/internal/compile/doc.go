// Package compile turns templates into closures that append to a byte slice.
//
// html/template is the front end: its parser reads the text and its
// contextual escaper decides how every action is made safe. This package only
// executes what they decided. Its passes, one file each:
//
//	parse      text/template/parse, with every source's position kept
//	escape     html/template's escaper over the trees that one root reaches
//	typecheck  each expression against the static types it is given (expr.go, call.go, builtin.go)
//	lower      each node to an op (lower.go), in the same walk as the type check
//
// An expression whose type is known becomes loads at fixed offsets. One whose
// type is known only when it runs is evaluated by reflection, by the rules of
// text/template (dynamic.go). Both give the same bytes.
//
// # Memory
//
// Values are passed by address (type pointer). What a pointer refers to is
// never written again while a render uses it: the caller's data, a table of
// small integers, or a cell made for one result. So a variable or a captured
// frame can keep a pointer without copying what it refers to.
package compile
