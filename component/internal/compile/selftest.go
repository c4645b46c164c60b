package compile

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"text/template/parse"

	"github.com/ropewalk/ropewalk/component/internal/run"
	"github.com/ropewalk/ropewalk/component/internal/source"

	"github.com/ropewalk/ropewalk/component/internal/escape"
)

// frontEnd tests what this package relies on in html/template beyond what that
// documents: that the escaper changes the trees it was given, by commands with
// known names at the end of pipelines, and names the copies it makes for other
// contexts so that they can be asked for. A Go release that does it differently
// must stop the program when it starts, not print something unsafe later.
var frontEnd = sync.OnceValue(func() error {
	problem := escapedAsExpected()
	if problem == "" {
		if err := escape.Check(); err != nil {
			problem = err.Error()
		}
	}
	if problem == "" {
		return nil
	}
	return fmt.Errorf("component: html/template of %s is not the one that this release of ropewalk was made for: %s. Build with an older Go, or update ropewalk", runtime.Version(), problem)
})

func escapedAsExpected() string {
	set, err := Parse(Options{}, source.File{Name: "main", Text: `<p>{{.}}{{template "part" .}}<a href="{{template "part" .}}" title='{{.}}'></a><script>f({{.}})</script>`},
		source.File{Name: "part", Text: "{{.}}"})
	if err != nil {
		return err.Error()
	}
	trees, d := set.escape([]string{"main"})
	if d != nil {
		return d.Error()
	}
	calls, actions := shape(trees["main"].tree)
	if want := []string{"htmlescaper", "attrescaper", "jsvalescaper"}; !slices.Equal(actions, want) {
		return fmt.Sprintf("it escapes a test page by %q, not by %q", actions, want)
	}
	if len(calls) != 2 || calls[0] != "part" || !strings.HasPrefix(calls[1], "part"+derivedMark) || trees[calls[1]] == nil {
		return fmt.Sprintf("it calls the templates of a test page %q", calls)
	}
	if _, actions := shape(trees[calls[1]].tree); !slices.Equal(actions, []string{"urlfilter|urlnormalizer|attrescaper"}) {
		return fmt.Sprintf("it escapes a URL by %q", actions)
	}
	return ""
}

// shape lists the templates that a tree calls and the escapers of its actions.
func shape(t *parse.Tree) (calls, actions []string) {
	visit(t.Root, func(n parse.Node) {
		switch n := n.(type) {
		case *parse.TemplateNode:
			calls = append(calls, n.Name)
		case *parse.ActionNode:
			_, escapers := run.SplitEscapers(n.Pipe.Cmds)
			for i := range escapers {
				escapers[i] = strings.TrimPrefix(escapers[i], run.EscaperPrefix)
			}
			actions = append(actions, strings.Join(escapers, "|"))
		}
	})
	return calls, actions
}
