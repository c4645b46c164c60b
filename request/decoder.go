package request

import (
	"errors"
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"sync"
)

// decoder fills structs from named values. It holds nothing but what it learnt
// about types.
type decoder struct {
	tag    string
	shapes sync.Map // reflect.Type -> *planned
}

type planned struct {
	shape *shape
	err   error
}

var (
	formDecoder = decoder{tag: "form"}
	pathDecoder = decoder{tag: "path"}
)

func (d *decoder) shapeOf(t reflect.Type) (*shape, error) {
	found, ok := d.shapes.Load(t)
	if !ok {
		s, err := newShape(t, d.tag)
		found, _ = d.shapes.LoadOrStore(t, &planned{s, err})
	}
	return found.(*planned).shape, found.(*planned).err
}

// source is what a request sent.
type source struct {
	op        string
	code      int // the status when a field does not fit
	values    url.Values
	malformed []string // names of values that could not be read
	files     map[string][]*multipart.FileHeader
}

// decode fills the struct dst points to as far as it can, and returns
// *FieldErrors if something sent does not fit, or another error if the struct
// itself is at fault.
func (d *decoder) decode(dst any, src source, limits Limits) error {
	v := reflect.ValueOf(dst).Elem()
	s, err := d.shapeOf(v.Type())
	if err != nil {
		return fmt.Errorf("request: %s: %w", src.op, err)
	}
	if err := src.check(s, limits); err != nil {
		return err
	}
	f := filling{limits: limits, sent: url.Values{}, wrong: mistakes{}}
	if err := f.run(v, s, src); err != nil {
		return fmt.Errorf("request: %s: %v: %w", src.op, s.typ, err)
	}
	if len(f.wrong) > 0 {
		return &FieldErrors{Fields: f.wrong.sorted(), Values: f.sent, op: src.op, code: src.code}
	}
	return validate(dst, src, f.sent)
}

// check refuses a request before any work is done for its values.
func (src source) check(s *shape, limits Limits) error {
	n := 0
	for _, values := range src.values {
		n += len(values)
	}
	if n > limits.Fields {
		return tooManyFields(src.op, limits)
	}
	n = 0
	for _, files := range src.files {
		n += len(files)
	}
	if n > limits.Files {
		return tooManyFiles(src.op, limits)
	}
	for _, name := range src.malformed {
		if limits.Strict || s.owns(name) {
			return &Error{Op: src.op, Code: http.StatusBadRequest,
				Err: fmt.Errorf("the value of %q is not percent-encoded: write %% as %%25 and ; as %%3B", name)}
		}
	}
	return nil
}

func tooManyFields(op string, limits Limits) error {
	return tooLarge(op, "more than %d values were sent: raise Limits.Fields if so many are meant", limits.Fields)
}

func tooManyFiles(op string, limits Limits) error {
	return tooLarge(op, "more than %d files were sent: raise Limits.Files if so many are meant", limits.Files)
}

// owns reports whether a name leads into the struct, if only to where nothing is.
func (s *shape) owns(name string) bool {
	parts, _ := split(name)
	_, ok := s.lookup(parts[0])
	return ok
}

// filling is one struct on its way to being filled.
type filling struct {
	limits Limits
	sent   url.Values // by field name
	wrong  mistakes
}

// run fills v. Its error is the program's.
func (f *filling) run(v reflect.Value, s *shape, src source) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("decoding panicked: %v", p)
		}
	}()
	f.record(v, s, f.sort(s, src.values), "", f.sortFiles(s, src.files))
	return nil
}

// sort puts the values where their names lead. A name that leads nowhere is no
// mistake if it does not begin with a field, unless Strict, or if it brings
// nothing but empty values.
func (f *filling) sort(s *shape, values url.Values) *node {
	root := &node{}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		parts, matched := split(name)
		own, owned := s.lookup(parts[0])
		message, err := "is not expected", ErrUnknown
		switch {
		case !owned && !f.limits.Strict:
			continue
		case owned && own.shape.isFile() && blank(values[name]): // no file was chosen
			continue
		case owned && own.shape.isFile():
			message, err = "must be an uploaded file", errTextForFile
		case owned && matched:
			err = root.put(s, parts, values[name])
		}
		if err != nil && (f.limits.Strict || !blank(values[name])) {
			f.wrong.add(name, message, err)
		}
	}
	return root
}

var errTextForFile = errors.New(`the name of a file was sent and not the file: give the form enctype="multipart/form-data"`)

// record fills a struct and tells what it lacks.
func (f *filling) record(v reflect.Value, s *shape, n *node, prefix string, uploads map[string][]*multipart.FileHeader) {
	for _, fd := range s.fields {
		name := prefix + fd.name
		if fd.shape.isFile() {
			if uploads != nil { // files are fields of the root alone
				f.files(v, fd, name, uploads[fd.name])
			}
			continue
		}
		below := n.get(fd.name)
		if fd.required && !below.given(fd.shape) {
			f.wrong.add(name, "is required", ErrRequired)
		}
		switch {
		case below == nil && fd.preset != nil:
			below = &node{values: fd.preset}
			f.fill(settable(v, fd.index), fd.shape, below, name)
			delete(f.sent, name)
		case below != nil:
			f.fill(settable(v, fd.index), fd.shape, below, name)
		case fd.shape.kind == record && v.Type().FieldByIndex(fd.index).Type.Kind() == reflect.Struct:
			f.record(settable(v, fd.index), fd.shape, nil, name+".", nil)
		}
	}
}

// given reports whether anything but empty values was sent. Of a string the last
// value counts, even if it is empty.
func (n *node) given(s *shape) bool {
	switch {
	case n == nil:
		return false
	case s.kind == leaf && s.isString():
		return len(n.values) > 0 && !blank(n.values[len(n.values)-1:])
	case !blank(n.values):
		return true
	}
	for part, below := range n.within {
		if below.given(s.step(part)) {
			return true
		}
	}
	return false
}

// fill fills v, which may be a pointer to what s is the shape of.
func (f *filling) fill(v reflect.Value, s *shape, n *node, name string) {
	switch s.kind {
	case leaf:
		f.leaf(v, s, n.values, name)
	case list:
		f.list(v, s, n, name)
	case dict:
		f.dict(v, s, n, name)
	case record:
		f.record(made(v, s), s, n, name+".", nil)
	}
}

// leaf fills v with the last of the values. An empty one is a value for a string
// and else none.
func (f *filling) leaf(v reflect.Value, s *shape, values []string, name string) {
	f.sent[name] = append(f.sent[name], values...)
	if !s.isString() {
		values = filled(values)
	}
	if len(values) == 0 {
		return
	}
	if message, err := setText(made(v, s), values[len(values)-1]); message != "" {
		f.wrong.add(name, message, err)
	}
}

// list fills v with the values that are not empty and with the entries in the
// order of their numbers.
func (f *filling) list(v reflect.Value, s *shape, n *node, name string) {
	entries := n.entries()
	if s.elem.kind == leaf {
		values := slices.Clone(n.values)
		for _, entry := range entries {
			values = append(values, entry.values...)
		}
		f.values(v, s, values, name)
		return
	}
	if f.tooMany(len(entries), name) {
		return
	}
	all := reflect.MakeSlice(s.typ, len(entries), len(entries))
	for i, entry := range entries {
		f.fill(all.Index(i), s.elem, entry, fmt.Sprint(name, ".", i))
	}
	v.Set(all)
}

// values fills a list of leaves.
func (f *filling) values(v reflect.Value, s *shape, values []string, name string) {
	f.sent[name] = append(f.sent[name], values...)
	values = filled(values)
	if commas(s.elem.typ, values) >= f.limits.Elements {
		f.tooMany(f.limits.Elements+1, name)
		return
	}
	values = pieces(s.elem.typ, values)
	if f.tooMany(len(values), name) {
		return
	}
	all := reflect.MakeSlice(s.typ, len(values), len(values))
	for i, value := range values {
		if message, err := setText(made(all.Index(i), s.elem), value); message != "" {
			f.wrong.add(name, message, err)
		}
	}
	v.Set(all)
}

// dict fills a map, whose keys are what was sent.
func (f *filling) dict(v reflect.Value, s *shape, n *node, name string) {
	if f.tooMany(len(n.within), name) {
		return
	}
	all := reflect.MakeMapWithSize(s.typ, len(n.within))
	for _, key := range slices.Sorted(maps.Keys(n.within)) {
		k := reflect.New(s.typ.Key()).Elem()
		if message, err := setText(k, key); message != "" {
			f.wrong.add(name, message, err)
			continue
		}
		entry := reflect.New(s.typ.Elem()).Elem()
		f.fill(entry, s.elem, n.within[key], keyed(name, key))
		all.SetMapIndex(k, entry)
	}
	v.Set(all)
}

func (f *filling) tooMany(n int, name string) bool {
	if n <= f.limits.Elements {
		return false
	}
	f.wrong.add(name, fmt.Sprintf("has more than %d entries", f.limits.Elements), ErrTooMany)
	return true
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

// made returns what a pointer to an s leads to, made if it is nil, or v itself.
func made(v reflect.Value, s *shape) reflect.Value {
	if v.Type() == s.typ {
		return v
	}
	if v.IsNil() {
		v.Set(reflect.New(s.typ))
	}
	return v.Elem()
}
