package compile

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"text/template/parse"
	"time"

	"github.com/ropewalk/ropewalk/component/internal/run"
)

// What the tags of the fields of props say: `prop:"required"` that a component must be
// given the field, `default:"…"` what it is if the component is not given it. In a call
// by names, a field is given if it is named; in props that come as a whole, if it is not
// zero.
const (
	propTag    = "prop"
	defaultTag = "default"
)

// A fieldTag is a field that has such a tag.
type fieldTag struct {
	name     string
	index    []int
	required bool
	preset   reflect.Value // the default; invalid if there is none
}

// fieldTags reads the tags of props. Types that are no struct have none.
func fieldTags(props reflect.Type) (tagged []fieldTag, err error) {
	if props.Kind() != reflect.Struct {
		return nil, nil
	}
	var errs []error
	for _, field := range reflect.VisibleFields(props) {
		option, isProp := field.Tag.Lookup(propTag)
		text, isPreset := field.Tag.Lookup(defaultTag)
		if !isProp && !isPreset || !field.IsExported() || field.Anonymous {
			continue
		}
		tag := fieldTag{name: field.Name, index: field.Index, required: option == "required"}
		var err error
		switch {
		case isProp && !tag.required:
			err = fmt.Errorf("prop:%q is not a tag; prop:%q is", option, "required")
		case isProp && isPreset:
			err = errors.New("a required prop needs no default")
		case isPreset:
			tag.preset, err = parseDefault(text, field.Type)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("component: prop %s of %s: %w", field.Name, props, err))
			continue
		}
		tagged = append(tagged, tag)
	}
	return tagged, errors.Join(errs...)
}

// parseDefault reads the value of a default tag.
func parseDefault(text string, t reflect.Type) (reflect.Value, error) {
	v := reflect.New(t).Elem()
	var err error
	switch {
	case t == reflect.TypeFor[time.Duration]():
		var d time.Duration
		d, err = time.ParseDuration(text)
		v.SetInt(int64(d))
	case t.Kind() == reflect.String:
		v.SetString(text)
	case t.Kind() == reflect.Bool:
		var b bool
		b, err = strconv.ParseBool(text)
		v.SetBool(b)
	case v.CanInt():
		var i int64
		i, err = strconv.ParseInt(text, 0, t.Bits())
		v.SetInt(i)
	case v.CanUint():
		var u uint64
		u, err = strconv.ParseUint(text, 0, t.Bits())
		v.SetUint(u)
	case v.CanFloat():
		var x float64
		x, err = strconv.ParseFloat(text, t.Bits())
		v.SetFloat(x)
	default:
		err = fmt.Errorf("a %s cannot have one", t)
	}
	return v, err
}

// Whole completes props that come as a whole, from Go or from a value of a template.
type Whole struct {
	tagged  []fieldTag
	pointer bool
}

// WholeProps reads the tags of props of type t, or of type *t; nil if there are none. A
// default is refused where props could not say that they mean the zero value.
func WholeProps(t reflect.Type) (*Whole, error) {
	w := &Whole{pointer: t.Kind() == reflect.Pointer}
	if w.pointer {
		t = t.Elem()
	}
	var err error
	if w.tagged, err = fieldTags(t); err != nil || len(w.tagged) == 0 {
		return nil, err
	}
	for _, tag := range w.tagged {
		switch {
		case tag.required:
		case behindPointer(t, tag.index):
			err = errors.New("it is behind an embedded pointer")
		case tag.preset.Kind() == reflect.Bool && tag.preset.Bool():
			err = errors.New("a false from Go could not be told from none: name the field so that false is the default")
		}
		if err != nil {
			return nil, fmt.Errorf("component: the default of prop %s of %s: %w", tag.name, t, err)
		}
	}
	return w, nil
}

// whole completes props that a template gives as a whole.
func (c *compiler) whole(n *parse.IdentifierNode, f *function, props reflect.Type, value func(*run.State, run.Pointer) reflect.Value) (func(*run.State, run.Pointer) reflect.Value, *expr) {
	whole, err := WholeProps(props)
	switch {
	case err != nil:
		return nil, c.mistake(n, "name the props in the call", "%s: %s", f.name, strings.TrimPrefix(err.Error(), "component: "))
	case whole == nil:
		return value, nil
	}
	s := c.site(n)
	return func(st *run.State, dot run.Pointer) reflect.Value {
		p := reflect.New(props).Elem()
		p.Set(value(st, dot))
		if err := whole.Complete(p); err != nil {
			s.Failf("%s: %v", f.name, err)
		}
		return p
	}, nil
}

// Complete gives props their defaults, in a copy if they are a pointer. The error names a
// prop that is required and zero.
func (w *Whole) Complete(props reflect.Value) error {
	v := props
	if w.pointer {
		if props.IsNil() {
			return nil
		}
		v = reflect.New(props.Type().Elem()).Elem()
		v.Set(props.Elem())
	}
	changed := false
	for _, tag := range w.tagged {
		field, err := v.FieldByIndexErr(tag.index)
		switch {
		case err == nil && !field.IsZero():
		case tag.required:
			return fmt.Errorf("prop %s is required", tag.name)
		default:
			field.Set(tag.preset)
			changed = true
		}
	}
	if w.pointer && changed {
		props.Set(v.Addr())
	}
	return nil
}
