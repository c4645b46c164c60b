package workload

import (
	"context"
	"fmt"
	"html/template"
	"strconv"
	"time"
)

// T is the message of that key in the language of the context, with the
// arguments put in as fmt.Sprintf does.
func T(ctx context.Context, key string, args ...any) string {
	messages, ok := ctx.Value(messagesKey{}).(map[string]string)
	if !ok {
		messages = english
	}
	message, ok := messages[key]
	if !ok {
		return key
	}
	if len(args) == 0 {
		return message
	}
	return fmt.Sprintf(message, args...)
}

type messagesKey struct{}

// Context is one of a request: it knows the reader's language.
func Context() context.Context {
	return context.WithValue(context.Background(), messagesKey{}, english)
}

// Icon is a picture of a sprite.
func Icon(name string, size int, class string) template.HTML {
	pixels := strconv.Itoa(size)
	if class != "" {
		class = " " + class
	}
	return template.HTML(`<svg class="icon` + class + `" width="` + pixels + `" height="` + pixels + `" aria-hidden="true"><use href="/assets/icons.svg#` + name + `"></use></svg>`)
}

// Now is when the page is read, always.
var Now = time.Date(2024, time.March, 9, 10, 30, 0, 0, time.UTC)

// Ago is how long before [Now] something was.
func Ago(t time.Time) string {
	switch d := Now.Sub(t); {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return plural(int(d/time.Minute), "minute")
	case d < 24*time.Hour:
		return plural(int(d/time.Hour), "hour")
	default:
		return plural(int(d/(24*time.Hour)), "day")
	}
}

func plural(n int, unit string) string {
	if n == 1 {
		return "1 " + unit + " ago"
	}
	return strconv.Itoa(n) + " " + unit + "s ago"
}

var english = map[string]string{
	"lang":                 "en-US",
	"nav.home":             "Home",
	"nav.main":             "Main menu",
	"nav.issues":           "Issues",
	"nav.pulls":            "Pull requests",
	"nav.milestones":       "Milestones",
	"nav.explore":          "Explore",
	"nav.notifications":    "Notifications",
	"nav.new":              "Create…",
	"nav.signed_in":        "Signed in as %s",
	"nav.settings":         "Settings",
	"nav.sign_out":         "Sign out",
	"nav.sign_in":          "Sign in",
	"repo.tabs":            "Repository",
	"repo.code":            "Code",
	"repo.issues":          "Issues",
	"repo.pulls":           "Pull requests",
	"repo.actions":         "Actions",
	"repo.packages":        "Packages",
	"repo.releases":        "Releases",
	"repo.wiki":            "Wiki",
	"repo.activity":        "Activity",
	"repo.watch":           "Watch",
	"repo.star":            "Star",
	"repo.fork":            "Fork",
	"issues.title":         "Issues",
	"issues.labels":        "Labels",
	"issues.milestones":    "Milestones",
	"issues.search":        "Search issues & comments…",
	"issues.find":          "Find",
	"issues.new":           "New issue",
	"issues.open":          "Open",
	"issues.closed":        "Closed",
	"issues.count_open":    "%d open",
	"issues.count_closed":  "%d closed",
	"issues.pinned":        "Pinned",
	"issues.opened_by":     "#%d opened %s by %s",
	"issues.closed_by":     "#%d by %[3]s was closed, opened %[2]s",
	"issues.comments":      "%d comments",
	"issues.tasks":         "%d of %d tasks",
	"issues.assignees":     "Assignees",
	"filter.label":         "Label",
	"filter.milestone":     "Milestone",
	"filter.project":       "Project",
	"filter.author":        "Author",
	"filter.assignee":      "Assignee",
	"filter.type":          "Type",
	"filter.sort":          "Sort",
	"pages.title":          "Pages",
	"pages.previous":       "Previous",
	"pages.next":           "Next",
	"footer.powered":       "Powered by %s",
	"footer.version":       "Version %s",
	"footer.languages":     "Language",
	"footer.licenses":      "Licenses",
	"footer.api":           "API",
	"footer.help":          "Help",
	"footer.privacy":       "Privacy & terms",
	"footer.accessibility": "Accessibility",
}
