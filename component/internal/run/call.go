package run

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"text/template/parse"
)

// A Signature is the type of a function, without its receiver if it is a method.
type Signature struct {
	Context  bool // it is given the render's context before In
	In       []reflect.Type
	Variadic bool
	Out      reflect.Type
	Fails    bool // it has a second result, an error
}

// ContextType is the type of a first parameter that a template need not give.
var ContextType = reflect.TypeFor[context.Context]()

// WithoutContext is the signature as most templates call it: if the first parameter is a
// context, without that.
func (sig Signature) WithoutContext() Signature {
	if len(sig.In) > 0 && sig.In[0] == ContextType {
		sig.Context, sig.In = true, sig.In[1:]
	}
	return sig
}

// Param is the type of the i-th argument.
func (sig *Signature) Param(i int) reflect.Type {
	if last := len(sig.In) - 1; sig.Variadic && i >= last {
		return sig.In[last].Elem()
	}
	return sig.In[i]
}

// Accepts checks a number of arguments.
func (sig *Signature) Accepts(n int) (want string, ok bool) {
	if sig.Variadic {
		return fmt.Sprintf("at least %d", len(sig.In)-1), n >= len(sig.In)-1
	}
	return fmt.Sprint(len(sig.In)), n == len(sig.In)
}

// SignatureOf is the signature of a function type, without so many parameters.
func SignatureOf(t reflect.Type, skip int) Signature {
	sig := Signature{Variadic: t.IsVariadic(), Out: t.Out(0), Fails: t.NumOut() == 2}
	for i := skip; i < t.NumIn(); i++ {
		sig.In = append(sig.In, t.In(i))
	}
	return sig
}

// CheckResults demands one result, or one and an error.
func CheckResults(name string, t reflect.Type) error {
	switch n := t.NumOut(); {
	case n == 1, n == 2 && t.Out(1) == errorType:
		return nil
	case n == 2:
		return fmt.Errorf("invalid function signature for %s: second return value should be error; is %s", name, t.Out(1))
	default:
		return fmt.Errorf("function %s has %d return values; should be 1 or 2", name, n)
	}
}

// Fit makes a value assignable to a parameter of type t, by the rules of
// text/template: as it is, or through one pointer or one address.
func (s *Site) Fit(v reflect.Value, t reflect.Type) reflect.Value {
	if !v.IsValid() {
		if !CanBeNil(t) {
			s.Failf("invalid value; expected %s", t)
		}
		return reflect.Zero(t)
	}
	if t == ValueType && v.Type() != t {
		return reflect.ValueOf(v)
	}
	if v.Type().AssignableTo(t) {
		return v
	}
	if v.Kind() == reflect.Interface && !v.IsNil() {
		if v = v.Elem(); v.Type().AssignableTo(t) {
			return v
		}
	}
	switch {
	case v.Kind() == reflect.Pointer && v.Type().Elem().AssignableTo(t):
		if v.IsNil() {
			s.Failf("dereference of nil pointer of type %s", t)
		}
		return v.Elem()
	case reflect.PointerTo(v.Type()).AssignableTo(t) && v.CanAddr():
		return v.Addr()
	}
	s.Failf("wrong type for value; expected %s; got %s", t, v.Type())
	return v
}

// FailCall ends the render with the error that the call at the site returned.
func (s *Site) FailCall(err error) { s.Fail(fmt.Errorf("error calling %s: %w", s.calling(), err)) }

// Invoke calls a function and fails the render with its error. A panic of the
// function is made an error where the render is recovered.
func (s *Site) Invoke(st *State, fn reflect.Value, argv []reflect.Value) reflect.Value {
	outer := st.BeginCall(s)
	results := fn.Call(argv)
	st.Call = outer
	if len(results) == 2 && !results[1].IsNil() {
		s.FailCall(results[1].Interface().(error))
	}
	return unwrapValue(results[0])
}

// A LateArgument is an argument whose parameter is known only when the call is
// made: a literal takes the parameter's type then.
type LateArgument struct {
	Literal parse.Node
	Value   func(st *State, dot Pointer) reflect.Value
	Site    *Site
}

func (a *LateArgument) eval(st *State, dot Pointer, t reflect.Type) reflect.Value {
	if a.Literal == nil {
		return a.Site.Fit(a.Value(st, dot), t)
	}
	v, err := LiteralFor(a.Literal, t)
	if err != nil {
		a.Site.Fail(err)
	}
	return v
}

// givesContext reports whether the first of some arguments is a context.
func givesContext(st *State, dot Pointer, args []LateArgument) bool {
	if len(args) == 0 || args[0].Literal != nil {
		return false
	}
	v := IndirectInterface(args[0].Value(st, dot))
	return v.IsValid() && v.Type().Implements(ContextType)
}

// lateCall evaluates arguments for a function of type t.
func (s *Site) lateCall(st *State, dot Pointer, name string, t reflect.Type, args []LateArgument, final func(*State, Pointer) reflect.Value) []reflect.Value {
	count := len(args)
	if final != nil {
		count++
	}
	if t.NumOut() > 0 {
		sig := SignatureOf(t, 0)
		if bare := sig.WithoutContext(); bare.Context {
			if _, ok := bare.Accepts(count); ok && !(bare.Variadic && givesContext(st, dot, args)) {
				sig = bare
			}
		}
		if want, ok := sig.Accepts(count); !ok {
			s.Failf("wrong number of args for %s: want %s got %d", name, want, count)
		}
		if err := CheckResults(name, t); err != nil {
			s.Fail(err)
		}
		argv := make([]reflect.Value, 0, count+1)
		if sig.Context {
			argv = append(argv, reflect.ValueOf(st.Context()))
		}
		for i := range args {
			argv = append(argv, args[i].eval(st, dot, sig.Param(i)))
		}
		if final != nil {
			argv = append(argv, s.Fit(final(st, dot), sig.Param(count-1)))
		}
		return argv
	}
	s.Fail(CheckResults(name, t))
	return nil
}

// PrepareCall makes arguments what a function value takes. The error says what is wrong with it or them.
func PrepareCall(name string, fn reflect.Value, argv []reflect.Value) error {
	switch {
	case !fn.IsValid():
		return errors.New("call of nil")
	case fn.Kind() != reflect.Func:
		return fmt.Errorf("non-function %s of type %s", name, fn.Type())
	case fn.IsNil():
		return fmt.Errorf("call of nil function %s", name)
	}
	if err := CheckResults(name, fn.Type()); err != nil {
		return err
	}
	sig := SignatureOf(fn.Type(), 0)
	if want, ok := sig.Accepts(len(argv)); !ok {
		return fmt.Errorf("wrong number of args for %s: got %d want %s", name, len(argv), want)
	}
	for i := range argv {
		v, err := prepareArg(argv[i], sig.Param(i))
		if err != nil {
			return fmt.Errorf("arg %d: %w", i, err)
		}
		argv[i] = v
	}
	return nil
}

// prepareArg makes a value assignable to t; integers convert to one another.
func prepareArg(v reflect.Value, t reflect.Type) (reflect.Value, error) {
	if !v.IsValid() {
		if !CanBeNil(t) {
			return v, fmt.Errorf("value is nil; should be of type %s", t)
		}
		return reflect.Zero(t), nil
	}
	if v.Type().AssignableTo(t) {
		return v, nil
	}
	if IsInteger(v.Kind()) && IsInteger(t.Kind()) && v.Type().ConvertibleTo(t) {
		return v.Convert(t), nil
	}
	return v, fmt.Errorf("value has type %s; should be %s", v.Type(), t)
}
