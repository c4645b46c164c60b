package component_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/matryer/is"
	"github.com/ropewalk/ropewalk/component"
)

type ordered struct{ X any }

func (ordered) With(a, b any) string { return fmt.Sprintf("%v then %v", a, b) }

// A piped value is evaluated before everything of the command that it is piped into,
// and whether the command needs it or not, in each tier.
func TestPipedValueComesFirst(t *testing.T) {
	type props struct {
		A, B     any
		Children component.Component
	}
	write := func(p props) component.Component {
		return component.Join(component.Text(fmt.Sprintf("A=%v B=%v", p.A, p.B)), p.Children)
	}
	for text, want := range map[string]string{
		`{{next | two (next)}}`:                                        "2,1",
		`{{next | .With (next)}}`:                                      "2 then 1",
		`{{next | printf "%v %v" (next)}}`:                             "2 1",
		`{{next | and 0}}{{next}}`:                                     "02",
		`{{next | or 1}}{{next}}`:                                      "12",
		`{{next | two (next) | two (next)}}`:                           "3,2,1",
		`{{next | card "A" (next) "B"}}`:                               "A=2 B=1",
		`{{next | eq 1}} {{next | eq (next)}} {{next | lt 9}}`:         "true false false",
		`{{with next | card "A" (next) "B"}}{{next}}{{end}}`:           "A=2 B=13",
		`{{with next | part "A" (next) "B"}}{{next}}{{end}}`:           "part A=2 B=1 3",
		`{{next | slot "s"}}{{next}}{{define "s"}}{{.}}{{end}}`:        "12",
		`{{with $x := next | two (next)}}{{$x}}{{.}}{{end}}`:           "2,12,1",
		`{{range next | list (next)}}{{.}};{{end}}`:                    "2;1;",
		`{{template "t" next | two (next)}}{{define "t"}}{{.}}{{end}}`: "2,1",
		`{{(next | two (next)) | two (next | two (next))}}`:            "4,3,2,1",
		`{{$x := 1}}{{$x | two ($x = 2)}}`:                             "2,1",
		`{{fail | .X}}`:                                                "error",
		`{{fail | .With 1}}`:                                           "error",
		`{{fail | and 0}}`:                                             "error",
		`{{fail | or 1}}`:                                              "error",
		`{{fail | card "A" (next) "B"}}`:                               "error",
		`{{with fail | card "A" (next) "B"}}{{end}}`:                   "error",
		`{{fail | slot "s"}}{{define "s"}}s{{end}}`:                    "error",
	} {
		for _, lenient := range []bool{false, true} {
			calls := 0
			p := component.Parser{Lenient: lenient, Funcs: map[string]any{
				"next": func() int { calls++; return calls },
				"fail": func() (int, error) { return 0, errors.New("it failed") },
				"two":  func(a, b any) string { return fmt.Sprintf("%v,%v", a, b) },
				"list": func(a, b int) []int { return []int{a, b} },
				"card": write,
				"part": component.Template[props]("part"),
			}}
			all := text + `{{define "part"}}part A={{.A}} B={{.B}} {{.Children}}{{end}}`
			got, err := ours(p, all, ordered{})
			check := func(tier string) {
				if err != nil && strings.Contains(err.Error(), "it failed") || err != nil && strings.Contains(text, "fail | .X") && !lenient {
					got = "error"
				}
				if got != want {
					t.Errorf("%s, %s: %q, %v; want %q", text, tier, got, err, want)
				}
			}
			check("typed")
			calls = 0
			got, err = ours[any](p, all, ordered{})
			check("dynamic")
			if text == `{{fail | .X}}` { // whose dot need not be looked at
				got, err = ours[any](p, all, nil)
				check("nil")
			}
		}
	}
}

// What is piped into a mistake runs before the mistake is told.
func TestPipedValueComesBeforeMistake(t *testing.T) {
	is := is.New(t)
	calls := 0
	p := component.Parser{Lenient: true, Funcs: map[string]any{"next": func() int { calls++; return calls }, "upper": strings.ToUpper}}
	for i, text := range []string{`{{next | upper 1}}`, `{{next | upper}}`, `{{next | .Nope}}`} {
		_, err := ours(p, text, ordered{})
		is.True(err != nil)
		is.Equal(calls, i+1)
	}
}
