package request

import (
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"
)

// Path decodes the wildcards of the matched pattern into a T, a struct whose
// fields have them as their names: `path:"id"` is {id}.
//
// The values are decoded as r.PathValue gives them: %2F has become a slash. One
// that does not fit its field gives [*FieldErrors] with status 404, since then
// there is no such page.
func Path[T any](r *http.Request) (T, error) {
	var v T
	err := decodePath(r, &v)
	return v, err
}

func decodePath[T any](r *http.Request, v *T) error {
	p, err := pathDecoder.planFor(reflect.TypeFor[T]())
	if err != nil {
		return fmt.Errorf("request: Path: %w", err)
	}
	src := source{op: "Path", code: http.StatusNotFound, values: url.Values{}}
	for _, f := range p.shapes[p.root] {
		if f.kind != leaf {
			return fmt.Errorf("request: Path: %v: the field for {%s} must take one value", p.root, f.name)
		}
		value, ok := wildcard(r, f.name)
		if !ok {
			return fmt.Errorf("request: Path: %v: the pattern %q has no {%s}: rename the wildcard, or tag the field with its name", p.root, r.Pattern, f.name)
		}
		src.values.Set(f.name, value)
	}
	return pathDecoder.decode(v, src, chosen(nil))
}

// wildcard returns the value of a wildcard, by its name in any case if the
// pattern is known. Routers other than http.ServeMux may not tell it, so without
// one every name is taken for a wildcard.
func wildcard(r *http.Request, name string) (string, bool) {
	if value := r.PathValue(name); value != "" {
		return value, true
	}
	rest := r.Pattern
	for {
		var found string
		var ok bool
		if _, rest, ok = strings.Cut(rest, "{"); !ok {
			break
		}
		if found, rest, ok = strings.Cut(rest, "}"); !ok {
			break
		}
		if found = strings.TrimSuffix(found, "..."); strings.EqualFold(found, name) {
			return r.PathValue(found), true
		}
	}
	return r.PathValue(strings.ToLower(name)), r.Pattern == ""
}
