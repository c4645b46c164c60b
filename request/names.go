package request

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// maxDepth bounds how deep one name may lead; a recursive struct has no end of
// its own.
const maxDepth = 16

// split cuts a name into its parts, in whichever way it is written:
// items.0.price, items[0].price and items[0][price] are the same, and tags[] has
// an empty part at its end. Within brackets a dot is a dot. It reports false for
// brackets that do not match; the first part is right even then.
func split(name string) (parts []string, ok bool) {
	head, rest := cutAt(name, ".[")
	parts = append(parts, head)
	for rest != "" {
		var part string
		if rest[0] == '.' {
			part, rest = cutAt(rest[1:], ".[")
		} else if part, rest, ok = strings.Cut(rest[1:], "]"); !ok || rest != "" && rest[0] != '.' && rest[0] != '[' {
			return parts, false
		}
		parts = append(parts, part)
	}
	return parts, true
}

// cutAt cuts s before the first of the bytes.
func cutAt(s, bytes string) (before, after string) {
	if i := strings.IndexAny(s, bytes); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

// sameName reports whether two names are the same for the reader of a form,
// however they are written.
func sameName(a, b string) bool {
	return strings.EqualFold(a, b) || strings.EqualFold(dotted(a), dotted(b))
}

// dotted writes a name with dots, and without the brackets that mark a list.
func dotted(name string) string {
	parts, ok := split(name)
	if !ok {
		return name
	}
	if n := len(parts) - 1; n > 0 && parts[n] == "" {
		parts = parts[:n]
	}
	return strings.Join(parts, ".")
}

// keyed names the entry of a dict.
func keyed(name, key string) string {
	if strings.ContainsAny(key, ".[") {
		return name + "[" + key + "]"
	}
	return name + "." + key
}

// number brings the digits of an index into one form.
func number(part string) (string, bool) {
	if part == "" || strings.Trim(part, "0123456789") != "" {
		return "", false
	}
	if part = strings.TrimLeft(part, "0"); part == "" {
		part = "0"
	}
	return part, true
}

// byNumber compares what number returned. Numbers of any length may be sent:
// scripts use the time as one.
func byNumber(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

// node is what was sent for one place in a struct, and for those within it.
type node struct {
	values []string
	within map[string]*node // by field name, number or key
	rows   int              // entries of a list that came without a number; numbered if with
}

const numbered = -1

// at returns the node of a part, and makes it if needed.
func (n *node) at(part string) *node {
	if n.within[part] == nil {
		if n.within == nil {
			n.within = map[string]*node{}
		}
		n.within[part] = &node{}
	}
	return n.within[part]
}

// get returns the node of a part, or nil.
func (n *node) get(part string) *node {
	if n == nil {
		return nil
	}
	return n.within[part]
}

// entries lists the nodes of a list in the order of their numbers. What was
// skipped is not there.
func (n *node) entries() []*node {
	keys := make([]string, 0, len(n.within))
	for key := range n.within {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, byNumber)
	all := make([]*node, len(keys))
	for i, key := range keys {
		all[i] = n.within[key]
	}
	return all
}

// errMixedRows says that nothing tells which values make one entry of a list.
var errMixedRows = fmt.Errorf("%w: entries without a number must all have the same fields, and none a list: number them, as in items[0][name]", ErrUnknown)

// put adds the values sent under a name to the tree below n, which has the
// shape s.
func (n *node) put(s *shape, parts, values []string) error {
	path, end, ok := s.follow(parts)
	if !ok {
		return ErrUnknown
	}
	if row := slices.Index(path, ""); row >= 0 {
		list, s, ok := n.down(s, path[:row])
		if !ok || end.kind != leaf {
			return errMixedRows
		}
		return list.putRows(s.elem, path[row+1:], values)
	}
	at, _, ok := n.down(s, path)
	if !ok {
		return errMixedRows
	}
	at.values = append(at.values, values...)
	return nil
}

// putRows gives each of the values sent as items[][name] to an entry of its own.
// Nothing but the order says which belong together, so all names must have come
// equally often.
func (n *node) putRows(s *shape, path []string, values []string) error {
	if n.rows != 0 && n.rows != len(values) || slices.Contains(path, "") {
		return errMixedRows
	}
	n.rows = len(values)
	for i, value := range values {
		at, _, ok := n.at(strconv.Itoa(i)).down(s, path)
		if !ok {
			return errMixedRows
		}
		at.values = append(at.values, value)
	}
	return nil
}

// down returns the node at the end of a path, and makes it if needed. It reports
// false if the entries of a list come both with numbers and without.
func (n *node) down(s *shape, path []string) (*node, *shape, bool) {
	for _, part := range path {
		if s.kind == list {
			if n.rows > 0 {
				return nil, nil, false
			}
			n.rows = numbered
		}
		n, s = n.at(part), s.step(part)
	}
	return n, s, true
}
