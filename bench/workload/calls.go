package workload

import "context"

// Layouts of times, as the templates spell them.
const (
	Machine = "2006-01-02T15:04:05Z07:00"
	Human   = "Mon, 2 Jan 2006 15:04"
)

// Calls calls the functions of the page as its templates do, with the same
// arguments and in the same order, and gives each result to use: what is left of
// the page when there is no engine.
func (p *Issues) Calls(ctx context.Context, use func(result string)) {
	t := func(key string) { use(T(ctx, key)) }
	icon := func(name string, size int, class string) { use(string(Icon(name, size, class))) }

	t("lang")
	t("issues.title")
	t("nav.home")
	icon("logo", 30, "")
	t("nav.main")
	t("nav.issues")
	t("nav.pulls")
	t("nav.milestones")
	t("nav.explore")
	t("nav.notifications")
	icon("bell", 16, "")
	t("nav.new")
	icon("plus", 16, "")
	use(T(ctx, "nav.signed_in", p.User.Name))
	t("nav.settings")
	t("nav.sign_out")

	icon("repo", 20, "muted")
	icon("eye", 16, "")
	t("repo.watch")
	icon("star", 16, "")
	t("repo.star")
	icon("repo-forked", 16, "")
	t("repo.fork")
	t("repo.tabs")
	for i := range p.Tabs {
		icon(p.Tabs[i].Icon, 16, "")
		t(p.Tabs[i].Message)
	}

	t("issues.search")
	t("issues.find")
	icon("search", 16, "")
	icon("tag", 16, "")
	t("issues.labels")
	icon("milestone", 16, "")
	t("issues.milestones")
	t("issues.new")
	icon("issue-opened", 16, "")
	use(T(ctx, "issues.count_open", p.Open))
	icon("check", 16, "")
	use(T(ctx, "issues.count_closed", p.Closed))
	for _, key := range p.Filters {
		t(key)
		icon("triangle-down", 14, "")
	}

	for i := range p.Issues {
		p.Issues[i].calls(ctx, use)
	}

	t("pages.title")
	icon("chevron-left", 16, "")
	t("pages.previous")
	t("pages.next")
	icon("chevron-right", 16, "")
	use(T(ctx, "footer.powered", p.Site))
	use(T(ctx, "footer.version", p.Version))
	t("footer.languages")
	t("footer.licenses")
	t("footer.api")
	t("footer.help")
	t("footer.privacy")
	t("footer.accessibility")
}

func (p *Issue) calls(ctx context.Context, use func(result string)) {
	if p.Closed {
		use(T(ctx, "issues.closed"))
		use(string(Icon("issue-closed", 16, "purple")))
	} else {
		use(T(ctx, "issues.open"))
		use(string(Icon("issue-opened", 16, "green")))
	}
	if p.Pinned {
		use(string(Icon("pin", 14, "")))
		use(T(ctx, "issues.pinned"))
	}
	created := Ago(p.Created)
	use(created)
	if p.Closed {
		use(T(ctx, "issues.closed_by", p.Number, created, p.Author.Name))
	} else {
		use(T(ctx, "issues.opened_by", p.Number, created, p.Author.Name))
	}
	use(p.Updated.Format(Machine))
	use(p.Updated.Format(Human))
	use(Ago(p.Updated))
	if p.Milestone != "" {
		use(string(Icon("milestone", 14, "muted")))
	}
	if p.Tasks > 0 {
		use(string(Icon("checklist", 14, "muted")))
		use(T(ctx, "issues.tasks", p.Done, p.Tasks))
	}
	if len(p.Assignees) > 0 {
		use(T(ctx, "issues.assignees"))
	}
	if p.Comments > 0 {
		use(T(ctx, "issues.comments", p.Comments))
		use(string(Icon("comment", 16, "muted")))
	}
}
