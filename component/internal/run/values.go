package run

import "reflect"

var (
	errorType     = reflect.TypeFor[error]()
	AnyType       = reflect.TypeFor[any]()
	StringType    = reflect.TypeFor[string]()
	IntType       = reflect.TypeFor[int]()
	BoolType      = reflect.TypeFor[bool]()
	ValueType     = reflect.TypeFor[reflect.Value]()
	ComponentType = reflect.TypeFor[Component]()
	MapType       = reflect.TypeFor[map[string]any]()
)

// Box gives a value an address, in a cell of its own unless it has one.
func Box(v reflect.Value, t reflect.Type) Pointer {
	if v.CanAddr() && v.Type() == t {
		return pointerTo(v)
	}
	cell := reflect.New(t).Elem()
	if v.IsValid() {
		cell.Set(v)
	}
	return pointerTo(cell)
}

// smallInts are the cells of the integers that loops and lengths need most.
var smallInts = func() (cells [1024]int) {
	for i := range cells {
		cells[i] = i
	}
	return cells
}()

func IntCell(i int) *int {
	if uint(i) < uint(len(smallInts)) {
		return &smallInts[i]
	}
	cell := new(int) // and not &i, which would be allocated in either case
	*cell = i
	return cell
}

var TrueCell, FalseCell = true, false

// AddressMatters reports whether text/template could tell an addressable
// value of the type from one that is not.
func AddressMatters(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct, reflect.Array:
		return true
	case reflect.Interface, reflect.Pointer:
		return false
	}
	return reflect.PointerTo(t).NumMethod() > t.NumMethod()
}

func ValueToAny(v reflect.Value) any {
	if !v.IsValid() {
		return nil
	}
	return v.Interface()
}

// Indirect follows pointers and interfaces to their end, or to the first nil.
func Indirect(v reflect.Value) (_ reflect.Value, null bool) {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		if v.IsNil() {
			return v, true
		}
		v = v.Elem()
	}
	return v, false
}

// IndirectInterface is the value inside an interface.
func IndirectInterface(v reflect.Value) reflect.Value {
	if v.Kind() != reflect.Interface {
		return v
	}
	return v.Elem()
}

// unwrapValue is the value inside a result of type reflect.Value.
func unwrapValue(v reflect.Value) reflect.Value {
	if v.IsValid() && v.Type() == ValueType {
		return v.Interface().(reflect.Value)
	}
	return v
}

func CanBeNil(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Chan, reflect.Func, reflect.Interface, reflect.Map, reflect.Pointer, reflect.Slice:
		return true
	}
	return t == ValueType
}

func isNilValue(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Invalid:
		return true
	case reflect.Chan, reflect.Func, reflect.Interface, reflect.Map, reflect.Pointer, reflect.Slice:
		return v.IsNil()
	}
	return false
}

func IsInteger(k reflect.Kind) bool { return k >= reflect.Int && k <= reflect.Uintptr }

func HasLength(k reflect.Kind) bool {
	switch k {
	case reflect.Array, reflect.Chan, reflect.Map, reflect.Slice, reflect.String:
		return true
	}
	return false
}

// structured reports whether it pays to compile for a type: what is behind a
// dot of it depends on it.
func Specializable(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		return t != ValueType
	case reflect.Pointer:
		return t.Elem().Kind() == reflect.Struct
	}
	return false
}
