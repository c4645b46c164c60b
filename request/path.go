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
//
// A wildcard that the pattern does not have is a mistake of the program. So is
// one that a router keeps to itself: set it with r.SetPathValue before the page
// runs. Of a router that does not set r.Pattern either it is not known whether an
// empty value was handed over: give a field that may be empty a default, such as
// `path:"rest,default:"`.
func Path[T any](r *http.Request) (T, error) {
	var v T
	err := decodePath(r, &v)
	return v, err
}

func decodePath[T any](r *http.Request, v *T) error {
	s, err := pathDecoder.shapeOf(reflect.TypeFor[T]())
	if err != nil {
		return fmt.Errorf("request: Path: %w", err)
	}
	src := source{op: "Path", code: http.StatusNotFound, values: url.Values{}}
	for _, f := range s.fields {
		if f.shape.kind != leaf {
			return fmt.Errorf("request: Path: %v: the field for {%s} must take one value", s.typ, f.name)
		}
		switch value, ok := wildcard(r, f.name); {
		case ok && value == "" && f.preset != nil: // no part of the path is not sent
		case ok:
			src.values.Set(f.name, value)
		case f.preset == nil || hasWildcards(r.Pattern):
			return fmt.Errorf("request: Path: %v: %s", s.typ, noWildcard(r.Pattern, f.name))
		}
	}
	return pathDecoder.decode(v, src, chosen(nil))
}

func hasWildcards(pattern string) bool { return strings.Contains(pattern, "{") }

func noWildcard(pattern, name string) string {
	if hasWildcards(pattern) {
		return fmt.Sprintf("the pattern %q has no {%s}: rename the wildcard, or tag the field with its name", pattern, name)
	}
	return fmt.Sprintf("there is no value for {%s} in the pattern %q: write the wildcard into it, or if the router keeps its own call r.SetPathValue(%[1]q, value) before the page, with what Param of gin and echo or URLParam of chi returns", name, pattern)
}

// wildcard returns the value of a wildcard, by its name in any case if the
// pattern is known. Without one only a value shows that there is a wildcard.
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
		found, _, _ = strings.Cut(found, ":") // chi's {id:[0-9]+}
		if found = strings.TrimSuffix(found, "..."); strings.EqualFold(found, name) {
			return r.PathValue(found), true
		}
	}
	value := r.PathValue(strings.ToLower(name))
	return value, value != "" || name == "*" && strings.HasSuffix(r.Pattern, "/*")
}
