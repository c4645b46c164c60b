package compile

import (
	"reflect"
	"text/template/parse"

	"github.com/ropewalk/ropewalk/component/internal/run"
)

// piped compiles a command and the value that is piped into it. text/template
// evaluates that value before anything of the command, whether the command
// needs it or not.
func (c *compiler) piped(cmd *parse.CommandNode, final *expr) *expr {
	if final == nil || final.silent() {
		return c.command(cmd, final)
	}
	if onlyLiterals(cmd) { // nothing of the command could come before the value
		e := c.command(cmd, final)
		if e.fails {
			return e.after(discard(final))
		}
		return e
	}
	keep, kept := c.evaluatedFirst(final)
	return c.command(cmd, kept).after(keep)
}

// An effect is what a render does for its effect alone.
type effect = func(st *run.State, dot run.Pointer)

// evaluatedFirst parts a value from its use: keep evaluates it into a slot, and
// kept is what the slot holds then.
func (c *compiler) evaluatedFirst(e *expr) (keep effect, kept *expr) {
	hidden := c.newVariable("", 0, e)
	store := c.store(hidden, e)
	keep = func(st *run.State, dot run.Pointer) { store(st, nil, dot) }
	return keep, c.variableExpr(e.node, hidden)
}

// discard evaluates an expr whose value nobody wants.
func discard(e *expr) effect {
	value := e.asValue()
	return func(st *run.State, dot run.Pointer) { value(st, dot) }
}

// silent reports whether it makes no difference when the expr is evaluated: it
// cannot fail, and calls nothing.
func (e *expr) silent() bool { return e.path != nil || e.konst.IsValid() }

// onlyLiterals reports whether a command calls a function that takes all of its
// arguments, and literals are all that it is given beside the piped value.
func onlyLiterals(cmd *parse.CommandNode) bool {
	id, ok := cmd.Args[0].(*parse.IdentifierNode)
	if !ok || id.Ident == "and" || id.Ident == "or" {
		return false
	}
	for _, arg := range cmd.Args[1:] {
		switch arg.(type) {
		case *parse.BoolNode, *parse.NilNode, *parse.NumberNode, *parse.StringNode:
		default:
			return false
		}
	}
	return true
}

// after is the expr with an effect that each evaluation begins with.
func (e *expr) after(first effect) *expr {
	if e.bad {
		return e
	}
	out := *e
	out.path, out.konst = nil, reflect.Value{}
	out.at = afterEffect(first, e.at)
	out.value = afterEffect(first, e.value)
	out.text = afterEffect(first, e.text)
	out.whole = afterEffect(first, e.whole)
	out.texts = nil
	out.truth = afterEffect(first, e.truth)
	out.iface = afterEffect(first, e.iface)
	out.exact = afterEffect(first, e.exact)
	if held := e.held; held != nil {
		out.held = func(st *run.State, dot run.Pointer) (any, reflect.Value) {
			first(st, dot)
			return held(st, dot)
		}
	}
	return &out
}

func afterEffect[T any](first effect, f func(*run.State, run.Pointer) T) func(*run.State, run.Pointer) T {
	if f == nil {
		return nil
	}
	return func(st *run.State, dot run.Pointer) T {
		first(st, dot)
		return f(st, dot)
	}
}
