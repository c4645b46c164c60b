package gomponents

import (
	"context"
	"net/url"
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/ropewalk/ropewalk/bench/workload"
)

func issues(ctx context.Context, p *workload.Issues) g.Node {
	return h.Doctype(h.HTML(h.Lang(workload.T(ctx, "lang")),
		issuesHead(ctx, p),
		h.Body(
			issuesTop(ctx, p),
			issuesRepo(ctx, p),
			h.Main(
				issuesFilters(ctx, p),
				h.Div(h.Class("list"), g.Map(p.Issues, func(i workload.Issue) g.Node { return issue(ctx, p, &i) })),
				issuesPages(ctx, p),
			),
			issuesFooter(ctx, p),
		),
	))
}

// message is a text in the reader's language.
func message(ctx context.Context, key string, args ...any) g.Node {
	return g.Text(workload.T(ctx, key, args...))
}

func title(ctx context.Context, key string, args ...any) g.Node {
	return h.Title(workload.T(ctx, key, args...))
}

func icon(name string, size int, class string) g.Node {
	return g.Raw(string(workload.Icon(name, size, class)))
}

// avatar is as wide as it is high.
func avatar(a workload.Account, size string) g.Node {
	return h.Img(h.Class("avatar"), h.Src(a.Avatar), h.Alt(a.Name), h.Width(size), h.Height(size))
}

func count(n int) g.Node { return g.If(n > 0, h.Span(h.Class("count"), number(n))) }

// class is a class and, if the condition holds, another.
func class(always string, holds bool, also string) g.Node {
	if holds {
		always += " " + also
	}
	return h.Class(always)
}

func issuesHead(ctx context.Context, p *workload.Issues) g.Node {
	version := url.QueryEscape(p.Version)
	return h.Head(
		h.Meta(h.Charset("utf-8")),
		h.Meta(h.Name("viewport"), h.Content("width=device-width, initial-scale=1")),
		h.TitleEl(g.Text(workload.T(ctx, "issues.title")+" · "+p.Owner+"/"+p.Repo+" · "+p.Site)),
		h.Link(h.Rel("stylesheet"), h.Href("/assets/site.css?v="+version)),
		h.Script(h.Src("/assets/site.js?v="+version), h.Defer()),
	)
}

func issuesTop(ctx context.Context, p *workload.Issues) g.Node {
	return h.Header(h.Class("top"),
		h.A(h.Class("logo"), h.Href("/"), title(ctx, "nav.home"), icon("logo", 30, "")),
		h.Nav(h.Aria("label", workload.T(ctx, "nav.main")),
			h.A(h.Href("/issues"), message(ctx, "nav.issues")),
			h.A(h.Href("/pulls"), message(ctx, "nav.pulls")),
			h.A(h.Href("/milestones"), message(ctx, "nav.milestones")),
			h.A(h.Href("/explore"), message(ctx, "nav.explore")),
		),
		h.Div(h.Class("account"), account(ctx, p)),
	)
}

func account(ctx context.Context, p *workload.Issues) g.Node {
	if p.User.Login == "" {
		return h.A(h.Href("/login?to="+url.QueryEscape(p.Link)+"/issues"), message(ctx, "nav.sign_in"))
	}
	return g.Group{
		h.A(h.Class("bell"), h.Href("/notifications"), title(ctx, "nav.notifications"), icon("bell", 16, ""), count(p.Notifications)),
		h.A(h.Href("/new"), title(ctx, "nav.new"), icon("plus", 16, "")),
		h.A(h.Href("/"+p.User.Login), title(ctx, "nav.signed_in", p.User.Name), avatar(p.User, "24")),
		h.A(h.Href("/settings"), message(ctx, "nav.settings")),
		h.A(h.Href("/logout"), message(ctx, "nav.sign_out")),
	}
}

func issuesRepo(ctx context.Context, p *workload.Issues) g.Node {
	return h.Div(h.Class("repo"),
		h.H1(
			icon("repo", 20, "muted"),
			h.A(h.Href("/"+p.Owner), g.Text(p.Owner)), h.Span(g.Text("/")), h.A(h.Href(p.Link), g.Text(p.Repo)),
		),
		h.Div(h.Class("buttons"),
			h.Button(icon("eye", 16, ""), message(ctx, "repo.watch")),
			h.Button(icon("star", 16, ""), message(ctx, "repo.star")),
			h.Button(icon("repo-forked", 16, ""), message(ctx, "repo.fork")),
		),
		h.Nav(h.Class("tabs"), h.Aria("label", workload.T(ctx, "repo.tabs")), g.Map(p.Tabs, func(tab workload.Tab) g.Node {
			return h.A(class("tab", tab.Active, "active"), h.Href(p.Link+tab.Path),
				icon(tab.Icon, 16, ""), message(ctx, tab.Message), count(tab.Count))
		})),
	)
}

func issuesFilters(ctx context.Context, p *workload.Issues) g.Node {
	return g.Group{
		h.Form(h.Class("search"), h.Action(p.Link+"/issues"),
			h.Input(h.Type("search"), h.Name("q"), h.Value(p.Query), h.Placeholder(workload.T(ctx, "issues.search"))),
			h.Button(title(ctx, "issues.find"), icon("search", 16, "")),
		),
		h.Div(h.Class("bar"),
			h.A(h.Href(p.Link+"/labels"), icon("tag", 16, ""), message(ctx, "issues.labels")),
			h.A(h.Href(p.Link+"/milestones"), icon("milestone", 16, ""), message(ctx, "issues.milestones")),
			h.A(h.Class("primary"), h.Href(p.Link+"/issues/new"), message(ctx, "issues.new")),
		),
		h.Div(h.Class("bar"),
			h.A(h.Class("active"), h.Href(search(p)+"&state=open"), icon("issue-opened", 16, ""), message(ctx, "issues.count_open", p.Open)),
			h.A(h.Href(search(p)+"&state=closed"), icon("check", 16, ""), message(ctx, "issues.count_closed", p.Closed)),
			g.Map(p.Filters, func(key string) g.Node {
				return h.Details(h.Class("filter"), h.Summary(message(ctx, key), icon("triangle-down", 14, "")))
			}),
		),
	}
}

// search is the URL of the list with what is searched for.
func search(p *workload.Issues) string { return p.Link + "/issues?q=" + url.QueryEscape(p.Query) }

func issue(ctx context.Context, p *workload.Issues, i *workload.Issue) g.Node {
	number := strconv.Itoa(i.Number)
	classes := "issue"
	if i.Closed {
		classes += " closed"
	}
	if i.Pinned {
		classes += " pinned"
	}
	return h.Div(h.Class(classes), h.ID("issue-"+number),
		h.Input(h.Type("checkbox"), h.Value(number)),
		state(ctx, i),
		h.Div(h.Class("what"),
			h.A(h.Class("title"), h.Href(p.Link+"/issues/"+number), g.Text(i.Title)),
			g.Iff(i.Pinned, func() g.Node { return h.Span(h.Class("pin"), icon("pin", 14, ""), message(ctx, "issues.pinned")) }),
			g.Map(i.Labels, func(l workload.Label) g.Node {
				return h.A(h.Class("label"), h.Href(p.Link+"/issues?labels="+strconv.Itoa(l.ID)),
					h.Style("background-color:"+l.Color+";color:"+l.Ink), g.Text(l.Name))
			}),
			details(ctx, p, i),
		),
		g.Iff(len(i.Assignees) > 0, func() g.Node {
			return h.Div(h.Class("assignees"), title(ctx, "issues.assignees"), g.Map(i.Assignees, func(a workload.Account) g.Node {
				return h.A(h.Href("/"+a.Login), h.Title(a.Name), avatar(a, "20"))
			}))
		}),
		g.Iff(i.Comments > 0, func() g.Node {
			return h.A(h.Class("comments"), h.Href(p.Link+"/issues/"+number+"#comments"), title(ctx, "issues.comments", i.Comments),
				icon("comment", 16, "muted"), g.Raw(strconv.Itoa(i.Comments)))
		}),
	)
}

func state(ctx context.Context, i *workload.Issue) g.Node {
	if i.Closed {
		return h.Span(title(ctx, "issues.closed"), icon("issue-closed", 16, "purple"))
	}
	return h.Span(title(ctx, "issues.open"), icon("issue-opened", 16, "green"))
}

func details(ctx context.Context, p *workload.Issues, i *workload.Issue) g.Node {
	key := "issues.opened_by"
	if i.Closed {
		key = "issues.closed_by"
	}
	return h.P(
		message(ctx, key, i.Number, workload.Ago(i.Created), i.Author.Name),
		h.A(h.Href("/"+i.Author.Login), avatar(i.Author, "16")),
		h.Time(h.DateTime(i.Updated.Format(workload.Machine)), h.Title(i.Updated.Format(workload.Human)), g.Text(workload.Ago(i.Updated))),
		g.Iff(i.Milestone != "", func() g.Node {
			return h.A(h.Class("milestone"), h.Href(p.Link+"/milestone/"+url.PathEscape(i.Milestone)),
				icon("milestone", 14, "muted"), g.Text(i.Milestone))
		}),
		g.Iff(i.Tasks > 0, func() g.Node {
			return h.Span(h.Class("tasks"), icon("checklist", 14, "muted"), message(ctx, "issues.tasks", i.Done, i.Tasks),
				h.Progress(h.Value(strconv.Itoa(i.Done)), h.Max(strconv.Itoa(i.Tasks))))
		}),
	)
}

func issuesPages(ctx context.Context, p *workload.Issues) g.Node {
	return h.Nav(h.Class("pages"), h.Aria("label", workload.T(ctx, "pages.title")),
		g.Iff(p.Page > 1, func() g.Node {
			return h.A(h.Rel("prev"), h.Href(search(p)+"&page=1"), icon("chevron-left", 16, ""), message(ctx, "pages.previous"))
		}),
		g.Map(p.Pages, func(page int) g.Node {
			return h.A(class("page", page == p.Page, "active"), h.Href(search(p)+"&page="+strconv.Itoa(page)), number(page))
		}),
		g.Iff(p.Page < p.Last, func() g.Node {
			return h.A(h.Rel("next"), h.Href(search(p)+"&page="+strconv.Itoa(p.Last)), message(ctx, "pages.next"), icon("chevron-right", 16, ""))
		}),
	)
}

func issuesFooter(ctx context.Context, p *workload.Issues) g.Node {
	return h.Footer(
		h.Div(message(ctx, "footer.powered", p.Site), h.Span(message(ctx, "footer.version", p.Version))),
		h.Ul(h.Aria("label", workload.T(ctx, "footer.languages")), g.Map(p.Languages, func(l workload.Language) g.Node {
			return h.Li(h.A(h.Lang(l.Code), h.Href("?lang="+url.QueryEscape(l.Code)), g.Text(l.Name)))
		})),
		h.Nav(
			h.A(h.Href("/assets/licenses.txt"), message(ctx, "footer.licenses")),
			h.A(h.Href("/api"), message(ctx, "footer.api")),
			h.A(h.Href("/help"), message(ctx, "footer.help")),
			h.A(h.Href("/privacy"), message(ctx, "footer.privacy")),
			h.A(h.Href("/accessibility"), message(ctx, "footer.accessibility")),
		),
	)
}
