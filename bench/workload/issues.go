package workload

import "time"

// Issues is a page as sites have it: a forge's list of issues, in a layout, with
// the signed-in user, filters and pages. About a third of its values come from
// functions: [T], [Icon], [Ago] and time.Time.Format.
type Issues struct {
	Site, Version string
	Owner, Repo   string
	Link          string // of the repository, a path
	User          Account
	Notifications int
	Tabs          []Tab
	Query         string // what is searched for, in an attribute and in URLs
	Open, Closed  int
	Filters       []string // keys of messages
	Issues        []Issue
	Page, Last    int
	Pages         []int
	Languages     []Language
}

// An Account is somebody who can sign in.
type Account struct{ Name, Login, Avatar string }

// A Tab is an entry of the repository's menu.
type Tab struct {
	Icon, Message, Path string
	Count               int // not shown if 0
	Active              bool
}

// An Issue is a row.
type Issue struct {
	Number           int
	Title            string
	Closed, Pinned   bool
	Author           Account
	Created, Updated time.Time
	Labels           []Label
	Milestone        string // empty for none
	Assignees        []Account
	Comments         int
	Done, Tasks      int // Tasks is 0 if there is no list of them
}

// A Label has its colour and that of its text in a style attribute.
type Label struct {
	ID               int
	Name, Color, Ink string
}

// A Language is one that the page can be had in.
type Language struct{ Code, Name string }

func newIssues(rows int) Issues {
	people := []Account{
		newAccount("Ada Lovelace", "ada"),
		newAccount("Shaughnessy O'Neill", "shaun"),
		newAccount("Håkon Lie", "hakon"),
		newAccount("大谷 弘", "otani"),
		newAccount("Radia & Jean", "radia-jean"),
	}
	return Issues{
		Site: "Ropeyard", Version: "7.2.1+gz3f", Owner: "capstan", Repo: "windlass", Link: "/capstan/windlass",
		User: people[0], Notifications: 12,
		Tabs: []Tab{
			{Icon: "code", Message: "repo.code", Path: ""},
			{Icon: "issue-opened", Message: "repo.issues", Path: "/issues", Count: 1284, Active: true},
			{Icon: "git-pull-request", Message: "repo.pulls", Path: "/pulls", Count: 37},
			{Icon: "play", Message: "repo.actions", Path: "/actions"},
			{Icon: "package", Message: "repo.packages", Path: "/packages"},
			{Icon: "tag", Message: "repo.releases", Path: "/releases", Count: 58},
			{Icon: "book", Message: "repo.wiki", Path: "/wiki"},
			{Icon: "pulse", Message: "repo.activity", Path: "/activity"},
		},
		Query: `is:open "rope & tar"`, Open: 1284, Closed: 9417,
		Filters: []string{"filter.label", "filter.milestone", "filter.project", "filter.author", "filter.assignee", "filter.type", "filter.sort"},
		Issues:  newRows(rows, people),
		Page:    3, Last: 43, Pages: []int{1, 2, 3, 4, 5, 6},
		Languages: []Language{{"en-US", "English"}, {"de-DE", "Deutsch"}, {"fr-FR", "Français"}, {"nb-NO", "Norsk"}, {"ja-JP", "日本語"}},
	}
}

func newAccount(name, login string) Account {
	return Account{name, login, "https://avatars.example/" + login + "?size=48&v=2"}
}

func newRows(n int, people []Account) []Issue {
	titles := []string{
		"Rope slips when the drum is wet",
		`Cannot open a chart with "quotes" & ampersands in its name`,
		"Winch doesn't stop after the last turn",
		"Support <template> in messages",
		"Panic in the tension sensor when the load is removed while it is being weighed",
		"Document how to splice",
		"Anchors: 2x slower since 7.1",
	}
	labels := []Label{
		{101, "bug", "#d73a4a", "#ffffff"},
		{102, "help wanted", "#008672", "#ffffff"},
		{103, "good first issue", "#7057ff", "#ffffff"},
		{104, "docs & examples", "#0075ca", "#ffffff"},
		{105, "performance", "#fbca04", "#24292f"},
	}
	milestones := []string{"", "7.3", "8.0 — steel", ""}
	list := make([]Issue, n)
	for i := range list {
		created := Now.Add(-time.Duration(1+i*i) * 97 * time.Minute)
		list[i] = Issue{
			Number: 10700 - i*7, Title: titles[i%len(titles)], Closed: i%4 == 3, Pinned: i < 2,
			Author: people[i%len(people)], Created: created, Updated: created.Add(Now.Sub(created) / 3),
			Milestone: milestones[i%len(milestones)], Comments: i % 2 * i * 19,
		}
		issue := &list[i]
		for n := range i % 4 {
			issue.Labels = append(issue.Labels, labels[(i+n)%len(labels)])
		}
		for n := range i % 3 {
			issue.Assignees = append(issue.Assignees, people[(i+n+1)%len(people)])
		}
		if i%5 == 0 {
			issue.Done, issue.Tasks = i%7, 8
		}
	}
	return list
}
