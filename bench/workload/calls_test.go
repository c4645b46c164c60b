package workload_test

import (
	"context"
	"html/template"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ropewalk/ropewalk/bench/views"
	"github.com/ropewalk/ropewalk/bench/workload"
)

// Calls is what a template engine calls: it has no call too many or too few.
func TestCallsAreThoseOfTheTemplates(t *testing.T) {
	data, err := workload.Load()
	if err != nil {
		t.Fatal(err)
	}
	ctx := workload.Context()
	var want []string
	messages, withArguments := 0, 0
	page := template.Must(template.New("").Funcs(template.FuncMap{
		"t": func(key string, args ...any) string {
			message := workload.T(ctx, key, args...)
			if message == key || strings.Contains(message, "%!") {
				t.Errorf("%s with %v is %q", key, args, message)
			}
			messages++
			if len(args) > 0 {
				withArguments++
			}
			want = append(want, message)
			return message
		},
		"icon": func(name string, size int, class string) template.HTML {
			icon := workload.Icon(name, size, class)
			want = append(want, string(icon))
			return icon
		},
		"ago": func(at time.Time) string {
			ago := workload.Ago(at)
			want = append(want, ago)
			return ago
		},
	}).ParseFS(views.Files, "issues.html"))
	if err := page.ExecuteTemplate(io.Discard, "issues.html", data.Issues); err != nil {
		t.Fatal(err)
	}

	formatted := 0
	var got []string
	data.Issues.Calls(ctx, func(result string) {
		for _, layout := range []string{workload.Machine, workload.Human} {
			if _, err := time.Parse(layout, result); err == nil {
				formatted++
				return
			}
		}
		got = append(got, result)
	})
	if !slices.Equal(got, want) {
		t.Errorf("Calls has\n\t%q\nthe templates\n\t%q", got, want)
	}
	if rows := len(data.Issues.Issues); formatted != 2*rows {
		t.Errorf("%d times are formatted, want 2 for each of %d rows", formatted, rows)
	}
	t.Logf("%d messages, of which %d with arguments, %d calls", messages, withArguments, len(got)+formatted)
}

func TestAContextWithoutALanguageHasMessages(t *testing.T) {
	if got := workload.T(context.Background(), "issues.tasks", 3, 8); got != "3 of 8 tasks" {
		t.Errorf("got %q", got)
	}
}
