package compile

import (
	"maps"
	"slices"
)

// Where a value has no static type, the code behind it is compiled again for
// each type that turns up, so that what follows is as fast as if the type had
// been known. A mistake found there is an error of the render, as it always is
// where types are unknown.

// snapshot copies the compiler as it stands, to compile what comes next once
// more. The slots it takes are at most those that were taken the first time, when
// nothing was known, so frames are large enough; but for what is behind a mistake,
// which does not run.
func (c *compiler) snapshot() func() *compiler {
	then := *c
	then.vars, then.changed = slices.Clone(c.vars), maps.Clone(c.changed)
	return func() *compiler {
		now := then
		now.vars, now.changed, now.lenient = slices.Clone(then.vars), maps.Clone(then.changed), true
		return &now
	}
}

// untilStable compiles until no more variables turn out to take values of several
// types. What an abandoned pass has found, and the units it has called, count for
// nothing. A variable from outside of what is compiled for a type keeps the type it has
// there. A value of another, which nothing else can have brought about, is then a mistake
// for this type: it fails before it is stored.
func (c *compiler) untilStable(compile func()) {
	vars, next := len(c.vars), c.next
	unit := c.program.lowering
	found, calls := len(unit.found), len(unit.calls)
	for changed := -1; changed < len(c.changed); {
		changed = len(c.changed)
		c.again = false
		c.vars, c.next = c.vars[:vars], next
		unit.found, unit.calls = unit.found[:found], unit.calls[:calls]
		compile()
		if !c.again {
			return
		}
	}
}
