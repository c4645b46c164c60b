package compile

import (
	"bytes"
	"reflect"
	"text/template/parse"

	"github.com/ropewalk/ropewalk/component/internal/run"
	"github.com/ropewalk/ropewalk/component/internal/source"
)

// childrenField is the props field that the body of with becomes.
const childrenField = "Children"

// propsOf reports whether a call of f names its props: f makes a component
// from one struct, and is given anything but one value.
func (c *compiler) propsOf(f *function, args []parse.Node, final *expr) (reflect.Type, bool) {
	count := len(args)
	if final != nil {
		count++
	}
	props, ok := f.props()
	if !ok {
		return nil, false
	}
	if count == 1 { // the props as a whole, but for a name that lacks its value
		if len(args) == 0 || args[0].Type() != parse.NodeString {
			return nil, false
		}
	}
	return props, props.Kind() == reflect.Struct && props != run.ValueType
}

// props is the type from which a function makes a component, if it does from one value.
func (f *function) props() (reflect.Type, bool) {
	sig := run.SignatureOf(f.typ, 0).WithoutContext()
	if len(sig.In) != 1 || sig.Variadic || !isComponent(f) {
		return nil, false
	}
	return sig.In[0], true
}

func isComponent(f *function) bool { return f.typ.Out(0).Implements(run.ComponentType) }

// A prop is one named argument of a component.
type prop struct {
	index []int
	value func(st *run.State, dot run.Pointer) reflect.Value
}

// callComponent compiles {{card "Title" .Name}}: names and values by turns.
// The children, if any, go to the field of that name.
func (c *compiler) callComponent(n *parse.IdentifierNode, f *function, sig *run.Signature, props reflect.Type, args []parse.Node, final *expr, children func(st *run.State, dot run.Pointer) run.Component) *expr {
	values, bad := c.props(n, f, props, args, final, children != nil)
	if bad != nil {
		return bad
	}
	childrenIndex := childrenIndex(props)
	return c.makeComponent(n, f, sig, func(st *run.State, dot run.Pointer) reflect.Value {
		p := reflect.New(props).Elem()
		for _, v := range values {
			p.FieldByIndex(v.index).Set(v.value(st, dot))
		}
		if children != nil {
			p.FieldByIndex(childrenIndex).Set(reflect.ValueOf(children(st, dot)))
		}
		return p
	})
}

// makeComponent calls a component's function with its props; a template's is
// not called but stands for the template with the props as dot.
func (c *compiler) makeComponent(n *parse.IdentifierNode, f *function, sig *run.Signature, props func(st *run.State, dot run.Pointer) reflect.Value) *expr {
	if f.make.IsValid() {
		return c.makeProps(n, f, sig, []*argument{{t: sig.In[0], value: props}})
	}
	if f.template == "" {
		s, fn, count := c.site(n), f.value, 1
		if sig.Context {
			count++
		}
		return result(n, sig, func(st *run.State, dot run.Pointer) reflect.Value {
			in, outer := st.BeginArguments(count)
			if sig.Context {
				in[0] = reflect.ValueOf(st.Context())
			}
			in[count-1] = props(st, dot)
			v := s.Invoke(st, fn, in)
			st.EndArguments(in, outer)
			return v
		})
	}
	if !c.program.defined(f.template) {
		return c.mistake(n, c.set.nameHint(f.template), "Funcs[%q] stands for template %q, which is not defined", f.name, f.template)
	}
	template, s := c.program.template(f.template, dotType{t: sig.In[0]}), c.site(n)
	return typed(n, run.ComponentType, func(st *run.State, dot run.Pointer) reflect.Value {
		r := template.On(props(st, dot))
		r.Depth = s.NextDepth(st)
		return reflect.ValueOf(&r)
	})
}

// makeProps compiles a component whose props a Go function makes: before the component is
// rendered, or in a part of its own.
func (c *compiler) makeProps(n *parse.IdentifierNode, f *function, sig *run.Signature, args []*argument) *expr {
	if !c.program.defined(f.template) {
		return c.mistake(n, source.DidYouMean(f.template, c.set.Names()), "%s: template %q is not defined", f.name, f.template)
	}
	t := f.make.Type()
	made := *sig
	made.Out, made.Fails = t.Out(0), t.NumOut() == 2
	template, s := c.program.template(f.template, dotType{t: made.Out}), c.site(n)
	if !f.parallel {
		props := invoke(n, s, &made, f.make, nil, args).asValue()
		return typed(n, run.ComponentType, func(st *run.State, dot run.Pointer) reflect.Value {
			r := template.On(props(st, dot))
			r.Depth = s.NextDepth(st)
			return reflect.ValueOf(&r)
		})
	}
	return typed(n, run.ComponentType, func(st *run.State, dot run.Pointer) reflect.Value {
		in := make([]reflect.Value, 0, 1+len(args)) // the part has them when the page has gone on
		if made.Context {
			in = append(in, reflect.Value{}) // the part's
		}
		for _, arg := range args {
			in = append(in, arg.value(st, dot))
		}
		return reflect.ValueOf(&run.Load{Make: f.make, In: in, Context: made.Context, Template: template, Site: s, Depth: s.NextDepth(st)})
	})
}

// absent compiles the props that a call by names does not give.
func (c *compiler) absent(n *parse.IdentifierNode, f *function, props reflect.Type, given map[string]bool) ([]prop, *expr) {
	var out []prop
	var bad *expr
	tagged, _ := fieldTags(props) // an error of which is one of Funcs
	for _, tag := range tagged {
		switch {
		case given[tag.name] || insideGiven(props, tag.index, given):
		case tag.required:
			bad = c.mistake(n, "", "%s: prop %s is required", f.name, tag.name)
		case behindPointer(props, tag.index):
			bad = c.mistake(n, "", "%s: the default of prop %s: it is behind an embedded pointer", f.name, tag.name)
		default:
			v := tag.preset
			out = append(out, prop{tag.index, func(*run.State, run.Pointer) reflect.Value { return v }})
		}
	}
	return out, bad
}

// insideGiven reports whether a field is of an embedded struct that is given as a whole.
func insideGiven(props reflect.Type, index []int, given map[string]bool) bool {
	for k := 1; k < len(index); k++ {
		if given[props.FieldByIndex(index[:k]).Name] {
			return true
		}
	}
	return false
}

// behindPointer reports whether a field is of a struct that an embedded pointer leads
// to, which may be nil or somebody else's.
func behindPointer(props reflect.Type, index []int) bool {
	for k := 1; k < len(index); k++ {
		if props.FieldByIndex(index[:k]).Type.Kind() == reflect.Pointer {
			return true
		}
	}
	return false
}

// props compiles names and values against the fields of the props.
func (c *compiler) props(n *parse.IdentifierNode, f *function, props reflect.Type, args []parse.Node, final *expr, children bool) ([]prop, *expr) {
	var out []prop
	var bad *expr
	seen := map[string]bool{}
	for i := 0; i < len(args); i += 2 {
		name, ok := args[i].(*parse.StringNode)
		if !ok {
			return nil, c.mistake(args[i], "write its props as \"Name\" value", "%s: expected the name of a prop in quotes; found %s", f.name, args[i])
		}
		field, ok := props.FieldByName(name.Text)
		switch {
		case !ok || !field.IsExported():
			bad = c.mistake(name, source.DidYouMean(name.Text, run.FieldNames(props)), "%s: %s has no prop %s", f.name, props, name.Text)
			continue
		case behindPointer(props, field.Index):
			bad = c.mistake(name, "give "+props.Field(field.Index[0]).Name+" as a whole", "%s: prop %s is behind an embedded pointer", f.name, name.Text)
			continue
		case seen[name.Text]:
			bad = c.mistake(name, "", "%s: prop %s is given twice", f.name, name.Text)
			continue
		case i+1 == len(args) && final == nil:
			return nil, c.mistake(name, "", "%s: prop %s has no value", f.name, name.Text)
		}
		seen[name.Text] = true
		var value *argument
		var e *expr
		if i+1 < len(args) {
			value, e = c.argument(args[i+1], field.Type)
		} else {
			value, e = c.convert(final, n, field.Type)
			final = nil
		}
		if e != nil {
			bad = e
			continue
		}
		out = append(out, prop{field.Index, value.value})
	}
	if final != nil {
		return nil, c.mistake(n, "write the prop's name last: value | "+f.name+" \"Name\"", "%s: the piped value has no name", f.name)
	}
	if children {
		seen[childrenField] = true
	}
	rest, e := c.absent(n, f, props, seen)
	if e != nil {
		bad = e
	}
	return append(out, rest...), bad
}

// childrenIndex finds the field for children; nil if there is none.
func childrenIndex(props reflect.Type) []int {
	if props.Kind() != reflect.Struct {
		return nil
	}
	f, ok := props.FieldByName(childrenField)
	if !ok || behindPointer(props, f.Index) || f.Type.Kind() != reflect.Interface || !reflect.TypeFor[*run.Rendering]().AssignableTo(f.Type) {
		return nil
	}
	return f.Index
}

// componentCall reports whether the pipeline of a with is the call of a
// component, so that the body is its children.
func (src *definition) componentCall(p *parse.PipeNode) (*function, bool) {
	if len(p.Decl) > 0 {
		return nil, false
	}
	id, ok := p.Cmds[len(p.Cmds)-1].Args[0].(*parse.IdentifierNode)
	if !ok {
		return nil, false
	}
	f := src.funcs[id.Ident]
	return f, f != nil && isComponent(f)
}

// withChildren compiles {{with card "Title" .Name}} children {{end}}.
func (c *compiler) withChildren(n *parse.WithNode, f *function) run.Op {
	last := n.Pipe.Cmds[len(n.Pipe.Cmds)-1]
	id := last.Args[0].(*parse.IdentifierNode)
	props, ok := f.props()
	if !ok || childrenIndex(props) == nil {
		return c.mistakeOp(id, "add a field Children component.Component to its props, or print it without with", "%s takes no children", f.name)
	}
	if n.ElseList != nil {
		if o := c.mistakeOp(id, "a component is always there", "with %s: a component's children have no else", f.name); o != nil {
			return o
		}
	}
	children := c.children(id, n.List)
	if blank(n.List) { // so that the component can tell, and show something in their place
		children = nil
	}
	var final *expr
	first := effect(nil)
	if before := n.Pipe.Cmds[:len(n.Pipe.Cmds)-1]; len(before) > 0 {
		if final = c.commands(before); final.bad {
			return nil
		}
		first, final = c.evaluatedFirst(final)
	}
	sig := run.SignatureOf(f.typ, 0).WithoutContext()
	args := last.Args[1:]
	var e *expr
	if _, named := c.propsOf(f, args, final); named {
		e = c.callComponent(id, f, &sig, props, args, final, children)
	} else if children == nil {
		e = c.callFunction(id, f, args, final)
	} else {
		e = c.callWithChildren(id, f, &sig, props, args, final, children)
	}
	if first != nil {
		e = e.after(first)
	}
	switch {
	case e.bad:
		return nil
	case e.t == nil:
		return evaluate(e)
	}
	return c.printComponent(e, c.src.withs[n])
}

// blank reports whether a list prints nothing but white space.
func blank(l *parse.ListNode) bool {
	for _, n := range l.Nodes {
		switch n := n.(type) {
		case *parse.CommentNode:
		case *parse.TextNode:
			if len(bytes.TrimSpace(n.Text)) > 0 {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// callWithChildren compiles a call with a whole props value: the children are
// set in a copy of it.
func (c *compiler) callWithChildren(id *parse.IdentifierNode, f *function, sig *run.Signature, props reflect.Type, args []parse.Node, final *expr, children func(st *run.State, dot run.Pointer) run.Component) *expr {
	argv, bad := c.arguments(id, f.name, sig, args, final)
	if bad != nil {
		return bad
	}
	index, value := childrenIndex(props), argv[0].value
	whole, bad := c.whole(id, f, props, func(st *run.State, dot run.Pointer) reflect.Value {
		p := reflect.New(props).Elem()
		p.Set(value(st, dot))
		p.FieldByIndex(index).Set(reflect.ValueOf(children(st, dot)))
		return p
	})
	if bad != nil {
		return bad
	}
	return c.makeComponent(id, f, sig, whole)
}

// children compiles a body that is rendered later, perhaps while the rest of
// this template runs: it gets a copy of the variables.
func (c *compiler) children(id *parse.IdentifierNode, l *parse.ListNode) func(st *run.State, dot run.Pointer) run.Component {
	loops := c.loops
	c.loops = 0
	body := c.list(l)
	c.loops = loops
	unit, typed, s := c.unit, c.dot.t != nil, c.site(id)
	return func(st *run.State, dot run.Pointer) run.Component {
		frame := make([]run.Slot, len(st.Frame))
		copy(frame, st.Frame)
		if !typed {
			cell := run.CellAt(dot)
			dot = run.PointerToCell(&cell)
		}
		return &run.Rendering{Unit: unit, Code: body, Dot: dot, Frame: frame, Depth: s.NextDepth(st)}
	}
}
