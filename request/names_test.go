package request_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/request"
)

type address struct {
	City string `form:"city"`
}

type line struct {
	Price int    `form:"price,required"`
	Name  string `form:"name"`
	Sizes []int  `form:"sizes"`
}

type basket struct {
	Tags  []string           `form:"tags"`
	Lines []line             `form:"items"`
	Addr  address            `form:"addr"`
	Notes map[string]string  `form:"notes"`
	Homes map[string]address `form:"homes"`
	Picks map[string][]int   `form:"picks"`
	By    map[name]*line     `form:"by"`
}

// PHP, Rails, qs and our own way to write names lead to the same fields.
func TestNamesAsOthersWriteThem(t *testing.T) {
	for query, want := range map[string]basket{
		"tags[]=a&tags[]=b":                              {Tags: []string{"a", "b"}},
		"tags.0=a&tags.1=b":                              {Tags: []string{"a", "b"}},
		"tags[1]=b&tags[0]=a":                            {Tags: []string{"a", "b"}},
		"tags[10]=b&tags[9]=a":                           {Tags: []string{"a", "b"}}, // by number, not by text
		"tags=a&tags[]=b&tags[0]=c":                      {Tags: []string{"a", "b", "c"}},
		"tags[]=":                                        {Tags: []string{}}, // what Rails sends for no choice
		"items[0][price]=3":                              {Lines: []line{{Price: 3}}},
		"items[0].price=3":                               {Lines: []line{{Price: 3}}},
		"items.0[price]=3&items.0.sizes[]=1":             {Lines: []line{{Price: 3, Sizes: []int{1}}}},
		"items.7.price=7&items.2.price=2":                {Lines: []line{{Price: 2}, {Price: 7}}},
		"items[1735689600000][price]=3":                  {Lines: []line{{Price: 3}}}, // a script's clock
		"items[][price]=3&items[][price]=4":              {Lines: []line{{Price: 3}, {Price: 4}}},
		"items[][price]=3&items[][name]=a":               {Lines: []line{{Price: 3, Name: "a"}}},
		"addr[city]=Rome":                                {Addr: address{"Rome"}},
		"ADDR[City]=Rome":                                {Addr: address{"Rome"}},
		"notes.colour=red&notes[a.b]=c&notes[Colour]=no": {Notes: map[string]string{"colour": "red", "a.b": "c", "Colour": "no"}},
		"homes[ann][city]=Rome&homes.bob.city=Bonn":      {Homes: map[string]address{"ann": {"Rome"}, "bob": {"Bonn"}}},
		"picks[x][]=1&picks[x][]=2&picks.y=3,4":          {Picks: map[string][]int{"x": {1, 2}, "y": {3, 4}}},
		"by[x][price]=1":                                 {By: map[name]*line{"x": {Price: 1}}},
	} {
		t.Run(query, func(t *testing.T) {
			is := is.New(t)
			got, err := form[basket](t, url.PathEscape(query))
			is.NoErr(err)
			is.Equal(got, want)
		})
	}
}

// What is required is checked in every element that the page gets.
func TestSkippedElementsAreNotMade(t *testing.T) {
	is := is.New(t)
	got, err := form[basket](t, "items.1.price=7&items.4.price=8")
	is.NoErr(err)
	is.Equal(got.Lines, []line{{Price: 7}, {Price: 8}})
	_, err = form[basket](t, "items.1.price=7&items.4.name=x")
	var wrong *request.FieldErrors
	is.True(errors.As(err, &wrong))
	is.Equal(wrong.Message("items.1.price"), "is required") // numbered as in the struct
	is.Equal(wrong.Value("items.1.name"), "x")
	_, err = form[basket](t, "homes.ann.city=Rome&by.x.name=y")
	is.True(errors.As(err, &wrong))
	is.Equal(wrong.Message("by.x.price"), "is required")
}

// Only the order says which values without a number belong together.
func TestRowsThatCannotBeToldApartAreRefused(t *testing.T) {
	for _, query := range []string{
		"items[][price]=3&items[][price]=4&items[][name]=a",
		"items[][price]=3&items[0][price]=4",
		"items[][price]=3&items[][sizes][]=4",
	} {
		t.Run(query, func(t *testing.T) {
			is := is.New(t)
			_, err := form[basket](t, url.PathEscape(query))
			is.True(errors.Is(err, request.ErrUnknown))
			is.Equal(status(err), 422)
			var wrong *request.FieldErrors
			is.True(errors.As(err, &wrong))
			told := slices.ContainsFunc(wrong.Fields, func(f *request.FieldError) bool { // the way out, for the log
				return f.Err != nil && strings.Contains(f.Err.Error(), "number them, as in items[0][name]")
			})
			is.True(told)
		})
	}
}

// A field error is found by every name that the reader takes.
func TestFieldErrorsAreFoundByEveryName(t *testing.T) {
	is := is.New(t)
	_, err := form[basket](t, url.PathEscape("items[0][price]=x&tags[]=\x00&addr[city]=\xff&homes[é][city]=\x00"))
	var wrong *request.FieldErrors
	is.True(errors.As(err, &wrong))
	for name, sent := range map[string]string{
		"items.0.price": "x", "items[0][price]": "x", "items[0].Price": "x", "tags": "\x00", "tags[]": "\x00", "Tags": "\x00", "addr[city]": "\xff", "homes[é][city]": "\x00",
	} {
		is.True(wrong.Message(name) != "")
		is.Equal(wrong.Value(name), sent)
		is.True(wrong.Has(name, sent))
	}
	is.Equal(wrong.Message("items[1][price]")+wrong.Message("items")+wrong.Value("[")+wrong.Message(""), "")
}

// Links carry what others put into them.
func TestMalformedParametersOfOthersCostNothing(t *testing.T) {
	type search struct {
		Q string `form:"q"`
	}
	for _, other := range []string{"ref=a;b", "utm=50%off", "%zz=1", "a;q=wrong", "%=%", ";"} {
		t.Run(other, func(t *testing.T) {
			is := is.New(t)
			r := httptest.NewRequest("GET", "/?q=tea&"+other, nil)
			in, err := request.Query[search](r)
			is.NoErr(err)
			is.Equal(in.Q, "tea")
			_, err = request.Query[search](r, request.Limits{Strict: true})
			is.Equal(status(err), 400)
			in, err = request.Form[search](r)
			is.NoErr(err)
			is.Equal(in.Q, "tea")
			in, err = request.Form[search](post(urlencoded, "q=tea&"+other))
			is.NoErr(err)
			is.Equal(in.Q, "tea")

			for _, body := range []struct{ kind, text string }{
				{urlencoded, "q=tea"},
				{"multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=q\r\n\r\ntea\r\n--b--\r\n"},
			} {
				r := post(body.kind, body.text)
				r.URL.RawQuery = other
				in, err = request.Form[search](r) // the query is no part of the form
				is.NoErr(err)
				is.Equal(in.Q, "tea")
				is.Equal(r.PostForm.Get("q")+r.Form.Get("q"), "teatea") // where others look
			}
		})
	}
	for _, own := range []string{"q=a;b", "%71=a;b", "q=50%off", "Q=%", "q[=%zz"} {
		t.Run(own, func(t *testing.T) {
			is := is.New(t)
			_, err := request.Query[search](&http.Request{URL: &url.URL{RawQuery: own}})
			is.Equal(status(err), 400)
			r := post(urlencoded, own)
			for range 2 {
				_, err = request.Form[search](r)
				is.Equal(status(err), 400) // also for the second who reads it
			}
		})
	}
}

func TestTooManyParameters(t *testing.T) { // B5.10
	is := is.New(t)
	many := strings.Repeat("a=1&", 20_000) // net/http itself gives up at 10,000
	_, err := request.Query[basket](&http.Request{URL: &url.URL{RawQuery: many}})
	is.Equal(status(err), 413)
	_, err = request.Form[basket](post(urlencoded, many))
	is.Equal(status(err), 413)
	is.Equal(err.Error(), "request: Form: more than 1000 values were sent: raise Limits.Fields if so many are meant")
	_, err = request.Form[basket](post(urlencoded, many), request.Limits{Fields: 20_000})
	is.NoErr(err)
}
