package run

import (
	"fmt"
	"reflect"

	"github.com/ropewalk/ropewalk/component/internal/escape"
)

func (s *Site) PrintAny(st *State, b []byte, chain *escape.Chain, v any) []byte {
	outer := st.BeginCall(s)
	b, err := chain.Any(b, v)
	st.Call = outer
	if err != nil {
		s.Fail(err)
	}
	return b
}

// EvalArgs joins arguments into a string as html/template's _eval_args_ does:
// fmt.Sprint, through pointers.
func EvalArgs(args []any) string {
	for i, arg := range args {
		if arg == nil {
			continue
		}
		v := reflect.ValueOf(arg)
		for !v.Type().Implements(stringerType) && !v.Type().Implements(errorType) && v.Kind() == reflect.Pointer && !v.IsNil() {
			v = v.Elem()
		}
		args[i] = v.Interface()
	}
	return fmt.Sprint(args...)
}

var stringerType = reflect.TypeFor[fmt.Stringer]()
