package request

import (
	"fmt"
	"maps"
	"mime/multipart"
	"reflect"
	"slices"
)

// sortFiles brings uploaded files to the names of their fields.
func (f *filling) sortFiles(s *shape, sent map[string][]*multipart.FileHeader) map[string][]*multipart.FileHeader {
	sorted := map[string][]*multipart.FileHeader{}
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		parts, matched := split(name)
		field, owned := s.lookup(parts[0])
		switch {
		case !owned && !f.limits.Strict:
		case owned && matched && field.takesFile(parts[1:]):
			sorted[field.name] = append(sorted[field.name], sent[name]...)
		default:
			f.wrong.add(name, "is not expected to be a file", ErrUnknown)
		}
	}
	return sorted
}

// takesFile reports whether a file belongs to what the rest of its name leads to:
// several may come as photos[] or photos.0.
func (f field) takesFile(rest []string) bool {
	switch {
	case len(rest) == 0:
		return f.shape.isFile()
	case len(rest) > 1 || f.shape.kind != files:
		return false
	}
	_, isNumber := number(rest[0])
	return rest[0] == "" || isNumber
}

// files fills a field of v with what was uploaded for it.
func (f *filling) files(v reflect.Value, fd field, name string, sent []*multipart.FileHeader) {
	switch {
	case len(sent) == 0:
		if fd.required {
			f.wrong.add(name, "is required", ErrRequired)
		}
	case slices.ContainsFunc(sent, func(h *multipart.FileHeader) bool { return h.Size > f.limits.File }):
		f.wrong.add(name, fileTooLarge(f.limits), ErrFileTooLarge)
	case fd.shape.kind == files:
		settable(v, fd.index).Set(reflect.ValueOf(sent))
	case len(sent) > 1:
		f.wrong.add(name, "takes one file", ErrTooMany)
	default:
		settable(v, fd.index).Set(reflect.ValueOf(sent[0]))
	}
}

func fileTooLarge(limits Limits) string {
	switch n := limits.File; {
	case n < 1<<10:
		return fmt.Sprintf("is larger than %d bytes", n)
	case n < 1<<20:
		return fmt.Sprintf("is larger than %d KB", n>>10)
	default:
		return fmt.Sprintf("is larger than %d MB", n>>20)
	}
}
