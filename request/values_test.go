package request_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/ropewalk/ropewalk/request"
)

type settings struct {
	Notify   bool          `form:"notify,default:true"`
	Maybe    *bool         `form:"maybe,default:yes"`
	Quantity int           `form:"quantity,default:1"`
	Nickname string        `form:"nickname,default:ann"`
	Sizes    []int         `form:"sizes,default:1|2"`
	Wait     time.Duration `form:"wait,default:90s"`
	From     time.Time     `form:"from,default:2024-02-29"`
	Level    level         `form:"level,default:high"`
	In       struct {
		Page int `form:"page,default:1"`
	} `form:"in"`
	Rows []struct {
		Name  string `form:"name"`
		Count int    `form:"count,default:3"`
	} `form:"rows"`
}

// A default is for what was not sent.
func TestDefaults(t *testing.T) {
	is := is.New(t)
	in, err := form[settings](t, "rows.0.name=x")
	is.NoErr(err)
	is.True(in.Notify && *in.Maybe)
	is.Equal(in.Quantity, 1)
	is.Equal(in.Nickname, "ann")
	is.Equal(in.Sizes, []int{1, 2})
	is.Equal(in.Wait, 90*time.Second)
	is.Equal(in.From, time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC))
	is.Equal(in.Level, level(2))
	is.Equal(in.In.Page, 1)
	is.Equal(in.Rows[0].Count, 3)

	in, err = form[settings](t, "notify=false&maybe=no&quantity=0&nickname=&sizes[]=&wait=0&from=&level=&in.page=0&rows.0.count=0")
	is.NoErr(err)
	is.True(!in.Notify && !*in.Maybe)
	is.Equal(in.Quantity, 0)
	is.Equal(in.Nickname, "")
	is.Equal(len(in.Sizes), 0)
	is.Equal(in.Wait, time.Duration(0))
	is.True(in.From.IsZero())
	is.Equal(in.Level, level(0))
	is.Equal(in.In.Page, 0)
	is.Equal(in.Rows[0].Count, 0)
}

func TestRequiredMeansAnAnswer(t *testing.T) {
	type signup struct {
		Agree bool   `form:"agree,required"`
		Name  string `form:"name,required"`
		Age   int    `form:"age,required"`
	}
	for query, want := range map[string]string{
		"agree=on&name=a&age=1":     "",
		"agree=no&name=a&age=0":     "", // no and 0 are answers
		"agree=&name=a&age=1":       "agree",
		"name=a&age=1":              "agree", // a checkbox without a check sends nothing
		"agree=on&name=++%09&age=1": "name",
		"agree=on&name=a&age=+":     "age",
	} {
		t.Run(query, func(t *testing.T) {
			is := is.New(t)
			_, err := form[signup](t, query)
			if want == "" {
				is.NoErr(err)
				return
			}
			var wrong *request.FieldErrors
			is.True(errors.As(err, &wrong))
			is.Equal(len(wrong.Fields), 1)
			is.Equal(wrong.Message(want), "is required")
		})
	}
}

func TestWordsForYesAndNo(t *testing.T) {
	is := is.New(t)
	for word, want := range map[string]bool{
		"yes": true, "Yes": true, "y": true, "on": true, "ON": true, "true": true, "True": true, "1": true, " yes ": true,
		"no": false, "NO": false, "n": false, "off": false, "false": false, "0": false,
	} {
		in, err := form[settings](t, url.Values{"notify": {word}}.Encode())
		is.NoErr(err)
		is.Equal(in.Notify, want)
	}
	_, err := form[settings](t, "notify=perhaps")
	var wrong *request.FieldErrors
	is.True(errors.As(err, &wrong))
	is.Equal(wrong.Message("notify"), "must be yes or no")
}

func TestDurations(t *testing.T) {
	is := is.New(t)
	in, err := form[struct {
		Length time.Duration    `form:"length"`
		Laps   []*time.Duration `form:"laps"`
	}](t, "length=+90s&laps=1h30m&laps=1.5s")
	is.NoErr(err)
	is.Equal(in.Length, 90*time.Second)
	is.Equal(*in.Laps[0]+*in.Laps[1], 90*time.Minute+1500*time.Millisecond)
	for _, text := range []string{"5", "5 minutes", "s", "1h,2h"} {
		_, err := form[settings](t, url.Values{"wait": {text}}.Encode())
		var wrong *request.FieldErrors
		is.True(errors.As(err, &wrong))
		is.Equal(wrong.Message("wait"), "must be a length of time such as 90s or 1h30m")
	}
}

func TestTimesAsInputsSendThem(t *testing.T) {
	is := is.New(t)
	for text, want := range map[string]time.Time{
		"2024-02-29":                time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC),
		"2024-02":                   time.Date(2024, 2, 1, 0, 0, 0, 0, time.UTC),
		"2024-W09":                  time.Date(2024, 2, 26, 0, 0, 0, 0, time.UTC),
		"2021-W01":                  time.Date(2021, 1, 4, 0, 0, 0, 0, time.UTC),
		"2020-W53":                  time.Date(2020, 12, 28, 0, 0, 0, 0, time.UTC),
		"2025-W01":                  time.Date(2024, 12, 30, 0, 0, 0, 0, time.UTC),
		"15:04":                     time.Date(0, 1, 1, 15, 4, 0, 0, time.UTC),
		"15:04:05.5":                time.Date(0, 1, 1, 15, 4, 5, 5e8, time.UTC),
		"2024-02-29T12:30":          time.Date(2024, 2, 29, 12, 30, 0, 0, time.UTC),
		"2024-02-29T12:30:01.25":    time.Date(2024, 2, 29, 12, 30, 1, 25e7, time.UTC),
		"2024-02-29 12:30":          time.Date(2024, 2, 29, 12, 30, 0, 0, time.UTC),
		" 2024-02-29 ":              time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC),
		"2024-02-29T12:30:00+02:00": time.Date(2024, 2, 29, 10, 30, 0, 0, time.UTC),
	} {
		in, err := form[settings](t, url.Values{"from": {text}}.Encode())
		is.NoErr(err)
		is.True(in.From.Equal(want)) // text
	}
	for _, text := range []string{"2023-02-29", "2021-W53", "2024-W00", "2024-W54", "2024-W-1", "2024-W+1", "2024-Wxx", "24:00", "2024", "now"} {
		_, err := form[settings](t, url.Values{"from": {text}}.Encode())
		var wrong *request.FieldErrors
		is.True(errors.As(err, &wrong))
		is.Equal(wrong.Message("from"), "must be a date")
	}
}

func TestSpaceAroundNumbers(t *testing.T) {
	is := is.New(t)
	in, err := form[struct {
		N     int8
		U     *uint
		F     float64
		List  []int
		Text  string
		Blank *int
	}](t, url.Values{"n": {" 7 "}, "u": {"\t8\n"}, "f": {" 1e3\u00a0"}, "list": {" 1 , 2", "3 "}, "text": {" a "}, "blank": {"  "}}.Encode())
	is.NoErr(err)
	is.Equal(in.N, int8(7))
	is.Equal(*in.U, uint(8))
	is.Equal(in.F, 1000.0)
	is.Equal(in.List, []int{1, 2, 3})
	is.Equal(in.Text, " a ") // a text is what was sent
	is.True(in.Blank == nil)
}

// A database refuses what is no text, long after the visitor could be told.
func TestWhatIsNoText(t *testing.T) {
	for _, text := range []string{"a\x00b", "a\xffb", "\xc0\x80", "\xed\xa0\x80"} {
		for _, name := range []string{"name", "tags", "options.a", "items.0.title", "level", "nick"} {
			is := is.New(t)
			_, err := form[order](t, url.Values{name: {text}, "items.0.title": {"x", text}}.Encode())
			is.True(errors.Is(err, request.ErrNotText))
			var wrong *request.FieldErrors
			is.True(errors.As(err, &wrong))
			is.Equal(wrong.Message(name), "is not valid text")
			is.Equal(wrong.Status(), 422)
		}
		_, err := form[order](t, url.Values{"options." + text: {"x"}}.Encode())
		if !errors.Is(err, request.ErrNotText) {
			t.Errorf("the key %q: %v", text, err)
		}
	}
}

func TestOptionsOfATagAreChecked(t *testing.T) {
	cannot := func(err error, want string) {
		t.Helper()
		if err == nil || status(err) != 0 || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	cannot(query[struct {
		C string `form:"c,requird"`
	}](), "C: the tag `form:\"c,requird\"`: there is no option \"requird\": use required")
	cannot(query[struct {
		C string `form:"c, required"`
	}](), `no option " required"`)
	cannot(query[struct {
		C string `form:"c,default:a,b"`
	}](), `no option "b"`)
	cannot(query[struct {
		C string `form:"c,required,default:a"`
	}](), "take out required or the default")
	cannot(query[struct {
		C int `form:"c,default:x"`
	}](), `the default "x" must be a whole number`)
	cannot(query[struct {
		In []struct {
			C []int `form:"c,default:1|y"`
		} `form:"in"`
	}](), `the default "y" must be a whole number`)
	cannot(query[struct {
		C map[string]int `form:"c,default:1"`
	}](), "can have a default")
	cannot(query[struct {
		C int `form:"a[b]"`
	}](), "bracket")
}
