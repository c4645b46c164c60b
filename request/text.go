package request

import (
	"encoding"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// ErrNotText is the cause of a [FieldError] for a value that is no text: it holds
// a NUL byte, or is not UTF-8.
var ErrNotText = errors.New("the value holds a NUL byte or is not UTF-8")

// setText reads text into v, a leaf. If that fails it returns a message to be
// read after the field's name, and the cause.
func setText(v reflect.Value, text string) (message string, cause error) {
	if strings.IndexByte(text, 0) >= 0 || !utf8.ValidString(text) {
		return "is not valid text", ErrNotText
	}
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok && v.Type() != timeType {
		if err := u.UnmarshalText([]byte(text)); err != nil {
			return "is not valid", err
		}
		return "", nil
	}
	if v.Kind() == reflect.String {
		v.SetString(text)
		return "", nil
	}
	text = strings.TrimSpace(text)
	switch v.Type() {
	case timeType:
		t, err := parseTime(text)
		if err != nil {
			return "must be a date", err
		}
		v.Set(reflect.ValueOf(t))
		return "", nil
	case durationType:
		d, err := time.ParseDuration(text)
		if err != nil {
			return "must be a length of time such as 90s or 1h30m", err
		}
		v.SetInt(int64(d))
		return "", nil
	}
	return setBasic(v, text)
}

func setBasic(v reflect.Value, text string) (message string, cause error) {
	switch {
	case v.Kind() == reflect.Bool:
		b, err := parseBool(text)
		if err != nil {
			return "must be yes or no", err
		}
		v.SetBool(b)
	case v.CanInt():
		n, err := strconv.ParseInt(text, 10, v.Type().Bits())
		if err != nil {
			return wholeNumber(text, false), err
		}
		v.SetInt(n)
	case v.CanUint():
		n, err := strconv.ParseUint(text, 10, v.Type().Bits())
		if err != nil {
			return wholeNumber(text, true), err
		}
		v.SetUint(n)
	default:
		f, err := strconv.ParseFloat(text, v.Type().Bits())
		if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			return "must be a number", err
		}
		v.SetFloat(f)
	}
	return "", nil
}

// wholeNumber words why text was not taken for a whole number.
func wholeNumber(text string, unsigned bool) string {
	digits, negative := strings.CutPrefix(text, "-")
	switch _, err := strconv.ParseUint(digits, 10, 64); {
	case err != nil && !errors.Is(err, strconv.ErrRange):
		return "must be a whole number"
	case negative && unsigned:
		return "must not be negative"
	case negative:
		return "is too small"
	}
	return "is too large"
}

// parseBool takes what browsers send for a checkbox, the words that the message
// asks for, and what strconv takes.
func parseBool(text string) (bool, error) {
	switch strings.ToLower(text) {
	case "on", "yes", "y":
		return true, nil
	case "off", "no", "n":
		return false, nil
	}
	return strconv.ParseBool(strings.ToLower(text))
}

// timeLayouts are RFC 3339 and what inputs of the types date, datetime-local,
// month and time send. A fraction of a second is read after each of the seconds.
var timeLayouts = []string{
	time.RFC3339, time.DateOnly, "2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04", time.DateTime, "2006-01", "15:04", time.TimeOnly,
}

func parseTime(text string) (time.Time, error) {
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return parseWeek(text)
}

// parseWeek reads what an input of type week sends, such as 2024-W09, as the
// Monday of that week.
func parseWeek(text string) (time.Time, error) {
	var year, week uint64
	if y, w, ok := strings.Cut(text, "-W"); ok && len(y) == 4 && len(w) == 2 {
		year, _ = strconv.ParseUint(y, 10, 16)
		week, _ = strconv.ParseUint(w, 10, 16)
	}
	first := time.Date(int(year), 1, 4, 0, 0, 0, 0, time.UTC) // is always in week 1
	monday := first.AddDate(0, 0, 7*(int(week)-1)-(int(first.Weekday())+6)%7)
	if y, w := monday.ISOWeek(); y != int(year) || w != int(week) {
		return time.Time{}, errors.New("it is in none of the forms of an input for dates and times, nor in that of RFC 3339")
	}
	return monday, nil
}

// formatTime writes t so that parseTime reads it, in the form of an input where
// one can hold it.
func formatTime(t time.Time) string {
	layout := time.RFC3339Nano
	_, offset := t.Zone()
	switch day := t.Truncate(24 * time.Hour).Equal(t); {
	case t.IsZero():
		return ""
	case offset != 0 || t.Nanosecond() != 0:
	case t.Year() == 0 && t.YearDay() == 1:
		layout = "15:04"
	case day:
		layout = time.DateOnly
	default:
		layout = "2006-01-02T15:04"
	}
	if t.Second() != 0 && !strings.HasSuffix(layout, "Z07:00") && layout != time.DateOnly {
		layout += ":05"
	}
	return t.Format(layout)
}

// textOf writes v, a leaf, so that setText reads it.
func textOf(v reflect.Value) (string, error) {
	copied := reflect.New(v.Type()) // for methods of the pointer
	copied.Elem().Set(v)
	switch {
	case v.Type() == timeType:
		return formatTime(v.Interface().(time.Time)), nil
	case v.Type() == durationType:
		return v.Interface().(time.Duration).String(), nil
	case isText(v.Type()):
		m, ok := copied.Interface().(encoding.TextMarshaler)
		if !ok {
			return "", fmt.Errorf("a %v has no text: give it a MarshalText method", v.Type())
		}
		text, err := m.MarshalText()
		return string(text), err
	case isFloat(v.Kind()):
		return strconv.FormatFloat(v.Float(), 'f', -1, v.Type().Bits()), nil
	}
	return fmt.Sprint(basic(v)), nil
}

// basic returns v without the methods of its own type.
func basic(v reflect.Value) any {
	switch {
	case v.Kind() == reflect.String:
		return v.String()
	case v.CanInt():
		return v.Int()
	case v.CanUint():
		return v.Uint()
	}
	return v.Bool()
}

// blank reports whether there is nothing but empty values and white space.
func blank(values []string) bool { return len(filled(values)) == 0 }

// filled returns the values that are more than white space.
func filled(values []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(s string) bool { return strings.TrimSpace(s) == "" })
}

// splits reports whether one value may hold several of type t with commas between
// them: numbers and bools.
func splits(t reflect.Type) bool {
	return isBasic(t.Kind()) && t.Kind() != reflect.String && t != durationType && !isText(t)
}

func commas(t reflect.Type, values []string) int {
	n := 0
	for _, value := range values {
		if splits(t) {
			n += strings.Count(value, ",")
		}
	}
	return n
}

// pieces cuts values at their commas, if t is of a kind that has none within.
func pieces(t reflect.Type, values []string) []string {
	if !splits(t) {
		return values
	}
	return filled(strings.Split(strings.Join(values, ","), ","))
}
