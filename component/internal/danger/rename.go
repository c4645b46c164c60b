package danger

import (
	"maps"
	"slices"
	"strings"
	"text/template/parse"
)

// A rename replaces some bytes of a template's text for the time of the escaping.
type rename struct {
	size int // how many bytes are replaced
	text string
}

// What is put in place of names, or before them, is html/template's word for what they
// mean: whatever is behind a colon counts as the name of an attribute, and whatever is
// behind a semicolon does not count as the type of a script. The control characters
// tell it from the template's own text.
const (
	codeMark   = "\x01:on"               // before the name of an attribute that is code
	srcsetMark = "\x02:srcset"           // in place of imagesrcset
	jsonMark   = "application/json;\x03" // before the type of a script that is JSON
)

var restore = strings.NewReplacer(codeMark, "", srcsetMark, "imagesrcset", jsonMark, "")

// Rename gives attributes whose meaning html/template does not know a name that has that
// meaning, in the trees that the roots reach: attributes that are code, imagesrcset, and
// the type of import maps and speculation rules. [Restore] undoes it.
func Rename(trees map[string]*parse.Tree, roots, code []string) {
	w := newWalker(trees, code)
	w.run(roots)
	for n, renames := range w.renames {
		text := string(n.Text)
		for _, at := range slices.Backward(slices.Sorted(maps.Keys(renames))) {
			r := renames[at]
			text = text[:at] + r.text + text[at+r.size:]
		}
		n.Text = []byte(text)
	}
}

// Restore gives a text, or a message about one, the names back that Rename replaced.
func Restore(text string) string { return restore.Replace(text) }

func (w *walker) rename(at int, r rename) {
	if w.renames[w.node] == nil {
		w.renames[w.node] = map[int]rename{}
	}
	w.renames[w.node][at] = r
}

// renameAttribute renames an attribute whose name is whole in the text.
func (w *walker) renameAttribute(s *state, at int) {
	switch name := s.attribute; {
	case name == "imagesrcset":
		w.rename(at, rename{len(name), srcsetMark})
	case isCode(name, w.code) && !isHandler(name) && !isHyperscript(strings.TrimPrefix(name, "data-")):
		w.rename(at, rename{0, codeMark})
	}
}

// renameType renames the type of a script that is JSON, if the value is whole in the text.
func (w *walker) renameType(s *state, value string, at int) {
	if s.tag.element != "script" || s.attribute != "type" || s.value != value {
		return
	}
	switch strings.ToLower(strings.TrimSpace(value)) {
	case "importmap", "speculationrules":
		w.rename(at, rename{0, jsonMark})
	}
}
