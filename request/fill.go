package request

import (
	"fmt"
	"net/url"
	"reflect"
)

// Fill returns a form that shows v, a struct or a pointer to one, for editing:
// its Values are what a browser would send for v, and no field is wrong.
//
//	return editPage(editProps{Form: request.Fill(product)}), nil
//
// A time is written for an input of type date if it is midnight in UTC, and else
// for one of type datetime-local. Nil pointers and files are left out.
//
// A struct that [Form] could not fill is a mistake of the program, and so is a
// type with UnmarshalText and no MarshalText: Fill panics.
func Fill(v any) *FieldErrors {
	rv := reflect.Indirect(reflect.ValueOf(v))
	if !rv.IsValid() {
		panic(fmt.Sprintf("request: Fill: a %T without a value has nothing to show: give a struct, or show the form with a nil *FieldErrors", v))
	}
	s, err := formDecoder.shapeOf(rv.Type())
	if err != nil {
		panic(fmt.Sprintf("request: Fill: %v", err))
	}
	e := &FieldErrors{Values: url.Values{}}
	e.show(rv, s, "")
	return e
}

// show adds what v is sent as under a name.
func (e *FieldErrors) show(v reflect.Value, s *shape, name string) {
	if v.Kind() == reflect.Pointer && v.Type() != s.typ {
		if v.IsNil() {
			return
		}
		v = v.Elem()
	}
	switch s.kind {
	case leaf:
		text, err := textOf(v)
		if err != nil {
			panic(fmt.Sprintf("request: Fill: %s: %v", name, err))
		}
		e.Values.Add(name, text)
	case list:
		for i := range v.Len() {
			at := name
			if s.elem.kind != leaf {
				at = fmt.Sprint(name, ".", i)
			}
			e.show(v.Index(i), s.elem, at)
		}
	case dict:
		for key, entry := range v.Seq2() {
			e.show(entry, s.elem, keyed(name, key.String()))
		}
	case record:
		for _, f := range s.fields {
			if at, err := v.FieldByIndexErr(f.index); err == nil {
				e.show(at, f.shape, prefixed(name, f.name))
			}
		}
	}
}

func prefixed(name, field string) string {
	if name == "" {
		return field
	}
	return name + "." + field
}
