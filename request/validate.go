package request

import (
	"cmp"
	"errors"
	"net/url"
	"reflect"
)

// validate asks the target whether it is in order, if it has a Validate method.
func validate(dst any, src source, sent url.Values) error {
	err := ask(dst)
	if err == nil {
		return nil
	}
	wrong := &FieldErrors{Values: sent, op: src.op, code: src.code}
	var several *FieldErrors
	var one *FieldError
	switch {
	case errors.As(err, &several) && several.Err() == nil: // a nil pointer, or nothing was added
		return nil
	case several != nil:
		wrong.Fields = several.Fields
		wrong.code = cmp.Or(several.code, src.code)
	case errors.As(err, &one):
		wrong.Fields = []*FieldError{one}
	default:
		wrong.Fields = []*FieldError{{Message: err.Error(), Err: err}}
	}
	return wrong
}

// ask calls Validate of what dst points to, also if that is a pointer itself.
func ask(dst any) error {
	type validator interface{ Validate() error }
	if v, ok := dst.(validator); ok {
		return v.Validate()
	}
	target := reflect.ValueOf(dst).Elem()
	if target.Kind() != reflect.Pointer || target.IsNil() {
		return nil
	}
	if v, ok := target.Interface().(validator); ok {
		return v.Validate()
	}
	return nil
}
