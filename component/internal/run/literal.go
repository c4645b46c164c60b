package run

import (
	"fmt"
	"reflect"
	"strings"
	"text/template/parse"
)

// LiteralFor gives a literal the type of a parameter, by the rules of
// text/template.
func LiteralFor(n parse.Node, t reflect.Type) (reflect.Value, error) {
	if _, ok := n.(*parse.NilNode); ok {
		if !CanBeNil(t) {
			return reflect.Value{}, fmt.Errorf("cannot assign nil to %s", t)
		}
		return reflect.Zero(t), nil
	}
	if t == ValueType || t.Kind() == reflect.Interface && t.NumMethod() == 0 {
		v, err := idealLiteral(n)
		if err == nil && t == ValueType {
			v = reflect.ValueOf(v)
		}
		return v, err
	}
	v := reflect.New(t).Elem()
	number, isNumber := n.(*parse.NumberNode)
	expected := ""
	switch t.Kind() {
	case reflect.Bool:
		if b, ok := n.(*parse.BoolNode); ok {
			v.SetBool(b.True)
			return v, nil
		}
		expected = "bool"
	case reflect.String:
		if s, ok := n.(*parse.StringNode); ok {
			v.SetString(s.Text)
			return v, nil
		}
		expected = "string"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if isNumber && number.IsInt {
			v.SetInt(number.Int64)
			return v, nil
		}
		expected = "integer"
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		if isNumber && number.IsUint {
			v.SetUint(number.Uint64)
			return v, nil
		}
		expected = "unsigned integer"
	case reflect.Float32, reflect.Float64:
		if isNumber && number.IsFloat {
			v.SetFloat(number.Float64)
			return v, nil
		}
		expected = "float"
	case reflect.Complex64, reflect.Complex128:
		if isNumber && number.IsComplex {
			v.SetComplex(number.Complex128)
			return v, nil
		}
		expected = "complex"
	default:
		return v, fmt.Errorf("can't handle %s for arg of type %s", n, t)
	}
	return v, fmt.Errorf("expected %s; found %s", expected, n)
}

func idealLiteral(n parse.Node) (reflect.Value, error) {
	switch n := n.(type) {
	case *parse.BoolNode:
		return reflect.ValueOf(n.True), nil
	case *parse.StringNode:
		return reflect.ValueOf(n.Text), nil
	case *parse.NumberNode:
		return IdealConstant(n)
	}
	return reflect.Value{}, fmt.Errorf("can't handle assignment of %s to empty interface argument", n)
}

// IdealConstant gives a number the type that its syntax tells.
func IdealConstant(n *parse.NumberNode) (reflect.Value, error) {
	hex := len(n.Text) > 2 && n.Text[0] == '0' && (n.Text[1] == 'x' || n.Text[1] == 'X') && !strings.ContainsAny(n.Text, "pP")
	switch {
	case n.IsComplex:
		return reflect.ValueOf(n.Complex128), nil
	case n.IsFloat && !hex && n.Text[0] != '\'' && strings.ContainsAny(n.Text, ".eEpP"):
		return reflect.ValueOf(n.Float64), nil
	case n.IsInt && int64(int(n.Int64)) == n.Int64:
		return reflect.ValueOf(int(n.Int64)), nil
	}
	return reflect.Value{}, fmt.Errorf("%s overflows int", n.Text)
}
