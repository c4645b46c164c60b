package request

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"mime/multipart"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// maxDepth bounds how deep one name may lead; a recursive struct has no end of
// its own.
const maxDepth = 16

// assignment is which sent value goes to which field. After it every key in
// values leads to a field that takes text, with an index within bounds, and two
// spellings of a name have become one.
type assignment struct {
	plan   *plan
	limits Limits

	values map[string][]string     // by the key gorilla/schema understands
	fields map[string]place        // what those keys lead to
	raw    url.Values              // as sent, by field name
	groups map[string]reflect.Type // structs that were reached, by prefix: "", "items.0."
	given  map[string]bool         // names that have a value
	wrong  mistakes

	lengths map[string]int // of slices of structs, by name
	length  int            // of all of them
}

// place is a field under its full name.
type place struct {
	name  string
	field field
}

func assign(p *plan, src source, limits Limits) *assignment {
	a := &assignment{
		plan:   p,
		limits: limits,
		values: map[string][]string{},
		fields: map[string]place{},
		raw:    url.Values{},
		groups: map[string]reflect.Type{"": p.root},
		given:  map[string]bool{},
		wrong:  mistakes{},

		lengths: map[string]int{},
	}
	places := map[string]place{}
	for _, key := range slices.Sorted(maps.Keys(src.values)) {
		at, err := a.resolve(key)
		switch {
		case err == errTooManyInAll:
			a.wrong.add(at.name, "brings the lists to more than "+strconv.Itoa(a.mostInAll())+" entries together", ErrTooMany)
		case errors.Is(err, ErrTooMany):
			a.tooMany(at.name)
		case err != nil && limits.Strict:
			a.wrong.add(key, "is not expected", ErrUnknown)
		case err == nil:
			places[at.name] = at
			a.raw[at.name] = append(a.raw[at.name], src.values[key]...)
		}
	}
	for name, at := range places {
		a.take(at, a.raw[name])
	}
	a.takeFiles(src.files)
	for prefix, t := range a.groups {
		a.require(prefix, t)
	}
	return a
}

// resolve follows a name such as "items.0.price" to the field it means.
func (a *assignment) resolve(key string) (place, error) {
	parts := strings.Split(key, ".")
	if len(parts) > maxDepth {
		return place{}, ErrUnknown
	}
	var through []step
	prefix, t := "", a.plan.root
	for len(parts) > 0 {
		f, ok := a.plan.lookup(t, parts[0])
		if !ok {
			return place{}, ErrUnknown
		}
		name := prefix + f.name
		parts = parts[1:]
		switch f.kind {
		case leaf, list:
			if len(parts) > 0 {
				return place{}, ErrUnknown
			}
			a.reach(through)
			return place{name, f}, nil
		case items:
			if len(parts) == 0 {
				return place{}, ErrUnknown
			}
			n, err := a.element(parts[0])
			if err == nil {
				err = a.lengthen(name, n+1)
			}
			if err != nil {
				return place{name: name}, err
			}
			through = append(through, step{name: name})
			name += "." + strconv.Itoa(n)
			parts = parts[1:]
		case nested:
		default: // a text is no file
			return place{}, ErrUnknown
		}
		through = append(through, step{name, f.typ})
		prefix, t = name+".", f.typ
	}
	return place{}, ErrUnknown // it ends at a struct
}

// step is a struct on the way to a field, or a slice of them, whose into is nil.
type step struct {
	name string
	into reflect.Type
}

// reach notes that a name leads through these.
func (a *assignment) reach(through []step) {
	for _, s := range through {
		a.given[s.name] = true
		if s.into != nil {
			a.groups[s.name+"."] = s.into
		}
	}
}

// element reads an index. A negative one is no name of anything.
func (a *assignment) element(s string) (int, error) {
	n, err := strconv.ParseUint(s, 10, 64)
	switch {
	case errors.Is(err, strconv.ErrRange), err == nil && n >= uint64(a.limits.Elements):
		return 0, ErrTooMany
	case err != nil:
		return 0, ErrUnknown
	}
	return int(n), nil
}

// lengthen notes that a slice of structs has n elements at least. All up to the last
// are made, also those that nothing was sent for, in each of the slices within.
func (a *assignment) lengthen(name string, n int) error {
	more := n - a.lengths[name]
	if more <= 0 {
		return nil
	}
	if a.length+more > a.mostInAll() {
		return errTooManyInAll
	}
	a.lengths[name] = n
	a.length += more
	return nil
}

var errTooManyInAll = fmt.Errorf("%w together with others", ErrTooMany)

// mostInAll is how many structs all slices may have together: ten for each value.
func (a *assignment) mostInAll() int { return 10 * min(a.limits.Fields, math.MaxInt/10) }

// take passes values on, unless they are known to be wrong or stand for none:
// an empty value is one for strings only. Where one counts it is the last.
func (a *assignment) take(at place, values []string) {
	f := at.field
	isString := f.typ.Kind() == reflect.String && !isText(f.typ)
	if f.kind == leaf && isString && len(values) > 0 {
		values = values[len(values)-1:]
	}
	filled := slices.DeleteFunc(slices.Clone(values), func(s string) bool { return s == "" })
	if !isString {
		values = filled
	}
	if len(filled) > 0 {
		a.given[at.name] = true
	} else if !isString {
		return
	}
	if f.kind == list && elements(f.typ, filled) > a.limits.Elements {
		a.tooMany(at.name)
		return
	}
	if !finite(f.typ, filled) {
		a.wrong.add(at.name, complaint(f.typ, ""), nil)
		return
	}
	if f.kind == list && f.typ.Kind() == reflect.Struct {
		for i, value := range filled { // gorilla/schema wants an index for these
			a.pass(at.name+"."+strconv.Itoa(i), at, []string{value})
		}
		return
	}
	a.pass(at.name, at, values)
}

func (a *assignment) pass(key string, at place, values []string) {
	a.values[key], a.fields[key] = values, at
}

func (a *assignment) tooMany(name string) {
	a.wrong.add(name, "has more than "+strconv.Itoa(a.limits.Elements)+" entries", ErrTooMany)
}

// elements counts what values become: gorilla/schema splits all but texts at
// commas.
func elements(t reflect.Type, values []string) int {
	n := len(values)
	if t.Kind() != reflect.String && !isText(t) {
		for _, value := range values {
			n += strings.Count(value, ",")
		}
	}
	return n
}

// finite refuses the floats that pass every range check: NaN and infinity.
func finite(t reflect.Type, values []string) bool {
	if t.Kind() != reflect.Float32 && t.Kind() != reflect.Float64 || isText(t) {
		return true
	}
	for _, value := range values {
		for part := range strings.SplitSeq(value, ",") {
			if f, err := strconv.ParseFloat(part, 64); err == nil && (math.IsNaN(f) || math.IsInf(f, 0)) {
				return false
			}
		}
	}
	return true
}

// require complains about the required fields of one struct, and of those it
// holds by value.
func (a *assignment) require(prefix string, t reflect.Type) {
	for _, f := range a.plan.shapes[t] {
		name := prefix + f.name
		if f.required && !a.given[name] {
			a.wrong.add(name, "is required", ErrRequired)
		}
		if f.kind == nested && t.FieldByIndex(f.index).Type.Kind() == reflect.Struct {
			a.require(name+".", f.typ)
		}
	}
}

// takeFiles notes which file fields have files.
func (a *assignment) takeFiles(sent map[string][]*multipart.FileHeader) {
	for _, key := range slices.Sorted(maps.Keys(sent)) {
		f, ok := a.plan.lookup(a.plan.root, key)
		switch {
		case ok && (f.kind == file || f.kind == files):
			a.given[f.name] = true
		case a.limits.Strict:
			a.wrong.add(key, "is not expected", ErrUnknown)
		}
	}
}

// setFiles fills the file fields of v.
func (a *assignment) setFiles(v reflect.Value, sent map[string][]*multipart.FileHeader) {
	for _, key := range slices.Sorted(maps.Keys(sent)) {
		headers := sent[key]
		f, ok := a.plan.lookup(a.plan.root, key)
		if !ok || len(headers) == 0 {
			continue
		}
		switch f.kind {
		case file:
			settable(v, f.index).Set(reflect.ValueOf(headers[0]))
		case files:
			to := settable(v, f.index)
			to.Set(reflect.AppendSlice(to, reflect.ValueOf(headers)))
		}
	}
}

// settable walks to a field, making the embedded structs it finds missing.
func settable(v reflect.Value, index []int) reflect.Value {
	for _, i := range index {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		v = v.Field(i)
	}
	return v
}
