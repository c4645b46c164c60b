package compile

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"text/template/parse"
	"unicode"

	"github.com/ropewalk/ropewalk/component/internal/run"
	"github.com/ropewalk/ropewalk/component/internal/source"
)

// A function is one entry of Funcs.
type function struct {
	name     string
	value    reflect.Value
	typ      reflect.Type
	template string // the template that makes the component, if the function stands for one

	// What makes the template's props from the request and the arguments, if a caller does not
	// give them, and whether it does so beside the page.
	make     reflect.Value
	parallel bool
}

// A TemplateFunc is an entry of Funcs that stands for a template of the same
// set: a function from Props to the component that the template makes of them, or one with
// the parameters of Make, which makes the props.
type TemplateFunc struct {
	Template string
	Props    reflect.Type
	Make     any  // a function, if Props is nil
	Parallel bool // Make is called beside the page
}

// function is the function that f stands for.
func (f TemplateFunc) function(name string) (*function, error) {
	in := []reflect.Type{f.Props}
	out := &function{name: name, template: f.Template, parallel: f.Parallel}
	if f.Props == nil {
		out.make = reflect.ValueOf(f.Make)
		if out.make.Kind() != reflect.Func || out.make.IsNil() {
			return nil, fmt.Errorf("component: function %q: what makes the props of template %q is a %T: give a function that returns them", name, f.Template, f.Make)
		}
		t := out.make.Type()
		if err := run.CheckResults(name, t); err != nil {
			return nil, fmt.Errorf("component: %w", err)
		}
		in = nil
		for i := range t.NumIn() {
			in = append(in, t.In(i))
		}
		out.typ = reflect.FuncOf(in, []reflect.Type{run.ComponentType}, t.IsVariadic())
		return out, nil
	}
	out.typ = reflect.FuncOf(in, []reflect.Type{run.ComponentType}, false)
	return out, nil
}

// newFunctions checks what text/template panics on, and refuses the names by
// which html/template calls its own escapers: it would take the user's
// function for the trusted one.
func newFunctions(funcs map[string]any) (map[string]*function, error) {
	out := make(map[string]*function, len(funcs))
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(funcs)) {
		v := reflect.ValueOf(funcs[name])
		f, isTemplate := funcs[name].(TemplateFunc)
		switch {
		case !goodName(name):
			errs = append(errs, fmt.Errorf("component: function name %q is not a valid identifier", name))
		case reservedName(name):
			errs = append(errs, fmt.Errorf("component: function %q would replace one of html/template's escapers: choose another name", name))
		case isTemplate:
			fn, err := f.function(name)
			if err != nil {
				errs = append(errs, err)
				continue
			}
			out[name] = fn
		case v.Kind() != reflect.Func:
			errs = append(errs, fmt.Errorf("component: function %q is a %T, not a function", name, funcs[name]))
		case v.IsNil():
			errs = append(errs, fmt.Errorf("component: function %q is nil%s", name, unbound(v.Type())))
		default:
			if err := run.CheckResults(name, v.Type()); err != nil {
				errs = append(errs, fmt.Errorf("component: %w", err))
				continue
			}
			out[name] = &function{name: name, value: v, typ: v.Type()}
		}
		if f := out[name]; f != nil {
			if err := f.checkTags(); err != nil {
				errs = append(errs, err)
			}
		}
	}
	return out, errors.Join(errs...)
}

func reservedName(name string) bool {
	switch name {
	case "html", "urlquery", "js", "_eval_args_":
		return true
	}
	return strings.HasPrefix(name, run.EscaperPrefix)
}

func goodName(name string) bool {
	for i, r := range name {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r)) {
			return false
		}
	}
	return name != ""
}

// unknownFunctions reports every call of a function that does not exist.
func (env *environment) unknownFunctions(src *source.File, t *parse.Tree) source.Diagnostics {
	var found source.Diagnostics
	visit(t.Root, func(n parse.Node) {
		id, ok := n.(*parse.IdentifierNode)
		if !ok || env.funcs[id.Ident] != nil || builtins[id.Ident] != nil {
			return
		}
		names := slices.AppendSeq(slices.Collect(maps.Keys(env.funcs)), maps.Keys(builtins))
		names = slices.DeleteFunc(names, func(name string) bool { return strings.HasPrefix(name, "_") })
		hint := source.DidYouMean(id.Ident, names)
		if slices.Contains(env.sources, id.Ident) {
			hint = fmt.Sprintf("to call the template %s as a component, put it into Funcs: component.Template[Props](%q)", id.Ident, id.Ident)
		}
		found = append(found, source.Diagnose(src, src.SpanOf(id), fmt.Sprintf("function %q is not defined", id.Ident), hint))
	})
	return found
}
