package request_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/request"
)

type product2 struct {
	base
	*Shared
	Name    name                `form:"name"`
	Sold    bool                `form:"sold"`
	Price   float64             `form:"price"`
	Weight  *float32            `form:"weight"`
	Day     time.Time           `form:"day"`
	At      time.Time           `form:"at"`
	Opens   *time.Time          `form:"opens"`
	Exact   time.Time           `form:"exact"`
	Zoned   time.Time           `form:"zoned"`
	Wait    time.Duration       `form:"wait"`
	From    netip.Addr          `form:"from"`
	Tags    []string            `form:"tags"`
	Nums    []*int              `form:"nums"`
	Lines   []*line             `form:"items"`
	Notes   map[string]string   `form:"notes"`
	Homes   map[string]*address `form:"homes"`
	Picks   map[name][]int      `form:"picks"`
	Missing *address            `form:"missing"`
}

// What is filled from a value and sent again unchanged is the value.
func TestFillIsTheReverseOfForm(t *testing.T) {
	is := is.New(t)
	weight, n, opens := float32(0.1), 7, time.Date(0, 1, 1, 8, 30, 0, 0, time.UTC)
	v := product2{
		base: base{9}, Shared: &Shared{"hi"}, Name: " a b ", Sold: true, Price: 1e6 + 0.25, Weight: &weight,
		Day: time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC), At: time.Date(2024, 2, 29, 12, 30, 5, 0, time.UTC), Opens: &opens,
		Exact: time.Date(2024, 2, 29, 12, 30, 5, 1, time.UTC), Zoned: time.Date(2024, 2, 29, 0, 0, 0, 0, time.FixedZone("", 3600)).In(time.FixedZone("", 7200)),
		Wait: 90 * time.Second, From: netip.MustParseAddr("::1"), Tags: []string{"x,y", "z"}, Nums: []*int{&n},
		Lines: []*line{{Price: 3, Sizes: []int{1, 2}}, {Price: -4, Name: "b"}}, Notes: map[string]string{"a.b": "c", "colour": "red", "Colour": ""},
		Homes: map[string]*address{"ann": {"Rome"}}, Picks: map[name][]int{"x": {1, 2}},
	}
	form := request.Fill(&v)
	is.NoErr(form.Err())
	for name, want := range map[string]string{
		"name": " a b ", "sold": "true", "price": "1000000.25", "weight": "0.1", "day": "2024-02-29", "at": "2024-02-29T12:30:05", "opens": "08:30",
		"wait": "1m30s", "items[1][price]": "-4", "homes.ann.city": "Rome", "missing.city": "",
	} {
		is.Equal(form.Value(name), want)
		is.Equal(form.Message(name), "")
	}
	is.True(form.Checked("sold") && !form.Checked("name") && !form.Checked("none"))
	is.True(form.Has("tags", "z") && !form.Has("tags", "x"))
	again, err := request.Form[product2](post(urlencoded, form.Values.Encode()))
	is.NoErr(err)
	is.True(again.Zoned.Equal(v.Zoned))
	again.Zoned = v.Zoned // but for the name of its zone
	is.True(reflect.DeepEqual(again, v))
	is.Equal(request.Fill(v).Values, form.Values) // by value or by pointer
}

func TestFillTellsMistakesOfTheProgram(t *testing.T) {
	for want, v := range map[string]any{
		"int is not a struct":          7,
		"without a value":              (*product2)(nil),
		"without a value has":          nil,
		"cannot be read from text":     struct{ C chan int }{},
		"give it a MarshalText method": struct{ Level level }{},
	} {
		t.Run(want, func(t *testing.T) {
			defer func() {
				if told, _ := recover().(string); !strings.Contains(told, want) || !strings.HasPrefix(told, "request: Fill: ") {
					t.Errorf("got %q", told)
				}
			}()
			request.Fill(v)
		})
	}
}

func TestFieldErrorsInOneLine(t *testing.T) {
	is := is.New(t)
	signUp := func(in signup) error { return request.Fill(in).Add("email", "is taken") }
	err := signUp(signup{Email: "ann@example.com"})
	var wrong *request.FieldErrors
	is.True(errors.As(err, &wrong))
	is.Equal(wrong.Message("Email"), "is taken")
	is.Equal(wrong.Value("email"), "ann@example.com") // to be shown again
	is.Equal(wrong.Status(), 422)
}

type signup struct {
	Email  string `form:"email,required" json:"email"`
	Repeat string `form:"repeat" json:"repeat"`
}

var errWhole = errors.New("the shop is closed")

func (s signup) Validate() error {
	switch s.Repeat {
	case "closed":
		return errWhole
	case "nil":
		var none *request.FieldErrors // which is not a nil error
		return none
	case "one":
		return &request.FieldError{Name: "repeat", Message: "is one"}
	case s.Email:
		return nil
	}
	var wrong request.FieldErrors
	return wrong.Add("repeat", "must be the same").Add("email", "must be the same").Err()
}

func TestValidateHasTheLastWord(t *testing.T) {
	is := is.New(t)
	_, err := form[signup](t, "email=a&repeat=a")
	is.NoErr(err)
	_, err = form[signup](t, "email=a&repeat=nil")
	is.NoErr(err)
	_, err = form[signup](t, "email=a&repeat=b")
	is.Equal(err.Error(), "request: Form: repeat must be the same; email must be the same")
	is.Equal(status(err), 422)
	var wrong *request.FieldErrors
	is.True(errors.As(err, &wrong))
	is.Equal(wrong.Value("email"), "a")
	_, err = form[signup](t, "repeat=b") // only of what fits otherwise
	is.Equal(err.Error(), "request: Form: email is required")
	_, err = form[signup](t, "email=a&repeat=one")
	is.Equal(err.Error(), "request: Form: repeat is one")
	_, err = form[signup](t, "email=a&repeat=closed")
	is.True(errors.Is(err, errWhole))
	is.True(errors.As(err, &wrong))
	is.Equal(wrong.Message(""), "the shop is closed")
	is.Equal(err.Error(), "request: Form: the shop is closed")

	_, err = request.Query[signup](httptest.NewRequest("GET", "/?email=a&repeat=b", nil))
	is.Equal(status(err), 400)
	for _, read := range []func(*http.Request) error{
		func(r *http.Request) error { _, err := request.JSON[signup](r); return err },
		func(r *http.Request) error { _, err := request.JSON[*signup](r); return err },
	} {
		is.NoErr(read(post("application/json", `{"email":"a","repeat":"a"}`)))
		err = read(post("application/json", `{"email":"a","repeat":"b"}`))
		is.Equal(err.Error(), "request: JSON: repeat must be the same; email must be the same")
		is.Equal(status(err), 422)
	}
	_, err = request.JSON[*signup](post("application/json", "null"))
	is.NoErr(err)
	_, err = route[even](t, "/{n}", "/3")
	is.Equal(status(err), 404)
	_, err = route[even](t, "/{n}", "/4")
	is.NoErr(err)
}

type even struct {
	N int `path:"n"`
}

func (e *even) Validate() error {
	if e.N%2 != 0 {
		return errors.New("there is no such page")
	}
	return nil
}

func FuzzFill(f *testing.F) {
	for _, s := range []string{"name=a&price=1e300&day=2024-02-29&at=2024-02-29T12:30:01.5Z&opens=08:30&wait=1.5h", "tags=a&nums=1,2&items[0][price]=3&notes[a]=b&picks[x][]=1", "zoned=0000-01-01T00:00:01%2B01:00&exact=2024-W09&from=::1%25eth0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		v, err := request.Form[product2](post(urlencoded, body))
		if err != nil {
			return
		}
		values := request.Fill(v).Values
		again, err := request.Form[product2](post(urlencoded, values.Encode()))
		if err != nil {
			t.Fatalf("%v from %v", err, values)
		}
		if got := request.Fill(again).Values; !reflect.DeepEqual(got, values) {
			t.Fatalf("filled %v, then %v", values, got)
		}
	})
}
