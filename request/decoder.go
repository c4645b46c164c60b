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
	"sync"
	"time"

	"github.com/gorilla/schema"
)

// decoder fills structs from named values. It holds nothing but what it learnt
// about types.
type decoder struct {
	tag    string
	schema *schema.Decoder
	plans  sync.Map // reflect.Type -> *planned
}

type planned struct {
	plan *plan
	err  error
}

var (
	formDecoder = newDecoder("form")
	pathDecoder = newDecoder("path")
)

func newDecoder(tag string) *decoder {
	s := schema.NewDecoder()
	s.SetAliasTag(tag)
	s.IgnoreUnknownKeys(true) // the assignment has refused them where it should
	s.MaxSize(math.MaxInt)    // and has bounded every index
	s.RegisterConverter(time.Time{}, parseTime)
	return &decoder{tag: tag, schema: s}
}

func (d *decoder) planFor(t reflect.Type) (*plan, error) {
	found, ok := d.plans.Load(t)
	if !ok {
		p, err := newPlan(t, d.tag)
		found, _ = d.plans.LoadOrStore(t, &planned{p, err})
	}
	return found.(*planned).plan, found.(*planned).err
}

// source is what a request sent.
type source struct {
	op     string
	code   int // the status when a field does not fit
	values url.Values
	files  map[string][]*multipart.FileHeader
}

// decode fills the struct dst points to as far as it can, and returns
// *FieldErrors if something sent does not fit, or another error if the struct
// itself is at fault.
func (d *decoder) decode(dst any, src source, limits Limits) error {
	v := reflect.ValueOf(dst).Elem()
	p, err := d.planFor(v.Type())
	if err != nil {
		return fmt.Errorf("request: %s: %w", src.op, err)
	}
	if err := src.count(limits); err != nil {
		return err
	}
	a := assign(p, src, limits)
	if err := d.fill(dst, a); err != nil {
		return fmt.Errorf("request: %s: %v: %w", src.op, p.root, err)
	}
	a.setFiles(v, src.files)
	if len(a.wrong) == 0 {
		return nil
	}
	return &FieldErrors{Fields: a.wrong.sorted(), Values: a.raw, op: src.op, code: src.code}
}

// count refuses a request before any work is done for its values.
func (src source) count(limits Limits) error {
	n := 0
	for _, values := range src.values {
		n += len(values)
	}
	if n > limits.Fields {
		return tooLarge(src.op, "%d values were sent, at most %d are taken: raise Limits.Fields if so many are meant", n, limits.Fields)
	}
	n = 0
	for _, files := range src.files {
		n += len(files)
	}
	if n > limits.Files {
		return tooLarge(src.op, "%d files were sent, at most %d are taken: raise Limits.Files if so many are meant", n, limits.Files)
	}
	return nil
}

// fill hands the assigned values to gorilla/schema and sorts its errors: those
// about a value we passed are the client's, the rest are the struct's.
func (d *decoder) fill(dst any, a *assignment) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("decoding panicked: %v", p)
		}
	}()
	var all schema.MultiError
	if err := d.schema.Decode(dst, a.values); err == nil {
		return nil
	} else if !errors.As(err, &all) {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(all)) {
		var empty schema.EmptyFieldError
		at, passed := a.fields[key]
		switch {
		case errors.As(all[key], &empty): // found by require already, and by name
		case !passed:
			return all[key]
		default:
			a.reject(at, a.values[key], all[key])
		}
	}
	return nil
}

// reject records why a value could not be converted.
func (a *assignment) reject(at place, values []string, err error) {
	var conversion schema.ConversionError
	value := ""
	if errors.As(err, &conversion) {
		err = conversion.Err
		if i := conversion.Index; i >= 0 && i < len(values) {
			value = values[i]
		} else if len(values) > 0 {
			value = values[len(values)-1]
		}
	}
	a.wrong.add(at.name, complaint(at.field.typ, value), err)
}

// complaint words why value makes no t, to be read after the field's name.
func complaint(t reflect.Type, value string) string {
	if t == timeType {
		return "must be a date"
	}
	if isText(t) {
		return "is not valid"
	}
	switch k := t.Kind(); {
	case k == reflect.Bool:
		return "must be yes or no"
	case k >= reflect.Int && k <= reflect.Uint64:
		return wholeNumber(t, value)
	case k == reflect.Float32 || k == reflect.Float64:
		return "must be a number"
	}
	return "is not valid"
}

func wholeNumber(t reflect.Type, value string) string {
	digits, negative := strings.CutPrefix(value, "-")
	unsigned := t.Kind() >= reflect.Uint
	switch _, err := strconv.ParseUint(digits, 10, 64); {
	case err != nil && !errors.Is(err, strconv.ErrRange):
		return "must be a whole number"
	case negative && unsigned:
		return "must not be negative"
	}
	if negative {
		return "is too small"
	}
	return "is too large"
}

// parseTime reads RFC 3339 and what HTML's date and datetime-local inputs send,
// which is taken as UTC.
func parseTime(s string) reflect.Value {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04", "2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return reflect.ValueOf(t)
		}
	}
	return reflect.Value{}
}
