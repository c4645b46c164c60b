package run

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"sync"
	texttemplate "text/template"
)

func Index(item reflect.Value, indexes []reflect.Value) (reflect.Value, error) {
	item = IndirectInterface(item)
	if !item.IsValid() {
		return item, errors.New("index of untyped nil")
	}
	for _, i := range indexes {
		i = IndirectInterface(i)
		var null bool
		if item, null = Indirect(item); null {
			return item, errors.New("index of nil pointer")
		}
		switch item.Kind() {
		case reflect.Array, reflect.Slice, reflect.String:
			x, err := indexArg(i, item.Len())
			if err != nil {
				return item, err
			}
			if x == item.Len() {
				return item, fmt.Errorf("index out of range: %d", x)
			}
			item = item.Index(x)
		case reflect.Map:
			key, err := prepareArg(i, item.Type().Key())
			if err != nil {
				return item, err
			}
			if v := item.MapIndex(key); v.IsValid() {
				item = v
			} else {
				item = reflect.Zero(item.Type().Elem())
			}
		default:
			return item, fmt.Errorf("can't index item of type %s", item.Type())
		}
	}
	return item, nil
}

func indexArg(v reflect.Value, limit int) (int, error) {
	var x int64
	switch {
	case !v.IsValid():
		return 0, errors.New("cannot index slice/array with nil")
	case v.CanInt():
		x = v.Int()
	case v.CanUint():
		x = int64(v.Uint())
	default:
		return 0, fmt.Errorf("cannot index slice/array with type %s", v.Type())
	}
	if x < 0 || int(x) < 0 || int(x) > limit {
		return 0, fmt.Errorf("index out of range: %d", x)
	}
	return int(x), nil
}

// SliceFollows reports whether slice follows pointers, as index and len do. It
// does so since Go 1.26.
var SliceFollows = sync.OnceValue(func() bool {
	text := "text"
	t := texttemplate.Must(texttemplate.New("").Parse("{{slice . 1}}"))
	return t.Execute(io.Discard, &text) == nil
})

func Slice(item reflect.Value, indexes []reflect.Value) (reflect.Value, error) {
	item = IndirectInterface(item)
	if !item.IsValid() {
		return item, errors.New("slice of untyped nil")
	}
	if SliceFollows() {
		var null bool
		if item, null = Indirect(item); null {
			return item, errors.New("slice of nil pointer")
		}
	}
	if len(indexes) > 3 {
		return item, fmt.Errorf("too many slice indexes: %d", len(indexes))
	}
	var limit int
	switch item.Kind() {
	case reflect.String:
		if len(indexes) == 3 {
			return item, errors.New("cannot 3-index slice a string")
		}
		limit = item.Len()
	case reflect.Slice, reflect.Array:
		limit = item.Cap()
	default:
		return item, fmt.Errorf("can't slice item of type %s", item.Type())
	}
	bounds := [3]int{0, item.Len()}
	for k, i := range indexes {
		x, err := indexArg(IndirectInterface(i), limit)
		if err != nil {
			return item, err
		}
		bounds[k] = x
	}
	switch {
	case bounds[0] > bounds[1]:
		return item, fmt.Errorf("invalid slice index: %d > %d", bounds[0], bounds[1])
	case len(indexes) < 3:
		return item.Slice(bounds[0], bounds[1]), nil
	case bounds[1] > bounds[2]:
		return item, fmt.Errorf("invalid slice index: %d > %d", bounds[1], bounds[2])
	}
	return item.Slice3(bounds[0], bounds[1], bounds[2]), nil
}
