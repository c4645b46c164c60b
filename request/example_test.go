package request_test

import (
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"time"

	"github.com/ropewalk/ropewalk/request"
)

func ExampleForm() {
	type Signup struct {
		Email string `form:"email,required"`
		Age   int    `form:"age"`
	}
	handler := func(w http.ResponseWriter, r *http.Request) {
		in, err := request.Form[Signup](r)
		var wrong *request.FieldErrors
		switch {
		case errors.As(err, &wrong):
			fmt.Println(wrong.Status())
			fmt.Println("email:", wrong.Message("email"))
			fmt.Printf("age: %s, not %q\n", wrong.Message("age"), wrong.Value("age"))
		case err != nil:
			fmt.Println(err)
		default:
			fmt.Printf("%+v\n", in)
		}
	}
	for _, body := range []string{"email=ann@example.com&age=41", "email=&age=old"} {
		r := httptest.NewRequest("POST", "/signup", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		handler(httptest.NewRecorder(), r)
	}
	// Output:
	// {Email:ann@example.com Age:41}
	// 422
	// email: is required
	// age: must be a whole number, not "old"
}

func ExampleForm_files() {
	type Upload struct {
		Title string                  `form:"title"`
		Photo []*multipart.FileHeader `form:"photo"`
	}
	var body strings.Builder
	m := multipart.NewWriter(&body)
	m.WriteField("title", "Harbour")
	file, _ := m.CreateFormFile("photo", "ships.jpg")
	fmt.Fprint(file, "…")
	m.Close()

	r := httptest.NewRequest("POST", "/", strings.NewReader(body.String()))
	r.Header.Set("Content-Type", m.FormDataContentType())
	up, err := request.Form[Upload](r, request.Limits{Body: 20 << 20, Files: 3})
	fmt.Println(up.Title, up.Photo[0].Filename, err)
	// Output: Harbour ships.jpg <nil>
}

func ExampleStream() {
	type Upload struct {
		Title string `form:"title,required"`
	}
	var body strings.Builder
	m := multipart.NewWriter(&body)
	m.WriteField("title", "Harbour")
	file, _ := m.CreateFormFile("film", `..\..\ships.mp4`)
	fmt.Fprint(file, "…")
	m.Close()

	r := httptest.NewRequest("POST", "/", strings.NewReader(body.String()))
	r.Header.Set("Content-Type", m.FormDataContentType())
	up, err := request.Stream[Upload](r, func(f *request.File) error {
		temp, err := f.Temp("") // or io.Copy to wherever files are kept
		if err != nil {
			return err
		}
		defer os.Remove(temp.Name())
		defer temp.Close()
		fmt.Println(f.Field, request.SafeName(f.Name))
		return nil
	}, request.Limits{Body: 5 << 30, File: 2 << 30})
	fmt.Println(up.Title, err)
	// Output:
	// film ships.mp4
	// Harbour <nil>
}

func ExampleFill() {
	type Product struct {
		Name  string        `form:"name,required"`
		Price float64       `form:"price"`
		Sold  bool          `form:"sold"`
		Ships time.Duration `form:"ships"`
	}
	form := request.Fill(Product{Name: "Rope", Price: 2.5, Sold: true, Ships: 48 * time.Hour})
	fmt.Println(form.Value("name"), form.Value("price"), form.Checked("sold"), form.Value("ships"))

	var err error = request.Fill(Product{Name: "Rope"}).Add("name", "is taken")
	fmt.Println(err)
	// Output:
	// Rope 2.5 true 48h0m0s
	// request: Form: name is taken
}

// A struct checks what no field tells alone.
type Stay struct {
	From time.Time `form:"from,required"`
	To   time.Time `form:"to,required"`
}

func (s Stay) Validate() error {
	if !s.To.After(s.From) {
		return new(request.FieldErrors).Add("to", "must be after the arrival")
	}
	return nil
}

func ExampleForm_validate() {
	r := httptest.NewRequest("GET", "/?from=2024-02-29&to=2024-02-28", nil)
	_, err := request.Form[Stay](r)
	fmt.Println(err)
	// Output: request: Form: to must be after the arrival
}

func ExampleQuery() {
	type Search struct {
		Text string   `form:"q"`
		Page int      `form:"page,default:1"`
		Tags []string `form:"tag"`
	}
	r := httptest.NewRequest("GET", "/search?q=rope&tag=hemp&tag=new&utm=x", nil)
	search, err := request.Query[Search](r)
	fmt.Printf("%+v %v\n", search, err)
	// Output: {Text:rope Page:1 Tags:[hemp new]} <nil>
}

func ExamplePath() {
	type params struct {
		ID int `path:"id"`
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /product/{id}", func(w http.ResponseWriter, r *http.Request) {
		p, err := request.Path[params](r)
		fmt.Println(p.ID, err)
	})
	mux.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/product/12", nil))
	mux.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/product/twelve", nil))
	// Output:
	// 12 <nil>
	// 0 request: Path: id must be a whole number
}

func ExampleJSON() {
	type Point struct{ X, Y int }
	read := func(body string) {
		r := httptest.NewRequest("POST", "/", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		p, err := request.JSON[Point](r)
		fmt.Println(p, err)
	}
	read(`{"X": 1, "Y": 2}`)
	read(`{"X": true}`)
	read(`{"X": 1} trailing`)
	// Output:
	// {1 2} <nil>
	// {0 0} request: JSON: byte 10: X: a JSON bool does not fit into int
	// {1 0} request: JSON: byte 9: there is more after the value: send one
}

func ExampleFieldErrors() {
	var wrong request.FieldErrors
	wrong.Add("email", "is taken")
	fmt.Println(wrong.Err())
	fmt.Println(wrong.Message("email"))
	// Output:
	// request: Form: email is taken
	// is taken
}

func ExampleClientIP() {
	r := httptest.NewRequest("GET", "/", nil)
	r.RemoteAddr = "10.0.0.5:41234"                              // our proxy
	r.Header.Set("X-Forwarded-For", "203.0.113.9, 198.51.100.7") // invented, seen by the proxy

	direct, _ := request.ClientIP(r)
	client, _ := request.ClientIP(r, netip.MustParsePrefix("10.0.0.0/8"))
	fmt.Println(direct, client)
	// Output: 10.0.0.5 198.51.100.7
}

var user request.Key[string]

func ExampleKey() {
	page := func(w http.ResponseWriter, r *http.Request) {
		name, ok := user.Get(r.Context())
		fmt.Println(name, ok)
	}
	login := func(w http.ResponseWriter, r *http.Request) {
		r = request.WithLocals(r)
		if err := user.Set(r.Context(), "ann"); err != nil {
			fmt.Println(err)
		}
		page(w, r)
	}
	login(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	// Output: ann true
}
