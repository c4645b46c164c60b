// Package run renders compiled templates. It knows nothing of how they are compiled.
//
// An [Op] appends what a node prints to a byte slice. A list of nodes is a list of
// [Instruction], run by one loop, with an opcode for the commonest nodes and RunOp for
// the rest. A [Unit] is the ops of one template for one type of dot, and a [Rendering]
// is a unit with its values: a component.
//
// # Values
//
// Values are passed by address ([Pointer]). What a pointer refers to is never written
// again while a render uses it: the caller's data, a table of small integers, or a cell
// made for one result. So a variable or a captured frame can keep a pointer without
// copying what it refers to.
//
// What has no static type is a [reflect.Value], and is looked up, called, compared and
// indexed by text/template's rules. The zero Value stands for no value at all.
//
// # Errors
//
// An op that fails panics with an [*Error], made by its [Site]; [Rendering.Render]
// recovers it. A panic of user code becomes one too.
package run
