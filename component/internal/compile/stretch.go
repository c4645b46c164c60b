package compile

import "github.com/ropewalk/ropewalk/component/internal/escape"

// longestJoined is the longest text within a stretch of fields. Longer text is
// copied faster than by parts.
const longestJoined = 256

// joined returns the pieces with each stretch of neighbouring fields made one,
// where there is assembly to run it: most of the time that a page of short fields
// takes goes into calls and not into its bytes.
func joined(pieces []piece) []piece {
	var list []piece
	done := 0 // how many pieces are in the list
	for i := 0; i < len(pieces); {
		parts, n := partsOf(pieces[i:])
		var stretch *escape.Stretch
		if len(parts) > 1 { // one alone gains nothing by it
			stretch = escape.NewStretch("", parts, 0)
		}
		if stretch == nil {
			i++
			continue
		}
		list = append(list, pieces[done:i]...)
		list = append(list, piece{kind: fieldStretch, text: pieces[i].text, turns: &turns{fields: stretch}})
		i += n
		done = i
	}
	if done == 0 {
		return pieces
	}
	return append(list, pieces[done:]...)
}

// partsOf returns what comes behind the text of the first piece, as far as it
// is fields and short text, and how many pieces that is.
func partsOf(pieces []piece) (parts []escape.Part, n int) {
	for i := range pieces {
		p := &pieces[i]
		part, ok := partOf(p)
		if !ok && (i == 0 || p.kind != onlyText) || i > 0 && p.text.size > longestJoined {
			break
		}
		if i > 0 {
			parts[i-1].Text = p.text.text
		}
		if n++; !ok {
			break
		}
		parts = append(parts, part)
	}
	return parts, n
}

// partOf returns the part of what the piece prints behind its text, if that is
// a field that a stretch can have.
func partOf(p *piece) (part escape.Part, ok bool) {
	offset, ok := p.field.bytes()
	part.Offset = offset
	switch p.kind {
	case markupText:
		part.Kind = escape.StringPart
	case plainInt:
		part.Kind = escape.IntPart
	case textWhenTrue:
		yes := p.turns.end.text
		part.Kind, part.Yes = escape.BoolPart, yes
		ok = ok && len(yes) <= longestJoined
	case eachElement:
		part.Kind, part.Loop = escape.LoopPart, p.turns.fields
		ok = ok && part.Loop != nil && !part.Loop.Loops()
	default:
		ok = false
	}
	return part, ok
}
