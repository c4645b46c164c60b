package run

import (
	"strings"
	"text/template/parse"
)

// EscaperPrefix begins the names by which html/template calls its escapers.
const EscaperPrefix = "_html_template_"

// SplitEscapers parts what the template says from what html/template added.
func SplitEscapers(cmds []*parse.CommandNode) ([]*parse.CommandNode, []string) {
	k := len(cmds)
	for k > 1 && EscaperName(cmds[k-1]) != "" {
		k--
	}
	var names []string
	for _, cmd := range cmds[k:] {
		names = append(names, EscaperName(cmd))
	}
	return cmds[:k], names
}

// EscaperName is the name of the escaper that a command calls, or "".
func EscaperName(cmd *parse.CommandNode) string {
	if id, ok := cmd.Args[0].(*parse.IdentifierNode); ok && len(cmd.Args) == 1 {
		if strings.HasPrefix(id.Ident, EscaperPrefix) || id.Ident == "html" || id.Ident == "urlquery" {
			return id.Ident
		}
	}
	return ""
}
