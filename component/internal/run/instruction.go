package run

import (
	"reflect"

	"github.com/ropewalk/ropewalk/component/internal/escape"
)

// An Instruction appends some text and then what one node prints. What most
// instructions need is in the first of two cache lines.
type Instruction struct {
	Kind  Opcode
	Field Location // in dot
	Op    Op       // of RunOp and RunIf
	Text  staticText
	Chain *escape.Chain // of PrintString and PrintInt
	Body  *LoopBody     // of RunLoop; of TextIf, whose text is its end
	Site  *Site         // of PrintString, if the chain filters
}

// An Opcode says what an instruction does after its text.
type Opcode uint8

const (
	TextOnly    Opcode = iota // nothing
	PrintMarkup               // a string field, escaped as in text
	PrintString               // a string field, escaped by the chain
	PrintDigits               // an int field whose digits no escaper changes
	PrintInt                  // an int field, escaped by the chain
	RunIf                     // the op, if a bool field is true
	TextIf                    // text, if a bool field is true
	RunLoop                   // a loop over a slice field
	RunOp                     // the op
)

// Do is the instruction that runs an op; nil if that is nil.
func Do(o Op) *Instruction {
	if o == nil {
		return nil
	}
	return &Instruction{Kind: RunOp, Op: o}
}

// Sequence is the op that runs instructions one after the other. leaves says that one
// of them may break or continue a loop.
func Sequence(list []Instruction, leaves bool) Op {
	switch {
	case len(list) == 0:
		return Nothing
	case len(list) == 1 && list[0].Kind == TextOnly:
		text := &list[0].Text
		return func(_ *State, b []byte, _ Pointer) []byte { return text.Append(b) }
	case len(list) == 1 && list[0].Kind == RunOp && list[0].Text.size == 0:
		return list[0].Op
	case leaves:
		return func(st *State, b []byte, dot Pointer) []byte {
			for i := range list {
				if b = runInstructions(st, b, dot, list[i:i+1]); st.Leave != notLeaving {
					break
				}
			}
			return b
		}
	}
	return func(st *State, b []byte, dot Pointer) []byte { return runInstructions(st, b, dot, list) }
}

func runInstructions(st *State, b []byte, dot Pointer, list []Instruction) []byte {
	for i := range list {
		in := &list[i]
		// This is in.Text.Append(b), which the compiler does not inline.
		if n, t := len(b), &in.Text; t.size <= shortText && cap(b)-n >= shortText {
			*(*[half]byte)(b[n : n+half]) = t.head
			if t.size > half {
				*(*[half]byte)(b[n+half : n+shortText]) = t.tail
			}
			b = b[:n+t.size]
		} else {
			b = append(b, t.text...)
		}
		switch in.Kind {
		case PrintMarkup:
			b = escape.HTML(b, StringAt(in.Field.In(dot)))
		case PrintString:
			n := len(b)
			if b = in.Chain.String(b, StringAt(in.Field.In(dot))); in.Site != nil {
				in.Site.NoticeFiltered(st, in.Chain, b[n:])
			}
		case PrintDigits:
			b = AppendInt(b, int(IntAt(in.Field.In(dot), reflect.Int)))
		case PrintInt:
			b = in.Chain.Int(b, IntAt(in.Field.In(dot), reflect.Int))
		case RunIf:
			if BoolAt(in.Field.In(dot)) {
				b = in.Op(st, b, dot)
			}
		case TextIf:
			if BoolAt(in.Field.In(dot)) {
				b = in.Body.End.Append(b)
			}
		case RunLoop:
			data, count := SliceAt(in.Field.In(dot))
			b = in.Body.run(st, b, data, count)
		case RunOp:
			b = in.Op(st, b, dot)
		}
	}
	return b
}
