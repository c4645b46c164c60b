package compile

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"text/template/parse"

	"github.com/ropewalk/ropewalk/component/internal/run"
)

// verbPattern is one verb of a format with its flags, width and precision.
var verbPattern = regexp.MustCompile(`%[-+# 0]*[0-9]*(\.[0-9]*)?(.)`)

// checkFormat finds verbs of a printf that do not fit their operands: fmt would
// print %!d(string=…) for them. Only operands of basic types are judged, and no
// format with indexes or with widths from operands. To a lenient set it is no
// mistake: fmt prints something.
func (c *compiler) checkFormat(n *parse.IdentifierNode, exprs []*expr) *expr {
	if c.lenient || !exprs[0].konst.IsValid() || strings.ContainsAny(exprs[0].konst.String(), "*[") {
		return nil
	}
	operands := exprs[1:]
	for _, m := range verbPattern.FindAllStringSubmatch(exprs[0].konst.String(), -1) {
		verb := m[0]
		if m[2] == "%" {
			continue
		}
		if len(operands) == 0 {
			return c.mistake(n, "", "printf: %s has no operand", verb)
		}
		e := operands[0]
		operands = operands[1:]
		if e.t == nil || run.ClassOf(e.t.Kind()) == run.OtherClass || e.t.NumMethod() > 0 || reflect.PointerTo(e.t).NumMethod() > 0 {
			continue
		}
		if strings.HasPrefix(fmt.Sprintf(verb, reflect.Zero(e.t).Interface()), "%!") {
			return c.mistake(e.node, "", "printf: %s does not print an operand of type %s", verb, e.t)
		}
	}
	if len(operands) > 0 {
		return c.mistake(operands[0].node, "", "printf: %s has no verb in the format", operands[0].node)
	}
	return nil
}
