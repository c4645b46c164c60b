package compile

import (
	"context"
	"html/template"
	"reflect"
	"sync"
	"text/template/parse"
	"time"

	"github.com/ropewalk/ropewalk/component/internal/run"
)

// Most functions that templates call have one of a few types. Those are called as Go calls
// them, with no reflect.Value and no allocation; all others by reflection, see invoke.

// A callee is a function, or a method with what it is called on.
type callee struct {
	site     *run.Site
	sig      *run.Signature
	function any // of a type without a name; nil for a method
	method   reflect.Method
	receiver func(st *run.State, dot run.Pointer) run.Pointer
}

// An evaluator gives a value of a type that the Go compiler knows.
type evaluator[T any] = func(st *run.State, dot run.Pointer) T

// direct compiles a call without reflection; nil if there is none for the callee's type.
func (k *callee) direct(n parse.Node, args []*argument) *expr {
	key := callShape{count: len(k.sig.In), variadic: k.sig.Variadic, out: k.sig.Out}
	if len(k.sig.In) > len(key.in) {
		return nil
	}
	copy(key.in[:], k.sig.In)
	maker := directCalls()[key]
	if maker == nil {
		return nil
	}
	return maker(k, n, args)
}

// A callShape is what a signature must be for a direct call, but for the context and the error.
type callShape struct {
	in       [3]reflect.Type
	count    int
	variadic bool
	out      reflect.Type
}

// directCalls are the makers of direct calls.
var directCalls = sync.OnceValue(func() shapes {
	s := shapes{}
	addShapes(s, texts)
	addShapes(s, trustedHTML)
	addShapes(s, anything)
	addShapes(s, boolean)
	addShapes(s, integer)
	addShapes(s, stringMap)
	return s
})

type shapes map[callShape]func(k *callee, n parse.Node, args []*argument) *expr

// An exprOf makes an expr of what a call returns.
type exprOf[R any] func(n parse.Node, call evaluator[R]) *expr

// addShapes adds the parameters that functions with a result of type R often have.
func addShapes[R any](s shapes, result exprOf[R]) {
	add0(s, result)
	add1[string](s, result)
	add1[int](s, result)
	add1[any](s, result)
	add1[time.Time](s, result)
	add2[string, string](s, result)
	add2[string, int](s, result)
	add2[string, any](s, result)
	add2[int, int](s, result)
	add2[any, any](s, result)
	add2[any, string](s, result)
	add3[string, string, string](s, result)
	add3[string, int, string](s, result)
	addVariadic0(s, result)
	addVariadic1[string](s, result)
	addVariadic1[any](s, result)
}

func add0[R any](s shapes, result exprOf[R]) {
	s[callShape{out: reflect.TypeFor[R]()}] = func(k *callee, n parse.Node, _ []*argument) *expr {
		f := bind0[R](k)
		if f == nil {
			return nil
		}
		return result(n, func(st *run.State, dot run.Pointer) R {
			p, ctx := k.before(st, dot)
			outer := st.BeginCall(k.site)
			r, err := f(p, ctx)
			return returned(st, outer, r, err)
		})
	}
}

func add1[A, R any](s shapes, result exprOf[R]) {
	key := callShape{in: [3]reflect.Type{reflect.TypeFor[A]()}, count: 1, out: reflect.TypeFor[R]()}
	s[key] = func(k *callee, n parse.Node, args []*argument) *expr {
		f := bind1[A, R](k)
		if f == nil {
			return nil
		}
		a := evaluatorOf[A](args[0])
		return result(n, func(st *run.State, dot run.Pointer) R {
			p, ctx := k.before(st, dot)
			x := a(st, dot)
			outer := st.BeginCall(k.site)
			r, err := f(p, ctx, x)
			return returned(st, outer, r, err)
		})
	}
}

func add2[A, B, R any](s shapes, result exprOf[R]) {
	key := callShape{in: [3]reflect.Type{reflect.TypeFor[A](), reflect.TypeFor[B]()}, count: 2, out: reflect.TypeFor[R]()}
	s[key] = func(k *callee, n parse.Node, args []*argument) *expr {
		f := bind2[A, B, R](k)
		if f == nil {
			return nil
		}
		a, b := evaluatorOf[A](args[0]), evaluatorOf[B](args[1])
		return result(n, func(st *run.State, dot run.Pointer) R {
			p, ctx := k.before(st, dot)
			x, y := a(st, dot), b(st, dot)
			outer := st.BeginCall(k.site)
			r, err := f(p, ctx, x, y)
			return returned(st, outer, r, err)
		})
	}
}

func add3[A, B, C, R any](s shapes, result exprOf[R]) {
	key := callShape{in: [3]reflect.Type{reflect.TypeFor[A](), reflect.TypeFor[B](), reflect.TypeFor[C]()}, count: 3, out: reflect.TypeFor[R]()}
	s[key] = func(k *callee, n parse.Node, args []*argument) *expr {
		f := bind3[A, B, C, R](k)
		if f == nil {
			return nil
		}
		a, b, c := evaluatorOf[A](args[0]), evaluatorOf[B](args[1]), evaluatorOf[C](args[2])
		return result(n, func(st *run.State, dot run.Pointer) R {
			p, ctx := k.before(st, dot)
			x, y, z := a(st, dot), b(st, dot), c(st, dot)
			outer := st.BeginCall(k.site)
			r, err := f(p, ctx, x, y, z)
			return returned(st, outer, r, err)
		})
	}
}

func addVariadic0[R any](s shapes, result exprOf[R]) {
	key := callShape{in: [3]reflect.Type{reflect.TypeFor[[]any]()}, count: 1, variadic: true, out: reflect.TypeFor[R]()}
	s[key] = func(k *callee, n parse.Node, args []*argument) *expr {
		f := bindVariadic0[R](k)
		if f == nil {
			return nil
		}
		rest := evaluatorOfRest(args)
		return result(n, func(st *run.State, dot run.Pointer) R {
			p, ctx := k.before(st, dot)
			list := rest(st, dot)
			outer := st.BeginCall(k.site)
			r, err := f(p, ctx, list)
			return returned(st, outer, r, err)
		})
	}
}

func addVariadic1[A, R any](s shapes, result exprOf[R]) {
	key := callShape{in: [3]reflect.Type{reflect.TypeFor[A](), reflect.TypeFor[[]any]()}, count: 2, variadic: true, out: reflect.TypeFor[R]()}
	s[key] = func(k *callee, n parse.Node, args []*argument) *expr {
		f := bindVariadic1[A, R](k)
		if f == nil {
			return nil
		}
		a, rest := evaluatorOf[A](args[0]), evaluatorOfRest(args[1:])
		return result(n, func(st *run.State, dot run.Pointer) R {
			p, ctx := k.before(st, dot)
			x, list := a(st, dot), rest(st, dot)
			outer := st.BeginCall(k.site)
			r, err := f(p, ctx, x, list)
			return returned(st, outer, r, err)
		})
	}
}

// before evaluates what a callee is given before its arguments.
func (k *callee) before(st *run.State, dot run.Pointer) (p run.Pointer, ctx context.Context) {
	if k.receiver != nil {
		p = k.receiver(st, dot)
	}
	if k.sig.Context {
		ctx = st.Context()
	}
	return p, ctx
}

// returned ends a call.
func returned[R any](st *run.State, outer *run.Site, r R, err error) R {
	site := st.Call
	st.Call = outer
	if err != nil {
		site.FailCall(err)
	}
	return r
}

// The bind functions make one form of the forms that a function and a method may have: with
// a context and without, with an error and without. They return nil for any other type.

func bind0[R any](k *callee) func(run.Pointer, context.Context) (R, error) {
	switch f := k.function.(type) {
	case func() R:
		return func(run.Pointer, context.Context) (R, error) { return f(), nil }
	case func() (R, error):
		return func(run.Pointer, context.Context) (R, error) { return f() }
	case func(context.Context) R:
		return func(_ run.Pointer, ctx context.Context) (R, error) { return f(ctx), nil }
	case func(context.Context) (R, error):
		return func(_ run.Pointer, ctx context.Context) (R, error) { return f(ctx) }
	case nil:
		switch {
		case !k.sig.Context && !k.sig.Fails:
			if f, ok := run.MethodAs[func(run.Pointer) R](k.method); ok {
				return func(p run.Pointer, _ context.Context) (R, error) { return f(p), nil }
			}
		case !k.sig.Context:
			if f, ok := run.MethodAs[func(run.Pointer) (R, error)](k.method); ok {
				return func(p run.Pointer, _ context.Context) (R, error) { return f(p) }
			}
		case !k.sig.Fails:
			if f, ok := run.MethodAs[func(run.Pointer, context.Context) R](k.method); ok {
				return func(p run.Pointer, ctx context.Context) (R, error) { return f(p, ctx), nil }
			}
		default:
			if f, ok := run.MethodAs[func(run.Pointer, context.Context) (R, error)](k.method); ok {
				return f
			}
		}
	}
	return nil
}

func bind1[A, R any](k *callee) func(run.Pointer, context.Context, A) (R, error) {
	switch f := k.function.(type) {
	case func(A) R:
		return func(_ run.Pointer, _ context.Context, a A) (R, error) { return f(a), nil }
	case func(A) (R, error):
		return func(_ run.Pointer, _ context.Context, a A) (R, error) { return f(a) }
	case func(context.Context, A) R:
		return func(_ run.Pointer, ctx context.Context, a A) (R, error) { return f(ctx, a), nil }
	case func(context.Context, A) (R, error):
		return func(_ run.Pointer, ctx context.Context, a A) (R, error) { return f(ctx, a) }
	case nil:
		switch {
		case !k.sig.Context && !k.sig.Fails:
			if f, ok := run.MethodAs[func(run.Pointer, A) R](k.method); ok {
				return func(p run.Pointer, _ context.Context, a A) (R, error) { return f(p, a), nil }
			}
		case !k.sig.Context:
			if f, ok := run.MethodAs[func(run.Pointer, A) (R, error)](k.method); ok {
				return func(p run.Pointer, _ context.Context, a A) (R, error) { return f(p, a) }
			}
		case !k.sig.Fails:
			if f, ok := run.MethodAs[func(run.Pointer, context.Context, A) R](k.method); ok {
				return func(p run.Pointer, ctx context.Context, a A) (R, error) { return f(p, ctx, a), nil }
			}
		default:
			if f, ok := run.MethodAs[func(run.Pointer, context.Context, A) (R, error)](k.method); ok {
				return func(p run.Pointer, ctx context.Context, a A) (R, error) { return f(p, ctx, a) }
			}
		}
	}
	return nil
}

func bind2[A, B, R any](k *callee) func(run.Pointer, context.Context, A, B) (R, error) {
	switch f := k.function.(type) {
	case func(A, B) R:
		return func(_ run.Pointer, _ context.Context, a A, b B) (R, error) { return f(a, b), nil }
	case func(A, B) (R, error):
		return func(_ run.Pointer, _ context.Context, a A, b B) (R, error) { return f(a, b) }
	case func(context.Context, A, B) R:
		return func(_ run.Pointer, ctx context.Context, a A, b B) (R, error) { return f(ctx, a, b), nil }
	case func(context.Context, A, B) (R, error):
		return func(_ run.Pointer, ctx context.Context, a A, b B) (R, error) { return f(ctx, a, b) }
	case nil:
		switch {
		case !k.sig.Context && !k.sig.Fails:
			if f, ok := run.MethodAs[func(run.Pointer, A, B) R](k.method); ok {
				return func(p run.Pointer, _ context.Context, a A, b B) (R, error) { return f(p, a, b), nil }
			}
		case !k.sig.Context:
			if f, ok := run.MethodAs[func(run.Pointer, A, B) (R, error)](k.method); ok {
				return func(p run.Pointer, _ context.Context, a A, b B) (R, error) { return f(p, a, b) }
			}
		case !k.sig.Fails:
			if f, ok := run.MethodAs[func(run.Pointer, context.Context, A, B) R](k.method); ok {
				return func(p run.Pointer, ctx context.Context, a A, b B) (R, error) { return f(p, ctx, a, b), nil }
			}
		default:
			if f, ok := run.MethodAs[func(run.Pointer, context.Context, A, B) (R, error)](k.method); ok {
				return func(p run.Pointer, ctx context.Context, a A, b B) (R, error) { return f(p, ctx, a, b) }
			}
		}
	}
	return nil
}

func bind3[A, B, C, R any](k *callee) func(run.Pointer, context.Context, A, B, C) (R, error) {
	switch f := k.function.(type) {
	case func(A, B, C) R:
		return func(_ run.Pointer, _ context.Context, a A, b B, c C) (R, error) { return f(a, b, c), nil }
	case func(A, B, C) (R, error):
		return func(_ run.Pointer, _ context.Context, a A, b B, c C) (R, error) { return f(a, b, c) }
	case func(context.Context, A, B, C) R:
		return func(_ run.Pointer, ctx context.Context, a A, b B, c C) (R, error) { return f(ctx, a, b, c), nil }
	case func(context.Context, A, B, C) (R, error):
		return func(_ run.Pointer, ctx context.Context, a A, b B, c C) (R, error) { return f(ctx, a, b, c) }
	case nil:
		switch {
		case !k.sig.Context && !k.sig.Fails:
			if f, ok := run.MethodAs[func(run.Pointer, A, B, C) R](k.method); ok {
				return func(p run.Pointer, _ context.Context, a A, b B, c C) (R, error) { return f(p, a, b, c), nil }
			}
		case !k.sig.Context:
			if f, ok := run.MethodAs[func(run.Pointer, A, B, C) (R, error)](k.method); ok {
				return func(p run.Pointer, _ context.Context, a A, b B, c C) (R, error) { return f(p, a, b, c) }
			}
		case !k.sig.Fails:
			if f, ok := run.MethodAs[func(run.Pointer, context.Context, A, B, C) R](k.method); ok {
				return func(p run.Pointer, ctx context.Context, a A, b B, c C) (R, error) { return f(p, ctx, a, b, c), nil }
			}
		default:
			if f, ok := run.MethodAs[func(run.Pointer, context.Context, A, B, C) (R, error)](k.method); ok {
				return func(p run.Pointer, ctx context.Context, a A, b B, c C) (R, error) { return f(p, ctx, a, b, c) }
			}
		}
	}
	return nil
}

func bindVariadic0[R any](k *callee) func(run.Pointer, context.Context, []any) (R, error) {
	switch f := k.function.(type) {
	case func(...any) R:
		return func(_ run.Pointer, _ context.Context, rest []any) (R, error) { return f(rest...), nil }
	case func(...any) (R, error):
		return func(_ run.Pointer, _ context.Context, rest []any) (R, error) { return f(rest...) }
	case func(context.Context, ...any) R:
		return func(_ run.Pointer, ctx context.Context, rest []any) (R, error) { return f(ctx, rest...), nil }
	case func(context.Context, ...any) (R, error):
		return func(_ run.Pointer, ctx context.Context, rest []any) (R, error) { return f(ctx, rest...) }
	case nil:
		switch {
		case !k.sig.Context && !k.sig.Fails:
			if f, ok := run.MethodAs[func(run.Pointer, ...any) R](k.method); ok {
				return func(p run.Pointer, _ context.Context, rest []any) (R, error) { return f(p, rest...), nil }
			}
		case !k.sig.Context:
			if f, ok := run.MethodAs[func(run.Pointer, ...any) (R, error)](k.method); ok {
				return func(p run.Pointer, _ context.Context, rest []any) (R, error) { return f(p, rest...) }
			}
		case !k.sig.Fails:
			if f, ok := run.MethodAs[func(run.Pointer, context.Context, ...any) R](k.method); ok {
				return func(p run.Pointer, ctx context.Context, rest []any) (R, error) { return f(p, ctx, rest...), nil }
			}
		default:
			if f, ok := run.MethodAs[func(run.Pointer, context.Context, ...any) (R, error)](k.method); ok {
				return func(p run.Pointer, ctx context.Context, rest []any) (R, error) { return f(p, ctx, rest...) }
			}
		}
	}
	return nil
}

func bindVariadic1[A, R any](k *callee) func(run.Pointer, context.Context, A, []any) (R, error) {
	switch f := k.function.(type) {
	case func(A, ...any) R:
		return func(_ run.Pointer, _ context.Context, a A, rest []any) (R, error) { return f(a, rest...), nil }
	case func(A, ...any) (R, error):
		return func(_ run.Pointer, _ context.Context, a A, rest []any) (R, error) { return f(a, rest...) }
	case func(context.Context, A, ...any) R:
		return func(_ run.Pointer, ctx context.Context, a A, rest []any) (R, error) { return f(ctx, a, rest...), nil }
	case func(context.Context, A, ...any) (R, error):
		return func(_ run.Pointer, ctx context.Context, a A, rest []any) (R, error) { return f(ctx, a, rest...) }
	case nil:
		switch {
		case !k.sig.Context && !k.sig.Fails:
			if f, ok := run.MethodAs[func(run.Pointer, A, ...any) R](k.method); ok {
				return func(p run.Pointer, _ context.Context, a A, rest []any) (R, error) { return f(p, a, rest...), nil }
			}
		case !k.sig.Context:
			if f, ok := run.MethodAs[func(run.Pointer, A, ...any) (R, error)](k.method); ok {
				return func(p run.Pointer, _ context.Context, a A, rest []any) (R, error) { return f(p, a, rest...) }
			}
		case !k.sig.Fails:
			if f, ok := run.MethodAs[func(run.Pointer, context.Context, A, ...any) R](k.method); ok {
				return func(p run.Pointer, ctx context.Context, a A, rest []any) (R, error) {
					return f(p, ctx, a, rest...), nil
				}
			}
		default:
			if f, ok := run.MethodAs[func(run.Pointer, context.Context, A, ...any) (R, error)](k.method); ok {
				return func(p run.Pointer, ctx context.Context, a A, rest []any) (R, error) { return f(p, ctx, a, rest...) }
			}
		}
	}
	return nil
}

// evaluatorOf evaluates an argument of type T.
func evaluatorOf[T any](a *argument) evaluator[T] {
	if a.konst.IsValid() {
		k, _ := a.konst.Interface().(T) // a nil is the zero value
		return func(*run.State, run.Pointer) T { return k }
	}
	if e := a.e; e != nil {
		var fast any
		switch {
		case a.t == run.AnyType:
			fast = e.asAny()
		case e.t == a.t && a.t == run.StringType:
			fast = e.stringOf()
		case e.t == a.t:
			at := e.at
			return func(st *run.State, dot run.Pointer) T { return run.At[T](at(st, dot)) }
		case e.t == nil && e.iface != nil: // most values behind any are what is asked for
			iface, value := e.iface, a.value
			return func(st *run.State, dot run.Pointer) T {
				if v, ok := iface(st, dot).(T); ok {
					return v
				}
				v, _ := value(st, dot).Interface().(T)
				return v
			}
		}
		if fast != nil {
			return fast.(evaluator[T])
		}
	}
	value := a.value
	return func(st *run.State, dot run.Pointer) T {
		v, _ := value(st, dot).Interface().(T) // a nil is the zero value
		return v
	}
}

// evaluatorOfRest evaluates the arguments of a variadic parameter into a slice of their own,
// for the function may keep it.
func evaluatorOfRest(args []*argument) evaluator[[]any] {
	if len(args) == 0 {
		return func(*run.State, run.Pointer) []any { return nil }
	}
	list := make([]evaluator[any], len(args))
	for i, a := range args {
		list[i] = evaluatorOf[any](a)
	}
	return func(st *run.State, dot run.Pointer) []any {
		out := st.Rest(len(list))
		for i, value := range list {
			out[i] = value(st, dot)
		}
		return out
	}
}

// trustedHTML is an expr of type template.HTML that is computed.
func trustedHTML(n parse.Node, f evaluator[template.HTML]) *expr {
	e := typed(n, reflect.TypeFor[template.HTML](), func(st *run.State, dot run.Pointer) reflect.Value { return reflect.ValueOf(f(st, dot)) })
	e.text = func(st *run.State, dot run.Pointer) string { return string(f(st, dot)) }
	return e
}

// anything is an expr of type any that is computed.
func anything(n parse.Node, f evaluator[any]) *expr {
	e := typed(n, run.AnyType, func(st *run.State, dot run.Pointer) reflect.Value {
		v := f(st, dot)
		return reflect.ValueOf(&v).Elem()
	})
	e.iface = f
	return e
}

// stringMap is an expr of type map[string]any that is computed.
func stringMap(n parse.Node, f evaluator[map[string]any]) *expr {
	e := typed(n, run.MapType, func(st *run.State, dot run.Pointer) reflect.Value { return reflect.ValueOf(f(st, dot)) })
	e.iface = func(st *run.State, dot run.Pointer) any { return f(st, dot) }
	return e
}
