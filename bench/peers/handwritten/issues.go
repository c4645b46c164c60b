package handwritten

import (
	"context"

	"github.com/ropewalk/ropewalk/bench/workload"
)

// issues is the only page that calls functions, so it is the only one that
// allocates: they do.
func (w *writer) issues(b []byte, ctx context.Context, p *workload.Issues) []byte {
	b = w.issuesHead(b, ctx, p)
	b = w.issuesRepo(b, ctx, p)
	b = append(b, `<main>`...)
	b = w.issuesFilters(b, ctx, p)
	b = append(b, `<div class="list">`...)
	for i := range p.Issues {
		b = w.issue(b, ctx, p, &p.Issues[i])
	}
	b = append(b, `</div>`...)
	b = w.issuesPages(b, ctx, p)
	b = append(b, `</main>`...)
	return w.issuesFooter(b, ctx, p)
}

func (w *writer) appendMessage(b []byte, ctx context.Context, key string) []byte {
	return w.text(b, workload.T(ctx, key))
}

func (w *writer) appendIcon(b []byte, name string, size int, class string) []byte {
	return append(b, workload.Icon(name, size, class)...)
}

func (w *writer) issuesHead(b []byte, ctx context.Context, p *workload.Issues) []byte {
	b = append(b, `<!DOCTYPE html><html lang="`...)
	b = w.appendMessage(b, ctx, "lang")
	b = append(b, `"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>`...)
	b = w.appendMessage(b, ctx, "issues.title")
	b = append(b, ` · `...)
	b = w.text(b, p.Owner)
	b = append(b, `/`...)
	b = w.text(b, p.Repo)
	b = append(b, ` · `...)
	b = w.text(b, p.Site)
	b = append(b, `</title><link rel="stylesheet" href="/assets/site.css?v=`...)
	b = queryURL.append(b, p.Version)
	b = append(b, `"><script src="/assets/site.js?v=`...)
	b = queryURL.append(b, p.Version)
	b = append(b, `" defer></script></head><body><header class="top"><a class="logo" href="/" title="`...)
	b = w.appendMessage(b, ctx, "nav.home")
	b = append(b, `">`...)
	b = w.appendIcon(b, "logo", 30, "")
	b = append(b, `</a><nav aria-label="`...)
	b = w.appendMessage(b, ctx, "nav.main")
	b = append(b, `"><a href="/issues">`...)
	b = w.appendMessage(b, ctx, "nav.issues")
	b = append(b, `</a><a href="/pulls">`...)
	b = w.appendMessage(b, ctx, "nav.pulls")
	b = append(b, `</a><a href="/milestones">`...)
	b = w.appendMessage(b, ctx, "nav.milestones")
	b = append(b, `</a><a href="/explore">`...)
	b = w.appendMessage(b, ctx, "nav.explore")
	b = append(b, `</a></nav><div class="account">`...)
	b = w.issuesAccount(b, ctx, p)
	return append(b, `</div></header>`...)
}

func (w *writer) issuesAccount(b []byte, ctx context.Context, p *workload.Issues) []byte {
	if p.User.Login == "" {
		b = append(b, `<a href="/login?to=`...)
		b = queryURL.append(b, p.Link)
		b = append(b, `/issues">`...)
		b = w.appendMessage(b, ctx, "nav.sign_in")
		return append(b, `</a>`...)
	}
	b = append(b, `<a class="bell" href="/notifications" title="`...)
	b = w.appendMessage(b, ctx, "nav.notifications")
	b = append(b, `">`...)
	b = w.appendIcon(b, "bell", 16, "")
	if p.Notifications > 0 {
		b = append(b, `<span class="count">`...)
		b = appendInt(b, p.Notifications)
		b = append(b, `</span>`...)
	}
	b = append(b, `</a><a href="/new" title="`...)
	b = w.appendMessage(b, ctx, "nav.new")
	b = append(b, `">`...)
	b = w.appendIcon(b, "plus", 16, "")
	b = append(b, `</a><a href="/`...)
	b = wholeURL.append(b, p.User.Login)
	b = append(b, `" title="`...)
	b = w.text(b, workload.T(ctx, "nav.signed_in", p.User.Name))
	b = append(b, `"><img class="avatar" src="`...)
	b = appendURL(b, p.User.Avatar)
	b = append(b, `" alt="`...)
	b = w.text(b, p.User.Name)
	b = append(b, `" width="24" height="24"></a><a href="/settings">`...)
	b = w.appendMessage(b, ctx, "nav.settings")
	b = append(b, `</a><a href="/logout">`...)
	b = w.appendMessage(b, ctx, "nav.sign_out")
	return append(b, `</a>`...)
}

func (w *writer) issuesRepo(b []byte, ctx context.Context, p *workload.Issues) []byte {
	b = append(b, `<div class="repo"><h1>`...)
	b = w.appendIcon(b, "repo", 20, "muted")
	b = append(b, `<a href="/`...)
	b = wholeURL.append(b, p.Owner)
	b = append(b, `">`...)
	b = w.text(b, p.Owner)
	b = append(b, `</a><span>/</span><a href="`...)
	b = appendURL(b, p.Link)
	b = append(b, `">`...)
	b = w.text(b, p.Repo)
	b = append(b, `</a></h1><div class="buttons"><button>`...)
	b = w.appendIcon(b, "eye", 16, "")
	b = w.appendMessage(b, ctx, "repo.watch")
	b = append(b, `</button><button>`...)
	b = w.appendIcon(b, "star", 16, "")
	b = w.appendMessage(b, ctx, "repo.star")
	b = append(b, `</button><button>`...)
	b = w.appendIcon(b, "repo-forked", 16, "")
	b = w.appendMessage(b, ctx, "repo.fork")
	b = append(b, `</button></div><nav class="tabs" aria-label="`...)
	b = w.appendMessage(b, ctx, "repo.tabs")
	b = append(b, `">`...)
	for i := range p.Tabs {
		tab := &p.Tabs[i]
		b = append(b, `<a class="tab`...)
		if tab.Active {
			b = append(b, ` active`...)
		}
		b = append(b, `" href="`...)
		b = appendURL(b, p.Link)
		b = wholeURL.append(b, tab.Path)
		b = append(b, `">`...)
		b = w.appendIcon(b, tab.Icon, 16, "")
		b = w.appendMessage(b, ctx, tab.Message)
		if tab.Count > 0 {
			b = append(b, `<span class="count">`...)
			b = appendInt(b, tab.Count)
			b = append(b, `</span>`...)
		}
		b = append(b, `</a>`...)
	}
	return append(b, `</nav></div>`...)
}

func (w *writer) issuesFilters(b []byte, ctx context.Context, p *workload.Issues) []byte {
	b = append(b, `<form class="search" action="`...)
	b = appendURL(b, p.Link)
	b = append(b, `/issues"><input type="search" name="q" value="`...)
	b = w.text(b, p.Query)
	b = append(b, `" placeholder="`...)
	b = w.appendMessage(b, ctx, "issues.search")
	b = append(b, `"><button title="`...)
	b = w.appendMessage(b, ctx, "issues.find")
	b = append(b, `">`...)
	b = w.appendIcon(b, "search", 16, "")
	b = append(b, `</button></form><div class="bar"><a href="`...)
	b = appendURL(b, p.Link)
	b = append(b, `/labels">`...)
	b = w.appendIcon(b, "tag", 16, "")
	b = w.appendMessage(b, ctx, "issues.labels")
	b = append(b, `</a><a href="`...)
	b = appendURL(b, p.Link)
	b = append(b, `/milestones">`...)
	b = w.appendIcon(b, "milestone", 16, "")
	b = w.appendMessage(b, ctx, "issues.milestones")
	b = append(b, `</a><a class="primary" href="`...)
	b = appendURL(b, p.Link)
	b = append(b, `/issues/new">`...)
	b = w.appendMessage(b, ctx, "issues.new")
	b = append(b, `</a></div><div class="bar"><a class="active" href="`...)
	b = w.appendSearch(b, p)
	b = append(b, `&amp;state=open">`...)
	b = w.appendIcon(b, "issue-opened", 16, "")
	b = w.text(b, workload.T(ctx, "issues.count_open", p.Open))
	b = append(b, `</a><a href="`...)
	b = w.appendSearch(b, p)
	b = append(b, `&amp;state=closed">`...)
	b = w.appendIcon(b, "check", 16, "")
	b = w.text(b, workload.T(ctx, "issues.count_closed", p.Closed))
	b = append(b, `</a>`...)
	for _, key := range p.Filters {
		b = append(b, `<details class="filter"><summary>`...)
		b = w.appendMessage(b, ctx, key)
		b = w.appendIcon(b, "triangle-down", 14, "")
		b = append(b, `</summary></details>`...)
	}
	return append(b, `</div>`...)
}

// appendSearch is the URL of the list with what is searched for.
func (w *writer) appendSearch(b []byte, p *workload.Issues) []byte {
	b = appendURL(b, p.Link)
	b = append(b, `/issues?q=`...)
	return queryURL.append(b, p.Query)
}

func (w *writer) issue(b []byte, ctx context.Context, p *workload.Issues, i *workload.Issue) []byte {
	b = append(b, `<div class="issue`...)
	if i.Closed {
		b = append(b, ` closed`...)
	}
	if i.Pinned {
		b = append(b, ` pinned`...)
	}
	b = append(b, `" id="issue-`...)
	b = appendInt(b, i.Number)
	b = append(b, `"><input type="checkbox" value="`...)
	b = appendInt(b, i.Number)
	b = append(b, `"><span title="`...)
	if i.Closed {
		b = w.appendMessage(b, ctx, "issues.closed")
		b = append(b, `">`...)
		b = w.appendIcon(b, "issue-closed", 16, "purple")
	} else {
		b = w.appendMessage(b, ctx, "issues.open")
		b = append(b, `">`...)
		b = w.appendIcon(b, "issue-opened", 16, "green")
	}
	b = append(b, `</span><div class="what"><a class="title" href="`...)
	b = appendURL(b, p.Link)
	b = append(b, `/issues/`...)
	b = appendInt(b, i.Number)
	b = append(b, `">`...)
	b = w.text(b, i.Title)
	b = append(b, `</a>`...)
	if i.Pinned {
		b = append(b, `<span class="pin">`...)
		b = w.appendIcon(b, "pin", 14, "")
		b = w.appendMessage(b, ctx, "issues.pinned")
		b = append(b, `</span>`...)
	}
	for n := range i.Labels {
		b = w.label(b, p, &i.Labels[n])
	}
	b = w.issueDetails(b, ctx, p, i)
	if len(i.Assignees) > 0 {
		b = append(b, `<div class="assignees" title="`...)
		b = w.appendMessage(b, ctx, "issues.assignees")
		b = append(b, `">`...)
		for n := range i.Assignees {
			b = w.assignee(b, &i.Assignees[n])
		}
		b = append(b, `</div>`...)
	}
	if i.Comments > 0 {
		b = append(b, `<a class="comments" href="`...)
		b = appendURL(b, p.Link)
		b = append(b, `/issues/`...)
		b = appendInt(b, i.Number)
		b = append(b, `#comments" title="`...)
		b = w.text(b, workload.T(ctx, "issues.comments", i.Comments))
		b = append(b, `">`...)
		b = w.appendIcon(b, "comment", 16, "muted")
		b = appendInt(b, i.Comments)
		b = append(b, `</a>`...)
	}
	return append(b, `</div>`...)
}

func (w *writer) label(b []byte, p *workload.Issues, l *workload.Label) []byte {
	b = append(b, `<a class="label" href="`...)
	b = appendURL(b, p.Link)
	b = append(b, `/issues?labels=`...)
	b = appendInt(b, l.ID)
	b = append(b, `" style="background-color:`...)
	b = appendStyle(b, l.Color)
	b = append(b, `;color:`...)
	b = appendStyle(b, l.Ink)
	b = append(b, `">`...)
	b = w.text(b, l.Name)
	return append(b, `</a>`...)
}

func (w *writer) issueDetails(b []byte, ctx context.Context, p *workload.Issues, i *workload.Issue) []byte {
	b = append(b, `<p>`...)
	if i.Closed {
		b = w.text(b, workload.T(ctx, "issues.closed_by", i.Number, workload.Ago(i.Created), i.Author.Name))
	} else {
		b = w.text(b, workload.T(ctx, "issues.opened_by", i.Number, workload.Ago(i.Created), i.Author.Name))
	}
	b = append(b, `<a href="/`...)
	b = wholeURL.append(b, i.Author.Login)
	b = append(b, `"><img class="avatar" src="`...)
	b = appendURL(b, i.Author.Avatar)
	b = append(b, `" alt="`...)
	b = w.text(b, i.Author.Name)
	b = append(b, `" width="16" height="16"></a><time datetime="`...)
	b = w.text(b, i.Updated.Format(workload.Machine))
	b = append(b, `" title="`...)
	b = w.text(b, i.Updated.Format(workload.Human))
	b = append(b, `">`...)
	b = w.text(b, workload.Ago(i.Updated))
	b = append(b, `</time>`...)
	if i.Milestone != "" {
		b = append(b, `<a class="milestone" href="`...)
		b = appendURL(b, p.Link)
		b = append(b, `/milestone/`...)
		b = wholeURL.append(b, i.Milestone)
		b = append(b, `">`...)
		b = w.appendIcon(b, "milestone", 14, "muted")
		b = w.text(b, i.Milestone)
		b = append(b, `</a>`...)
	}
	if i.Tasks > 0 {
		b = append(b, `<span class="tasks">`...)
		b = w.appendIcon(b, "checklist", 14, "muted")
		b = w.text(b, workload.T(ctx, "issues.tasks", i.Done, i.Tasks))
		b = append(b, `<progress value="`...)
		b = appendInt(b, i.Done)
		b = append(b, `" max="`...)
		b = appendInt(b, i.Tasks)
		b = append(b, `"></progress></span>`...)
	}
	return append(b, `</p></div>`...)
}

func (w *writer) assignee(b []byte, a *workload.Account) []byte {
	b = append(b, `<a href="/`...)
	b = wholeURL.append(b, a.Login)
	b = append(b, `" title="`...)
	b = w.text(b, a.Name)
	b = append(b, `"><img class="avatar" src="`...)
	b = appendURL(b, a.Avatar)
	b = append(b, `" alt="`...)
	b = w.text(b, a.Name)
	return append(b, `" width="20" height="20"></a>`...)
}

func (w *writer) issuesPages(b []byte, ctx context.Context, p *workload.Issues) []byte {
	b = append(b, `<nav class="pages" aria-label="`...)
	b = w.appendMessage(b, ctx, "pages.title")
	b = append(b, `">`...)
	if p.Page > 1 {
		b = append(b, `<a rel="prev" href="`...)
		b = w.appendSearch(b, p)
		b = append(b, `&amp;page=1">`...)
		b = w.appendIcon(b, "chevron-left", 16, "")
		b = w.appendMessage(b, ctx, "pages.previous")
		b = append(b, `</a>`...)
	}
	for _, page := range p.Pages {
		b = append(b, `<a class="page`...)
		if page == p.Page {
			b = append(b, ` active`...)
		}
		b = append(b, `" href="`...)
		b = w.appendSearch(b, p)
		b = append(b, `&amp;page=`...)
		b = appendInt(b, page)
		b = append(b, `">`...)
		b = appendInt(b, page)
		b = append(b, `</a>`...)
	}
	if p.Page < p.Last {
		b = append(b, `<a rel="next" href="`...)
		b = w.appendSearch(b, p)
		b = append(b, `&amp;page=`...)
		b = appendInt(b, p.Last)
		b = append(b, `">`...)
		b = w.appendMessage(b, ctx, "pages.next")
		b = w.appendIcon(b, "chevron-right", 16, "")
		b = append(b, `</a>`...)
	}
	return append(b, `</nav>`...)
}

func (w *writer) issuesFooter(b []byte, ctx context.Context, p *workload.Issues) []byte {
	b = append(b, `<footer><div>`...)
	b = w.text(b, workload.T(ctx, "footer.powered", p.Site))
	b = append(b, `<span>`...)
	b = w.text(b, workload.T(ctx, "footer.version", p.Version))
	b = append(b, `</span></div><ul aria-label="`...)
	b = w.appendMessage(b, ctx, "footer.languages")
	b = append(b, `">`...)
	for i := range p.Languages {
		language := &p.Languages[i]
		b = append(b, `<li><a lang="`...)
		b = w.text(b, language.Code)
		b = append(b, `" href="?lang=`...)
		b = queryURL.append(b, language.Code)
		b = append(b, `">`...)
		b = w.text(b, language.Name)
		b = append(b, `</a></li>`...)
	}
	b = append(b, `</ul><nav><a href="/assets/licenses.txt">`...)
	b = w.appendMessage(b, ctx, "footer.licenses")
	b = append(b, `</a><a href="/api">`...)
	b = w.appendMessage(b, ctx, "footer.api")
	b = append(b, `</a><a href="/help">`...)
	b = w.appendMessage(b, ctx, "footer.help")
	b = append(b, `</a><a href="/privacy">`...)
	b = w.appendMessage(b, ctx, "footer.privacy")
	b = append(b, `</a><a href="/accessibility">`...)
	b = w.appendMessage(b, ctx, "footer.accessibility")
	return append(b, `</a></nav></footer></body></html>`...)
}
