package render

import (
	"fmt"
	"slices"

	"github.com/ropewalk/ropewalk/bench/peer"
	"github.com/ropewalk/ropewalk/bench/peers/gomponents"
	"github.com/ropewalk/ropewalk/bench/peers/handwritten"
	"github.com/ropewalk/ropewalk/bench/peers/htmltemplate"
	"github.com/ropewalk/ropewalk/bench/peers/jet"
	"github.com/ropewalk/ropewalk/bench/peers/memcpy"
	"github.com/ropewalk/ropewalk/bench/peers/quicktemplate"
	"github.com/ropewalk/ropewalk/bench/peers/ropewalk"
	"github.com/ropewalk/ropewalk/bench/peers/templ"
)

// Engines are all that take part, ropewalk and the bounds included.
func Engines() []peer.Engine {
	return slices.Concat(
		ropewalk.Engines(),
		[]peer.Engine{
			handwritten.Engine(),
			handwritten.Standard(),
			memcpy.Engine(),
			quicktemplate.Engine(),
			templ.Engine(),
			gomponents.Engine(),
			jet.Engine(),
		},
		htmltemplate.Engines(),
	)
}

// Reference is the engine whose documents the others are compared with.
const Reference = "html-template"

// Engine is the engine of that name.
func Engine(name string) (peer.Engine, error) {
	all := Engines()
	if i := slices.IndexFunc(all, func(e peer.Engine) bool { return e.Name == name }); i >= 0 {
		return all[i], nil
	}
	var names []string
	for _, e := range all {
		names = append(names, e.Name)
	}
	return peer.Engine{}, fmt.Errorf("render: there is no engine %q: there are %q", name, names)
}
