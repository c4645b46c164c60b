package request

import (
	"encoding"
	"fmt"
	"mime/multipart"
	"reflect"
	"slices"
	"strings"
	"time"
)

// A plan knows which names lead where in a struct type. It decides what may
// reach gorilla/schema, which trusts its keys further than we trust clients.
type plan struct {
	root   reflect.Type
	tag    string
	shapes map[reflect.Type][]field
}

// field is one name and what it fills.
type field struct {
	name     string
	index    []int // from the struct it is listed in, through embedded ones
	kind     kind
	typ      reflect.Type // of one value, element or nested struct
	required bool
}

type kind int

const (
	unsupported kind = iota
	leaf             // one value
	list             // a value for each element
	nested           // a struct: name.field
	items            // a slice of structs: name.0.field
	file             // an uploaded file
	files            // several
)

var (
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
	timeType        = reflect.TypeFor[time.Time]()
	fileType        = reflect.TypeFor[*multipart.FileHeader]()
	filesType       = reflect.TypeFor[[]*multipart.FileHeader]()
)

// newPlan reports every field it cannot serve: a name that never arrives would
// be a silent mistake.
func newPlan(root reflect.Type, tag string) (*plan, error) {
	if root.Kind() != reflect.Struct {
		return nil, fmt.Errorf("%v is not a struct: give one with a field for each value", root)
	}
	p := &plan{root: root, tag: tag, shapes: map[reflect.Type][]field{}}
	return p, p.describe(root)
}

// describe fills in the shape of t and of all structs below it.
func (p *plan) describe(t reflect.Type) error {
	if _, done := p.shapes[t]; done {
		return nil
	}
	fields, err := p.flatten(t, nil)
	if err != nil {
		return err
	}
	fields = slices.DeleteFunc(fields, field.hidden)
	p.shapes[t] = fields
	for _, f := range fields {
		if err := p.settles(t, f); err != nil {
			return err
		}
		if f.kind == nested || f.kind == items {
			if err := p.describe(f.typ); err != nil {
				return err
			}
		}
	}
	return nil
}

// settles reports a field that gorilla/schema or setFiles would not find again.
func (p *plan) settles(t reflect.Type, f field) error {
	goName := t.FieldByIndex(f.index).Name
	if found, _ := t.FieldByName(goName); !slices.Equal(found.Index, f.index) {
		return fmt.Errorf("%v: the field for %q is hidden by another named %s: rename one", t, f.name, goName)
	}
	if t != p.root && (f.kind == file || f.kind == files) {
		return fmt.Errorf("%v.%s: a file can only be a field of %v itself", t, goName, p.root)
	}
	return nil
}

// flatten lists the fields of t, then those of its embedded structs that t does
// not hide itself. Hidden ones are listed too, since gorilla/schema sees them
// and would take one for a visible field of the same name.
func (p *plan) flatten(t reflect.Type, within []reflect.Type) ([]field, error) {
	if slices.Contains(within, t) {
		return nil, fmt.Errorf("%v embeds itself: use a named field", t)
	}
	within = append(slices.Clone(within), t)
	var all, promoted []field
	for i := range t.NumField() {
		sf := t.Field(i)
		if sf.Tag.Get(p.tag) == "-" {
			continue
		}
		f, err := p.field(t, sf)
		if err != nil {
			return nil, err
		}
		if all, err = p.add(t, all, f); err != nil {
			return nil, err
		}
		if embedded, ok := p.embedded(sf); ok {
			below, err := p.flatten(embedded, within)
			if err != nil {
				return nil, err
			}
			for _, f := range below {
				f.index = append([]int{i}, f.index...)
				promoted = append(promoted, f)
			}
		}
	}
	direct := slices.Clone(all)
	for _, f := range promoted {
		if i := slices.IndexFunc(direct, f.sameName); i >= 0 && !direct[i].hidden() {
			continue
		}
		var err error
		if all, err = p.add(t, all, f); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// add appends f unless its name is taken.
func (p *plan) add(t reflect.Type, all []field, f field) ([]field, error) {
	i := slices.IndexFunc(all, f.sameName)
	if i >= 0 && !(f.hidden() && all[i].hidden()) {
		return nil, fmt.Errorf("%v has two fields named %q: give one another name, or the tag `%s:\"-\"`", t, f.name, p.tag)
	}
	return append(all, f), nil
}

// hidden reports whether nothing can be read into f by its own name.
func (f field) hidden() bool { return f.kind == unsupported }

func (f field) sameName(other field) bool { return strings.EqualFold(f.name, other.name) }

// embedded returns the struct whose fields sf promotes.
func (p *plan) embedded(sf reflect.StructField) (reflect.Type, bool) {
	t := sf.Type
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t, sf.Anonymous && t.Kind() == reflect.Struct && !isLeaf(t)
}

// field describes sf. An unexported field is hidden, and so is an embedded
// struct, whose fields count as those of t.
func (p *plan) field(t reflect.Type, sf reflect.StructField) (field, error) {
	alias, options, _ := strings.Cut(sf.Tag.Get(p.tag), ",")
	if alias == "" {
		alias = sf.Name
	}
	f := field{name: alias, index: sf.Index, required: slices.Contains(strings.Split(options, ","), "required")}
	_, embeds := p.embedded(sf)
	switch {
	case !sf.IsExported() && embeds && sf.Type.Kind() == reflect.Pointer:
		return f, fmt.Errorf("%v: the embedded %v cannot be set: embed the struct itself, or export its type", t, sf.Type)
	case !sf.IsExported(), embeds:
		return f, nil
	case strings.Contains(alias, "."):
		return f, fmt.Errorf("%v.%s: the name %q has a dot, which leads into a struct: choose another", t, sf.Name, alias)
	}
	if f.kind, f.typ = classify(sf.Type); f.kind == unsupported {
		return f, fmt.Errorf("%v.%s: a %v cannot be read from text: give it an UnmarshalText method, or leave it out with the tag `%s:\"-\"`", t, sf.Name, sf.Type, p.tag)
	}
	return f, nil
}

func classify(t reflect.Type) (kind, reflect.Type) {
	switch t {
	case fileType:
		return file, t
	case filesType:
		return files, t
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
		if t.Kind() == reflect.Slice && !isLeaf(t) {
			return unsupported, t
		}
	}
	switch {
	case isLeaf(t):
		return leaf, t
	case t.Kind() == reflect.Struct:
		return nested, t
	case t.Kind() != reflect.Slice:
		return unsupported, t
	}
	elem := t.Elem()
	if elem.Kind() == reflect.Pointer {
		elem = elem.Elem()
	}
	switch {
	case isBasic(elem.Kind()), elem.Kind() == reflect.Struct && isLeaf(elem):
		return list, elem
	case elem.Kind() == reflect.Struct:
		return items, elem
	}
	return unsupported, t
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
	return k >= reflect.Bool && k <= reflect.Uint64 || k == reflect.Float32 || k == reflect.Float64 || k == reflect.String
}

// lookup finds a name in t, in any case.
func (p *plan) lookup(t reflect.Type, name string) (field, bool) {
	for _, f := range p.shapes[t] {
		if strings.EqualFold(f.name, name) {
			return f, true
		}
	}
	return field{}, false
}
