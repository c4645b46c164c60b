package cookie

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
)

// encode turns v into text: a type with its own text form by that, the basic
// kinds by strconv, everything else by JSON.
func encode[T any](v T) (string, error) {
	if m, ok := any(&v).(encoding.TextMarshaler); ok && speaksText[T]() {
		text, err := m.MarshalText()
		return string(text), err
	}
	switch rv := reflect.ValueOf(&v).Elem(); rv.Kind() {
	case reflect.String:
		return rv.String(), nil
	case reflect.Bool:
		return strconv.FormatBool(rv.Bool()), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(rv.Int(), 10), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return strconv.FormatUint(rv.Uint(), 10), nil
	case reflect.Float32, reflect.Float64:
		return strconv.FormatFloat(rv.Float(), 'g', -1, rv.Type().Bits()), nil
	}
	text, err := json.Marshal(v)
	return string(text), err
}

// decode is the reverse of encode.
func decode[T any](text string) (T, error) {
	var v T
	err := decodeInto(&v, text)
	if err != nil {
		return v, fmt.Errorf("the value is not a valid %T: %w", v, err)
	}
	return v, nil
}

func decodeInto[T any](v *T, text string) error {
	if u, ok := any(v).(encoding.TextUnmarshaler); ok && speaksText[T]() {
		return u.UnmarshalText([]byte(text))
	}
	switch rv := reflect.ValueOf(v).Elem(); rv.Kind() {
	case reflect.String:
		rv.SetString(text)
		return nil
	case reflect.Bool:
		b, err := strconv.ParseBool(text)
		rv.SetBool(b)
		return reason(err)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		n, err := strconv.ParseInt(text, 10, rv.Type().Bits())
		rv.SetInt(n)
		return reason(err)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		n, err := strconv.ParseUint(text, 10, rv.Type().Bits())
		rv.SetUint(n)
		return reason(err)
	case reflect.Float32, reflect.Float64:
		f, err := strconv.ParseFloat(text, rv.Type().Bits())
		rv.SetFloat(f)
		return reason(err)
	}
	return json.Unmarshal([]byte(text), v)
}

// speaksText reports whether T has a text form that works in both directions.
func speaksText[T any]() bool {
	var p any = (*T)(nil)
	_, marshals := p.(encoding.TextMarshaler)
	_, unmarshals := p.(encoding.TextUnmarshaler)
	return marshals && unmarshals
}

// reason strips the value from a strconv error: it may be a secret, and it may
// be long.
func reason(err error) error {
	var e *strconv.NumError
	if errors.As(err, &e) {
		return e.Err
	}
	return err
}
