package run

import (
	"maps"
	"reflect"
	"slices"
	"sync/atomic"

	"github.com/ropewalk/ropewalk/component/internal/source"
)

// A DynamicField looks a name up in values whose types are known only now.
type DynamicField struct {
	Site    *Site
	Name    string
	Key     reflect.Value
	Args    []LateArgument
	Final   func(st *State, dot Pointer) reflect.Value
	Missing MissingKey
	Exact   bool // see expr

	last atomic.Pointer[fieldOfType] // most places see one type
}

// A fieldOfType is what a name means for a type of receiver.
type fieldOfType struct {
	t      reflect.Type
	method int // its number, or -1
	field  reflect.StructField
	ok     bool // there is such a field, if there is no such method
}

// of finds out what the name means for values like recv, with their addresses if they have some.
func (f *DynamicField) of(recv reflect.Value) *fieldOfType {
	t := recv.Type()
	if k := recv.Kind(); k != reflect.Interface && k != reflect.Pointer && recv.CanAddr() {
		t = reflect.PointerTo(t)
	}
	if last := f.last.Load(); last != nil && last.t == t {
		return last
	}
	found := &fieldOfType{t: t, method: -1}
	if m, ok := t.MethodByName(f.Name); ok {
		found.method = m.Index
	} else if recv.Kind() == reflect.Struct {
		found.field, found.ok = recv.Type().FieldByName(f.Name)
	}
	f.last.Store(found)
	return found
}

func (f *DynamicField) Eval(st *State, dot Pointer, recv reflect.Value) reflect.Value {
	if !recv.IsValid() {
		if f.Missing == MissingError {
			f.Site.Failf("nil data; no entry for key %q", f.Name)
		}
		return reflect.Value{}
	}
	t := recv.Type()
	recv, null := Indirect(recv)
	if null && recv.Kind() == reflect.Interface {
		f.Site.FailNil(t, f.Name)
	}
	found := f.of(recv)
	if found.method >= 0 {
		if found.t.Kind() == reflect.Pointer && recv.Kind() != reflect.Pointer {
			return f.call(st, dot, recv.Addr().Method(found.method))
		}
		return f.call(st, dot, recv.Method(found.method))
	}
	hasArgs := len(f.Args) > 0 || f.Final != nil
	switch recv.Kind() {
	case reflect.Struct:
		field := &found.field
		if !found.ok {
			break
		}
		v, err := recv.FieldByIndexErr(field.Index)
		switch {
		case !field.IsExported():
			f.Site.Failf("%s is an unexported field of struct type %s", f.Name, t)
		case err != nil:
			f.Site.Fail(err)
		case hasArgs:
			f.Site.Failf("%s has arguments but cannot be invoked as function", f.Name)
		}
		return v
	case reflect.Map:
		if !StringType.AssignableTo(recv.Type().Key()) {
			break
		}
		if hasArgs {
			f.Site.Failf("%s is not a method but has arguments", f.Name)
		}
		if recv.Type() == MapType && !f.Exact {
			return AnyEntry(f.Site, f.Missing, recv.Interface().(map[string]any), f.Name)
		}
		return MapIndex(f.Site, f.Missing, recv, f.Key)
	case reflect.Pointer: // nil
		if et := recv.Type().Elem(); et.Kind() == reflect.Struct {
			if _, ok := et.FieldByName(f.Name); !ok {
				break
			}
		}
		f.Site.FailNil(t, f.Name)
	}
	f.Site.FailHint(source.DidYouMean(f.Name, FieldNames(recv.Type())), "can't evaluate field %s in type %s", f.Name, t)
	return reflect.Value{}
}

func (f *DynamicField) call(st *State, dot Pointer, fn reflect.Value) reflect.Value {
	t := fn.Type()
	if t.NumIn() == 0 && len(f.Args) == 0 && f.Final == nil {
		if err := CheckResults(f.Name, t); err != nil {
			f.Site.Fail(err)
		}
		return f.Site.Invoke(st, fn, nil)
	}
	argv := f.Site.lateCall(st, dot, f.Name, t, f.Args, f.Final)
	return f.Site.Invoke(st, fn, argv)
}

func MapIndex(s *Site, missing MissingKey, m, key reflect.Value) reflect.Value {
	v := m.MapIndex(key)
	if v.IsValid() {
		return v
	}
	switch missing {
	case MissingZero:
		return reflect.Zero(m.Type().Elem())
	case MissingError:
		s.FailHint(source.DidYouMean(key.String(), entryNames(m)), "map has no entry for key %q", key.String())
	}
	return v
}

// AnyEntry is mapIndex for the commonest of maps.
func AnyEntry(s *Site, missing MissingKey, m map[string]any, name string) reflect.Value {
	v, ok := m[name]
	switch {
	case v != nil:
		return reflect.ValueOf(v)
	case ok || missing == MissingZero:
		return NilAny
	case missing == MissingError:
		s.FailHint(source.DidYouMean(name, slices.Collect(maps.Keys(m))), "map has no entry for key %q", name)
	}
	return reflect.Value{}
}

// HeldEntry is anyEntry as held, where a missing entry is no error.
func HeldEntry(m map[string]any, name string, missing MissingKey) (any, reflect.Value) {
	v, ok := m[name]
	if v == nil && (ok || missing == MissingZero) {
		return nil, NilAny
	}
	return v, reflect.Value{}
}

var NilAny = reflect.Zero(AnyType)

type MissingKey uint8

const (
	MissingInvalid MissingKey = iota
	MissingZero
	MissingError
)

// FieldNames lists what can follow a dot after a value of type t.
func FieldNames(t reflect.Type) []string {
	var names []string
	if t.Kind() == reflect.Struct {
		for _, f := range reflect.VisibleFields(t) {
			if f.IsExported() {
				names = append(names, f.Name)
			}
		}
	}
	p := reflect.PointerTo(t)
	for i := range p.NumMethod() {
		names = append(names, p.Method(i).Name)
	}
	return slices.Compact(names)
}

// entryNames lists the keys of a map of strings.
func entryNames(m reflect.Value) []string {
	var names []string
	for _, key := range m.MapKeys() {
		names = append(names, key.String())
	}
	return names
}
