package escape

import (
	"fmt"
	"html/template"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// words is what a chain writes for values that are not strings, as probed of the standard functions.
type words struct {
	yes, no, null string // true, false, untyped nil

	// A number's digits, between open and close. When digits is false the standard functions write numbers.
	digits      bool
	open, close string
	minus       string
	point       bool // and its decimal point stays too
}

func probeWords(names []string, std *standard) (w words) {
	const digits = "1234567890"
	w.yes, _ = std.value(true)
	w.no, _ = std.value(false)
	w.null, _ = std.value(nil)
	up, _ := std.value(int64(1234567890))
	down, _ := std.value(int64(-1234567890))
	frac, _ := std.value(1234567.890625)
	before, after, found := strings.Cut(up, digits)
	minus, found2 := strings.CutSuffix(down, digits+after)
	if !found || !found2 || !strings.HasPrefix(minus, before) {
		return w
	}
	w.digits, w.open, w.close, w.minus = true, before, after, minus[len(before):]
	w.point = propertiesOf[names[0]].json && frac == before+"1234567.890625"+after
	return w
}

// Int appends i, the value of a signed integer without methods.
func (c *Chain) Int(b []byte, i int64) []byte {
	if i >= 0 {
		return c.Uint(b, uint64(i))
	}
	if !c.words.digits {
		return c.plainValue(b, i)
	}
	b = append(b, c.words.open...)
	b = append(b, c.words.minus...)
	b = strconv.AppendUint(b, -uint64(i), 10)
	return append(b, c.words.close...)
}

// Uint appends u, the value of an unsigned integer without methods.
func (c *Chain) Uint(b []byte, u uint64) []byte {
	if !c.words.digits {
		return c.plainValue(b, u)
	}
	b = append(b, c.words.open...)
	b = strconv.AppendUint(b, u, 10)
	return append(b, c.words.close...)
}

// Bool appends v, the value of a bool without methods.
func (c *Chain) Bool(b []byte, v bool) []byte {
	if v {
		return append(b, c.words.yes...)
	}
	return append(b, c.words.no...)
}

// Float appends f, the value of a float of that many bits, 32 or 64, without methods.
func (c *Chain) Float(b []byte, f float64, bits int) []byte {
	if c.first.json {
		return c.jsonFloat(b, f, bits)
	}
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return c.plainFloat(b, f, bits)
	}
	var digits [32]byte
	return c.plain.append(b, string(strconv.AppendFloat(digits[:0], f, 'g', -1, bits)))
}

// jsonFloat appends f as JSON does within the bounds where it writes no exponent.
func (c *Chain) jsonFloat(b []byte, f float64, bits int) []byte {
	abs := math.Abs(f)
	if !c.words.point || abs != 0 && !(1e-5 < abs && abs < 1e20) {
		return c.plainFloat(b, f, bits)
	}
	b = append(b, c.words.open...)
	if math.Signbit(f) {
		b = append(b, c.words.minus...)
	}
	b = strconv.AppendFloat(b, abs, 'f', -1, bits)
	return append(b, c.words.close...)
}

func (c *Chain) plainFloat(b []byte, f float64, bits int) []byte {
	if bits == 32 {
		return c.plainValue(b, float32(f))
	}
	return c.plainValue(b, f)
}

// plainValue has the standard functions append a value that cannot fail.
func (c *Chain) plainValue(b []byte, v any) []byte {
	out, err := c.std.value(v)
	if err != nil {
		panic(err)
	}
	return append(b, out...)
}

// Any appends any value. The error is an [*Error]; b is returned as it was then.
func (c *Chain) Any(b []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(b, c.words.null...), nil
	case string:
		return c.plain.append(b, v), nil
	case *string:
		if v != nil {
			return c.plain.append(b, *v), nil
		}
	case template.HTML:
		return c.Typed(b, HTMLType, string(v)), nil
	case template.URL:
		return c.Typed(b, URL, string(v)), nil
	case template.JS:
		return c.Typed(b, JS, string(v)), nil
	case template.CSS:
		return c.Typed(b, CSS, string(v)), nil
	case template.HTMLAttr:
		return c.Typed(b, HTMLAttr, string(v)), nil
	case template.JSStr:
		return c.Typed(b, JSStr, string(v)), nil
	case template.Srcset:
		return c.Typed(b, Srcset, string(v)), nil
	case int:
		return c.Int(b, int64(v)), nil
	case int64:
		return c.Int(b, v), nil
	case int32:
		return c.Int(b, int64(v)), nil
	case int16:
		return c.Int(b, int64(v)), nil
	case int8:
		return c.Int(b, int64(v)), nil
	case uint:
		return c.Uint(b, uint64(v)), nil
	case uint64:
		return c.Uint(b, v), nil
	case uint32:
		return c.Uint(b, uint64(v)), nil
	case uint16:
		return c.Uint(b, uint64(v)), nil
	case uint8:
		return c.Uint(b, uint64(v)), nil
	case uintptr:
		return c.Uint(b, uint64(v)), nil
	case float64:
		return c.Float(b, v, 64), nil
	case float32:
		return c.Float(b, float64(v), 32), nil
	case bool:
		return c.Bool(b, v), nil
	case reflect.Value:
	default:
		if c.printed(v) {
			return c.text(b, v)
		}
	}
	out, err := c.std.value(v)
	if err != nil {
		return b, err
	}
	return append(b, out...), nil
}

// printed reports whether the text the first escaper takes is what fmt prints for v. It is, except for JSON, unless
// the escaper follows a pointer first, which text/template's own do even if the pointer has the methods fmt looks for.
func (c *Chain) printed(v any) bool {
	switch {
	case c.first.json || c.first.constant:
		return false
	case reflect.TypeOf(v).Kind() != reflect.Pointer:
		return true
	case c.first.builtin:
		return false
	}
	switch v.(type) {
	case fmt.Stringer, error:
		return true
	}
	return false
}

// text appends what fmt prints for v, escaped.
func (c *Chain) text(b []byte, v any) (result []byte, err error) {
	defer func() {
		// fmt recovers from a panic in a method, but not from one inside another.
		if r := recover(); r != nil {
			result, err = b, &Error{c.names[0], panicError(r)}
		}
	}()
	return c.plain.append(b, fmt.Sprint(v)), nil
}

// panicError is the error that text/template makes of a panic in a function.
func panicError(r any) error {
	if err, ok := r.(error); ok {
		return err
	}
	return fmt.Errorf("%v", r)
}
