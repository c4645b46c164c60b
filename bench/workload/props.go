package workload

import (
	"fmt"
	"reflect"
	"time"
)

// Dynamic returns the data of a page as maps: structs become map[string]any
// and slices []any, as if the data had come from JSON with the numbers whole and
// the times read.
func (s *Set) Dynamic(page Name) (map[string]any, error) {
	typed, err := s.Typed(page)
	if err != nil {
		return nil, err
	}
	return dynamic(reflect.ValueOf(typed)).(map[string]any), nil
}

// Typed returns the data of a page as the struct that it is.
func (s *Set) Typed(page Name) (any, error) {
	switch page {
	case FortunesPage:
		return s.Fortunes, nil
	case CardsPage:
		return s.Cards, nil
	case TablePage:
		return s.Table, nil
	case ArticlePage:
		return s.Article, nil
	case ContextsPage:
		return s.Contexts, nil
	case IssuesPage:
		return s.Issues, nil
	}
	return nil, &UnknownError{page}
}

// Functions calls the functions that a page calls, and does nothing with their
// results; nil if it calls none.
func (s *Set) Functions(page Name) func() {
	if page != IssuesPage {
		return nil
	}
	ctx := Context()
	return func() { s.Issues.Calls(ctx, func(string) {}) }
}

func dynamic(v reflect.Value) any {
	if v.Type() == reflect.TypeFor[time.Time]() {
		return v.Interface()
	}
	switch v.Kind() {
	case reflect.Struct:
		m := map[string]any{}
		for i := range v.NumField() {
			m[v.Type().Field(i).Name] = dynamic(v.Field(i))
		}
		return m
	case reflect.Slice:
		list := make([]any, v.Len())
		for i := range list {
			list[i] = dynamic(v.Index(i))
		}
		return list
	}
	return v.Interface()
}

// An UnknownError is for a page that there is not.
type UnknownError struct{ Page Name }

func (e *UnknownError) Error() string {
	return fmt.Sprintf("workload: there is no page %q: see workload.Names", string(e.Page))
}
