package compile

import (
	"slices"

	"github.com/ropewalk/ropewalk/component/internal/run"
)

// A listBuilder builds the instructions of a list of nodes.
type listBuilder struct {
	instructions []run.Instruction
	text         []byte // of the template, not yet in an instruction
	leaves       bool   // an op may break or continue a loop
}

func (q *listBuilder) addText(t []byte) { q.text = append(q.text, t...) }

// add adds what a node compiles to, which is nil for nothing.
func (q *listBuilder) add(p *run.Instruction, leaves bool) {
	if p == nil {
		return
	}
	p.Text = run.NewStaticText(string(q.text))
	q.text = q.text[:0]
	q.instructions = append(q.instructions, *p)
	q.leaves = q.leaves || leaves
}

// end returns the instructions. Text at the end is one of its own.
func (q *listBuilder) end() []run.Instruction {
	if len(q.text) > 0 {
		q.add(&run.Instruction{}, false)
	}
	return slices.Clone(q.instructions) // of just the size, as they are kept
}
