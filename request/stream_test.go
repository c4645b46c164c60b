package request_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/request"
)

func TestSafeName(t *testing.T) {
	for name, want := range map[string]string{
		"photo.jpg":                       "photo.jpg",
		"Ferien in Köln (1).JPG":          "Ferien in Köln (1).JPG",
		`C:\Users\ann\photo.jpg`:          "photo.jpg",
		"../../etc/passwd":                "passwd",
		`..\..\boot.ini`:                  "boot.ini",
		"..":                              "file",
		".":                               "file",
		"":                                "file",
		"/":                               "file",
		"photos/":                         "file",
		".htaccess":                       "htaccess",
		"a.txt. . ":                       "a.txt",
		"C:photo.jpg":                     "C_photo.jpg",
		"a.txt::$DATA":                    "a.txt__$DATA",
		"a\x00b\r\nc.png":                 "ab__c.png",
		"a\xff.png":                       "a_.png",
		"gpj\u202eexe.txt":                "gpjexe.txt",
		"CON":                             "_CON",
		"nul.tar.gz":                      "_nul.tar.gz",
		"com1 .txt":                       "_com1 .txt",
		"LPT²":                            "_LPT²",
		"CONIN$":                          "_CONIN$",
		"console.log":                     "console.log",
		"com10":                           "com10",
		"-rf":                             "_-rf",
		"~root":                           "_~root",
		`<a href="x">?*|`:                 "_a href=_x_____",
		strings.Repeat("é", 300) + ".jpg": strings.Repeat("é", 98) + ".jpg",
		strings.Repeat("x", 300):          strings.Repeat("x", 200),
	} {
		if got := request.SafeName(name); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
}

func FuzzSafeName(f *testing.F) {
	for _, s := range []string{"a.jpg", `..\..\x`, "CON.", "...", ". .", "a\x00", "com¹", strings.Repeat("é.", 200), "-\u202e"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got := request.SafeName(name)
		if got == "" || len(got) > 201 || strings.ContainsAny(got, "/\\:\x00\r\n") || strings.Trim(got, ". ") != got || got[0] == '-' {
			t.Fatalf("%q becomes %q", name, got)
		}
		if again := request.SafeName(got); again != got && len(got) <= 200 {
			t.Fatalf("%q, then %q", got, again)
		}
		if err := os.Mkdir(t.TempDir()+"/"+got, 0o700); err != nil {
			t.Fatalf("%q: %v", got, err)
		}
	})
}

type caption struct {
	Title string `form:"title,required"`
}

// long is a multipart form with a file of so many bytes before its title.
func long(size int) *http.Request {
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for _, name := range []string{"photo", "second"} {
		w, err := m.CreateFormFile(name, `C:\`+name+".jpg")
		if err != nil {
			panic(err)
		}
		w.Write(bytes.Repeat([]byte("x"), size))
	}
	m.WriteField("title", "harbour")
	m.Close()
	return post(m.FormDataContentType(), body.String())
}

func TestStream(t *testing.T) {
	is := is.New(t)
	var seen []string
	in, err := request.Stream[caption](long(100_000), func(f *request.File) error {
		n, err := io.Copy(io.Discard, f)
		seen = append(seen, fmt.Sprint(f.Field, " ", request.SafeName(f.Name), " ", f.ContentType, " ", n))
		return err
	})
	is.NoErr(err)
	is.Equal(in.Title, "harbour")
	is.Equal(seen, []string{"photo photo.jpg application/octet-stream 100000", "second second.jpg application/octet-stream 100000"})

	in, err = request.Stream[caption](long(100_000), func(f *request.File) error { return nil }) // unread files are skipped
	is.NoErr(err)
	is.Equal(in.Title, "harbour")
}

func TestStreamToATemporaryFile(t *testing.T) {
	is := is.New(t)
	dir := t.TempDir()
	_, err := request.Stream[caption](long(5000), func(f *request.File) error {
		temp, err := f.Temp(dir)
		if err != nil {
			return err
		}
		defer os.Remove(temp.Name())
		defer temp.Close()
		text, err := io.ReadAll(temp)
		is.Equal(len(text), 5000)
		return err
	}, request.Limits{File: 5000})
	is.NoErr(err)

	_, err = request.Stream[caption](long(5001), func(f *request.File) error {
		_, err := f.Temp(dir)
		is.True(errors.Is(err, request.ErrFileTooLarge))
		return nil // even so
	}, request.Limits{File: 5000})
	var wrong *request.FieldErrors
	is.True(errors.As(err, &wrong))
	is.Equal(wrong.Message("photo")+", "+wrong.Message("second"), "is larger than 4 KB, is larger than 4 KB")
	is.Equal(wrong.Value("title"), "harbour")
	is.Equal(wrong.Status(), 422)
	left, err := os.ReadDir(dir)
	is.NoErr(err)
	is.Equal(len(left), 0)
}

func TestStreamWithoutABound(t *testing.T) {
	is := is.New(t)
	_, err := request.Stream[caption](long(5001), func(f *request.File) error {
		n, err := io.Copy(io.Discard, f)
		is.Equal(n, int64(5001))
		return err
	}, request.Limits{Body: math.MaxInt64})
	is.NoErr(err)
}

func TestStreamIntoNoStruct(t *testing.T) {
	is := is.New(t)
	_, err := request.Stream[int](long(1), func(*request.File) error {
		t.Error("a file is saved, and the form can never be read")
		return nil
	})
	is.True(err != nil)
	is.Equal(status(err), 0)
}

func TestStreamLimits(t *testing.T) {
	is := is.New(t)
	keep := func(f *request.File) error { _, err := io.Copy(io.Discard, f); return err }
	code := func(r *http.Request, limits request.Limits) int {
		t.Helper()
		_, err := request.Stream[caption](r, keep, limits)
		is.True(err != nil)
		is.True(strings.HasPrefix(err.Error(), "request: Stream: "))
		return status(err)
	}
	is.Equal(code(long(600_000), request.Limits{}), 413)
	is.Equal(code(long(1), request.Limits{Files: 1}), 413)
	is.Equal(code(post("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=a; filename=x\r\n\r\nhi"), request.Limits{}), 400)
	is.Equal(code(post("multipart/form-data", ""), request.Limits{}), 400)
	is.Equal(code(post(urlencoded, "title=a"), request.Limits{}), 415)

	unknown := long(600_000)
	unknown.ContentLength = -1
	is.Equal(code(unknown, request.Limits{}), 413) // met while save reads
	text := httptest.NewRequest("POST", "/", io.MultiReader(strings.NewReader("--b\r\nContent-Disposition: form-data; name=title\r\n\r\n"), endlessReader{}))
	text.ContentLength = -1
	text.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	is.Equal(code(text, request.Limits{Body: 1 << 40}), 413) // values stay in memory

	full := errors.New("the disk is full")
	_, err := request.Stream[caption](long(1), func(*request.File) error { return full })
	is.Equal(err, full)
	_, err = request.Stream[caption](long(200), func(f *request.File) error { return nil }, request.Limits{Fields: 1})
	is.NoErr(err)
	_, err = request.Stream[struct{ Title int }](long(200), keep, request.Limits{File: 100})
	var wrong *request.FieldErrors
	is.True(errors.As(err, &wrong))
	is.Equal(len(wrong.Fields), 3) // both kinds of mistakes are told at once
	is.Equal(wrong.Message("Title"), "must be a whole number")
}

func TestFileThatIsTooLarge(t *testing.T) {
	is := is.New(t)
	_, err := request.Form[upload](uploads("avatar"), request.Limits{File: 10})
	is.True(errors.Is(err, request.ErrFileTooLarge))
	var wrong *request.FieldErrors
	is.True(errors.As(err, &wrong))
	is.Equal(wrong.Message("avatar"), "is larger than 10 bytes")
	u, err := request.Form[upload](uploads("avatar", "photos[]", "photos.0"), request.Limits{File: 100})
	is.NoErr(err)
	is.Equal(len(u.Photos), 2)
}

// A form without enctype sends the name of the file alone; and a field for text
// gets a file if a page has changed.
func TestFilesAndTextsAreNotTakenForOneAnother(t *testing.T) {
	is := is.New(t)
	_, err := request.Form[upload](post(urlencoded, "avatar=photo.jpg"))
	var wrong *request.FieldErrors
	is.True(errors.As(err, &wrong))
	is.Equal(wrong.Message("avatar"), "must be an uploaded file")
	is.True(strings.Contains(wrong.Fields[0].Err.Error(), `enctype="multipart/form-data"`))
	_, err = request.Form[upload](uploads("avatar", "title"))
	is.True(errors.As(err, &wrong))
	is.Equal(wrong.Message("title"), "is not expected to be a file")
	_, err = request.Form[struct {
		Photo *multipart.FileHeader `form:"photo"`
	}](post(urlencoded, "photo="), request.Limits{Strict: true}) // none was chosen
	is.NoErr(err)
}

// FuzzStream compares the two ways to read a multipart form.
func FuzzStream(f *testing.F) {
	f.Add("--b\r\nContent-Disposition: form-data; name=Title\r\n\r\nhi\r\n--b\r\nContent-Disposition: form-data; name=x; filename=y\r\n\r\nfile\r\n--b--\r\n")
	f.Add("--b\r\nContent-Disposition: form-data; name=\"tags[]\"\r\n\r\n\xff\r\n--b\r\nContent-Disposition: form-data; name=x; filename=\"\"\r\n\r\n\r\n--b--")
	f.Add("--b\r\nContent-Disposition: form-data; name=Title; filename=y\r\n\r\nfi")
	f.Fuzz(func(t *testing.T, body string) {
		type text struct {
			Title string
			Tags  []string
		}
		const kind = "multipart/form-data; boundary=b"
		want, failed := request.Form[text](post(kind, body))
		got, err := request.Stream[text](post(kind, body), func(f *request.File) error {
			if f.Field == "" {
				t.Fatal("a file without a field")
			}
			_, err := io.Copy(io.Discard, f)
			return err
		})
		var wrong *request.FieldErrors
		if errors.As(failed, &wrong) && strings.Contains(failed.Error(), "to be a file") {
			return // Stream takes files of any name
		}
		if status(err) != status(failed) || err == nil && !reflect.DeepEqual(got, want) {
			t.Fatalf("Form: %+v %v\nStream: %+v %v", want, failed, got, err)
		}
	})
}
