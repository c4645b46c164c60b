package request

import (
	"encoding"
	"errors"
	"fmt"
	"mime/multipart"
	"reflect"
	"slices"
	"strings"
	"time"
)

// A shape is what a type takes from the values that were sent, worked out once.
type shape struct {
	kind   kind
	typ    reflect.Type
	elem   *shape  // of a list or a dict
	fields []field // of a record
}

// field is one name and what it fills.
type field struct {
	name     string
	index    []int // from the struct it is listed in, through embedded ones
	shape    *shape
	required bool
	preset   []string // what counts if the name was not sent; nil without a default
}

type kind int

const (
	leaf   kind = iota // one value
	list               // a value or an entry for each element
	dict               // a map with text as its keys
	record             // a struct: name.field
	file               // an uploaded file
	files              // several
)

var (
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
	timeType        = reflect.TypeFor[time.Time]()
	durationType    = reflect.TypeFor[time.Duration]()
	fileType        = reflect.TypeFor[*multipart.FileHeader]()
	filesType       = reflect.TypeFor[[]*multipart.FileHeader]()
)

// planner finds the shapes of a struct type and of all types below it.
type planner struct {
	tag    string
	root   reflect.Type
	shapes map[reflect.Type]*shape
}

// newShape reports every field it cannot serve: a name that never arrives would
// be a silent mistake.
func newShape(root reflect.Type, tag string) (*shape, error) {
	if root.Kind() != reflect.Struct {
		return nil, fmt.Errorf("%v is not a struct: give one with a field for each value", root)
	}
	p := planner{tag: tag, root: root, shapes: map[reflect.Type]*shape{}}
	return p.shape(root)
}

// shape returns the shape of t, or nil if no text can fill a t.
func (p *planner) shape(t reflect.Type) (*shape, error) {
	if s, ok := p.shapes[t]; ok {
		return s, nil
	}
	s := &shape{typ: t}
	p.shapes[t] = s // before what is below it, for types that hold themselves
	var err error
	switch {
	case t == fileType:
		s.kind = file
	case t == filesType:
		s.kind = files
	case isLeaf(t):
		s.kind = leaf
	case t.Kind() == reflect.Struct:
		s.kind = record
		s.fields, err = p.fields(t, nil)
	case t.Kind() == reflect.Slice:
		s.kind = list
		s.elem, err = p.shape(behind(t.Elem()))
	case t.Kind() == reflect.Map && t.Key().Kind() == reflect.String && !isText(t.Key()):
		s.kind = dict
		s.elem, err = p.shape(behind(t.Elem()))
	default:
		s = nil
	}
	if s != nil && !s.canHold() {
		s = nil
	}
	p.shapes[t] = s
	return s, err
}

// canHold reports whether names can tell apart what a list or a dict holds.
func (s *shape) canHold() bool {
	switch s.kind {
	case list:
		return s.elem != nil && s.elem.kind != list && !s.elem.isFile()
	case dict:
		return s.elem != nil && !s.elem.isFile()
	}
	return true
}

func (s *shape) isFile() bool { return s.kind == file || s.kind == files }

// behind returns what a pointer leads to. A list or a dict needs none: it can be
// nil itself.
func behind(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer && t != fileType && (isLeaf(t.Elem()) || t.Elem().Kind() == reflect.Struct) {
		return t.Elem()
	}
	return t
}

// fields lists the fields of t and those of its embedded structs that t does not
// hide itself.
func (p *planner) fields(t reflect.Type, within []reflect.Type) ([]field, error) {
	if slices.Contains(within, t) {
		return nil, fmt.Errorf("%v embeds itself: use a named field", t)
	}
	within = append(slices.Clone(within), t)
	var own, lent []field
	for i := range t.NumField() {
		sf := t.Field(i)
		if sf.Tag.Get(p.tag) == "-" {
			continue
		}
		if isEmbedded(sf) {
			below, err := p.embedded(t, sf, within)
			if err != nil {
				return nil, err
			}
			lent = append(lent, below...)
			continue
		}
		if !sf.IsExported() {
			continue
		}
		f, err := p.field(t, sf)
		if err != nil {
			return nil, err
		}
		if own, err = p.add(t, own, f); err != nil {
			return nil, err
		}
	}
	lent = slices.DeleteFunc(lent, func(f field) bool { return slices.ContainsFunc(own, f.sameName) })
	for _, f := range lent {
		var err error
		if own, err = p.add(t, own, f); err != nil {
			return nil, err
		}
	}
	return own, nil
}

func (p *planner) embedded(t reflect.Type, sf reflect.StructField, within []reflect.Type) ([]field, error) {
	if !sf.IsExported() && sf.Type.Kind() == reflect.Pointer {
		return nil, fmt.Errorf("%v: the embedded %v cannot be set: embed the struct itself, or export its type", t, sf.Type)
	}
	below, err := p.fields(behind(sf.Type), within)
	for i := range below {
		below[i].index = append(slices.Clone(sf.Index), below[i].index...)
	}
	return below, err
}

// add appends f unless its name is taken.
func (p *planner) add(t reflect.Type, all []field, f field) ([]field, error) {
	if slices.ContainsFunc(all, f.sameName) {
		return nil, fmt.Errorf("%v has two fields named %q: give one another name, or the tag `%s:\"-\"`", t, f.name, p.tag)
	}
	return append(all, f), nil
}

func (f field) sameName(other field) bool { return strings.EqualFold(f.name, other.name) }

// isEmbedded reports whether sf lends its fields to the struct around it.
func isEmbedded(sf reflect.StructField) bool {
	t := behind(sf.Type)
	return sf.Anonymous && t.Kind() == reflect.Struct && !isLeaf(t)
}

func (p *planner) field(t reflect.Type, sf reflect.StructField) (field, error) {
	alias, options, _ := strings.Cut(sf.Tag.Get(p.tag), ",")
	if alias == "" {
		alias = sf.Name
	}
	f := field{name: alias, index: sf.Index}
	if strings.ContainsAny(alias, ".[]") {
		return f, fmt.Errorf("%v.%s: the name %q has a dot or a bracket, which lead into a struct: choose another", t, sf.Name, alias)
	}
	var err error
	if f.shape, err = p.shape(behind(sf.Type)); err != nil {
		return f, err
	}
	if f.shape == nil {
		return f, fmt.Errorf("%v.%s: a %v cannot be read from text: give it an UnmarshalText method, or leave it out with the tag `%s:\"-\"`", t, sf.Name, sf.Type, p.tag)
	}
	if t != p.root && f.shape.isFile() && !p.embeds(t) {
		return f, fmt.Errorf("%v.%s: a file can only be a field of %v itself", t, sf.Name, p.root)
	}
	if err := f.setOptions(options); err != nil {
		return f, fmt.Errorf("%v.%s: the tag `%s:%q`: %w", t, sf.Name, p.tag, sf.Tag.Get(p.tag), err)
	}
	return f, nil
}

// embeds reports whether the fields of t are fields of the root.
func (p *planner) embeds(t reflect.Type) bool {
	return slices.ContainsFunc(reflect.VisibleFields(p.root), func(sf reflect.StructField) bool {
		return sf.Anonymous && behind(sf.Type) == t
	})
}

// setOptions reads what follows the name in a tag.
func (f *field) setOptions(options string) error {
	for option := range strings.SplitSeq(options, ",") {
		value, presets := strings.CutPrefix(option, "default:")
		switch {
		case option == "":
		case option == "required":
			f.required = true
		case presets:
			f.preset = []string{value}
			if f.shape.kind == list {
				f.preset = strings.Split(value, "|")
			}
		default:
			return fmt.Errorf("there is no option %q: use required, or default:x with an x that has no comma", option)
		}
	}
	if f.preset == nil {
		return nil
	}
	if f.required {
		return errors.New("what has a default is never missing: take out required or the default")
	}
	return f.checkPreset()
}

// checkPreset tells of a default that does not fit when the struct is first
// used, not when it first counts.
func (f *field) checkPreset() error {
	s := f.shape
	if s.kind == list {
		s = s.elem
	}
	if s.kind != leaf {
		return errors.New("only one value or a list of values can have a default")
	}
	for _, text := range f.preset {
		if text == "" {
			continue
		}
		if message, err := setText(reflect.New(s.typ).Elem(), text); message != "" {
			return fmt.Errorf("the default %q %s: %w", text, message, err)
		}
	}
	return nil
}

// isLeaf reports whether one text fills a t.
func isLeaf(t reflect.Type) bool {
	if isBasic(t.Kind()) || t == timeType {
		return true
	}
	if !isText(t) {
		return false
	}
	switch t.Kind() {
	case reflect.Struct:
		return true
	case reflect.Slice, reflect.Array:
		return isBasic(t.Elem().Kind())
	}
	return false
}

func isText(t reflect.Type) bool { return reflect.PointerTo(t).Implements(textUnmarshaler) }

func isBasic(k reflect.Kind) bool {
	return k >= reflect.Bool && k <= reflect.Uint64 || isFloat(k) || k == reflect.String
}

func isFloat(k reflect.Kind) bool { return k == reflect.Float32 || k == reflect.Float64 }

// isString reports whether an empty text is a value of t.
func (s *shape) isString() bool { return s.typ.Kind() == reflect.String && !isText(s.typ) }

// lookup finds a field by its name, in any case.
func (s *shape) lookup(name string) (field, bool) {
	for _, f := range s.fields {
		if strings.EqualFold(f.name, name) {
			return f, true
		}
	}
	return field{}, false
}

// step returns the shape of what a part of a path leads to.
func (s *shape) step(part string) *shape {
	if s.kind != record {
		return s.elem
	}
	f, _ := s.lookup(part)
	return f.shape
}

// follow leads along the parts of a name to what takes its values. In the path
// fields have their own names and numbers one form; an empty part is an entry of
// a list that came without a number.
func (s *shape) follow(parts []string) (path []string, end *shape, ok bool) {
	if len(parts) > maxDepth {
		return nil, nil, false
	}
	for i, part := range parts {
		switch s.kind {
		case record:
			f, known := s.lookup(part)
			if !known {
				return nil, nil, false
			}
			part = f.name
		case list:
			if part == "" && i == len(parts)-1 {
				return path, s, s.elem.kind == leaf // tags[]
			}
			if n, isNumber := number(part); isNumber {
				part = n
			} else if part != "" {
				return nil, nil, false
			}
		case dict:
			if part == "" {
				return nil, nil, false
			}
		default:
			return nil, nil, false
		}
		path, s = append(path, part), s.step(part)
	}
	return path, s, s.kind == leaf || s.kind == list && s.elem.kind == leaf
}
