package request_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/request"
)

const urlencoded = "application/x-www-form-urlencoded"

func post(contentType, body string) *http.Request {
	r := httptest.NewRequest("POST", "/", strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	return r
}

type level int

func (l *level) UnmarshalText(text []byte) error {
	switch string(text) {
	case "low":
		*l = 1
	case "high":
		*l = 2
	default:
		return errors.New("no such level")
	}
	return nil
}

type name string

type price struct {
	Amount   float64 `form:"amount"`
	Currency string  `form:"currency,default:EUR"`
}

type item struct {
	Title string `form:"title,required"`
	Price price  `form:"price"`
	Parts []item `form:"parts"`
}

type base struct {
	ID uint8 `form:"id"`
}

type Shared struct{ Note string }

type order struct {
	base
	*Shared
	Name   name         `form:"name"`
	Level  level        `form:"level"`
	Levels []level      `form:"levels"`
	Age    *int         `form:"age"`
	Nick   *string      `form:"nick"`
	Ratio  float32      `form:"ratio"`
	OK     bool         `form:"ok"`
	Tags   []string     `form:"tags"`
	Nums   []int16      `form:"nums"`
	Big    []*float64   `form:"big"`
	When   time.Time    `form:"when"`
	Until  *time.Time   `form:"until"`
	Days   []time.Time  `form:"days"`
	From   netip.Addr   `form:"from"`
	Hosts  []netip.Addr `form:"hosts"`
	Items  []item       `form:"items"`
	Links  []*item      `form:"links"`
	Next   *order       `form:"next"`

	Options map[string]string `form:"options"`
	Page    int               `form:"page,default:1"`
	Skip    func()            `form:"-"`

	secret *price
}

func form[T any](t *testing.T, query string) (T, error) {
	t.Helper()
	a, err := request.Form[T](post(urlencoded, query))
	b, again := request.Query[T](httptest.NewRequest("GET", "/?"+query, nil))
	if (err == nil) != (again == nil) || !reflect.DeepEqual(a, b) {
		t.Errorf("Form gave %+v, %v, Query %+v, %v", a, err, b, again)
	}
	return a, err
}

func TestFormFillsAStruct(t *testing.T) { // B5.1
	is := is.New(t)
	o, err := form[order](t, strings.Join([]string{
		"id=7", "note=hi", "NAME=Ann", "level=high", "levels=low", "levels=high", "age=41", "nick=", "ratio=0.5", "ok=on",
		"tags=a,b", "tags=c", "nums=1", "nums=2,3", "big=1e3", "when=2024-02-29", "until=2024-02-29T12:30", "days=2024-01-01", "days=2024-01-02T03:04:05Z",
		"from=::1", "hosts=10.0.0.1", "hosts=", "hosts=10.0.0.2", "items.1.title=B", "items.0.title=A", "items.0.price.amount=2.5",
		"items.1.parts.0.title=C", "links.0.title=L", "next.next.id=9", "unknown=1", "secret.amount=1", "Skip=1",
	}, "&"))
	is.NoErr(err)
	is.Equal(o.ID, uint8(7))
	is.Equal(o.Note, "hi")
	is.Equal(o.Name, name("Ann")) // any case
	is.Equal(o.Level, level(2))
	is.Equal(o.Levels, []level{1, 2})
	is.Equal(*o.Age, 41)
	is.Equal(*o.Nick, "")
	is.Equal(o.Ratio, float32(0.5))
	is.True(o.OK)
	is.Equal(o.Tags, []string{"a,b", "c"})
	is.Equal(o.Nums, []int16{1, 2, 3})
	is.Equal(*o.Big[0], 1000.0)
	is.Equal(o.When, time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC))
	is.Equal(*o.Until, time.Date(2024, 2, 29, 12, 30, 0, 0, time.UTC))
	is.Equal(len(o.Days), 2)
	is.Equal(o.From, netip.MustParseAddr("::1"))
	is.Equal(o.Hosts, []netip.Addr{netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("10.0.0.2")})
	is.Equal(o.Items[0].Title+o.Items[1].Title+o.Items[1].Parts[0].Title, "ABC")
	is.Equal(o.Items[0].Price.Amount, 2.5)
	is.Equal(o.Links[0].Title, "L")
	is.Equal(o.Next.Next.ID, uint8(9))
	is.Equal(o.Page, 1)
	is.True(o.secret == nil && o.Skip == nil)
}

func TestEmptyValues(t *testing.T) {
	is := is.New(t)
	o, err := form[order](t, "age=&nick=&level=&from=&when=&until=&ratio=&ok=&nums=&levels=&days=&hosts=")
	is.NoErr(err)
	is.True(o.Age == nil)
	is.True(o.Until == nil)
	is.True(o.Nick != nil) // an empty string is a string
	is.Equal(len(o.Nums)+len(o.Levels)+len(o.Days)+len(o.Hosts), 0)
	o, err = form[order](t, "page=0&ok=false&ok=true")
	is.NoErr(err)
	is.True(o.OK) // the last counts
	o, err = form[order](t, "")
	is.NoErr(err)
	is.Equal(o.Page, 1)
}

// The value that counts is the one that is judged and shown again.
func TestTheLastValueCounts(t *testing.T) {
	is := is.New(t)
	type signup struct {
		Email string     `form:"email,required"`
		Age   int        `form:"age,required"`
		From  netip.Addr `form:"from"`
	}
	_, err := form[signup](t, "email=a@b.c&email=&age=1")
	var wrong *request.FieldErrors
	is.True(errors.As(err, &wrong))
	is.Equal(wrong.Message("email"), "is required")
	is.Equal(wrong.Value("email"), "")
	s, err := form[signup](t, "email=&email=a@b.c&age=1&age=&from=::1&from=") // an empty number is none
	is.NoErr(err)
	is.Equal(s, signup{"a@b.c", 1, netip.MustParseAddr("::1")})
	_, err = form[order](t, "ok=false&ok=true&age=x")
	is.True(errors.As(err, &wrong))
	is.Equal(wrong.Value("ok"), "true")
}

func TestFieldErrors(t *testing.T) {
	for query, want := range map[string]string{
		"id=256":                         "id is too large",
		"id=-1":                          "id must not be negative",
		"id=x":                           "id must be a whole number",
		"age=1.5":                        "age must be a whole number",
		"age=-99999999999999999999":      "age is too small",
		"age=99999999999999999999":       "age is too large",
		"nums=1&nums=40000":              "nums is too large",
		"nums=1,x":                       "nums must be a whole number",
		"ok=maybe":                       "ok must be yes or no",
		"ratio=NaN":                      "ratio must be a number",
		"big=1,Inf":                      "big must be a number",
		"ratio=1e99":                     "ratio must be a number",
		"when=yesterday":                 "when must be a date",
		"days=2024-01-01&days=x":         "days must be a date",
		"level=mid":                      "level is not valid",
		"levels=low&levels=mid":          "levels is not valid",
		"hosts=::1&hosts=x":              "hosts is not valid",
		"items.0.price.amount=1":         "items.0.title is required",
		"items.1.title=A&items.0.title=": "items.0.title is required",
		"ITEMS.00.Title=a&items.0.PARTS.3.price.amount=x": "items.0.parts.0.price.amount must be a number",
		elements("items.%d.title=A"):                      "items has more than 100 entries",
		elements("options.%d=A"):                          "options has more than 100 entries",
		elements("tags[%d]=A"):                            "tags has more than 100 entries",
		"nums=" + strings.Repeat(",", 100):                "nums has more than 100 entries",
		strings.Repeat("tags=a&", 101):                    "tags has more than 100 entries",
	} {
		t.Run(want, func(t *testing.T) {
			is := is.New(t)
			_, err := form[order](t, query)
			var wrong *request.FieldErrors
			is.True(errors.As(err, &wrong))
			is.Equal(wrong.Status(), 422)
			found := false
			for _, f := range wrong.Fields {
				found = found || f.Error() == want
				is.Equal(wrong.Message(f.Name), f.Message)
			}
			if !found {
				t.Errorf("got %v, want %s", err, want)
			}
			is.True(strings.HasPrefix(err.Error(), "request: Form: "))
		})
	}
}

// elements is a form with 101 values, one for each number.
func elements(format string) string {
	var all []string
	for i := range 101 {
		all = append(all, fmt.Sprintf(format, i))
	}
	return strings.Join(all, "&")
}

func TestNamesOfOthersAreIgnoredUnlessStrict(t *testing.T) {
	for _, key := range []string{
		"", ".", "...", "[", "[]", "[x]", "base.id", "base", "Shared.note", "shared", "secret", "secret.amount", "skip", "id\x00", "utm[source]", "idx",
	} {
		t.Run(key, func(t *testing.T) {
			is := is.New(t)
			query := url.QueryEscape(key) + "=1"
			_, err := form[order](t, query)
			is.NoErr(err)
			_, err = request.Query[order](httptest.NewRequest("GET", "/?"+query, nil), request.Limits{Strict: true})
			is.True(errors.Is(err, request.ErrUnknown))
		})
	}
}

// A name that begins with a field is meant for it: to ignore what follows would
// lose it in silence. Nothing is lost with an empty value.
func TestNamesThatLeadNowhereWithinAFieldAreRefused(t *testing.T) {
	for _, key := range []string{
		"items.-1.title", "items.-1", "items", "items.x.title", "items.0", "items.+1.title", "items.0x1.title", "links.-5.title",
		"name.x", "nums.-1", "hosts.-1", "next", "next.items.-1.title", "when.wall", "when.loc.name", "from.z", "level.x",
		"items[0][title", "items[0]title", "items[0].title]x", "name[]", "tags[][]", "tags[0][]", "tags[a]", "items[]", "options", "options[]",
		strings.Repeat("next.", 100) + "name", strings.Repeat("items.0.parts.", 9) + "title", "items[][parts][][title]",
	} {
		t.Run(key, func(t *testing.T) {
			is := is.New(t)
			_, err := form[order](t, url.QueryEscape(key)+"=1")
			is.True(errors.Is(err, request.ErrUnknown))
			var wrong *request.FieldErrors
			is.True(errors.As(err, &wrong))
			is.Equal(wrong.Fields[0].Name, key)
			is.Equal(wrong.Fields[0].Message, "is not expected")
			_, err = form[order](t, url.QueryEscape(key)+"=")
			is.NoErr(err)
		})
	}
}

func TestWhatWasSentIsKept(t *testing.T) {
	is := is.New(t)
	o, err := request.Form[order](post(urlencoded, "NAME=Ann&id=x&tags=a&tags=b&other=1&items.0.title="))
	var wrong *request.FieldErrors
	is.True(errors.As(err, &wrong))
	is.Equal(wrong.Value("name"), "Ann")
	is.Equal(wrong.Value("id"), "x")
	is.Equal(wrong.Values["tags"], []string{"a", "b"})
	is.True(!wrong.Values.Has("other"))
	is.Equal(o.Name, name("Ann")) // filled as far as it goes
	is.Equal(err.Error(), "request: Form: id must be a whole number; items.0.title is required")
	is.True(errors.Is(err, request.ErrRequired))
	var one *request.FieldError
	is.True(errors.As(err, &one))
	is.Equal(one.Name, "id")
}

func TestFieldErrorsOfTheProgram(t *testing.T) {
	is := is.New(t)
	var none *request.FieldErrors
	is.Equal(none.Message("a")+none.Value("a"), "")
	is.NoErr(none.Err())
	var wrong request.FieldErrors
	is.NoErr(wrong.Err())
	for _, f := range []string{"a", "b", "c", "d", "e"} {
		wrong.Add(f, "is taken")
	}
	is.Equal(wrong.Err().Error(), "request: Form: a is taken; b is taken; c is taken (and 2 more)")
	is.Equal(wrong.Status(), 422)
	is.Equal(wrong.Message("b"), "is taken")
}

type required struct {
	Name  string     `form:"name,required"`
	Named string     `form:"named"`
	Age   int        `form:"age,required"`
	Agree bool       `form:"agree,required"`
	Tags  []string   `form:"tags,required"`
	Day   *time.Time `form:"day,required"`
	Price price2     `form:"price"`
	Opt   *price2    `form:"opt"`
	Must  *price2    `form:"must,required"`
	Items []item     `form:"items,required"`
}

type price2 struct {
	Amount int `form:"amount,required"`
}

func TestRequired(t *testing.T) {
	is := is.New(t)
	missing := func(query string) string {
		t.Helper()
		_, err := form[required](t, query)
		var wrong *request.FieldErrors
		if !errors.As(err, &wrong) {
			is.NoErr(err)
			return ""
		}
		var names []string
		for _, f := range wrong.Fields {
			is.True(errors.Is(f, request.ErrRequired))
			names = append(names, f.Name)
		}
		return strings.Join(names, " ")
	}
	is.Equal(missing(""), "age agree day items must name price.amount tags")
	is.Equal(missing("named=x&tags=&tags=&age=&name="), "age agree day items must name price.amount tags")
}

func TestRequiredDay(t *testing.T) {
	is := is.New(t)
	_, err := form[required](t, "day=&name=a&age=0&agree=on&tags=a&price.amount=0&must.amount=1&items.0.title=a")
	var wrong *request.FieldErrors
	is.True(errors.As(err, &wrong))
	is.Equal(len(wrong.Fields), 1)
	is.Equal(wrong.Message("day"), "is required")
	_, err = form[required](t, "day=2024-01-01&name=a&age=0&agree=on&tags=a&price.amount=0&must.amount=1&items.0.title=a")
	is.NoErr(err)
	_, err = form[required](t, "opt.amount=&day=2024-01-01&name=a&age=0&agree=on&tags=a&price.amount=0&must.amount=1&items.0.title=a")
	is.True(errors.As(err, &wrong))
	is.Equal(wrong.Message("opt.amount"), "is required")
}

func status(err error) int {
	var s interface{ Status() int }
	if errors.As(err, &s) {
		return s.Status()
	}
	return 0
}

func TestStatuses(t *testing.T) { // B5.10
	is := is.New(t)
	code := func(r *http.Request, limits ...request.Limits) int {
		t.Helper()
		_, err := request.Form[order](r, limits...)
		is.True(err != nil)
		is.True(strings.HasPrefix(err.Error(), "request: Form: "))
		return status(err)
	}
	is.Equal(code(post(urlencoded, "id=x")), 422)
	is.Equal(code(post(urlencoded, "id=%zz")), 400)
	is.Equal(code(post("text/plain", "id=1")), 415)
	is.Equal(code(post("", "id=1")), 415)
	is.Equal(code(post("multipart/form-data", "id=1")), 400)
	is.Equal(code(post("multipart/form-data; boundary=b", "id=1")), 400)
	is.Equal(code(post(urlencoded, "name="+strings.Repeat("x", 1<<20))), 413)
	is.Equal(code(post(urlencoded, "name=xx"), request.Limits{Body: 6}), 413)
	is.Equal(code(post(urlencoded, strings.Repeat("a=&", 1001))), 413)
	is.Equal(code(post(urlencoded, "a=1&b=2"), request.Limits{Fields: 1}), 413)

	endless := httptest.NewRequest("POST", "/", io.MultiReader(strings.NewReader("name="), endlessReader{}))
	endless.ContentLength = -1
	endless.Header.Set("Content-Type", urlencoded)
	is.Equal(code(endless), 413)
	multi := httptest.NewRequest("POST", "/", io.MultiReader(strings.NewReader("--b\r\nContent-Disposition: form-data; name=name\r\n\r\n"), endlessReader{}))
	multi.ContentLength = -1
	multi.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	is.Equal(code(multi), 413)

	_, err := request.Query[order](httptest.NewRequest("GET", "/?id=x", nil))
	is.Equal(status(err), 400)
	_, err = request.Query[order](&http.Request{URL: &url.URL{RawQuery: "id=%zz"}})
	is.Equal(status(err), 400)

	_, err = request.Form[order](httptest.NewRequest("POST", "/", nil)) // no body, no type
	is.NoErr(err)
	_, err = request.Form[order](post(urlencoded+"; charset=UTF-8", "id=1"))
	is.NoErr(err)
	o, err := request.Form[order](httptest.NewRequest("GET", "/?id=3", nil))
	is.NoErr(err)
	is.Equal(o.ID, uint8(3)) // a form with method GET
	o, err = request.Form[order](httptest.NewRequest("POST", "/?id=3", nil))
	is.NoErr(err)
	is.Equal(o.ID, uint8(0))
}

type endlessReader struct{}

func (endlessReader) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestFormCanBeReadTwice(t *testing.T) {
	is := is.New(t)
	r := post(urlencoded, "id=3")
	for range 2 {
		o, err := request.Form[order](r)
		is.NoErr(err)
		is.Equal(o.ID, uint8(3))
	}
}

type upload struct {
	Title  string                  `form:"title"`
	Avatar *multipart.FileHeader   `form:"avatar,required"`
	Photos []*multipart.FileHeader `form:"photos"`
}

func uploads(files ...string) *http.Request {
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	m.WriteField("title", "hello")
	for _, name := range files {
		w, err := m.CreateFormFile(name, name+".png")
		if err != nil {
			panic(err)
		}
		w.Write([]byte("content of " + name))
	}
	m.Close()
	return post(m.FormDataContentType(), body.String())
}

func content(t *testing.T, h *multipart.FileHeader) string {
	t.Helper()
	f, err := h.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestFiles(t *testing.T) {
	is := is.New(t)
	u, err := request.Form[upload](uploads("avatar", "photos", "Photos", "other"))
	is.NoErr(err)
	is.Equal(u.Title, "hello")
	is.Equal(u.Avatar.Filename, "avatar.png")
	is.Equal(content(t, u.Avatar), "content of avatar")
	is.Equal(len(u.Photos), 2)

	_, err = request.Form[upload](uploads("avatar", "avatar"))
	is.True(errors.Is(err, request.ErrTooMany)) // one of them would be lost
	_, err = request.Form[upload](uploads("photos"))
	var wrong *request.FieldErrors
	is.True(errors.As(err, &wrong))
	is.Equal(wrong.Message("avatar"), "is required")
	_, err = request.Form[upload](uploads("avatar", "other"), request.Limits{Strict: true})
	is.True(errors.Is(err, request.ErrUnknown))
	_, err = request.Form[upload](uploads("avatar", "photos"), request.Limits{Files: 1})
	is.Equal(status(err), 413)
	_, err = request.Form[upload](uploads("avatar"), request.Limits{Body: 100})
	is.Equal(status(err), 413)
}

func TestAFileCannotBeMadeUp(t *testing.T) {
	is := is.New(t)
	u, err := request.Form[upload](post(urlencoded, "avatar.filename=/etc/passwd&avatar=x&photos.0.filename=x&Avatar.Size=1"))
	is.Equal(status(err), 422)
	is.True(u.Avatar == nil)
	is.Equal(len(u.Photos), 0)
}

func TestUploadsStayInMemory(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir()+"/missing") // a file on disk would be an error
	is := is.New(t)
	var names []string
	for i := range 900 {
		names = append(names, "photos"+strconv.Itoa(i))
	}
	_, err := request.Form[struct{ A string }](uploads(names...), request.Limits{Files: 1000})
	is.NoErr(err)
}

func TestLargeUploadsStayInMemory(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir()+"/missing")
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("avatar", "avatar.png")
	is := is.New(t)
	is.NoErr(err)
	part.Write(make([]byte, 9<<20))
	w.Close()
	_, err = request.Form[struct{ A string }](post(w.FormDataContentType(), body.String()), request.Limits{Body: math.MaxInt64})
	is.NoErr(err)
}

func TestOverTheWire(t *testing.T) {
	is := is.New(t)
	var got order
	var failed error
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got, failed = request.Form[order](r, request.Limits{Body: 64})
		w.WriteHeader(max(status(failed), 200))
	}))
	defer server.Close()
	res, err := http.PostForm(server.URL, url.Values{"name": {"Ann"}, "id": {"4"}})
	is.NoErr(err)
	res.Body.Close()
	is.NoErr(failed)
	is.Equal(got.Name, name("Ann"))
	res, err = http.PostForm(server.URL, url.Values{"name": {strings.Repeat("x", 100)}})
	is.NoErr(err)
	res.Body.Close()
	is.Equal(res.StatusCode, 413)
}

type (
	selfEmbed struct{ *selfEmbed }
	SelfEmbed struct{ *SelfEmbed }
	hiddenPtr struct{ *base }
	twice     struct{ A, a2 string } //lint:ignore U1000 a field that a form cannot fill
	sameTag   struct {
		A string `form:"x"`
		B string `form:"X"`
	}
	shadowed struct {
		name string //lint:ignore U1000 it shares its name with the other
		Name string
	}
	Left  struct{ Same string }
	Right struct{ Same string }
	both  struct {
		Left
		Right
	}
	LeftTag struct {
		Same string `form:"l"`
	}
	RightTag struct {
		Same string `form:"r"`
	}
	bothTags struct {
		LeftTag
		RightTag
	}
	deepFile struct {
		In struct{ F *multipart.FileHeader }
	}
	embeddedName struct {
		Shared2
	}
	Shared2 struct{ Shared2 string }
)

func TestStructsThatCannotBeFilled(t *testing.T) {
	cannot := func(err error, want string) {
		t.Helper()
		if err == nil || status(err) != 0 || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "request: Query: ") {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	cannot(query[int](), "int is not a struct")
	cannot(query[*order](), "is not a struct")
	cannot(query[map[string]string](), "is not a struct")
	cannot(query[struct{ F func() }](), `tag `+"`form:\"-\"`")
	cannot(query[struct{ M map[string]any }](), "cannot be read from text")
	cannot(query[struct{ M map[int]string }](), "cannot be read from text")
	cannot(query[struct{ M *map[string]string }](), "cannot be read from text")
	cannot(query[struct {
		M map[string]*multipart.FileHeader
	}](), "cannot be read from text")
	cannot(query[struct{ S [][]int }](), "cannot be read from text")
	cannot(query[struct{ S *[]int }](), "cannot be read from text")
	cannot(query[struct{ S **int }](), "cannot be read from text")
	cannot(query[struct{ S []any }](), "cannot be read from text")
	cannot(query[struct{ In []struct{ C chan int } }](), "cannot be read from text")
	cannot(query[struct {
		A int `form:"a.b"`
	}](), "has a dot")
	cannot(query[SelfEmbed](), "embeds itself")
	cannot(query[selfEmbed](), "cannot be set")
	cannot(query[hiddenPtr](), "cannot be set")
	cannot(query[sameTag](), "two fields named")
	cannot(query[both](), "two fields named")
	cannot(query[deepFile](), "a file can only be a field of")
	for _, err := range []error{query[twice](), query[shadowed](), query[bothTags](), query[embeddedName]()} {
		if err != nil {
			t.Error(err)
		}
	}
}

func query[T any]() error {
	_, err := request.Query[T](httptest.NewRequest("GET", "/?a=1", nil))
	return err
}

type explosive struct{ E bomb }
type bomb struct{ X int }

func (*bomb) UnmarshalText([]byte) error { panic("boom") }

func TestPanicsOfATypeAreErrors(t *testing.T) {
	is := is.New(t)
	_, err := request.Query[explosive](httptest.NewRequest("GET", "/?e=1", nil))
	is.True(err != nil)
	is.True(strings.Contains(err.Error(), "boom"))
	is.Equal(status(err), 0)
}

type digest [2]byte

func (d *digest) UnmarshalText(text []byte) error {
	if len(text) != len(d) {
		return errors.New("want two bytes")
	}
	copy(d[:], text)
	return nil
}

type Attachment struct {
	File *multipart.FileHeader `form:"file"`
}

func TestTextTypesOfEveryShape(t *testing.T) {
	is := is.New(t)
	v, err := form[struct {
		IP     net.IP
		Digest *digest
		Any    []netip.Prefix
	}](t, "ip=10.0.0.1&digest=ab&any=10.0.0.0/8&any=::/0")
	is.NoErr(err)
	is.Equal(v.IP.String(), "10.0.0.1")
	is.Equal(*v.Digest, digest{'a', 'b'})
	is.Equal(len(v.Any), 2)
	_, err = form[struct{ Digest digest }](t, "digest=abc")
	is.Equal(status(err), 422)
	is.True(strings.Contains(fmt.Sprint(errors.Unwrap(errorsIn(err)[0])), "want two bytes")) // the cause, for the log
	is.NoErr(query[struct{ Digests []digest }]())
}

func errorsIn(err error) []error {
	var wrong *request.FieldErrors
	errors.As(err, &wrong)
	return wrong.Unwrap()
}

func TestFileInAnEmbeddedStruct(t *testing.T) {
	is := is.New(t)
	u, err := request.Form[struct {
		*Attachment
		Title string
	}](uploads("file"))
	is.NoErr(err)
	is.Equal(u.File.Filename, "file.png")
	is.Equal(u.Title, "hello")
}

func TestBadDefaultsAreTheProgramsMistake(t *testing.T) {
	is := is.New(t)
	_, err := request.Query[struct {
		A int `form:"a,required,default:1"`
	}](httptest.NewRequest("GET", "/?a=1", nil))
	is.True(err != nil)
	is.Equal(status(err), 0)
}

func TestFormsAtOnce(t *testing.T) {
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 20 {
				o, err := request.Form[order](post(urlencoded, "id="+strconv.Itoa(i)+"&items.1.title=a&items.0.title=b"))
				if err != nil || o.ID != uint8(i) {
					t.Error(o, err)
				}
			}
		})
	}
	wg.Wait()
}

func FuzzForm(f *testing.F) {
	f.Add(urlencoded, "items.-1.title=x&items.0.parts.5.title=a&next.links.3.title=b")
	f.Add(urlencoded, "name=a&nums=1,2,x&when=2024-01-01&hosts=::1&hosts=&age=&secret.amount=1&avatar.size=3")
	f.Add(urlencoded, "items[0][title]=a&items[][title]=b&items[][price][amount]=1&tags[]=x&options[a.b]=c&links[7].title=d&a[=b&]c=d")
	f.Add(urlencoded, "options.x=\x00&until=2024-W09&nums=+1+,2&ok=yes&items[99999999999999999999][parts][1][title]=x")
	f.Add(urlencoded, "page=9&big=NaN&levels=low&days=x&until=&from=1.2.3.4&ok=on;&%zz")
	f.Add("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=avatar; filename=x\r\n\r\nhi\r\n--b--\r\n")
	f.Add("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"items.1.title\"\r\n\r\nhi\r\n--b--\r\n")
	f.Fuzz(func(t *testing.T, contentType, body string) {
		limits := request.Limits{Body: 1 << 16, Elements: 8}
		o, err := request.Form[order](post(contentType, body), limits)
		if err != nil && status(err) == 0 {
			t.Fatalf("no status: %v", err)
		}
		if slices.ContainsFunc(o.Items, func(it item) bool { return err == nil && it.Title == "" }) {
			t.Fatalf("an element without what is required: %+v", o.Items)
		}
		if len(o.Options) > 8 || len(o.Items) > 8 || len(o.Links) > 8 || len(o.Nums) > 8 || len(o.Tags) > 8 || o.secret != nil {
			t.Fatalf("out of bounds: %+v", o)
		}
		for _, strict := range []bool{false, true} {
			limits.Strict = strict
			if _, err := request.Form[upload](post(contentType, body), limits); err != nil && status(err) == 0 {
				t.Fatalf("no status: %v", err)
			}
			if _, err := request.Form[required](post(contentType, body), limits); err != nil && status(err) == 0 {
				t.Fatalf("no status: %v", err)
			}
		}
	})
}

func FuzzQuery(f *testing.F) {
	for _, s := range []string{"tags[]=a&tags[0]=b", "items[][title]=a&items[0][title]=b", "options[%zz]=1", "utm=50%off&items[0", "items.0.title=x", "next.next.items.7.links=1", "tags=a&tags", "%", "a;b", "ID=1&id=2", "levels.0=low", "s\u017fecret=1", "\u212a=1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		r := &http.Request{Method: "GET", URL: &url.URL{RawQuery: raw}}
		if _, err := request.Query[order](r); err != nil && status(err) == 0 {
			t.Fatalf("no status: %v", err)
		}
		if _, err := request.Query[required](r, request.Limits{Strict: true, Elements: 3}); err != nil && status(err) == 0 {
			t.Fatalf("no status: %v", err)
		}
	})
}

// A body that the server has closed, because the response has started, is no fault of the
// client's: the error says what to do.
func TestABodyThatIsClosed(t *testing.T) {
	for name, read := range map[string]func(*http.Request) error{
		"form": func(r *http.Request) error { _, err := request.Form[struct{ Name string }](r); return err },
		"json": func(r *http.Request) error { _, err := request.JSON[struct{ Name string }](r); return err },
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest("POST", "/", closedBody{})
			r.Header.Set("Content-Type", map[string]string{"form": "application/x-www-form-urlencoded", "json": "application/json"}[name])
			err := read(r)
			var status interface{ Status() int }
			if err == nil || errors.As(err, &status) || !strings.Contains(err.Error(), "in the page function") {
				t.Errorf("got %v", err)
			}
		})
	}
}

type closedBody struct{}

func (closedBody) Read([]byte) (int, error) { return 0, http.ErrBodyReadAfterClose }
